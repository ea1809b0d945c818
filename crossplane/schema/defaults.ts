import type { Json, JsonObject } from '../../imports/base.ts';
import { isList, isObject, own } from './json.ts';
import type { StructuralSchema } from './structural.ts';

/** `value` with the schema's defaults filled in, as the API server does on every write. Never changes its argument. */
export function applyDefaults(schema: StructuralSchema, value: Json): Json {
  if (!factsOf(schema).any) return value;
  if (isObject(value)) return defaultFields(schema, value);
  const { items } = schema;
  return isList(value) && items !== undefined ? value.map((item) => applyDefaults(items, item)) : value;
}

/** As `applyDefaults`, for what is known to be an object. What needs no default is returned as it is. */
export function defaultFields(schema: StructuralSchema, value: JsonObject): JsonObject {
  const missing = factsOf(schema).defaults.filter(([name, field]) => isUnset(field, own(value, name)));
  const filled = missing.map(([name, field]): [string, Json] => [name, field.default ?? null]);
  const names = new Set(missing.map(([name]) => name));
  const present = Object.entries(value).filter(([name]) => !names.has(name));
  const entries = [...present, ...filled].map(([name, field]): [string, Json] => {
    const child = own(schema.properties, name) ?? schema.additionalProperties;
    return [name, typeof child === 'object' ? applyDefaults(child, field) : field];
  });
  const isSame = missing.length === 0 && entries.every(([name, field]) => field === value[name]);
  // `fromEntries` defines own fields: a key `__proto__` stays a key.
  return isSame ? value : Object.fromEntries(entries);
}

interface DefaultFacts {
  /** Fields with a default of their own. */
  readonly defaults: readonly (readonly [string, StructuralSchema])[];
  /** Whether there is any default here or below. */
  readonly any: boolean;
}

const known = new WeakMap<StructuralSchema, DefaultFacts>();

/** Worked out once a schema: most of a schema has no defaults, and such values are returned as they are. */
function factsOf(schema: StructuralSchema): DefaultFacts {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const { properties = {}, items, additionalProperties } = schema;
  const defaults = Object.entries(properties).filter(([, field]) => field.default !== undefined);
  const children = [...Object.values(properties), items, additionalProperties];
  const below = children.some((child) => typeof child === 'object' && factsOf(child).any);
  const facts = { defaults, any: below || defaults.length > 0 };
  known.set(schema, facts);
  return facts;
}

/** Null counts as unset where it is not allowed: only then does Kubernetes put the default in its place. */
function isUnset(field: StructuralSchema, value: Json | undefined): boolean {
  return value === undefined || (value === null && field.nullable !== true);
}
