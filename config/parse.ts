import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { environmentSchema, type EnvironmentConfig } from './environment.ts';
import { unwrapped } from './schema.ts';
import { jsonProblems } from './json.ts';
import { pathText, shown } from './text.ts';

/** A file as it was read; `path` is how messages call it. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

/** What is wrong with a file, in one sentence: place, value, what to do. */
export interface ConfigProblem {
  readonly file: string;
  readonly path: string;
  readonly message: string;
}

export interface ParsedEnvironment {
  readonly file: string;
  /** Exactly what the person wrote, without `$schema`. */
  readonly config: EnvironmentConfig;
}

export interface ParsedEnvironments {
  readonly environments: readonly ParsedEnvironment[];
  readonly problems: readonly ConfigProblem[];
}

/** How references between resources begin; what a person writes must not look like one. */
const REFERENCE = '${owlnest:';

/** All environments, or all problems of all files together. */
export function parseEnvironments(files: readonly ConfigFile[]): ParsedEnvironments {
  const parsed = files.map(parseFile);
  const environments = parsed.flatMap((result) => ('environment' in result ? result.environment : []));
  const problems = parsed.flatMap((result) => ('problems' in result ? result.problems : []));
  return { environments, problems: [...problems, ...clashes(environments)] };
}

type FileResult = { readonly environment: ParsedEnvironment } | { readonly problems: readonly ConfigProblem[] };

function parseFile({ path: file, text }: ConfigFile): FileResult {
  const read = readJson(text);
  if (read.problems.length > 0) {
    return { problems: read.problems.map((problem) => ({ file, path: '', message: `${file} ${problem}` })) };
  }
  const result = environmentSchema.safeParse(read.value);
  const unknown = unknownKeys(environmentSchema, read.value, []);
  // A misspelt key is one mistake, not also a missing one.
  const meant = new Set(
    unknown.map(({ path, known }) => pathText([...path.slice(0, -1), nearest(path.at(-1), known) ?? ''])),
  );
  const issues = (result.error?.issues ?? []).filter(
    (issue) => valueAt(read.value, issue.path) !== undefined || !meant.has(pathText(issue.path)),
  );
  const problems = [
    ...issues.map((issue) => problemOf(file, issue, read.value)),
    ...unknown.map((one) => unknownKeyProblem(file, one)),
    ...referencesIn(read.value).map((path) => referenceProblem(file, path, read.value)),
  ];
  if (problems.length > 0 || !result.success) return { problems };
  return { environment: { file, config: result.data } };
}

function readJson(text: string): { readonly value: object; readonly problems: readonly string[] } {
  // Windows editors begin a file with a byte order mark.
  const json = text.replace(/^\ufeff/, '');
  const problems = jsonProblems(json);
  if (problems.length > 0) return { value: {}, problems };
  const value: unknown = JSON.parse(json);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { value: {}, problems: [`holds ${shown(value)}; it must hold one JSON object in { }.`] };
  }
  const { $schema: _, ...rest } = value as { readonly $schema?: unknown };
  return { value: rest, problems: [] };
}

function problemOf(file: string, issue: z.core.$ZodIssue, value: object): ConfigProblem {
  const path = pathText(issue.path);
  const received = valueAt(value, issue.path);
  // An enum's values say it all.
  const meaning = issue.code === 'invalid_value' ? '' : meaningOf(issue.path);
  const problem = received === undefined ? 'is missing; add it' : `is ${shown(received)}; ${remedy(issue, received)}`;
  return { file, path, message: `${file}: ${path} ${problem}${meaning === '' ? '' : ` (${meaning})`}.` };
}

function remedy(issue: z.core.$ZodIssue, received: unknown): string {
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    return `it must be one of ${values.join(', ')}${suggestion(received, values)}`;
  }
  if (issue.code === 'invalid_format') return `it must have the form ${issue.pattern ?? issue.format}`;
  if (issue.code === 'too_small') return `it must be at least ${issue.minimum}${unitOf(issue.origin)}`;
  if (issue.code === 'too_big') return `it must be at most ${issue.maximum}${unitOf(issue.origin)}`;
  if (issue.code === 'invalid_type') return `it must be of type ${issue.expected}`;
  return issue.message;
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' ? ' entries long' : '';
}

