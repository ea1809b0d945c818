import type { Json, JsonObject, KubernetesObject } from '../../imports/base.ts';
import type { Context } from '../definition/context.ts';
import { API_VERSION } from '../definition/api.ts';
import type { ResourceId } from '../reference/identity.ts';
import { asObject } from '../schema/json.ts';
import type { SchemaRegistry } from '../schema/registry.ts';
import { madeUpName } from './external-names.ts';
import { foreignFields } from './hold.ts';
import type { ComposeStatus, Foreign, ResourceCount } from './types.ts';

/** What a pass found open, before it is put into sentences. */
export interface Findings extends Pick<ComposeStatus, 'waiting' | 'held' | 'invalid'> {
  /** Why each declared resource is not ready; a ready one is absent. */
  readonly unreadyReasons: ReadonlyMap<ResourceId, string>;
  /** Resources that are being removed. */
  readonly going: readonly ResourceId[];
}

/** Our condition `Converged` in one sentence that begins with the numbers. */
export function convergedSentence(findings: Findings, resources: ResourceCount): ComposeStatus['converged'] {
  const open = [
    count(findings.waiting.length, 'waits', 'wait'),
    count(findings.held.length, 'is held', 'are held'),
    count(findings.invalid.length, 'violation', 'violations'),
    count(findings.going.length, 'is being removed', 'are being removed'),
  ].filter((part) => part !== undefined);
  const ready = `${resources.text} resources are ready`;
  const [first] = findings.unreadyReasons;
  if (open.length === 0 && first === undefined) return { status: true, message: `${ready}.` };
  const detail =
    findings.invalid[0]?.message ??
    findings.held[0]?.message ??
    findings.waiting[0]?.message ??
    (first === undefined ? `Being removed: ${findings.going.join(', ')}.` : `${first[0]} is not ready: ${first[1]}.`);
  return { status: false, message: `${[ready, ...open].join('; ')}. ${detail}` };
}

/** For the columns WAITING, HELD and INVALID: each resource once, the first by name. */
export function shortText(open: readonly { readonly resource: string }[]): string {
  const resources = [...new Set(open.map(({ resource }) => resource))];
  const [first, ...others] = resources;
  if (first === undefined) return '';
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

/**
 * External names that AWS made up: they exist nowhere else, so people record them in git.
 * @param given resources whose external name the chart, or a record, gives
 */
export function identitiesOf(
  observed: Iterable<readonly [ResourceId, KubernetesObject]>,
  schemas: SchemaRegistry,
  given: ReadonlySet<ResourceId>,
  context: Context,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...observed].flatMap(([id, object]) => {
      const name = given.has(id)
        ? undefined
        : madeUpName(object, schemas.find(object)?.provider?.externalName, context);
      return name === undefined ? [] : [[id, name]];
    }),
  );
}

/** Fields that other hands have set in specs of ours. */
export function foreignIn(
  observed: Iterable<readonly [ResourceId, KubernetesObject]>,
  manager: string,
): readonly Foreign[] {
  return [...observed].flatMap(([resource, object]) =>
    // Core itself writes `spec.crossplane` of our child composites.
    object.apiVersion === API_VERSION
      ? []
      : foreignFields(object, manager).map((foreign) => ({ resource, ...foreign })),
  );
}

/**
 * Managed resources of a composite and of all composites below it, which report theirs in `status.resources`.
 * Composites themselves do not count.
 */
export function countResources(
  declared: Iterable<readonly [ResourceId, { readonly apiVersion: string }]>,
  observed: ReadonlyMap<ResourceId, KubernetesObject>,
  unreadyReasons: ReadonlyMap<ResourceId, string>,
): ResourceCount {
  let [desired, existing, ready] = [0, 0, 0];
  for (const [id, { apiVersion }] of declared) {
    const object = observed.get(id);
    if (apiVersion === API_VERSION) {
      const below = numbersAt(object?.status?.['resources']);
      desired += below('desired');
      existing += below('observed');
      ready += below('ready');
    } else {
      desired += 1;
      existing += object === undefined ? 0 : 1;
      ready += unreadyReasons.has(id) ? 0 : 1;
    }
  }
  return { desired, observed: existing, ready, text: `${ready}/${desired}` };
}

function numbersAt(value: Json | undefined): (key: string) => number {
  const counts = asObject(value);
  return (key) => Number(counts[key] ?? 0);
}

function count(number: number, one: string, many: string): string | undefined {
  return number === 0 ? undefined : `${number} ${number === 1 ? one : many}`;
}

/**
 * The composite's `status` as the XRD declares it: everything but the conditions. Empty maps are left out: server-side
 * apply makes `null` of a map that loses its last entry, and then the API server refuses the whole status.
 */
export function statusFields(status: ComposeStatus): JsonObject {
  const { converged: _, outputs, identities, ...fields } = status;
  const maps = Object.entries({ outputs, identities }).filter(([, map]) => Object.keys(map).length > 0);
  return JSON.parse(JSON.stringify({ ...fields, ...Object.fromEntries(maps) })) as JsonObject;
}
