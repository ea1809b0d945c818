import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lastApplied } from '../../crossplane/compose/hold.ts';
import { keyOf, EmbeddedApiServer } from '../../crossplane/embedded/api-server.ts';
import type { Json, JsonObject, KubernetesObject } from '../../imports/base.ts';
import { kindSchema, schemaRegistry } from '../../crossplane/schema/registry.ts';
import type { StructuralSchema } from '../../crossplane/schema/structural.ts';
import { schemasOf } from '../support/world.ts';
import { contentOf, objectOf, ownershipOf, sequence } from './applies.ts';
import { DIFFERENCES } from './differences.ts';

const text: StructuralSchema = { type: 'string' };

/** A kind with every way in which lists and maps merge. */
const thing = kindSchema({
  gvk: { apiVersion: 'test.owlnest.io/v1', kind: 'Thing' },
  plural: 'things',
  schema: {
    type: 'object',
    properties: {
      apiVersion: text,
      kind: text,
      metadata: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      spec: {
        type: 'object',
        properties: {
          text,
          size: { type: 'integer', default: 3 },
          list: { type: 'array', items: text },
          set: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
          ports: {
            type: 'array',
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['name', 'protocol'],
            items: {
              type: 'object',
              properties: { name: text, protocol: text, port: { type: 'integer' }, note: text },
              required: ['name', 'protocol'],
            },
          },
          tags: { type: 'object', additionalProperties: text },
          whole: { type: 'object', additionalProperties: text, 'x-kubernetes-map-type': 'atomic' },
          nested: { type: 'object', properties: { one: text, two: text } },
        },
      },
      status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    },
  },
});

const things = schemaRegistry(() => '', { provider: '', version: 'v0.0.0', services: {} }, [thing]);
const [US, THEM] = ['us', 'them'] as const;

function aThing(spec: JsonObject, metadata: Partial<KubernetesObject['metadata']> = {}): KubernetesObject {
  return { ...thing.gvk, metadata: { name: 'one', namespace: 'test', ...metadata }, spec };
}

type Applies = readonly (readonly [manager: string, spec: JsonObject])[];

/** An API server in which these specs were applied, one after the other. */
function applied(...applies: Applies): EmbeddedApiServer {
  const apiServer = new EmbeddedApiServer(things);
  for (const [manager, spec] of applies) expect(apiServer.apply(aThing(spec), manager)).toHaveProperty('object');
  return apiServer;
}

const only = (apiServer: EmbeddedApiServer): KubernetesObject => {
  const [object, ...others] = apiServer.list();
  if (object === undefined || others.length > 0) throw new Error('There is not exactly one object.');
  return object;
};
const specAfter = (...applies: Applies): unknown => only(applied(...applies)).spec;
const ownersAfter = (...applies: Applies): unknown => ownershipOf(only(applied(...applies)));

describe('what is applied again', () => {
  it('changes nothing, until another hand has changed the object: then it is taken back', () => {
    const ours = { text: 'ours', tags: { a: '1' } };
    const apiServer = applied([US, ours], [US, ours]);
    const { version } = apiServer;
    expect(apiServer.apply(aThing(ours), US)).toEqual({ object: only(apiServer) });
    expect(apiServer.version).toBe(version);

    expect(apiServer.apply(aThing({ text: 'theirs' }), THEM)).toHaveProperty('object.spec.text', 'theirs');
    expect(apiServer.apply(aThing(ours), US)).toHaveProperty('object.spec.text', 'ours');
    expect(apiServer.apply(aThing({ text: 'ours' }), US)).not.toHaveProperty('object.spec.tags');
  });

  it('by another hand is owned by that one as well', () => {
    const apiServer = applied([US, { text: 'same' }], [US, { text: 'same' }], [THEM, { text: 'same' }]);
    expect(apiServer.apply(aThing({}), US)).toHaveProperty('object.spec.text', 'same');
  });
});

