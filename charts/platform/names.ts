import { namespaceOf } from '../../crossplane/definition/context.ts';
import type { ReleaseVersion } from '../../crossplane/definition/release.ts';

/** Where Crossplane's chart installs core, and where core runs the packages. */
export const CROSSPLANE_NAMESPACE = 'crossplane-system';
/** Core's own service account, as Crossplane's chart names it. */
export const CORE_ACCOUNT = 'crossplane';
/** One account for all provider packages: one Pod Identity association, and one name for the admission policy. */
export const PROVIDER_ACCOUNT = 'owlnest-provider-aws';
/** The function asks the API server for nothing, so this account has no permission. */
export const FUNCTION_ACCOUNT = 'owlnest-function';

/** Names of the `DeploymentRuntimeConfig`s. */
export const PROVIDER_RUNTIME = 'owlnest-provider-aws';
export const FUNCTION_RUNTIME = 'owlnest-function';

/** Where the provider's packages are published. */
export const PROVIDER_REGISTRY = 'xpkg.upbound.io/upbound';
/** Core installs the family as a dependency under exactly this name; a second one would break the package lock. */
export const FAMILY_PROVIDER = 'upbound-provider-family-aws';

/** Group of the provider's own configuration. */
export const PROVIDER_GROUP = 'aws.m.upbound.io';
/** How the groups of all managed kinds of the provider end. */
export const MANAGED_GROUP_SUFFIX = `.${PROVIDER_GROUP}`;

/** What the name of every environment's namespace begins with. */
export const NAMESPACE_PREFIX = namespaceOf('');

/** Role that the provider takes on in an environment's account. */
export const PROVISIONER_ROLE = 'owlnest-provisioner';

/** A service account as the API server names it in a request. */
export function usernameOf(serviceAccount: string): string {
  return `system:serviceaccount:${CROSSPLANE_NAMESPACE}:${serviceAccount}`;
}

/** The function's package. A tag has no `+`, which a version may have. */
export function functionPackage(release: ReleaseVersion): string {
  return `ghcr.io/owlnest/function-owlnest:v${release.version.replaceAll('+', '-')}`;
}
