import { describe, expect, it } from '@jest/globals';
import { applyDefaults } from '../../crossplane/schema/defaults.ts';
import { checkStructure } from '../../crossplane/schema/check.ts';
import type { StructuralSchema } from '../../crossplane/schema/structural.ts';
import type { Json } from '../../imports/base.ts';

const STRING: StructuralSchema = { type: 'string' };
const FIELDS: StructuralSchema = {
  type: 'object',
  required: ['name'],
  properties: { name: STRING, tableClass: STRING, tags: { type: 'object', additionalProperties: STRING } },
};
const SET: StructuralSchema = { type: 'array', items: STRING, 'x-kubernetes-list-type': 'set' };
const KEYED: StructuralSchema = {
  type: 'array',
  items: { type: 'object', properties: { type: STRING, zone: STRING, text: STRING } },
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['type', 'zone'],
};

/** `__proto__` as an own key, which only `JSON.parse` makes. */
const PROTO: Json = JSON.parse('{"name":"a","__proto__":{"x":1}}') as Json;

describe('what the dialect accepts', () => {
  it.each<[string, StructuralSchema, Json]>([
    ['a string', STRING, ''],
    ['a whole number as number', { type: 'number' }, 1],
    ['a whole number as integer', { type: 'integer' }, 1.0],
    ['int-or-string: int', { 'x-kubernetes-int-or-string': true }, 80],
    ['int-or-string: string', { 'x-kubernetes-int-or-string': true }, 'http'],
    ['null where nullable', { type: 'string', nullable: true }, null],
    ['known fields', FIELDS, { name: 'a', tags: { 'any/key': 'b' } }],
    ['unknown fields where preserved', { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }, { a: [{}] }],
    ['anything where any is preserved', { 'x-kubernetes-preserve-unknown-fields': true }, [1, 'a', null]],
    ['a map of anything', { type: 'object', additionalProperties: true }, { a: 1 }],
    ['an enum member', { type: 'string', enum: ['A', 'B'] }, 'B'],
    ['distinct set entries', SET, ['a', 'b']],
    ['repeats in a plain list', { type: 'array', items: STRING }, ['a', 'a']],
    ['distinct keys', KEYED, [{ type: 'a' }, { type: 'a', zone: 'z' }]],
    [
      'keys that differ in the first part only',
      KEYED,
      [
        { type: 'a', zone: 'z' },
        { type: 'b', zone: 'z' },
      ],
    ],
    ['4 code points in 8 UTF-16 units', { type: 'string', maxLength: 4 }, '🦉🦉🦉🦉'],
    ['an unanchored pattern', { type: 'string', pattern: '[0-9]' }, 'a1b'],
    ['limits inclusive', { type: 'integer', minimum: 1, maximum: 1 }, 1],
    ['nesting of 200 levels', { 'x-kubernetes-preserve-unknown-fields': true }, nested(200)],
  ])('%s', (_, schema, value) => {
    expect(checkStructure(schema, value)).toEqual([]);
  });
});

