import type { KubernetesObject } from '../../imports/base.ts';
import { functionName, type ReleaseVersion } from '../../crossplane/definition/release.ts';
import { FAMILY_PROVIDER, FUNCTION_RUNTIME, functionPackage, PROVIDER_REGISTRY, PROVIDER_RUNTIME } from './names.ts';
import { sortedSet } from './objects.ts';

/**
 * The provider packages with this list's services in this version, and the family that they depend on, all under the names that core
 * gives to packages which it installs as dependencies: so the package lock knows each of them once.
 */
export function providerPackages(packages: Iterable<string>, version: string): readonly KubernetesObject[] {
  const services = sortedSet(packages).filter((name) => name !== FAMILY_PROVIDER);
  return [
    provider(FAMILY_PROVIDER, FAMILY_PROVIDER.replace(/^upbound-/, ''), version),
    ...services.map((name) => provider(`upbound-${name}`, name, version)),
  ];
}

function provider(name: string, repository: string, version: string): KubernetesObject {
  return {
    apiVersion: 'pkg.crossplane.io/v1',
    kind: 'Provider',
    metadata: { name },
    spec: {
      package: `${PROVIDER_REGISTRY}/${repository}:${version}`,
      runtimeConfigRef: { name: PROVIDER_RUNTIME },
      // All of one version, the family included, so nothing is left to resolve but core checks that they fit.
      skipDependencyResolution: false,
    },
  };
}

/** The function of a release. Several releases come from one repository, which the package lock cannot hold. */
export function functionOf(release: ReleaseVersion): KubernetesObject {
  return {
    apiVersion: 'pkg.crossplane.io/v1',
    kind: 'Function',
    metadata: { name: functionName(release), labels: { 'owlnest.io/release': release.version } },
    spec: {
      package: functionPackage(release),
      runtimeConfigRef: { name: FUNCTION_RUNTIME },
      skipDependencyResolution: true,
    },
  };
}
