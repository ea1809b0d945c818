import { z } from 'zod';
import type { Json, JsonObject } from '../../imports/base.ts';
import { asObject, isList, isObject } from '../schema/json.ts';
import type { StructuralSchema } from '../schema/structural.ts';

/**
 * A zod schema in Kubernetes's dialect. zod's own JSON Schema has what a CRD forbids (`additionalProperties` beside
 * `properties`, unions of objects) and defaults, which in an XRD would change environments past their release: they
 * are told in the description instead.
 */
export function structuralSchema(schema: z.ZodType): StructuralSchema {
  return convert(z.toJSONSchema(schema, { io: 'input', target: 'openapi-3.0' }) as JsonObject, 'spec');
}

/** Words of JSON Schema that mean the same in a CRD. */
const SAME = [
  'type',
  'description',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'enum',
  'required',
] as const;
/** Words that a CRD does not have and does not need. */
const DROPPED = new Set([
  '$schema',
  'default',
  'additionalProperties',
  'propertyNames',
  'format',
  'properties',
  'items',
]);

function convert(schema: JsonObject, path: string): StructuralSchema {
  for (const word of Object.keys(schema)) {
    if (!DROPPED.has(word) && !(SAME as readonly string[]).includes(word)) {
      throw new Error(`The schema of ${path} uses ${word}, which Kubernetes does not take: write it as a CEL rule.`);
    }
  }
  const properties = Object.entries(asObject(schema['properties'])).map(([name, child]): [string, StructuralSchema] => [
    name,
    convert(asObject(child), `${path}.${name}`),
  ]);
  const { additionalProperties, items } = schema;
  return {
    ...sameWords(schema),
    ...(properties.length === 0 ? {} : { properties: Object.fromEntries(properties) }),
    ...(isObject(additionalProperties) ? { additionalProperties: convert(additionalProperties, `${path}.*`) } : {}),
    ...(isObject(items) && !isList(items) ? { items: convert(items, `${path}[]`) } : {}),
  };
}

function sameWords(schema: JsonObject): { readonly [word: string]: Json } {
  const same: Record<string, Json> = {};
  for (const word of SAME) {
    const value = schema[word];
    // zod bounds every integer by what a double can hold; that says nothing.
    const vain = typeof value === 'number' && Math.abs(value) === Number.MAX_SAFE_INTEGER;
    if (value !== undefined && !vain) same[word] = value;
  }
  const { description, default: fallback } = schema;
  if (typeof description === 'string' && fallback !== undefined && !isObject(fallback)) {
    same['description'] = `${description} Default: ${JSON.stringify(fallback)}.`;
  }
  return same;
}
