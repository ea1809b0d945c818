import type { GroupVersionKind } from '../../imports/base.ts';
import { groupOf } from '../reference/identity.ts';
import type { KindSchema } from '../schema/registry.ts';

/** What activates managed kinds in a cluster; several of them add up. */
export const ACTIVATION_POLICY: GroupVersionKind = {
  apiVersion: 'apiextensions.crossplane.io/v1alpha1',
  kind: 'ManagedResourceActivationPolicy',
};

/**
 * What a Composition asks core to send with every call: all activation policies of the cluster, under this name. Not one
 * of them by its name, since a kind that another policy activates is there as well (docs/decisions/0012-activation.md).
 */
export const ACTIVATION_REQUIREMENT = { requirementName: 'activation-policies', ...ACTIVATION_POLICY } as const;

/** How activation policies call a managed kind, and the name of its CRD: `tables.dynamodb.aws.m.upbound.io`. */
export function definitionName({ plural, gvk }: Pick<KindSchema, 'plural' | 'gvk'>): string {
  return `${plural}.${groupOf(gvk.apiVersion)}`;
}
