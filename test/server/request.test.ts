/** Our decoder against the SDK's: what is read is the same, whatever the bytes. */
import { describe, expect, it } from '@jest/globals';
import { RunFunctionRequest } from '@crossplane-org/function-sdk-typescript';
import fc from 'fast-check';
import { decodeRequest } from '../../crossplane/server/request.ts';

const json = fc.jsonValue({ maxDepth: 4 });
const object = fc.dictionary(
  fc.string({ maxLength: 40, unit: 'binary' }).filter((key) => key !== '__proto__'),
  json,
  { maxKeys: 6 },
);
const resource = fc.record({
  resource: fc.option(object, { nil: undefined }),
  connectionDetails: fc.dictionary(
    fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
    fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
    { maxKeys: 2 },
  ),
  ready: fc.constantFrom(0, 1, 2),
});
const named = <Value>(value: fc.Arbitrary<Value>) =>
  fc.dictionary(
    fc.string({ minLength: 1, maxLength: 12 }).filter((key) => key !== '__proto__'),
    value,
    { maxKeys: 4 },
  );
const state = fc.record({ composite: fc.option(resource, { nil: undefined }), resources: named(resource) });
const request: fc.Arbitrary<RunFunctionRequest> = fc.record({
  meta: fc.option(fc.record({ tag: fc.string(), capabilities: fc.constant([]) }), { nil: undefined }),
  observed: fc.option(state, { nil: undefined }),
  desired: fc.option(state, { nil: undefined }),
  input: fc.option(object, { nil: undefined }),
  context: fc.option(object, { nil: undefined }),
  extraResources: fc.constant({}),
  credentials: named(fc.constant({ credentialData: { data: { secret: Buffer.from([1, 2]) } } })),
  requiredResources: named(fc.record({ items: fc.array(resource, { maxLength: 2 }) })),
  requiredSchemas: fc.constant({}),
});

/** What the function reads of a request: nothing of the connection details of what is only observed, no credentials. */
function readOf(one: RunFunctionRequest): unknown {
  const withoutDetails = (all: RunFunctionRequest['desired']) =>
    all && {
      composite: all.composite && { ...all.composite, connectionDetails: {} },
      resources: Object.fromEntries(
        Object.entries(all.resources).map(([name, each]) => [name, { ...each, connectionDetails: {} }] as const),
      ),
    };
  const read = {
    tag: one.meta?.tag,
    observed: withoutDetails(one.observed),
    desired: one.desired,
    context: one.context,
    required: Object.entries(one.requiredResources).map(
      ([name, { items }]) => [name, items.map((each) => ({ ...each, connectionDetails: {} }))] as const,
    ),
  };
  // A number that stands for nothing is one and the same.
  const text = JSON.stringify(read, (key, value: unknown) =>
    key === 'ready' && typeof value === 'number' && ![0, 1, 2].includes(value) ? -1 : value,
  );
  return JSON.parse(text);
}

function outcomeOf(decode: () => RunFunctionRequest): unknown {
  try {
    return readOf(decode());
  } catch (error) {
    return error instanceof Error && error.message.includes('recursion limit') ? 'too deep' : 'unreadable';
  }
}

const encoded = (one: RunFunctionRequest): Buffer => Buffer.from(RunFunctionRequest.encode(one).finish());

describe('the request', () => {
  it('is read as the SDK reads it', () => {
    fc.assert(
      fc.property(request, (one) => {
        const bytes = encoded(one);
        expect(outcomeOf(() => decodeRequest(bytes))).toEqual(outcomeOf(() => RunFunctionRequest.decode(bytes)));
      }),
      { numRuns: 100 },
    );
  });

  it.each([28, 31, 32, 33, 34, 50])(
    'nested %d levels deep is read or refused as the SDK does, objects and lists',
    (levels) => {
      for (const around of [(inner: unknown) => ({ a: inner }), (inner: unknown) => [inner]]) {
        let deep: unknown = 'bottom';
        for (let level = 0; level < levels; level += 1) deep = around(deep);
        const one = RunFunctionRequest.create({
          observed: { composite: { resource: { deep } }, resources: { x: { resource: { deep } } } },
        });
        const bytes = encoded(one);
        expect(outcomeOf(() => decodeRequest(bytes))).toEqual(outcomeOf(() => RunFunctionRequest.decode(bytes)));
      }
    },
  );

  it('that is cut off or spoiled is refused, or read as the SDK reads it', () => {
    fc.assert(
      fc.property(request, fc.nat(), fc.nat(255), fc.boolean(), (one, at, byte, cut) => {
        // What is not looked at may be anything.
        const whole = encoded({ ...one, input: undefined, credentials: {} });
        if (whole.length === 0) return;
        const bytes = Buffer.from(whole);
        if (!cut) bytes[at % bytes.length] = byte;
        const spoiled = cut ? bytes.subarray(0, at % bytes.length) : bytes;
        const ours = outcomeOf(() => decodeRequest(spoiled));
        const theirs = outcomeOf(() => RunFunctionRequest.decode(spoiled));
        // Each refuses some that the other reads: what nobody looks at is not even read here.
        if (ours !== 'unreadable' && theirs !== 'unreadable') expect(ours).toEqual(theirs);
      }),
      { numRuns: 400, endOnFailure: true },
    );
  });

  it('keeps a key that is called __proto__ as a key', () => {
    // The SDK's encoder would lose it.
    const almost = encoded(RunFunctionRequest.create({ context: { a: { __prota__: { b: 1 } } } }));
    const bytes = Buffer.from(almost.toString('latin1').replace('__prota__', '__proto__'), 'latin1');
    expect(JSON.stringify(decodeRequest(bytes).context)).toBe('{"a":{"__proto__":{"b":1}}}');
  });
});