describe('what the dialect refuses', () => {
  it.each<[string, StructuralSchema, Json, string, string]>([
    ['wrong scalar', STRING, 1, 'type', 'x'],
    ['a number in a text', { type: 'number' }, '1', 'type', 'x'],
    ['a fraction as integer', { type: 'integer' }, 1.5, 'type', 'x'],
    ['an infinite number', { type: 'number' }, Infinity, 'type', 'x'],
    ['a list for an object', FIELDS, [], 'type', 'x'],
    ['an object for a list', SET, {}, 'type', 'x'],
    ['int-or-string: fraction', { 'x-kubernetes-int-or-string': true }, 1.5, 'type', 'x'],
    ['int-or-string: object', { 'x-kubernetes-int-or-string': true }, {}, 'type', 'x'],
    ['null', STRING, null, 'null', 'x'],
    ['null in a field', FIELDS, { name: null }, 'null', 'x.name'],
    ['a missing field', FIELDS, {}, 'required', 'x.name'],
    ['an unknown field', FIELDS, { name: 'a', size: 1 }, 'unknown-field', 'x.size'],
    ['a key that every object inherits', FIELDS, { name: 'a', constructor: 1 }, 'unknown-field', 'x.constructor'],
    ['the prototype key', FIELDS, PROTO, 'unknown-field', 'x.__proto__'],
    ['a wrong map value', FIELDS, { name: 'a', tags: { 'a/b': 1 } }, 'type', 'x.tags["a/b"]'],
    ['an enum outsider', { type: 'string', enum: ['A'] }, 'a', 'enum', 'x'],
    ['a repeated set entry', SET, ['a', 'b', 'a'], 'duplicate', 'x[2]'],
    [
      'a repeated key',
      KEYED,
      [
        { type: 'a', text: '1' },
        { type: 'a', text: '2' },
      ],
      'duplicate',
      'x[1]',
    ],
    ['too long by code points', { type: 'string', maxLength: 3 }, '🦉🦉🦉🦉', 'length', 'x'],
    ['too short by code points', { type: 'string', minLength: 2 }, '🦉', 'length', 'x'],
    ['no match', { type: 'string', pattern: '^a+$' }, 'ab', 'pattern', 'x'],
    ['too small', { type: 'number', minimum: 1 }, 0.5, 'range', 'x'],
    ['too large', { type: 'number', maximum: 1 }, 1.5, 'range', 'x'],
    ['too few', { type: 'array', minItems: 1 }, [], 'items', 'x'],
    ['too many', { type: 'array', maxItems: 1 }, [1, 2], 'items', 'x'],
  ])('%s', (_, schema, value, rule, path) => {
    const found = checkStructure(schema, value, { path: 'x' });
    expect(found.map((one) => [one.rule, one.path])).toEqual([[rule, path]]);
    expect(found[0]?.message).toMatch(new RegExp(`^${path.replace(/[[\]".]/g, '\\$&')} .*, received .*; .*[^.]\\.$`));
  });

  it('reports nesting beyond 200 levels, however deep, by the field that holds it', () => {
    const schema: StructuralSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    const found = checkStructure(schema, { spec: { a: { b: nested(100_000) } } });
    expect(found.map(({ rule, path }) => [rule, path])).toEqual([['depth', 'spec.a.b']]);
    expect(checkStructure(schema, nested(201)).map(({ rule }) => rule)).toEqual(['depth']);
    expect(checkStructure(schema, nested(200)).map(({ rule }) => rule)).not.toContain('depth');
  });
});

describe('an unknown field', () => {
  it.each([
    ['tableclass', 'write tableClass or remove it'],
    ['tableClas', 'write tableClass or remove it'],
    ['tag', 'write tags or remove it'],
    ['encryption', '; remove it.'],
  ])('%s: %s', (key, text) => {
    const [found] = checkStructure(FIELDS, { name: 'a', [key]: 'S' }, { path: 'spec' });
    expect(found?.message).toContain(text);
    expect(found?.received).toBe('S');
  });
});

describe('defaults', () => {
  const schema: StructuralSchema = {
    type: 'object',
    properties: {
      size: { type: 'integer', default: 1 },
      maybe: { type: 'string', default: 'x', nullable: true },
      inner: { type: 'object', default: {}, properties: { mode: { type: 'string', default: 'A' } } },
      list: { type: 'array', items: { type: 'object', properties: { on: { type: 'boolean', default: true } } } },
    },
  };

  it('fill what is absent, at every level, also below a default', () => {
    expect(applyDefaults(schema, { list: [{}, { on: false }] })).toEqual({
      size: 1,
      maybe: 'x',
      inner: { mode: 'A' },
      list: [{ on: true }, { on: false }],
    });
  });

  it('take the place of null only where null is not allowed', () => {
    expect(applyDefaults(schema, { size: null, maybe: null })).toMatchObject({ size: 1, maybe: null });
  });

  it('leave the argument and strange keys alone', () => {
    const value = Object.freeze({ inner: Object.freeze({}) });
    applyDefaults(schema, value);
    expect(value).toEqual({ inner: {} });
    // What has no default to fill in is given back without a look at its keys: this one has.
    const filled = applyDefaults({ type: 'object', properties: { size: { type: 'integer', default: 1 } } }, PROTO);
    expect(JSON.stringify(filled)).toBe('{"name":"a","__proto__":{"x":1},"size":1}');
  });
});

function nested(levels: number): Json {
  let value: Json = 'end';
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}
