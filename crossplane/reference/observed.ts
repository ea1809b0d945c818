import type { ApiObject } from 'cdk8s';
import type { HasStatus } from '../../imports/base.ts';
import { resourceId } from './identity.ts';
import { writeToken, type Segment } from './token.ts';

/** A status as a path to write down: every level present, lists and maps by method (an index could be `undefined`). */
export type Path<T> = T extends readonly (infer Item)[]
  ? ListPath<Item>
  : T extends object
    ? string extends keyof T
      ? MapPath<T[keyof T & string]>
      : { readonly [K in keyof T]-?: Path<NonNullable<T[K]>> }
    : T;

export interface ListPath<Item> {
  at(index: number): Path<NonNullable<Item>>;
  /** The entry whose `field` equals `value`: survives reordering, and is how a list of unknown length is used. */
  where(field: keyof Item & string, value: string): Path<NonNullable<Item>>;
}

export interface MapPath<Value> {
  key(name: string): Path<NonNullable<Value>>;
}

/**
 * A string that AWS makes up, to be put in any string field, template literal or JSON text.
 * Strings only, on purpose: a chart can neither compute with nor branch on what is not known yet.
 */
export function observed<Status>(
  resource: ApiObject & HasStatus<Status>,
  pick: (status: Path<NonNullable<Status>>) => string,
): string {
  return writeToken({ type: 'observed', resource: resourceId(resource, resource.name), path: record(pick) });
}

/** A whole list of strings (name servers); stands as the only element of an array and is spliced in. */
export function observedList<Status>(
  resource: ApiObject & HasStatus<Status>,
  pick: (status: Path<NonNullable<Status>>) => ListPath<string>,
): string[] {
  return [writeToken({ type: 'list', resource: resourceId(resource, resource.name), path: record(pick) })];
}

const recorded = Symbol('recorded path');
const METHODS = new Set(['at', 'where', 'key']);

/** Runs `pick` on a stand-in for the status (of whatever type) that writes down which way it goes. */
function record(pick: (status: never) => unknown): readonly Segment[] {
  const end = pick(recorder([]) as never);
  const path = typeof end === 'function' ? (Reflect.get(end, recorded) as readonly Segment[] | undefined) : undefined;
  if (path === undefined || path.length === 0) {
    throw new Error(
      'observed() takes one field of the status and nothing else; put templates around the token that it returns.',
    );
  }
  return path;
}

/** Callable, so that `.at(0)` and a field that happens to be named `at` both work. */
function recorder(path: readonly Segment[]): object {
  return new Proxy(() => undefined, {
    get: (_, property) => {
      if (property === recorded) return path;
      if (typeof property === 'symbol') {
        throw new Error(`observed() cannot compute with a value that is not known yet (${String(property)}).`);
      }
      return recorder([...path, { key: property }]);
    },
    apply: (_, __, parameters: readonly unknown[]) => recorder([...path.slice(0, -1), call(path.at(-1), parameters)]),
  });
}

function call(method: Segment | undefined, [first, second]: readonly unknown[]): Segment {
  if (method === undefined || !('key' in method) || !METHODS.has(method.key)) {
    throw new Error('observed() knows only .at(index), .where(field, value) and .key(name).');
  }
  if (method.key === 'at') {
    const index = Number(first);
    if (!Number.isInteger(index) || index < 0)
      throw new Error(`observed() takes .at(0), .at(1) …, not .at(${String(first)}).`);
    return { index };
  }
  return method.key === 'key' ? { key: String(first) } : { where: String(first), equals: String(second) };
}
