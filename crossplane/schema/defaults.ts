import type { Json, JsonObject } from '../../imports/base.ts';
import { isList, isObject, own } from './json.ts';
import type { StructuralSchema } from './structural.ts';

/** `value` with the schema's defaults filled in, as the API server does on every write. Never changes its argument. */
export function applyDefaults(schema: StructuralSchema, value: Json): Json {
  if (!hasDefaults(schema)) return value;
  if (isObject(value)) return defaultFields(schema, value);
  const { items } = schema;
  return isList(value) && items !== undefined ? value.map((item) => applyDefaults(items, item)) : value;
}

/** As `applyDefaults`, for what is known to be an object. */
export function defaultFields(schema: StructuralSchema, value: JsonObject): JsonObject {
  const missing = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    field.default !== undefined && isUnset(field, own(value, name)) ? [[name, field.default] as const] : [],
  );
  // `fromEntries` defines own fields: a key `__proto__` stays a key.
  return Object.fromEntries(
    [...Object.entries(value).filter(([name]) => !missing.some(([key]) => key === name)), ...missing].map(
      ([name, field]) => {
        const known = own(schema.properties, name) ?? schema.additionalProperties;
        return [name, typeof known === 'object' ? applyDefaults(known, field) : field];
      },
    ),
  );
}

const known = new WeakMap<StructuralSchema, boolean>();

/** Whether the schema says a default anywhere: most of it does not, and such values are returned as they are. */
function hasDefaults(schema: StructuralSchema): boolean {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const { properties = {}, items, additionalProperties } = schema;
  const children = [
    ...Object.values(properties),
    items,
    additionalProperties === true ? undefined : additionalProperties,
  ];
  const has = children.some((child) => child !== undefined && (child.default !== undefined || hasDefaults(child)));
  known.set(schema, has);
  return has;
}

/** Null counts as unset where it is not allowed: only then does Kubernetes put the default in its place. */
function isUnset(field: StructuralSchema, value: Json | undefined): boolean {
  return value === undefined || (value === null && field.nullable !== true);
}
