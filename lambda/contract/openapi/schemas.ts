import * as z from 'zod';
import { components } from '../schemas/components.ts';

/** A JSON object of an OpenAPI document. */
export interface JsonObject {
  [key: string]: Json;
}
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** Which JSON Schema: that of OpenAPI 3.1, or that of 3.0. */
export type Dialect = 'draft-2020-12' | 'openapi-3.0';

const uri = (id: string): string => `#/components/schemas/${id}`;

/** zod's own words about a schema, as plain JSON without the keys that an OpenAPI document does not take. */
function plain(schema: unknown): JsonObject {
  const { $schema: _dialect, $id: _id, ...rest } = z.record(z.string(), z.json()).parse(schema);
  return rest;
}

/**
 * Every named schema. They are written as requests see them: fields with a default may be absent. Answers have no such
 * fields.
 */
export function componentSchemas(dialect: Dialect): Readonly<Record<string, JsonObject>> {
  const { schemas } = z.toJSONSchema(components, { target: dialect, io: 'input', uri });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, plain(schema)]));
}

/** A schema without a name, such as that of a parameter. */
export function inlineSchema(schema: z.ZodType, dialect: Dialect): JsonObject {
  return plain(z.toJSONSchema(schema, { target: dialect, io: 'input' }));
}

/** Where a named schema stands. */
export function reference(schema: z.ZodType): JsonObject {
  const id = components.get(schema)?.id;
  if (id === undefined) throw new Error('bodies and answers of operations need a schema with a name: component()');
  return { $ref: uri(id) };
}
