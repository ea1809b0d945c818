import type { KubernetesObject } from '../../imports/base.ts';
import type { CompositeKind } from '../../crossplane/definition/definition.ts';
import type { ReleaseVersion } from '../../crossplane/definition/release.ts';
import { compositionOf, xrdOf } from '../../crossplane/definition/xrd.ts';
import { groupOf } from '../../crossplane/reference/identity.ts';
import type { SchemaRegistry } from '../../crossplane/schema/registry.ts';
import { accessObjects } from './access.ts';
import { activationOf, activationPolicy, assertActivated } from './activation.ts';
import { admissionObjects } from './admission.ts';
import { assertPlaced, isManaged, managedOf } from './managed.ts';
import { sortedObjects, sortedSet } from './objects.ts';
import { functionOf, providerPackages } from './packages.ts';
import { runtimeConfigs } from './runtime.ts';

/** One file of `dist/platform`. */
export interface PlatformFile {
  /** Its number is its place in the order of applying: `30-runtime.yaml`. */
  readonly name: string;
  readonly objects: readonly KubernetesObject[];
}

export interface PlatformInput {
  readonly kinds: readonly CompositeKind[];
  readonly release: ReleaseVersion;
  readonly schemas: SchemaRegistry;
  /** Every object of all environments, as it ends. */
  readonly rendered: readonly KubernetesObject[];
  readonly environments: readonly { readonly name: string; readonly account: string; readonly region: string }[];
}

/**
 * What a cluster with Crossplane needs before the first environment, in apply order. Packages, activation and
 * permissions follow from what is rendered. Throws a sentence where a rendered object could never be made.
 */
export function platformFiles(input: PlatformInput): readonly PlatformFile[] {
  const { kinds, release, schemas, rendered, environments } = input;
  const managed = managedOf(rendered, schemas);
  assertPlaced(managed, environments);
  const activated = activationOf(rendered, schemas);
  assertActivated(rendered, schemas, activated);
  const packages = managed.map(({ provider }) => provider.package);
  return [
    // Guards and permissions before what they are for; XRDs before the function that fills them.
    { name: '10-access.yaml', objects: accessObjects(kinds, activated) },
    { name: '20-admission.yaml', objects: admissionObjects(managedGroups(schemas)) },
    { name: '30-runtime.yaml', objects: runtimeConfigs() },
    { name: '40-providers.yaml', objects: providerPackages(packages, schemas.providerVersion) },
    { name: '50-activation.yaml', objects: activated.length === 0 ? [] : [activationPolicy(activated)] },
    { name: '60-kinds.yaml', objects: sortedObjects(kinds.map(xrdOf)) },
    { name: '70-function.yaml', objects: [functionOf(release)] },
    { name: '80-compositions.yaml', objects: sortedObjects(kinds.map((kind) => compositionOf(kind, release))) },
  ];
}

function managedGroups(schemas: SchemaRegistry): readonly string[] {
  const versions = schemas.kinds.map(({ apiVersion }) => apiVersion).filter(isManaged);
  return sortedSet(versions.map(groupOf));
}
