/**
 * Core and the API server give what has no order in another order from call to call: maps, field sets, managers,
 * conditions. An answer that followed it would be written anew each time, and each writing makes core call again.
 */
import { RunFunctionRequest } from '@crossplane-org/function-sdk-typescript';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compositeKinds } from '../../charts/index.ts';
import type { ComposeRequest } from '../../crossplane/compose/types.ts';
import { ACTIVATION_POLICY, ACTIVATION_REQUIREMENT } from '../../crossplane/definition/activation-policy.ts';
import { answerCall } from '../../crossplane/server/call.ts';
import type { Json, JsonObject, KubernetesObject } from '../../imports/base.ts';
import { convergedRequests } from '../compose/purity-requests.ts';

/** Lists that the API server or core keep as maps or sets. */
const WITHOUT_ORDER = new Set(['managedFields', 'conditions', 'finalizers', 'ownerReferences', 'activated', 'items']);

const { composer, requests } = convergedRequests(compositeKinds);
/** What the composites without children observe last is most. */
const calls = requests.filter(({ resources }) => resources.size > 3).map(callOf);

/** The call of core, as a second step, with every resource touched by other hands. */
function callOf({ composite, resources }: ComposeRequest): JsonObject {
  const touched = [...resources].map(([id, object]) => [id, { resource: touchedByOthers(object) }] as const);
  const policy = (name: string, ...activated: readonly string[]) => ({
    resource: { ...ACTIVATION_POLICY, metadata: { name }, status: { activated } },
  });
  const items = [policy('one', 'keys.kms.aws.m.upbound.io', 'a', 'b'), policy('two', 'c', 'd'), policy('three')];
  const theirs = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'theirs' },
    data: { a: '1', b: '2', c: '3' },
  };
  return JSON.parse(
    JSON.stringify({
      observed: { composite: { resource: composite }, resources: Object.fromEntries(touched) },
      desired: {
        composite: { resource: { status: { x: 1, y: { z: 1, w: 2 } } } },
        resources: { one: { resource: theirs }, two: { resource: theirs }, three: { resource: theirs } },
      },
      context: { one: { a: 1, b: 2 }, two: [{ c: 1, d: 2 }] },
      requiredResources: { [ACTIVATION_REQUIREMENT.requirementName]: { items } },
    }),
  ) as JsonObject;
}

function touchedByOthers(object: KubernetesObject): KubernetesObject {
  const fields = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [`f:${name}`, {}]));
  const spec = { 'f:forProvider': { ...fields('one', 'two'), 'f:deep': fields('three', 'four') } };
  const others = ['kubectl', 'argocd', 'provider'].map((manager) => ({
    manager,
    operation: 'Update',
    fieldsV1: { 'f:spec': { ...spec, 'f:initProvider': {} } },
  }));
  const managedFields = [...(object.metadata.managedFields ?? []), ...others];
  const labels = { ...object.metadata.labels, 'crossplane.io/in-use': 'false' };
  return { ...object, metadata: { ...object.metadata, managedFields, labels, finalizers: ['a', 'b'] } };
}

const bytesOf = (call: JsonObject): string => {
  const request = RunFunctionRequest.fromPartial(call as Parameters<typeof RunFunctionRequest.fromPartial>[0]);
  const { response } = answerCall(composer, Buffer.from(RunFunctionRequest.encode(request).finish()));
  return Buffer.isBuffer(response) ? response.toString('base64') : response.unreadable;
};
const answers = calls.map(bytesOf);

/** In an order that follows from the dice. */
function shuffled(value: Json, next: () => number, field = ''): Json {
  if (typeof value !== 'object' || value === null) return value;
  const order = <Item>(items: readonly Item[]): readonly Item[] =>
    items
      .map((item) => ({ item, rank: next() }))
      .sort((one, other) => one.rank - other.rank)
      .map(({ item }) => item);
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item) => shuffled(item, next));
    return WITHOUT_ORDER.has(field) ? order(items) : items;
  }
  const entries = order(Object.entries(value as JsonObject));
  return Object.fromEntries(entries.map(([key, item]) => [key, shuffled(item, next, key)]));
}

test('the whole answer is the same bytes, in whatever order the call comes', () => {
  expect(calls.length).toBeGreaterThan(10);
  fc.assert(
    fc.property(fc.nat(calls.length - 1), fc.infiniteStream(fc.nat()), (which, dice) => {
      const call = shuffled(calls[which] ?? {}, () => dice.next().value) as JsonObject;
      expect(bytesOf(call)).toBe(answers[which]);
    }),
    { numRuns: 60 },
  );
});

test('what others have set is in the answer, and what the provider adds by itself is not', () => {
  const text = Buffer.from(answers.at(-1) ?? '', 'base64').toString('latin1');

  expect(text).toContain('spec.forProvider.deep.three');
  expect(text).toContain('theirs');
  expect(text).not.toContain('spec.initProvider');
});