/** What the schema says of the setting, without a full stop. */
function meaningOf(path: readonly PropertyKey[]): string {
  const schema = path.reduce<unknown>((outer, key) => {
    const inner = unwrapped(outer);
    return inner instanceof z.ZodObject ? (inner.shape as Readonly<Record<PropertyKey, unknown>>)[key] : undefined;
  }, environmentSchema);
  return schema instanceof z.ZodType ? (schema.description ?? '').replace(/\.$/, '') : '';
}

/** ` (did you mean x?)` when one of the names is near. */
function suggestion(received: unknown, names: readonly string[]): string {
  const near = nearest(received, names);
  return near === undefined ? '' : ` (did you mean ${near}?)`;
}

function nearest(received: unknown, names: readonly string[]): string | undefined {
  if (typeof received !== 'string' || names.length === 0) return undefined;
  const name = closest(received, names);
  return distance(received, name) <= Math.max(2, received.length / 3) ? name : undefined;
}

interface UnknownKey {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly known: readonly string[];
}

/** Keys that the schema does not have, everywhere in the value. */
function unknownKeys(schema: unknown, value: unknown, path: readonly string[]): readonly UnknownKey[] {
  const inner = unwrapped(schema);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  // zod drops this key from a map without a word.
  if (inner instanceof z.ZodRecord) {
    return Object.hasOwn(value, '__proto__')
      ? [{ path: [...path, '__proto__'], value: valueAt(value, ['__proto__']), known: [] }]
      : [];
  }
  if (!(inner instanceof z.ZodObject)) return [];
  const shape: Readonly<Record<string, unknown>> = inner.shape;
  const known = Object.keys(shape);
  return Object.entries(value).flatMap(([key, item]) =>
    Object.hasOwn(shape, key)
      ? unknownKeys(shape[key], item, [...path, key])
      : [{ path: [...path, key], value: item, known }],
  );
}

function unknownKeyProblem(file: string, { path: keys, value, known }: UnknownKey): ConfigProblem {
  const path = pathText(keys);
  const near = suggestion(keys.at(-1), known);
  const remedy = near === '' ? `remove it${known.length === 0 ? '' : `; known here are ${known.join(', ')}`}` : '';
  const received = `received ${shown(value)}`;
  const message = `${file}: ${path} is not a key that OwlNest knows, ${received}${near}${remedy === '' ? '' : `; ${remedy}`}.`;
  return { file, path, message };
}

/** Where a text or key looks like a reference of ours. */
function referencesIn(value: unknown, path: readonly PropertyKey[] = []): readonly (readonly PropertyKey[])[] {
  if (typeof value === 'string') return value.includes(REFERENCE) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) => {
    const inner = [...path, isList ? Number(key) : key];
    return !isList && key.includes(REFERENCE) ? [inner] : referencesIn(item, inner);
  });
}

function referenceProblem(file: string, keys: readonly PropertyKey[], value: object): ConfigProblem {
  const path = pathText(keys);
  const what = `is ${shown(valueAt(value, keys))}`;
  const message = `${file}: ${path} ${what}; text that looks like a reference of OwlNest (${REFERENCE}…}) is kept for charts, so write it otherwise.`;
  return { file, path, message };
}

/** Between files: one name and one domain for each environment. */
function clashes(environments: readonly ParsedEnvironment[]): readonly ConfigProblem[] {
  return (['environment', 'domainName'] as const).flatMap((key) => {
    const first = new Map<string, string>();
    return environments.flatMap(({ file, config }) => {
      const owner = first.get(config[key]);
      if (owner === undefined) first.set(config[key], file);
      const message = `${file}: ${key} ${shown(config[key])} is also that of ${owner ?? ''}; give each environment its own.`;
      return owner === undefined ? [] : [{ file, path: key, message }];
    });
  });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key) ? Reflect.get(inner, key) : undefined,
    value,
  );
}
