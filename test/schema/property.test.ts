import { isObject } from '../../crossplane/schema/json.ts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkStructure } from '../../crossplane/schema/check.ts';
import type { StructuralSchema } from '../../crossplane/schema/structural.ts';
import { fieldPath } from '../../crossplane/schema/violation.ts';
import type { Json } from '../../imports/base.ts';
import { index, registry } from './lock-files.ts';

const SEED = 20_261_122;

/** Values that fit `schema`, which may be any schema of the lock. */
function valueOf(schema: StructuralSchema): fc.Arbitrary<Json> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'string':
      return fc.string({ maxLength: 5 });
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer();
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'array': {
      if (schema.items === undefined) return fc.constant([]);
      const unique = schema['x-kubernetes-list-type'] !== undefined;
      // One entry cannot repeat another: enough for keyed lists, whose keys are texts like others.
      return fc.array(valueOf(schema.items), { maxLength: unique ? 1 : 2 });
    }
    default:
      return objectOf(schema);
  }
}

function objectOf(schema: StructuralSchema): fc.Arbitrary<Json> {
  const { additionalProperties, properties = {}, required = [] } = schema;
  if (typeof additionalProperties === 'object') {
    return fc.dictionary(fc.string({ maxLength: 5 }), valueOf(additionalProperties), { maxKeys: 2 });
  }
  const fields = Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, valueOf(field)]));
  return fc.record(fields, { requiredKeys: [...required], noNullPrototype: true });
}

interface Place {
  readonly path: string;
  readonly schema: StructuralSchema;
  /** The whole value with something else at this place. */
  readonly put: (value: Json) => Json;
  readonly value: Json;
}

/** All places of `value`, itself first. */
function places(place: Place): readonly Place[] {
  const { path, schema, value, put } = place;
  if (typeof value !== 'object' || value === null) return [place];
  const below = Object.entries(value).flatMap(([key, child]: [string, Json]) => {
    const others = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
    const inner = Array.isArray(value) ? schema.items : (schema.properties?.[key] ?? others);
    if (inner === undefined) return [];
    const at = Array.isArray(value) ? `${path}[${key}]` : fieldPath(path, key);
    const put1 = (changed: Json): Json =>
      put(
        Array.isArray(value)
          ? value.map((item: Json, position) => (String(position) === key ? changed : item))
          : Object.fromEntries(Object.entries(value).map(([name, field]) => [name, name === key ? changed : field])),
      );
    return places({ path: at, schema: inner, value: child, put: put1 });
  });
  return [place, ...below];
}

/** A mutation of a place that must be reported there. */
function mutations(place: Place): readonly { readonly value: Json; readonly path: string; readonly rule: string }[] {
  const { schema, value, path, put } = place;
  const wrong: Json = schema.type === 'boolean' ? 'text' : true;
  const type = { value: put(wrong), path, rule: 'type' };
  const open = schema.additionalProperties !== undefined || schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (schema.type !== 'object' || open || !isObject(value)) return [type];
  const key = 'noSuchField';
  return [type, { value: put({ ...value, [key]: 1 }), path: fieldPath(path, key), rule: 'unknown-field' }];
}

describe.each(Object.entries(index.services))('values of %s', (_, { apiVersion, kinds }) => {
  const schemas = kinds.map((kind) => registry.find({ apiVersion, kind })?.schema.properties?.['spec'] ?? {});

  it('that fit are accepted, and one mutation is reported at its path', () => {
    const any = fc.constantFrom(...schemas).chain((schema) => valueOf(schema).map((value) => ({ schema, value })));
    fc.assert(
      fc.property(any, fc.nat(), fc.boolean(), ({ schema, value }, pick, last) => {
        expect(checkStructure(schema, value, { path: 'spec' })).toEqual([]);
        const all = places({ path: 'spec', schema, value, put: (changed) => changed });
        const place = all[pick % all.length];
        const mutation = place && mutations(place).at(last ? -1 : 0);
        if (mutation === undefined) throw new Error('There is always a place to mutate.');
        const found = checkStructure(schema, mutation.value, { path: 'spec' });
        expect(found.map(({ path, rule }) => ({ path, rule }))).toContainEqual({
          path: mutation.path,
          rule: mutation.rule,
        });
      }),
      { seed: SEED, numRuns: 15 },
    );
  });
});
