import type { Json, JsonObject } from '../../imports/base.ts';
import { holdsToken, replaceTokens, wholeToken, type Token } from './token.ts';

/**
 * The value of a token, or `undefined` while nobody knows it. A `list` token has a list of strings. A value that looks
 * like a token itself is taken for unknown, so that no text of a status ever becomes a reference.
 */
export type Lookup = (token: Token) => string | readonly string[] | undefined;

/** A token and the field that it stands in, such as `spec.forProvider.kmsKeyArn`. */
export interface TokenUse {
  readonly token: Token;
  readonly field: string;
}

export interface Resolved<Value> {
  /** With every known token replaced; unknown ones still stand in it. */
  readonly value: Value;
  /** Every token met. */
  readonly uses: readonly TokenUse[];
  /** Those without a value. */
  readonly unknown: readonly TokenUse[];
}

/**
 * Replaces the tokens in all texts and keys of a value. Text that is itself a JSON object or list (a policy) is
 * resolved inside, as JSON, so that a value with quotes stays valid; one token may stand there many times.
 */
export function resolveTokens<Value>(value: Value, lookup: Lookup, field = ''): Resolved<Value> {
  const uses: TokenUse[] = [];
  const unknown: TokenUse[] = [];
  const values: Values = {
    find: (token, at) => {
      const value = lookup(token);
      const found = value === undefined || [value].flat().some(holdsToken) ? undefined : value;
      uses.push({ token, field: at });
      if (found === undefined) unknown.push({ token, field: at });
      return found;
    },
    reject: (token, at) => {
      unknown.push({ token, field: at });
    },
  };
  // Charts and API servers hold JSON, and its shape is kept: texts stay texts, lists lists, objects objects.
  return { value: resolveValue(value as Json, values, field) as Value, uses, unknown };
}

interface Values {
  /** The value of the token that stands in this field. */
  find(token: Token, field: string): string | readonly string[] | undefined;
  /** Says that a value which was found cannot be used there. */
  reject(token: Token, field: string): void;
}

function resolveValue(value: Json, values: Values, field: string): Json {
  if (typeof value === 'string') return resolveText(value, values, field);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return resolveList(value as readonly Json[], values, field);
  return resolveObject(value as JsonObject, values, field);
}

/** What holds no token is returned as it is. */
function resolveObject(object: JsonObject, values: Values, field: string): JsonObject {
  const keys = Object.keys(object);
  const entries = keys.map((key): [string, Json] => [
    resolveText(key, values, field),
    resolveValue(object[key] ?? null, values, field === '' ? key : `${field}.${key}`),
  ]);
  const isSame = entries.every((entry, index) => entry[0] === keys[index] && entry[1] === object[entry[0]]);
  return isSame ? object : Object.fromEntries(entries);
}

function resolveList(list: readonly Json[], values: Values, field: string): Json {
  const items = list.flatMap((item, index): readonly Json[] => {
    const at = `${field}[${index}]`;
    const token = typeof item === 'string' ? wholeToken(item) : undefined;
    if (token?.type !== 'list') return [resolveValue(item, values, at)];
    const found = values.find(token, at);
    return Array.isArray(found) ? (found as readonly string[]) : [item];
  });
  return items.length === list.length && items.every((item, index) => item === list[index]) ? list : items;
}

function resolveText(text: string, values: Values, field: string): string {
  if (!holdsToken(text)) return text;
  const json = parseContainer(text);
  if (json !== undefined) return JSON.stringify(resolveValue(json, values, field));
  const tokens: Token[] = [];
  const unknown: Token[] = [];
  const resolved = replaceTokens(text, (token) => {
    if (token.type === 'list') {
      throw new Error(`${field}: observedList() must stand alone as the element of an array.`);
    }
    const found = values.find(token, field);
    tokens.push(token);
    if (typeof found === 'string') return found;
    unknown.push(token);
    return undefined;
  });
  if (unknown.length > 0 || !holdsToken(resolved)) return resolved;
  // Values that together look like a token.
  for (const token of tokens) values.reject(token, field);
  return text;
}

/** The object or list that the text writes in JSON, if it does. */
function parseContainer(text: string): Json | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
