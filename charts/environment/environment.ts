import type { Construct } from 'constructs';
import { environmentSchema, TIERS, type EnvironmentSpec } from '../../config/environment.ts';
import { environmentRules, environmentTransitions } from '../../config/rules.ts';
import { CompositeChart } from '../../crossplane/definition/chart.ts';
import { ChildComposite } from '../../crossplane/definition/child.ts';
import type { Context } from '../../crossplane/definition/context.ts';
import { defineComposite, type Composite } from '../../crossplane/definition/definition.ts';
import { pointBack } from '../../crossplane/reference/marks.ts';
import { Storage } from '../storage/storage.ts';

/** Joins the layers of an environment, by their definitions only. */
class EnvironmentChart extends CompositeChart<'tableArn'> {
  readonly outputs;

  constructor(scope: Construct, composite: Composite<EnvironmentSpec, never>) {
    super(scope, composite);
    const { spec, context } = composite;
    const storage = new ChildComposite(this, 'storage', Storage, { spec: { ...spec.storage, context }, inputs: {} });
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
  transitions: environmentTransitions,
  inputs: [],
  outputs: ['tableArn'],
  stateful: true,
  context: contextOf,
  chart: (scope, composite) => new EnvironmentChart(scope, composite),
});

/** What every layer gets: names, law 4 and external names follow from it. */
function contextOf(spec: EnvironmentSpec): Context {
  const { environment, account, region, replicaRegion, domainName, tags, protectData, allowRemoval, identities } = spec;
  return {
    environment,
    // The rules see to it that an environment of another name says its tier.
    tier: spec.tier ?? TIERS.find((tier) => tier === environment) ?? 'development',
    account,
    region,
    ...(replicaRegion === undefined ? {} : { replicaRegion }),
    domainName,
    tags,
    protectData,
    allowRemoval,
    identities,
  };
}
