import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { pathText, shown } from './text.ts';
import { descriptionOf, schemaAt, settingsIn, unwrapped } from './schema.ts';

/** What is wrong with a file, in one sentence: place, value, what to do. */
export interface ConfigProblem {
  readonly file: string;
  readonly path: string;
  readonly message: string;
}

/** A problem before it is known which file it belongs to; the message begins behind the path. */
export interface Remark {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What zod says of a value, and keys that the schema does not have. One mistake is told once. */
export function schemaRemarks(schema: z.ZodType, value: object): readonly Remark[] {
  const unknown = unknownKeys(schema, value, []);
  // A misspelt key is one mistake, not also a missing one.
  const meant = new Set(
    unknown.map(({ path, known }) => pathText([...path.slice(0, -1), nearest(path.at(-1), known) ?? ''])),
  );
  const places = new Set<string>();
  const issues = (schema.safeParse(value).error?.issues ?? []).filter((issue) => {
    const place = pathText(issue.path);
    const isFirst = !places.has(place);
    places.add(place);
    return isFirst && (valueAt(value, issue.path) !== undefined || !meant.has(place));
  });
  return [...issues.map((issue) => issueRemark(schema, issue, value)), ...unknown.map(unknownKeyRemark)];
}

function issueRemark(schema: z.ZodType, issue: z.core.$ZodIssue, value: object): Remark {
  const { path } = issue;
  if (issue.code === 'invalid_key') {
    const map = unwrapped(schemaAt(schema, path.slice(0, -1)));
    const keys = map instanceof z.ZodRecord ? descriptionOf(map.keyType).replace(/\.$/, '') : '';
    return { path, message: `is a key of the wrong form; write ${keys}.` };
  }
  const received = valueAt(value, path);
  // An enum's values say it all.
  const meaning = issue.code === 'invalid_value' && received !== undefined ? '' : meaningOf(schema, path);
  const problem = received === undefined ? 'is missing; add it' : `is ${shown(received)}; ${remedy(issue, received)}`;
  return { path, message: `${problem}${meaning === '' ? '' : ` (${meaning})`}.` };
}

/** What the schema says of the setting, without a full stop; of an entry, what it says of the list. */
function meaningOf(schema: z.ZodType, path: readonly PropertyKey[]): string {
  const own = descriptionOf(schemaAt(schema, path));
  const isEntry = typeof path.at(-1) === 'number';
  return (own === '' && isEntry ? descriptionOf(schemaAt(schema, path.slice(0, -1))) : own).replace(/\.$/, '');
}

function remedy(issue: z.core.$ZodIssue, received: unknown): string {
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    return `it must be one of ${values.join(', ')}${suggestion(received, values)}`;
  }
  if (issue.code === 'invalid_format') return `it must have the form ${issue.pattern ?? issue.format}`;
  if (issue.code === 'too_small') return `it must be at least ${issue.minimum}${unitOf(issue.origin)}`;
  if (issue.code === 'too_big') return `it must be at most ${issue.maximum}${unitOf(issue.origin)}`;
  if (issue.code === 'invalid_type') {
    return issue.expected === 'int' ? 'it must be a whole number' : `it must be of type ${issue.expected}`;
  }
  return issue.message;
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' ? ' entries long' : '';
}

/** ` (did you mean x?)` when one of the names is near. */
function suggestion(received: unknown, names: readonly string[]): string {
  const near = nearest(received, names);
  return near === undefined ? '' : ` (did you mean ${near}?)`;
}

/** Longer than any key or value that somebody could have meant; the distance takes its time on what is longer. */
const LONGEST_NAME = 200;

function nearest(received: unknown, names: readonly string[]): string | undefined {
  if (typeof received !== 'string' || received.length > LONGEST_NAME || names.length === 0) return undefined;
  const name = closest(received, names);
  return distance(received, name) <= Math.max(2, received.length / 3) ? name : undefined;
}

interface UnknownKey {
  readonly path: readonly PropertyKey[];
  readonly value: unknown;
  readonly known: readonly string[];
}

/** Keys that the schema does not have, everywhere in the value. */
function unknownKeys(schema: unknown, value: unknown, path: readonly PropertyKey[]): readonly UnknownKey[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = unwrapped(schema);
  if (Array.isArray(value)) {
    return inner instanceof z.ZodArray
      ? value.flatMap((item, index) => unknownKeys(inner.element, item, [...path, index]))
      : [];
  }
  if (inner instanceof z.ZodRecord) {
    return Object.entries(value).flatMap(([key, item]) =>
      // zod drops this key from a map without a word.
      key === '__proto__'
        ? [{ path: [...path, key], value: item, known: [] }]
        : unknownKeys(inner.valueType, item, [...path, key]),
    );
  }
  const settings = settingsIn(inner);
  if (settings === undefined) return [];
  const known = Object.keys(settings);
  return Object.entries(value).flatMap(([key, item]) =>
    Object.hasOwn(settings, key)
      ? unknownKeys(settings[key], item, [...path, key])
      : [{ path: [...path, key], value: item, known }],
  );
}

/** More names than this say nothing to a person. */
const MANY_NAMES = 20;

function unknownKeyRemark({ path, value, known }: UnknownKey): Remark {
  const near = suggestion(path.at(-1), known);
  const list = known.length === 0 || known.length > MANY_NAMES ? '' : `; known here are ${known.join(', ')}`;
  const what = near === '' ? `; remove it${list}` : near;
  return { path, message: `is not a key that OwlNest knows, received ${shown(value)}${what}.` };
}

/** The value at a path of own keys; `undefined` where there is none. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key) ? Reflect.get(inner, key) : undefined,
    value,
  );
}
