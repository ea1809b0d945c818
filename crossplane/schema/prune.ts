import type { Json, KubernetesObject } from '../../imports/base.ts';
import { isList, isObject, own } from './json.ts';
import type { StructuralSchema } from './structural.ts';

/**
 * The object without empty maps and sets in its spec (`tags: {}`). Server-side apply turns a map whose last entry is
 * taken away into `null` when it is applied as `{}`, and the API server then refuses the whole object; left out, it goes.
 */
export function withoutEmptyMaps(object: KubernetesObject, schema: StructuralSchema): KubernetesObject {
  const specSchema = own(schema.properties, 'spec');
  const spec = specSchema === undefined ? undefined : pruned(object.spec, specSchema);
  return isObject(spec) ? { ...object, spec } : object;
}

/** What has no empty map is returned as it is. */
function pruned(value: Json | undefined, schema: StructuralSchema): Json | undefined {
  const { items } = schema;
  if (isList(value))
    return isEmptySet(value, schema) ? undefined : items === undefined ? value : prunedList(value, items);
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  if (schema.additionalProperties !== undefined && entries.length === 0) return undefined;
  const kept = entries.flatMap(([key, item]): [string, Json][] => {
    const child = own(schema.properties, key);
    const left = child === undefined ? item : pruned(item, child);
    return left === undefined ? [] : [[key, left]];
  });
  const isSame = kept.length === entries.length && kept.every(([key, item]) => item === value[key]);
  return isSame ? value : Object.fromEntries(kept);
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
