import fc from 'fast-check';
import {
  componentSchemas,
  inlineSchema,
  type Json,
  type JsonObject,
} from '../../../../lambda/contract/openapi/schemas.ts';
import type { Operation } from '../../../../lambda/contract/operations/index.ts';
import { components } from '../../../../lambda/contract/schemas/components.ts';

const named = componentSchemas('draft-2020-12');

/** Fields whose values a schema does not tell. */
const KNOWN: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  categories: fc.uniqueArray(fc.constantFrom('local-politics', 'ai-ml', 'other', 'music'), {
    minLength: 1,
    maxLength: 4,
  }),
  category: fc.constantFrom('politics', 'ai-ml'),
  timezone: fc.constantFrom('Asia/Tokyo', 'Europe/Berlin'),
  contentType: fc.constantFrom('image/png', 'application/pdf', 'text/html'),
  attachments: fc.constant([]),
  formatting: fc.constantFrom([], [{ kind: 'bold', start: 0, end: 1 }]),
  knowledge: fc.constantFrom([], [{ kind: 'text', text: '前提' }], [{ kind: 'url', url: 'https://example.com/' }]),
  points: fc.constantFrom(
    [{ title: '費用', order: 0 }],
    [
      { key: 'a', title: 'Cost', order: 0 },
      { parent: 'a', title: 'Fares', order: 0 },
    ],
  ),
};

/** Texts that programs stumble over; all of them are allowed characters. */
const HOSTILE = [
  '＜script＞alert(1)＜/script＞',
  "'; DROP TABLE users; --",
  '\u202eoverride\u202c',
  'e\u0301\u0301\u0301',
  '👩‍👩‍👧‍👦',
  '\ufeff論点',
  '${jndi:ldap://x}',
  '__proto__',
  '論点\n\t二',
];

/** Bodies and queries that fit the schemas of an operation; `ids` are ids of what is there. */
export function requestsOf(
  operation: Operation,
  ids: readonly string[],
): fc.Arbitrary<{ body?: unknown; query: Record<string, unknown> }> {
  const query = fc.record(
    Object.fromEntries(
      Object.entries(operation.query?.shape ?? {})
        .filter(([name]) => name !== 'cursor')
        .map(([name, schema]) => [name, KNOWN[name] ?? fromSchema(inlineSchema(schema, 'draft-2020-12'), ids)]),
    ),
    { requiredKeys: [] },
  );
  if (operation.body === undefined) return fc.record({ query });
  const body = fromSchema(named[components.get(operation.body)?.id ?? ''] ?? {}, ids);
  return fc.record({ query, body });
}

function fromSchema(schema: JsonObject, ids: readonly string[]): fc.Arbitrary<unknown> {
  const { $ref: ref, enum: values, anyOf, oneOf, type } = schema;
  if (typeof ref === 'string') return fromSchema(named[ref.split('/').at(-1) ?? ''] ?? {}, ids);
  if (schema['const'] !== undefined) return fc.constant(schema['const']);
  if (Array.isArray(values)) return fc.constantFrom(...list(values));
  const union = anyOf ?? oneOf;
  if (Array.isArray(union)) return fc.oneof(...list(union).map((one) => fromSchema(object(one), ids)));
  if (Array.isArray(type)) return fc.oneof(...list(type).map((one) => fromSchema({ ...schema, type: one }, ids)));
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return fc.integer({ min: number(schema['minimum'], 0), max: Math.min(number(schema['maximum'], 1000), 1e9) });
    case 'array':
      return fc.array(fromSchema(object(schema['items']), ids), {
        minLength: number(schema['minItems'], 0),
        maxLength: Math.min(number(schema['maxItems'], 3), 3),
      });
    case 'object':
      return fromObject(schema, ids);
    default:
      return text(schema, ids);
  }
}

function fromObject(schema: JsonObject, ids: readonly string[]): fc.Arbitrary<unknown> {
  const properties = Object.entries(object(schema['properties']));
  const required = list(schema['required'] ?? []).map(String);
  return fc.record(
    Object.fromEntries(properties.map(([name, one]) => [name, KNOWN[name] ?? fromSchema(object(one), ids)])),
    {
      requiredKeys: required,
    },
  );
}

function text(schema: JsonObject, ids: readonly string[]): fc.Arbitrary<string> {
  const { format, pattern } = schema;
  if (format === 'uuid') return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...ids) }, fc.uuid({ version: 7 }));
  if (format === 'email') return fc.emailAddress().filter((email) => /^[\w.+-]+@[\w.-]+\.[A-Za-z]{2,}$/.test(email));
  if (format === 'uri') return fc.constantFrom('https://example.com/', 'https://例え.jp/論点');
  if (format === 'date-time') return fc.constant('2026-11-25T05:00:00.000Z');
  if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern));
  const minLength = number(schema['minLength'], 0);
  const maxLength = Math.min(number(schema['maxLength'], 40), 40);
  const readable = fc
    .string({ unit: 'binary', minLength, maxLength })
    .map((value) => value.replace(/[^\P{Control}\t\n]|\p{Surrogate}/gu, 'x'))
    .filter((value) => [...value].length >= minLength && [...value].length <= maxLength);
  const hostile = HOSTILE.filter((value) => [...value].length >= minLength && [...value].length <= maxLength);
  return hostile.length === 0 ? readable : fc.oneof(readable, fc.constantFrom(...hostile));
}

/** Any JSON at all, or a good request with one thing wrong in it. */
export function brokenBodies(operation: Operation, ids: readonly string[]): fc.Arbitrary<unknown> {
  const good = requestsOf(operation, ids).map(({ body }) => body);
  const wrong = fc.constantFrom<unknown>(
    null,
    5,
    true,
    'x\ud800',
    '\u0000',
    [],
    {},
    [[]],
    'x'.repeat(6000),
    -1,
    1.5,
    1e300,
  );
  const broken = fc.tuple(good, wrong, fc.nat()).map(([body, value, at]) => {
    const fields = Object.keys(object(JSON.parse(JSON.stringify(body ?? {}))));
    const name = fields[at % Math.max(1, fields.length)] ?? 'zebra';
    return { ...object(JSON.parse(JSON.stringify(body ?? {}))), [name]: value };
  });
  return fc.oneof(fc.jsonValue(), broken);
}

function object(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function list(value: Json): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function number(value: Json | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
