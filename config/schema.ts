import { z } from 'zod';

// How the schema of a file is walked along a path. What is no schema has no children and says nothing.

/** The schema without what makes it optional or gives it a default. */
export function unwrapped(schema: unknown): unknown {
  return isWrapper(schema) ? unwrapped(schema.unwrap()) : schema;
}

function isWrapper(schema: unknown): schema is z.ZodOptional | z.ZodDefault | z.ZodPrefault {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
}

/** The settings of an object by name; `undefined` for what is no object. */
export function settingsIn(schema: unknown): Readonly<Record<string, unknown>> | undefined {
  const inner = unwrapped(schema);
  return inner instanceof z.ZodObject ? inner.shape : undefined;
}

/** The schema at a path; `undefined` where there is none. */
export function schemaAt(schema: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((outer, key) => {
    const inner = unwrapped(outer);
    if (inner instanceof z.ZodArray) return inner.element;
    if (inner instanceof z.ZodRecord) return inner.valueType;
    const settings = settingsIn(inner) ?? {};
    return Object.hasOwn(settings, key) ? settings[String(key)] : undefined;
  }, schema);
}

/** What the schema says of the setting; empty where it says nothing. */
export function descriptionOf(schema: unknown): string {
  return schema instanceof z.ZodType ? (schema.description ?? '') : '';
}

/** What holds where a file says nothing; `undefined` where that is nothing, or follows from something else. */
export function defaultOf(schema: unknown): unknown {
  return schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined;
}
