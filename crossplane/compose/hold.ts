import { createHash } from 'node:crypto';
import type { Json, JsonObject, KubernetesObject } from '../../imports/base.ts';
import { groupOf } from '../reference/identity.ts';
import { asObject, isList, isObject } from '../schema/json.ts';

/**
 * The field manager under which Crossplane core applies what a composite composes; its formula is core's own
 * (`apiextensions.crossplane.io/composed/` and the sha256 of `<name><Kind>.<group>`), checked on live objects.
 */
export function composedFieldManager(composite: KubernetesObject): string {
  const { name } = composite.metadata;
  const identity = `${name}${composite.kind}.${groupOf(composite.apiVersion)}`;
  return `apiextensions.crossplane.io/composed/${createHash('sha256').update(identity).digest('hex')}`;
}

/**
 * What this composite applied last, read back from the object's `managedFields`: our own intent, no more and no less.
 * Applying it again changes nothing. An object without an entry of ours (nobody has applied it for us) is taken whole.
 */
export function lastApplied(observed: KubernetesObject, manager: string): KubernetesObject {
  const fields = ownedFields(observed, manager);
  const { labels: allLabels = {}, annotations: allAnnotations = {} } = observed.metadata;
  const all: JsonObject = {
    metadata: { labels: allLabels, annotations: allAnnotations },
    ...(observed.spec === undefined ? {} : { spec: observed.spec }),
  };
  const own = fields === undefined ? all : asObject(owned(all, fields));
  const metadata = asObject(own['metadata']);
  const labels = withoutCores(metadata['labels']);
  const annotations = withoutCores(metadata['annotations']);
  const { name, namespace } = observed.metadata;
  const spec = own['spec'];
  return {
    apiVersion: observed.apiVersion,
    kind: observed.kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    ...(spec === undefined ? {} : { spec: asObject(spec) }),
  };
}

/** A field below `spec` that somebody else than this composite has set. */
export interface ForeignField {
  readonly field: string;
  readonly manager: string;
}

/** Tags by which the provider marks what it made, and the field that it adds empty: no hand but the provider's. */
const PROVIDER_FIELDS = new Set([
  'spec.forProvider.tags.crossplane-kind',
  'spec.forProvider.tags.crossplane-name',
  'spec.forProvider.tags.crossplane-providerconfig',
  'spec.initProvider',
]);

/**
 * Fields of the spec that another manager owns alone: server-side apply never removes them. Who applied an empty object
 * (`forProvider: {}`) owns it, but nothing that is in it. Sorted, since the API server gives field sets in another order
 * from call to call.
 */
export function foreignFields(observed: KubernetesObject, manager: string): readonly ForeignField[] {
  const own = new Set(belowSpec(ownedFields(observed, manager)).map(({ field }) => field));
  const found = entries(observed)
    .filter((entry) => entry['manager'] !== manager && entry['subresource'] === undefined)
    .flatMap((entry) =>
      belowSpec(asObject(entry['fieldsV1']))
        .filter(({ field, isLeaf }) => isLeaf && !own.has(field) && !PROVIDER_FIELDS.has(field))
        .map(({ field }) => ({ field, manager: String(entry['manager']) })),
    );
  return found.sort((one, other) => compareTexts(one.field, other.field) || compareTexts(one.manager, other.manager));
}

/** By code units. */
function compareTexts(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

function ownedFields(observed: KubernetesObject, manager: string): JsonObject | undefined {
  const entry = entries(observed).find((one) => one['manager'] === manager && one['operation'] === 'Apply');
  return entry === undefined ? undefined : asObject(entry['fieldsV1']);
}

function entries(observed: KubernetesObject): readonly JsonObject[] {
  return observed.metadata.managedFields ?? [];
}

/**
 * The part of a value that a field set (`fieldsV1`) names: `f:` a field, `k:` a list entry by its keys, `v:` a set
 * entry by its value, `.` the thing itself; an empty set is the whole value.
 */
function owned(value: Json, fields: JsonObject): Json | undefined {
  const names = Object.keys(fields);
  if (names.length === 0) return value;
  if (isList(value)) {
    return ownedItems(
      value,
      fields,
      names.filter((name) => name !== '.'),
    );
  }
  if (!isObject(value)) return undefined;
  const parts: [string, Json][] = [];
  for (const name of names) {
    const key = name.slice('f:'.length);
    if (!name.startsWith('f:') || !Object.hasOwn(value, key)) continue;
    const part = owned(value[key] ?? null, asObject(fields[name]));
    if (part !== undefined) parts.push([key, part]);
  }
  return Object.fromEntries(parts);
}

/** In the order of the list, which is the order that we applied. */
function ownedItems(items: readonly Json[], fields: JsonObject, names: readonly string[]): Json {
  const selectors = names.map((name) => ({ matches: itemSelector(name), fields: asObject(fields[name]) }));
  return items.flatMap((item, index) => {
    const selector = selectors.find(({ matches }) => matches(item, index));
    if (selector === undefined) return [];
    const part = owned(item, selector.fields);
    return part === undefined ? [] : [part];
  });
}

function itemSelector(name: string): (item: Json, index: number) => boolean {
  const text = name.slice(2);
  if (name.startsWith('i:')) return (_, index) => index === Number(text);
  const wanted = JSON.parse(text) as Json;
  if (name.startsWith('v:')) return (item) => JSON.stringify(item) === JSON.stringify(wanted);
  const keys = Object.entries(asObject(wanted));
  return (item) => keys.every(([key, value]) => asObject(item)[key] === value);
}

/** Every field of a field set from `spec` on; a leaf has nothing of the manager below it. */
function belowSpec(fields: JsonObject | undefined): readonly { readonly field: string; readonly isLeaf: boolean }[] {
  const found: { field: string; isLeaf: boolean }[] = [];
  const walk = (node: JsonObject, field: string) => {
    const names = Object.keys(node).filter((name) => name !== '.');
    found.push({ field, isLeaf: names.length === 0 });
    for (const name of names) walk(asObject(node[name]), `${field}.${name.slice(2)}`);
  };
  const spec = fields?.['f:spec'];
  if (spec !== undefined) walk(asObject(spec), 'spec');
  return found;
}

/** Labels and annotations without those that core adds to every composed object itself. */
function withoutCores(map: Json | undefined): Readonly<Record<string, string>> | undefined {
  const ours = Object.entries(asObject(map)).filter(
    ([key]) => key !== 'crossplane.io/composite' && key !== 'crossplane.io/composition-resource-name',
  );
  return ours.length === 0 ? undefined : Object.fromEntries(ours.map(([key, value]) => [key, String(value)]));
}
