import type { Json, JsonObject, KubernetesObject } from '../../imports/base.ts';
import { isList, isObject, own } from './json.ts';
import type { StructuralSchema } from './structural.ts';

/**
 * The object without empty maps and sets in its spec (`tags: {}`). Server-side apply turns a map whose last entry is
 * taken away into `null` when it is applied as `{}`, and the API server then refuses the whole object; left out, it goes.
 */
export function withoutEmptyMaps(object: KubernetesObject, schema: StructuralSchema): KubernetesObject {
  const specSchema = own(schema.properties, 'spec');
  const spec = specSchema === undefined ? undefined : pruned(object.spec, specSchema);
  return isObject(spec) && spec !== object.spec ? { ...object, spec } : object;
}

/** What has no empty map is returned as it is. */
function pruned(value: Json | undefined, schema: StructuralSchema): Json | undefined {
  const { items } = schema;
  if (isList(value))
    return isEmptySet(value, schema) ? undefined : items === undefined ? value : prunedList(value, items);
  return isObject(value) ? prunedObject(value, schema) : value;
}

function prunedObject(object: JsonObject, schema: StructuralSchema): JsonObject | undefined {
  const keys = Object.keys(object);
  if (schema.additionalProperties !== undefined && keys.length === 0) return undefined;
  const kept: [string, Json][] = [];
  for (const key of keys) {
    const item = object[key] ?? null;
    const child = own(schema.properties, key);
    const left = child === undefined ? item : pruned(item, child);
    if (left !== undefined) kept.push([key, left]);
  }
  const isSame = kept.length === keys.length && kept.every((entry) => entry[1] === object[entry[0]]);
  return isSame ? object : Object.fromEntries(kept);
}

/** Sets and list maps are owned entry by entry: an empty one is owned by nobody. */
function isEmptySet(value: readonly Json[], schema: StructuralSchema): boolean {
  const type = schema['x-kubernetes-list-type'];
  return value.length === 0 && (type === 'set' || type === 'map');
}

function prunedList(list: readonly Json[], schema: StructuralSchema): readonly Json[] {
  const items = list.map((item) => pruned(item, schema) ?? {});
  return items.every((item, index) => item === list[index]) ? list : items;
}
