import { ApiObject } from 'cdk8s';
import { ServiceAccount } from 'cdk8s-plus-28';
import type { KubernetesObject } from '../../imports/base.ts';
import { API_VERSION } from '../../crossplane/definition/api.ts';
import type { CompositeKind } from '../../crossplane/definition/definition.ts';
import { groupOf } from '../../crossplane/reference/identity.ts';
import { CROSSPLANE_NAMESPACE, FUNCTION_ACCOUNT, PROVIDER_ACCOUNT } from './names.ts';
import { chartObjects, sortedSet } from './objects.ts';

/** Core's own role collects every role with this label. */
export const AGGREGATE_TO_CORE = { 'rbac.crossplane.io/aggregate-to-crossplane': 'true' };

const COMPOSE_VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];

/**
 * What core may do to compose our kinds, and the accounts of what it runs. `definitions` are `<plural>.<group>`.
 * Crossplane's RBAC manager grants much of this too, but only once it has seen a package or an XRD.
 */
export function accessObjects(
  kinds: readonly CompositeKind[],
  definitions: readonly string[],
): readonly KubernetesObject[] {
  return chartObjects((chart) => {
    // Not cdk8s-plus's ClusterRole, which writes one rule a resource: hundreds of lines that nobody reviews.
    new ApiObject(chart, 'compose', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'owlnest:compose', labels: AGGREGATE_TO_CORE },
      rules: [...managedRules(definitions), ...compositeRules(kinds)],
    });
    new ServiceAccount(chart, 'function', {
      metadata: { name: FUNCTION_ACCOUNT, namespace: CROSSPLANE_NAMESPACE },
      automountToken: false,
    });
    // EKS gives it its AWS role by a Pod Identity association; an annotation would put an account's id here.
    new ServiceAccount(chart, 'provider', {
      metadata: { name: PROVIDER_ACCOUNT, namespace: CROSSPLANE_NAMESPACE },
      automountToken: true,
    });
  });
}

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** What core needs for the managed kinds `<plural>.<group>`: one rule a group. */
export function managedRules(definitions: readonly string[]): readonly Rule[] {
  const names = [...definitions, 'usages.protection.crossplane.io'].map((definition) => {
    const [plural = '', ...group] = definition.split('.');
    return { plural, group: group.join('.') };
  });
  return sortedSet(names.map(({ group }) => group)).map((apiGroup) => ({
    apiGroups: [apiGroup],
    resources: sortedSet(names.filter(({ group }) => group === apiGroup).map(({ plural }) => plural)),
    verbs: COMPOSE_VERBS,
  }));
}

function compositeRules(kinds: readonly CompositeKind[]): readonly Rule[] {
  const rule = (subresource: string, verbs: readonly string[]): Rule => ({
    apiGroups: [groupOf(API_VERSION)],
    resources: sortedSet(kinds.map(({ plural }) => `${plural}${subresource}`)),
    verbs,
  });
  return [
    rule('', COMPOSE_VERBS),
    rule('/status', ['get', 'update', 'patch']),
    // Owner references that block the owner's deletion need this, where the API server enforces it.
    rule('/finalizers', ['update']),
  ];
}
