import { removalEntry } from '../crossplane/compose/leaving.ts';
import { namespaceOf } from '../crossplane/definition/context.ts';
import { EXTERNAL_NAME_ANNOTATION } from '../crossplane/reference/marks.ts';
import { hasForm } from '../crossplane/schema/external-name.ts';
import { asObject } from '../crossplane/schema/json.ts';
import { nearest } from '../crossplane/schema/nearest.ts';
import { resourceName } from '../crossplane/schema/violation.ts';
import type { SchemaRegistry } from '../crossplane/schema/registry.ts';
import type { KubernetesObject } from '../imports/base.ts';
import { takeOverOf, type Change } from '../plan/takeover.ts';
import type { LoadedEnvironment } from './environments.ts';
import { convergeEnvironment } from './rendering.ts';
import type { Toolchain } from './toolchain.ts';

/** What taking over one recorded resource does. */
export interface TakeOver {
  /** `<Kind>.<group>/<name>` */
  readonly resource: string;
  readonly externalName: string;
  /** Undefined when nobody has seen yet what AWS has of it. */
  readonly changes: readonly Change[] | undefined;
}

/**
 * What taking over each recorded resource changes, by what was observed of it.
 * @param observed managed resources of a cluster
 */
export function takeOvers(
  environment: LoadedEnvironment,
  observed: readonly KubernetesObject[],
  toolchain: Toolchain,
): readonly TakeOver[] {
  const seen = new Map(ofEnvironment(environment, observed).map((object) => [resourceName(object), object]));
  const converged = convergeEnvironment(withNamesOf(environment, seen, toolchain.schemas), toolchain);
  const wanted = new Map(converged.objects.map((object) => [resourceName(object), object]));
  return Object.entries(environment.records)
    .filter(([resource]) => wanted.has(resource))
    .map(([resource, { externalName }]) => {
      const [object, there] = [wanted.get(resource), seen.get(resource)];
      const isSeen = Object.keys(asObject(there?.status?.['atProvider'])).length > 0;
      const facts = object === undefined ? undefined : toolchain.schemas.find(object)?.provider;
      const changes = object && there && isSeen ? takeOverOf(object, there, facts) : undefined;
      return { resource, externalName, changes };
    });
}

/** Entries of `allowRemoval` for managed resources that are not there, as sentences. */
export function missingRemovals(
  environment: LoadedEnvironment,
  observed: readonly KubernetesObject[],
  schemas: SchemaRegistry,
): readonly string[] {
  const { name, file, config } = environment;
  const known = ofEnvironment(environment, observed).map((object) => removalEntry(object, { environment: name }));
  const managed = new Set(
    schemas.kinds.filter((gvk) => schemas.find(gvk)?.provider !== undefined).map(({ kind }) => kind),
  );
  return (config.allowRemoval ?? []).flatMap((entry, index) => {
    const isManaged = managed.has(entry.split('/')[1] ?? '');
    // `<entry>.<region>` is an entry of a list of the resource.
    if (!isManaged || known.some((one) => entry === one || entry.startsWith(`${one}.`))) return [];
    const meant = nearest(entry, known);
    const remedy = meant === undefined ? 'remove it' : `write ${meant}, or remove it if that is gone already`;
    return [`${file}: allowRemoval[${index}] is ${JSON.stringify(entry)}, which is not among the objects; ${remedy}.`];
  });
}

/** One line a field, below a line for each resource. */
export function takeOverText(all: readonly TakeOver[]): string {
  if (all.length === 0) return 'No resource of this environment is recorded, so none is taken over.';
  return all
    .flatMap(({ resource, externalName, changes }) => {
      const what = `${resource} (${externalName})`;
      if (changes === undefined) return [`${what}: it is not among the objects, or nothing of it was seen yet.`];
      if (changes.length === 0) return [`${what}: taking it over changes nothing.`];
      return [`${what}: taking it over changes`, ...changes.map((change) => `  ${changeText(change)}`)];
    })
    .join('\n');
}

function changeText({ path, change, wanted, seen, effect }: Change): string {
  const [before, after] = [JSON.stringify(seen), JSON.stringify(wanted)];
  if (change === 'added') return `${path}: nothing becomes ${after}; ${effect}.`;
  if (change === 'removed') return `${path}: ${before} goes; ${effect}.`;
  return `${path}: ${before} becomes ${after}; ${effect}.`;
}

function ofEnvironment({ name }: LoadedEnvironment, objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return objects.filter(({ metadata }) => metadata.namespace === namespaceOf(name));
}

/** With the names that AWS has made up, so that what follows from them (the ARN of a key) is what it is in AWS. */
function withNamesOf(
  environment: LoadedEnvironment,
  observed: ReadonlyMap<string, KubernetesObject>,
  schemas: SchemaRegistry,
): LoadedEnvironment {
  const { object } = environment;
  const names = [...observed].flatMap(([id, one]) => {
    const external = schemas.find(one)?.provider?.externalName;
    const externalName = one.metadata.annotations?.[EXTERNAL_NAME_ANNOTATION] ?? '';
    const isMadeUp = external?.class === 'generated' && externalName !== '' && hasForm(external, externalName);
    return isMadeUp ? [[id, { externalName, mode: 'owned' }] as const] : [];
  });
  const identities = { ...Object.fromEntries(names), ...asObject(object.spec?.['identities']) };
  return { ...environment, object: { ...object, spec: { ...object.spec, identities } } };
}
