import type { Json, JsonObject } from '../../imports/base.ts';
import { holdsToken } from '../reference/token.ts';
import { isList, isObject } from '../schema/json.ts';

/** The value with the keys of all objects in one order: what makes equal content equal bytes (law 1). */
export function canonical<Value>(value: Value): Value {
  return sorted(value as Json) as Value;
}

/** What is in order already is returned as it is, without a copy. */
function sorted(value: Json): Json {
  if (isList(value)) {
    const items = value.map(sorted);
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isObject(value)) return value;
  const keys = Object.keys(value);
  // By code units, in every locale.
  const inOrder = keys.toSorted();
  let isSame = keys.every((key, index) => key === inOrder[index]);
  const entries = inOrder.map((key): [string, Json] => {
    const item = value[key] ?? null;
    const sortedItem = sorted(item);
    if (sortedItem !== item) isSame = false;
    return [key, sortedItem];
  });
  // `fromEntries` defines own fields: a key `__proto__` stays a key.
  return isSame ? value : Object.fromEntries(entries);
}

/** True when both are the same JSON, whatever the order of keys. */
export function sameJson(one: Json, other: Json): boolean {
  if (one === other) return true;
  if (isList(one) && isList(other)) {
    return one.length === other.length && one.every((item, index) => sameJson(item, other[index] ?? null));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && sameJson(one[key] ?? null, other[key] ?? null))
  );
}

/** Every text in a value with its path. */
export function* textsIn(value: Json, path: string): Generator<{ readonly text: string; readonly path: string }> {
  const open: { value: Json; path: string }[] = [{ value, path }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next.value === 'string') yield { text: next.value, path: next.path };
    if (next.value === null || typeof next.value !== 'object') continue;
    const list = Array.isArray(next.value);
    for (const [key, item] of Object.entries(next.value as JsonObject)) {
      open.push({ value: item, path: list ? `${next.path}[${key}]` : `${next.path}.${key}` });
    }
  }
}

/** Deeper than any spec of ours; far below where recursion ends. */
const MAXIMUM_DEPTH = 100;

/** Where a spec that comes from outside is nested too deeply or holds text that looks like a token of ours. */
export function strangeIn(
  spec: Json,
): { readonly path: string; readonly rule: 'depth' | 'token'; readonly received: Json } | undefined {
  const open: { value: Json; path: readonly string[] }[] = [{ value: spec, path: ['spec'] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const path = next.path.join('.');
    if (typeof next.value === 'string' && holdsToken(next.value)) return { path, rule: 'token', received: next.value };
    if (next.value === null || typeof next.value !== 'object') continue;
    if (next.path.length > MAXIMUM_DEPTH)
      return { path: next.path.slice(0, 5).join('.'), rule: 'depth', received: '…' };
    for (const [key, item] of Object.entries(next.value as JsonObject)) {
      if (holdsToken(key)) return { path, rule: 'token', received: key };
      open.push({ value: item, path: [...next.path, key] });
    }
  }
  return undefined;
}
