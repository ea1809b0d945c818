import type { Json, JsonObject, KubernetesObject } from '../../imports/base.ts';

/** True for a JSON object: not a list, not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for a value with `apiVersion`, `kind` and `metadata.name`; what else it holds is the API server's business. */
export function isKubernetesObject(value: unknown): value is KubernetesObject {
  if (!isObject(value) || !isObject(value['metadata'])) return false;
  return [value['apiVersion'], value['kind'], value['metadata']['name']].every((part) => typeof part === 'string');
}

/** True for a JSON list. */
export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** The own field `key` of `object`; `constructor` and `__proto__` are ordinary keys here. */
export function own<T>(object: { readonly [key: string]: T } | undefined, key: string): T | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** One text for all equal values: keys sorted, so that it can be compared. */
export function canonicalText(value: Json): string {
  if (isList(value)) return `[${value.map(canonicalText).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonicalText(field)}`).join()}}`;
}

/**
 * Whether both read the same as text, keys in the same order. Two versions of one object share most of their parts,
 * which are the same without a look inside.
 */
export function isSameText(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (isList(one) && isList(other)) {
    return one.length === other.length && one.every((item, index) => isSameText(item, other[index]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const others = Object.keys(other);
  const keys = Object.keys(one);
  return (
    keys.length === others.length &&
    keys.every((key, index) => key === others[index] && isSameText(one[key], other[key]))
  );
}

/** Whether objects and lists are nested in one another beyond `limit` levels. Iterative: it guards what recurses. */
export function nestedBeyond(value: unknown, limit: number): boolean {
  const open: (readonly [unknown, number])[] = [[value, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, depth] = next;
    if (typeof node !== 'object' || node === null) continue;
    if (depth >= limit) return true;
    for (const child of Object.values(node)) open.push([child, depth + 1]);
  }
  return false;
}

/** The value if it is an object, else an empty one. */
export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
