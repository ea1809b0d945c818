import type { Construct } from 'constructs';
import {
  DEFAULT_REGION,
  environmentRules,
  environmentSchema,
  type EnvironmentConfig,
} from '../../config/environment.ts';
import { storageSection } from '../../config/storage.ts';
import { CompositeChart } from '../../crossplane/definition/chart.ts';
import { ChildComposite } from '../../crossplane/definition/child.ts';
import type { Context } from '../../crossplane/definition/context.ts';
import { defineComposite, type Composite } from '../../crossplane/definition/definition.ts';
import { pointBack } from '../../crossplane/reference/marks.ts';
import { Storage } from '../storage/storage.ts';

/** Joins the layers of an environment, by their definitions only. */
class EnvironmentChart extends CompositeChart<'tableArn'> {
  readonly outputs;

  constructor(scope: Construct, composite: Composite<EnvironmentConfig, never>) {
    super(scope, composite);
    const { spec, context } = composite;
    const storage = new ChildComposite(this, 'storage', Storage, {
      spec: { ...storageSection.parse(spec.storage ?? {}), context },
      inputs: {},
    });
    pointBack(storage, {
      source: 'charts/environment/environment.ts',
      config: 'storage',
      why: 'Keeps everything that users make',
    });
    this.outputs = { tableArn: storage.output('tableArn') };
  }
}

export const Environment = defineComposite({
  kind: 'Environment',
  plural: 'environments',
  shortNames: ['owlenv'],
  description: 'One environment of the application with all its layers, as config/<environment>.json says.',
  schema: environmentSchema,
  rules: environmentRules,
  inputs: [],
  outputs: ['tableArn'],
  stateful: true,
  context: contextOf,
  chart: (scope, composite) => new EnvironmentChart(scope, composite),
});

/** Every default that more than one layer depends on is decided here. */
function contextOf(spec: EnvironmentConfig): Context {
  return {
    environment: spec.environment,
    account: spec.account,
    region: spec.region ?? DEFAULT_REGION,
    ...(spec.replicaRegion === undefined ? {} : { replicaRegion: spec.replicaRegion }),
    domainName: spec.domainName,
    tags: spec.tags ?? {},
    protectData: spec.protectData ?? true,
    allowRemoval: spec.allowRemoval ?? [],
    identities: {},
  };
}