describe('a field', () => {
  it('that its only owner no longer declares goes', () => {
    expect(specAfter([US, { text: 'a', tags: { x: '1' } }], [US, { tags: { x: '1' } }])).toEqual({
      size: 3,
      tags: { x: '1' },
    });
  });

  it('that another manager has set stays, and comes back to its default when it goes', () => {
    expect(specAfter([THEM, { text: 'theirs', size: 5 }], [US, { list: ['a'] }], [US, {}])).toEqual({
      text: 'theirs',
      size: 5,
    });
    expect(specAfter([THEM, { size: 5, text: 'a' }], [THEM, { text: 'a' }])).toEqual({ size: 3, text: 'a' });
  });

  it('that two managers declare alike stays until both have given it up', () => {
    expect(specAfter([US, { text: 'a' }], [THEM, { text: 'a' }], [US, {}])).toMatchObject({ text: 'a' });
    expect(specAfter([US, { text: 'a' }], [THEM, { text: 'a' }], [US, {}], [THEM, {}])).toEqual({ size: 3 });
  });

  it('is taken by whoever applies another value, and the loser gives nothing up that it has lost', () => {
    const applies = [
      [US, { text: 'ours', list: ['a'] }],
      [THEM, { text: 'theirs' }],
    ] as const;
    expect(ownersAfter(...applies)).toEqual({ us: [' f:spec f:list'], them: [' f:spec f:text'] });
    expect(specAfter(...applies, [US, {}])).toMatchObject({ text: 'theirs' });
  });

  it('below an object goes alone; the object goes with its last field', () => {
    expect(specAfter([US, { nested: { one: 'a', two: 'b' } }], [US, { nested: { one: 'a' } }])).toMatchObject({
      nested: { one: 'a' },
    });
    expect(specAfter([US, { nested: { one: 'a' } }], [THEM, { nested: { two: 'b' } }], [US, {}])).toMatchObject({
      nested: { two: 'b' },
    });
    expect(specAfter([US, { nested: { one: 'a' } }], [US, {}])).toEqual({ size: 3 });
  });
});

describe('lists and maps', () => {
  it('a plain list is one field', () => {
    expect(specAfter([US, { list: ['a', 'b'] }], [THEM, { list: ['c'] }])).toMatchObject({ list: ['c'] });
    expect(ownersAfter([US, { list: ['a'] }], [THEM, { list: ['c'] }])).toMatchObject({ them: [' f:spec f:list'] });
  });

  it('a set is owned entry by entry', () => {
    const applies = [
      [US, { set: ['a', 'b'] }],
      [THEM, { set: ['b', 'c'] }],
    ] as const;
    const sorted = (spec: unknown) => [...(spec as { set: string[] }).set].sort();
    expect(sorted(specAfter(...applies))).toEqual(['a', 'b', 'c']);
    expect(sorted(specAfter(...applies, [US, { set: ['a'] }]))).toEqual(['a', 'b', 'c']);
    expect(sorted(specAfter(...applies, [US, {}]))).toEqual(['b', 'c']);
    expect(sorted(specAfter(...applies, [THEM, {}]))).toEqual(['a', 'b']);
  });

  it('the entries of a list map are told apart by all their keys, and each field has its own owner', () => {
    const http = { name: 'http', protocol: 'TCP' };
    const applies = [
      [
        US,
        {
          ports: [
            { ...http, port: 80 },
            { name: 'http', protocol: 'UDP', port: 81 },
          ],
        },
      ],
      [THEM, { ports: [{ ...http, note: 'theirs' }] }],
    ] as const;
    expect(specAfter(...applies)).toMatchObject({
      ports: [
        { ...http, port: 80, note: 'theirs' },
        { name: 'http', protocol: 'UDP', port: 81 },
      ],
    });
    // What we give up of an entry goes; what they have of it stays, with its keys.
    expect(specAfter(...applies, [US, {}])).toMatchObject({ ports: [{ ...http, note: 'theirs' }] });
    expect(specAfter(...applies, [THEM, {}])).toMatchObject({
      ports: [
        { ...http, port: 80 },
        { name: 'http', protocol: 'UDP', port: 81 },
      ],
    });
  });

  it('a map is owned key by key, an atomic one as a whole', () => {
    expect(
      specAfter([US, { tags: { a: '1' } }], [THEM, { tags: { b: '2' } }], [US, { tags: { c: '3' } }]),
    ).toMatchObject({
      tags: { b: '2', c: '3' },
    });
    expect(specAfter([US, { whole: { a: '1' } }], [THEM, { whole: { b: '2' } }])).toMatchObject({ whole: { b: '2' } });
    expect(ownersAfter([US, { whole: { a: '1' } }])).toEqual({ us: [' f:spec f:whole'] });
  });

  it('keys of JavaScript objects are ordinary ones', () => {
    const tags = JSON.parse('{"__proto__": "a", "constructor": "b", "toString": "c"}') as JsonObject;
    const apiServer = applied([US, { tags }], [THEM, { tags: { x: '1' } }]);
    expect(JSON.stringify(only(apiServer).spec?.['tags'])).toContain('"__proto__":"a"');
    apiServer.apply(aThing({ text: 'a' }), US);
    expect(only(apiServer).spec?.['tags']).toEqual({ x: '1' });
  });

  it('a map that is applied empty when its last entry goes becomes null, and is refused', () => {
    const apiServer = applied([US, { tags: { a: '1' } }]);
    const before = only(apiServer);
    expect(apiServer.apply(aThing({ tags: {} }), US)).toMatchObject({
      violations: [{ path: 'spec.tags', rule: 'null' }],
    });
    expect(only(apiServer)).toBe(before);
    // Others' entries keep it from being empty.
    const shared = applied([US, { tags: { a: '1' } }], [THEM, { tags: { b: '2' } }], [US, { tags: {} }]);
    expect(only(shared).spec).toMatchObject({ tags: { b: '2' } });
  });
});

