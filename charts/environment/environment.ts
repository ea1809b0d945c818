import { environmentSchema, TIERS, type EnvironmentSpec } from '../../config/environment.ts';
import { environmentRules, environmentTransitions } from '../../config/rules.ts';
import { ChildComposite } from '../../crossplane/definition/child.ts';
import type { Context } from '../../crossplane/definition/context.ts';
import { defineComposite } from '../../crossplane/definition/definition.ts';
import { Identity } from '../identity/identity.ts';
import { Storage } from '../storage/storage.ts';

/** Joins the layers of an environment, by their definitions only. */
export const Environment = defineComposite({
  kind: 'Environment',
  plural: 'environments',
  shortNames: ['owlenv'],
  description: 'One environment of the application with all its layers, as config/<environment>.json says.',
  schema: environmentSchema,
  rules: environmentRules,
  transitions: environmentTransitions,
  outputs: { tableArn: 'ARN of the table.' },
  stateful: true,
  context: contextOf,
  chart: (chart, { spec }) => {
    const storage = new ChildComposite(chart, 'storage', Storage, {
      why: 'Keeps everything that users make',
      config: 'storage',
      spec: spec.storage,
    });
    new ChildComposite(chart, 'identity', Identity, {
      why: 'Knows who people are',
      config: 'identity',
      spec: spec.identity,
    });
    return { tableArn: storage.output('tableArn') };
  },
});

/** What every layer gets: names, law 4, external names and common tags follow from it. */
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
    // With `component` these are meant as cost allocation tags, to be activated once in the account that pays.
    tags: { ...tags, application: 'owlnest', environment },
    protectData,
    allowRemoval,
    identities,
  };
}
