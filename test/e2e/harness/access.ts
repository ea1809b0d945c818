import type { KubernetesObject } from '../../../imports/base.ts';
import { AGGREGATE_TO_CORE, managedRules, type Rule } from '../../../charts/platform/access.ts';
import { CORE_ACCOUNT, CROSSPLANE_NAMESPACE, PROVIDER_ACCOUNT, usernameOf } from '../../../charts/platform/names.ts';

/** Crossplane's RBAC manager: its account as Crossplane's chart names it. */
const RBAC_MANAGER_ACCOUNT = 'rbac-manager';

/** Who each program is for the API server: the service account that it has in a cluster. */
export const usernames = {
  core: usernameOf(CORE_ACCOUNT),
  rbacManager: usernameOf(RBAC_MANAGER_ACCOUNT),
  provider: usernameOf(PROVIDER_ACCOUNT),
} as const;

interface ClusterRole extends KubernetesObject {
  readonly rules?: readonly Rule[];
  readonly aggregationRule?: { readonly clusterRoleSelectors: readonly { readonly matchLabels: Labels }[] };
}

interface ClusterRoleBinding extends KubernetesObject {
  readonly roleRef: { readonly apiGroup: string; readonly kind: 'ClusterRole'; readonly name: string };
  readonly subjects: readonly { readonly apiGroup: string; readonly kind: 'User'; readonly name: string }[];
}

type Labels = Readonly<Record<string, string>>;

const GROUP = 'rbac.authorization.k8s.io';

/**
 * The permissions that Crossplane's installation (its Helm chart, v2.4.0) brings. What core composes is granted by the
 * RBAC manager, which sees the XRDs, and by roles as the platform's own: here one for `crds`, the tests' managed kinds.
 */
export function installationAccess(crds: readonly string[]): readonly KubernetesObject[] {
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: CROSSPLANE_NAMESPACE } },
    // The controller manager collects its rules.
    role('crossplane', { aggregationRule: { clusterRoleSelectors: [{ matchLabels: AGGREGATE_TO_CORE }] } }),
    role('crossplane:system:aggregate-to-crossplane', { rules: coreRules }, AGGREGATE_TO_CORE),
    role('crossplane-rbac-manager', { rules: rbacManagerRules }),
    role('e2e-provider', { rules: providerRules }),
    binding('crossplane', usernames.core),
    binding('crossplane-rbac-manager', usernames.rbacManager),
    binding('e2e-provider', usernames.provider),
    composeRole('e2e-compose', crds),
  ];
}

/** A role that lets core compose the managed kinds of these CRDs. */
export function composeRole(name: string, crds: readonly string[]): KubernetesObject {
  return role(name, { rules: managedRules(crds) }, AGGREGATE_TO_CORE);
}

function role(name: string, more: Pick<ClusterRole, 'rules' | 'aggregationRule'>, labels: Labels = {}): ClusterRole {
  return { apiVersion: `${GROUP}/v1`, kind: 'ClusterRole', metadata: { name, labels }, ...more };
}

function binding(roleName: string, username: string): ClusterRoleBinding {
  return {
    apiVersion: `${GROUP}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: roleName },
    roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: roleName },
    subjects: [{ apiGroup: GROUP, kind: 'User', name: username }],
  };
}

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'update', 'patch', 'delete'];
const rule = (apiGroups: readonly string[], resources: readonly string[], verbs: readonly string[]): Rule => ({
  apiGroups,
  resources,
  verbs,
});

const coreRules: readonly Rule[] = [
  rule([''], ['events'], WRITE),
  rule([''], ['secrets'], [...READ, ...WRITE]),
  rule([''], ['serviceaccounts', 'services'], ['*']),
  rule(['', 'coordination.k8s.io'], ['configmaps', 'leases'], [...READ, ...WRITE]),
  rule(['extensions', 'apps'], ['deployments'], [...READ, ...WRITE]),
  rule(['apiextensions.k8s.io'], ['customresourcedefinitions', 'customresourcedefinitions/status'], ['*']),
  rule(
    ['apiextensions.crossplane.io', 'ops.crossplane.io', 'pkg.crossplane.io', 'protection.crossplane.io'],
    ['*'],
    ['*'],
  ),
  rule(
    ['admissionregistration.k8s.io'],
    ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'],
    [...READ, ...WRITE],
  ),
];

const rbacManagerRules: readonly Rule[] = [
  rule([''], ['events'], WRITE),
  rule([''], ['namespaces'], READ),
  rule(['apps'], ['deployments'], READ),
  rule([''], ['namespaces/finalizers'], ['update']),
  rule(['apiextensions.crossplane.io'], ['compositeresourcedefinitions'], READ),
  rule(['apiextensions.crossplane.io'], ['compositeresourcedefinitions/finalizers'], ['update']),
  rule(['pkg.crossplane.io'], ['providerrevisions'], READ),
  rule(['pkg.crossplane.io'], ['providerrevisions/finalizers'], ['update']),
  rule(['apiextensions.k8s.io'], ['customresourcedefinitions'], READ),
  // It may grant what it does not have itself.
  rule(
    ['rbac.authorization.k8s.io'],
    ['clusterroles', 'roles'],
    [...READ, 'create', 'update', 'patch', 'escalate', 'bind'],
  ),
  rule(['rbac.authorization.k8s.io'], ['clusterrolebindings'], ['*']),
  rule(['', 'coordination.k8s.io'], ['configmaps', 'leases'], [...READ, ...WRITE]),
];

/** More than the RBAC manager gives a provider for its own kinds: the groups of all services, in one line. */
const providerRules: readonly Rule[] = [rule(['*'], ['*'], [...READ, ...WRITE])];