describe('an object', () => {
  it('gets a uid and generation 1; the generation moves with the spec and with nothing else', () => {
    const apiServer = applied([US, { text: 'a' }]);
    const { uid, generation } = only(apiServer).metadata;
    expect(generation).toBe(1);
    apiServer.apply(aThing({ text: 'a' }, { labels: { x: '1' } }), US);
    apiServer.patch(keyOf(aThing({})), (object) => ({ ...object, status: { ready: true } }));
    apiServer.patch(keyOf(aThing({})), (object) => ({
      ...object,
      metadata: { ...object.metadata, finalizers: ['f'] },
    }));
    expect(only(apiServer).metadata).toMatchObject({ uid, generation: 1, labels: { x: '1' }, finalizers: ['f'] });
    apiServer.apply(aThing({ text: 'b' }), US);
    expect(only(apiServer).metadata).toMatchObject({ uid, generation: 2, finalizers: ['f'] });
    expect(only(apiServer).metadata.labels).toBeUndefined();
    expect(only(apiServer).status).toEqual({ ready: true });
  });

  it('stays as it is, and the version with it, when nothing changes', () => {
    const apiServer = applied([US, { text: 'a' }], [THEM, { size: 4 }]);
    const { version } = apiServer;
    const before = only(apiServer);
    apiServer.apply(aThing({ size: 4 }), THEM);
    expect(contentOf(only(apiServer))).toEqual(contentOf(before));
    apiServer.patch(keyOf(before), (object) => ({ ...object }));
    apiServer.patch(keyOf(aThing({}, { name: 'other' })), (object) => ({ ...object, status: { ready: true } }));
    apiServer.delete(keyOf(aThing({}, { name: 'other' })));
    expect(apiServer.version).toBe(version);
  });

  it('is not changed by an apply that breaks the schema, nor made by one', () => {
    const apiServer = applied([US, { text: 'a' }]);
    const [before, { version }] = [only(apiServer), apiServer];
    for (const spec of [{ text: 5 }, { txt: 'a' }, { set: ['a', 'a'] }, { ports: [{ name: 'a' }] }]) {
      expect(apiServer.apply(aThing(spec), THEM)).toHaveProperty('violations');
    }
    expect(apiServer.apply(aThing({ text: 5 }, { name: 'other' }), US)).toHaveProperty('violations');
    expect(only(apiServer)).toBe(before);
    expect(apiServer.version).toBe(version);
  });

  it('is one for each kind, namespace and name', () => {
    const apiServer = applied([US, {}]);
    apiServer.apply(aThing({}, { namespace: 'other' }), US);
    apiServer.apply(aThing({}, { name: 'two' }), US);
    apiServer.apply({ ...aThing({}), kind: 'Unknown' }, US);
    expect(new Set(apiServer.list().map(({ metadata }) => metadata.uid)).size).toBe(4);
  });

  it('goes at once, or with its last finalizer', () => {
    const apiServer = applied([US, {}]);
    apiServer.delete(keyOf(aThing({})));
    expect(apiServer.list()).toEqual([]);
    const held = applied([US, {}]);
    held.patch(keyOf(aThing({})), (object) => ({ ...object, metadata: { ...object.metadata, finalizers: ['f'] } }));
    held.delete(keyOf(aThing({})));
    const first = only(held);
    expect(first.metadata.deletionTimestamp).toBeDefined();
    const { version } = held;
    held.delete(keyOf(aThing({})));
    expect(held.version).toBe(version);
    // It may still be applied to while it goes.
    held.apply(aThing({ text: 'b' }), US);
    expect(only(held)).toMatchObject({ spec: { text: 'b' }, metadata: { deletionTimestamp: expect.any(String) } });
    held.remove(keyOf(aThing({})));
    expect(held.list()).toEqual([]);
  });

  it('of a kind without a schema merges all the same', () => {
    const apiServer = new EmbeddedApiServer(things);
    const unknown = (spec: JsonObject) => ({ ...aThing(spec), kind: 'Unknown' });
    apiServer.apply(unknown({ a: { b: '1' }, c: ['x'] }), US);
    apiServer.apply(unknown({ a: { d: '2' } }), THEM);
    apiServer.apply(unknown({ c: ['x'] }), US);
    expect(only(apiServer).spec).toEqual({ a: { d: '2' }, c: ['x'] });
  });
});

