import type { Json, JsonObject } from '../../imports/base.ts';
import { isList, isObject, own } from '../schema/json.ts';
import { sameJson } from './values.ts';

/** One field in which AWS has another value than an object wants. */
export interface Difference {
  /** Below `forProvider`; entries of lists by their names: `globalSecondaryIndex[GSI1].rangeKey`. */
  readonly path: string;
  /** `removed`: AWS has an entry of a list or map that is not wanted; `added`: AWS has none; `set`: it has another value. */
  readonly change: 'set' | 'added' | 'removed';
  /** Null where nothing is wanted. */
  readonly wanted: Json;
  /** Null where AWS has nothing. */
  readonly seen: Json;
}

/** What tells the entries of a list from each other, in the fields of AWS's APIs. */
const NAMES_OF_ENTRIES = ['name', 'regionName', 'id', 'sid'];

/**
 * Where what AWS has (`status.atProvider`) differs from what an object wants (`spec.forProvider`). Fields that it says
 * nothing of stay as AWS has them, so only lists, and the map of tags, can lose something. The order of lists says nothing,
 * nor do keys in a text that is JSON.
 * @param whole lists of which nothing is wanted where the object does not mention them: the replicas of a table
 */
export function differences(
  wanted: JsonObject,
  seen: JsonObject,
  whole: readonly string[] = [],
): readonly Difference[] {
  const named = Object.keys(wanted).flatMap((key) => between(key, own(wanted, key) ?? null, own(seen, key) ?? null));
  const unnamed = whole.filter((key) => !Object.hasOwn(wanted, key));
  return [...named, ...unnamed.flatMap((key) => between(key, [], own(seen, key) ?? []))];
}

function between(path: string, wanted: Json, seen: Json): readonly Difference[] {
  if (isSame(wanted, seen)) return [];
  if (seen === null) return [{ path, change: 'added', wanted, seen }];
  if (isList(wanted) && isList(seen)) return betweenLists(path, wanted, seen);
  if (!isObject(wanted) || !isObject(seen)) return [{ path, change: 'set', wanted, seen }];
  const fields = Object.keys(wanted).flatMap((key) =>
    between(`${path}.${key}`, own(wanted, key) ?? null, own(seen, key) ?? null),
  );
  if (path !== 'tags') return fields;
  // The provider adds tags of its own.
  const lost = Object.keys(seen).filter((key) => !Object.hasOwn(wanted, key) && !key.startsWith('crossplane-'));
  return [...fields, ...lost.map((key) => removed(`${path}.${key}`, own(seen, key) ?? null))];
}

function betweenLists(path: string, wanted: readonly Json[], seen: readonly Json[]): readonly Difference[] {
  const name = NAMES_OF_ENTRIES.find((key) => [...wanted, ...seen].every((one) => isObject(one) && key in one));
  if (name === undefined) return sameSet(wanted, seen) ? [] : [{ path, change: 'set', wanted, seen }];
  const [before, after] = [byName(seen, name), byName(wanted, name)];
  return [
    ...[...after].flatMap(([key, entry]) => between(`${path}[${key}]`, entry, before.get(key) ?? null)),
    ...[...before].flatMap(([key, entry]) => (after.has(key) ? [] : [removed(`${path}[${key}]`, entry)])),
  ];
}

function byName(list: readonly Json[], name: string): ReadonlyMap<string, Json> {
  return new Map(list.map((entry) => [isObject(entry) ? String(entry[name]) : '', entry]));
}

function removed(path: string, seen: Json): Difference {
  return { path, change: 'removed', wanted: null, seen };
}

function sameSet(some: readonly Json[], others: readonly Json[]): boolean {
  return some.length === others.length && some.every((one) => others.some((other) => isSame(one, other)));
}

/** A policy is text to AWS, which writes it in an order of its own. */
function isSame(one: Json, other: Json): boolean {
  if (sameJson(one, other)) return true;
  const [left, right] = [parsed(one), parsed(other)];
  return left !== undefined && right !== undefined && sameJson(left, right);
}

function parsed(value: Json): JsonObject | undefined {
  if (typeof value !== 'string' || !value.trimStart().startsWith('{')) return undefined;
  try {
    const json: unknown = JSON.parse(value);
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
