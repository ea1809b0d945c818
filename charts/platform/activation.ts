import type { KubernetesObject } from '../../imports/base.ts';
import { ACTIVATION_POLICY } from '../../crossplane/definition/activation-policy.ts';
import type { SchemaRegistry } from '../../crossplane/schema/registry.ts';
import { managedOf, placeOf } from './managed.ts';
import { sortedSet } from './objects.ts';
import { referencesBetween } from './references.ts';

/**
 * Names of the definitions that must be active, as `tables.dynamodb.aws.m.upbound.io`: of every managed resource that
 * is rendered, and of every target of a reference, whose CRD the provider needs as well. No globs: each active kind
 * costs memory in the API server and in the provider. Throws a sentence for a reference that cannot be followed.
 */
export function activationOf(rendered: readonly KubernetesObject[], schemas: SchemaRegistry): readonly string[] {
  const managed = managedOf(rendered, schemas);
  const targets = referencesBetween(managed).map(({ to }) => to);
  return sortedSet([...managed, ...targets].map(({ definition }) => definition));
}

/** Throws a sentence for a rendered resource whose kind is not among the activated names: core would refuse it. */
export function assertActivated(
  rendered: readonly KubernetesObject[],
  schemas: SchemaRegistry,
  activated: readonly string[],
): void {
  const active = new Set(activated);
  const inactive = managedOf(rendered, schemas).find(({ definition }) => !active.has(definition));
  if (inactive === undefined) return;
  throw new Error(
    `Nothing activates ${inactive.definition}, which ${placeOf(inactive.object)} needs; add it to the activation policy.`,
  );
}

/** The activation policy. With Crossplane's own default policy off, these kinds exist in the cluster and no other. */
export function activationPolicy(activate: readonly string[]): KubernetesObject {
  return {
    ...ACTIVATION_POLICY,
    metadata: { name: 'owlnest' },
    spec: { activate },
  };
}