describe('ownership, whatever is applied', () => {
  const place = { name: 'any', namespace: 'test' };
  const label = { 'crossplane.io/composite': 'x' };
  const schemas = schemasOf([]);

  it('the last to apply has all that it applied, and owns exactly that', () => {
    fc.assert(
      fc.property(sequence, (one) => {
        const apiServer = new EmbeddedApiServer(schemas);
        for (const apply of one.applies) {
          const object = objectOf(one, { ...apply, labels: { ...apply.labels, ...label } }, place);
          const before = apiServer.list()[0];
          const result = apiServer.apply(object, apply.manager);
          if ('violations' in result) {
            expect(apiServer.list()[0]).toBe(before);
            continue;
          }
          expect(contains(result.object.spec ?? {}, object.spec ?? {})).toBe(true);
          expect(lastApplied(result.object, apply.manager).spec).toEqual(object.spec);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('nobody owns what is not there', () => {
    fc.assert(
      fc.property(sequence, (one) => {
        const apiServer = new EmbeddedApiServer(schemas);
        for (const apply of one.applies) apiServer.apply(objectOf(one, apply, place), apply.manager);
        for (const object of apiServer.list()) {
          for (const entry of object.metadata.managedFields ?? []) {
            const { 'f:spec': fields = {} } = entry['fieldsV1'] as JsonObject;
            expect(missingFrom(object.spec ?? {}, fields as JsonObject, 'spec')).toEqual([]);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('what a real API server does and this one does not yet', () => {
  // Each passes as soon as ours is mended; then it is an ordinary test, and `applies.ts` may go further.
  it.failing.each(DIFFERENCES)('$what', ({ sequence: one, forProvider }) => {
    const apiServer = new EmbeddedApiServer(schemasOf([]));
    const results = one.applies.map((apply) =>
      apiServer.apply(objectOf(one, apply, { name: 'one', namespace: 'test' }), apply.manager),
    );
    const last = results.at(-1);
    if (forProvider === undefined) expect(last).toHaveProperty('violations');
    else expect(last).toMatchObject({ object: { spec: { forProvider } } });
    if (last !== undefined && 'object' in last) expect(last.object.spec?.['forProvider']).toEqual(forProvider);
  });

  it.failing('owner references are told apart by their uid: those of others stay', () => {
    const apiServer = new EmbeddedApiServer(things);
    const owner = (uid: string): JsonObject => ({ apiVersion: 'v1', kind: 'Owner', name: uid, uid });
    apiServer.apply(aThing({}, { ownerReferences: [owner('theirs')] }), THEM);
    apiServer.apply(aThing({}, { ownerReferences: [owner('ours')] }), US);
    expect(
      only(apiServer)
        .metadata.ownerReferences?.map(({ uid }) => uid)
        .toSorted(),
    ).toEqual(['ours', 'theirs']);
  });

  it.failing('who applies no label and no annotation owns none, nor the metadata as a whole', () => {
    const apiServer = new EmbeddedApiServer(things);
    apiServer.apply(aThing({}, { labels: { team: 'theirs' } }), THEM);
    apiServer.apply(aThing({ text: 'a' }), US);
    expect(lastApplied(only(apiServer), US).metadata).not.toHaveProperty('labels');
  });
});

/** Paths of a field set that lead nowhere. */
function missingFrom(value: Json, fields: JsonObject, path: string): readonly string[] {
  return Object.entries(fields).flatMap(([name, below]) => {
    const key = name.slice(2);
    if (name.startsWith('v:')) return (value as readonly Json[]).includes(JSON.parse(key) as Json) ? [] : [path + name];
    if (!Object.hasOwn(value as JsonObject, key)) return [path + name];
    return missingFrom((value as JsonObject)[key] ?? null, below as JsonObject, path + name);
  });
}

/** Whether all of `part` is in `whole`; entries of sets in any order. */
function contains(whole: Json, part: Json): boolean {
  if (Array.isArray(part)) {
    const items = part as readonly Json[];
    return Array.isArray(whole) && items.every((item) => (whole as readonly Json[]).some((one) => contains(one, item)));
  }
  if (typeof part !== 'object' || part === null) return whole === part;
  if (typeof whole !== 'object' || whole === null) return false;
  return Object.entries(part).every(([key, item]) => contains((whole as JsonObject)[key] ?? null, item));
}
