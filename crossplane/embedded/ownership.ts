import type { Json, JsonObject } from '../../imports/base.ts';
import { isList, isObject, isSameText, own } from '../schema/json.ts';
import type { StructuralSchema } from '../schema/structural.ts';

/**
 * Server-side apply on values, as the API server does it: a field set (`fieldsV1`) is a tree whose names are `f:` a
 * field, `k:` a list entry by its keys, `v:` a set entry, `.` the thing itself; a leaf is an empty object.
 */
export type FieldSet = JsonObject;

/** The fields that a value sets. Lists are one field unless the schema calls them a set or a map. */
export function fieldsOf(value: Json, schema: StructuralSchema | undefined): FieldSet {
  if (isList(value)) return listFields(value, schema);
  if (!isObject(value) || schema?.['x-kubernetes-map-type'] === 'atomic') return {};
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [`f:${key}`, fieldsOf(item, schemaOf(schema, key))]),
  );
}

/** `current` with everything that `applied` sets; what it does not set stays. */
export function mergeValue(current: Json | undefined, applied: Json, schema: StructuralSchema | undefined): Json {
  if (isList(applied)) return mergeList(isList(current) ? current : [], applied, schema);
  if (!isObject(applied) || !isObject(current) || schema?.['x-kubernetes-map-type'] === 'atomic') return applied;
  const merged = Object.entries(applied).map(([key, item]): [string, Json] => [
    key,
    mergeValue(own(current, key), item, schemaOf(schema, key)),
  ]);
  return { ...current, ...Object.fromEntries(merged) };
}

/** `value` without the fields of the set; an object that this empties goes too. */
export function removeFields(value: Json, gone: FieldSet, schema: StructuralSchema | undefined): Json | undefined {
  if (Object.keys(gone).length === 0) return undefined;
  if (isList(value)) {
    return value.flatMap((item) => {
      const part = own(gone, itemName(item, schema));
      if (!isObject(part)) return [item];
      const left = Object.hasOwn(part, '.') ? undefined : removeFields(item, part, schema?.items);
      return left === undefined ? [] : [left];
    });
  }
  if (!isObject(value)) return value;
  const kept = Object.entries(value).flatMap(([key, item]): [string, Json][] => {
    const part = own(gone, `f:${key}`);
    const left = isObject(part) ? removeFields(item, part, schemaOf(schema, key)) : item;
    return left === undefined ? [] : [[key, left]];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** The fields of `set` that `other` has not; `undefined` when none is left. */
export function withoutFields(set: FieldSet, other: FieldSet | undefined): FieldSet | undefined {
  if (other === undefined) return set;
  const left = Object.entries(set).flatMap(([name, part]): [string, Json][] => {
    const rest = isObject(part) ? withoutFields(part, childOf(other, name)) : undefined;
    return rest === undefined ? [] : [[name, rest]];
  });
  return left.length === 0 ? undefined : Object.fromEntries(left);
}

/** The fields of `set` at which the two values differ: an apply with force takes these from their owners. */
export function changedFields(
  set: FieldSet,
  before: Json | undefined,
  after: Json | undefined,
  schema: StructuralSchema | undefined,
): FieldSet | undefined {
  if (Object.keys(set).length === 0) return isSameText(before, after) ? undefined : {};
  const changed = Object.entries(set).flatMap(([name, part]): [string, Json][] => {
    if (!isObject(part) || name === '.') return [];
    const [child, one, other] = [schemaAt(schema, name), valueAt(before, name, schema), valueAt(after, name, schema)];
    const below = changedFields(part, one, other, child);
    return below === undefined ? [] : [[name, below]];
  });
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}

function listFields(list: readonly Json[], schema: StructuralSchema | undefined): FieldSet {
  const type = schema?.['x-kubernetes-list-type'];
  if (type !== 'set' && type !== 'map') return {};
  return Object.fromEntries(
    list.map((item) => [itemName(item, schema), type === 'set' ? {} : { '.': {}, ...fieldsOf(item, schema?.items) }]),
  );
}

function mergeList(current: readonly Json[], applied: readonly Json[], schema: StructuralSchema | undefined): Json {
  const type = schema?.['x-kubernetes-list-type'];
  if (type !== 'set' && type !== 'map') return applied;
  const named = new Map(current.map((item) => [itemName(item, schema), item]));
  const names = new Set(applied.map((item) => itemName(item, schema)));
  const merged = applied.map((item) => mergeValue(named.get(itemName(item, schema)), item, schema?.items));
  return [...merged, ...current.filter((item) => !names.has(itemName(item, schema)))];
}

/** How a field set calls the entry of a set or list map. */
function itemName(item: Json, schema: StructuralSchema | undefined): string {
  const keys = schema?.['x-kubernetes-list-map-keys'];
  if (keys === undefined || !isObject(item)) return `v:${JSON.stringify(item)}`;
  const named = [...keys].sort().map((key) => [key, own(item, key) ?? null]);
  return `k:${JSON.stringify(Object.fromEntries(named))}`;
}

function schemaOf(schema: StructuralSchema | undefined, key: string): StructuralSchema | undefined {
  const { properties, additionalProperties } = schema ?? {};
  if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key];
  return additionalProperties === true ? undefined : additionalProperties;
}

function schemaAt(schema: StructuralSchema | undefined, name: string): StructuralSchema | undefined {
  return name.startsWith('f:') ? schemaOf(schema, name.slice(2)) : schema?.items;
}

function valueAt(value: Json | undefined, name: string, schema: StructuralSchema | undefined): Json | undefined {
  if (isList(value)) return value.find((item) => itemName(item, schema) === name);
  return isObject(value) ? own(value, name.slice(2)) : undefined;
}

function childOf(set: FieldSet, name: string): FieldSet | undefined {
  const child = own(set, name);
  return isObject(child) ? child : undefined;
}
