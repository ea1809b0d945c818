/** Text on its way through compose: tokens inside it, text that only looks like one, depth, and odd keys. */
import { describe, expect, it } from '@jest/globals';
import { ChildComposite } from '../../crossplane/definition/child.ts';
import { composedFieldManager } from '../../crossplane/compose/hold.ts';
import type { ComposeRequest } from '../../crossplane/compose/types.ts';
import type { ResourceId } from '../../crossplane/reference/identity.ts';
import { observed } from '../../crossplane/reference/observed.ts';
import type { Json, JsonObject, KubernetesObject } from '../../imports/base.ts';
import { Policy } from '../../imports/iam.ts';
import { Key } from '../../imports/kms.ts';
import { Topic } from '../../imports/sns.ts';
import { byName, compositeObject, NAMESPACE, testKind, worldOf, type World } from '../support/world.ts';

const KEY = 'Key.kms.aws.m.upbound.io/test-key' as ResourceId;
const POLICY = 'Policy.iam.aws.m.upbound.io/test-policy' as ResourceId;
const ARN = 'arn:aws:kms:eu-west-1:123456789012:key/1';

function composed(world: World, composite: KubernetesObject, resources: ComposeRequest['resources'] = new Map()) {
  const result = world.composer.compose({ composite, resources });
  if (result.outcome !== 'composed') throw new Error(JSON.stringify(result).slice(0, 500));
  return result;
}

/** The key of `test` with this status, as core would show it. */
function observedKey(atProvider: Json, more: Partial<KubernetesObject> = {}): readonly [ResourceId, KubernetesObject] {
  const { apiVersion, kind } = Key.kind;
  return [
    KEY,
    { apiVersion, kind, metadata: { name: 'test-key', namespace: NAMESPACE }, status: { atProvider }, ...more },
  ];
}

/** A key, and a policy whose text is made from its ARN. */
function policyOf(write: (arn: string) => string) {
  const kind = testKind('Pair', (chart) => {
    const key = new Key(chart, 'key', { why: 'For a test', forProvider: {} });
    const arn = observed(key, (status) => status.atProvider.arn);
    new Policy(chart, 'policy', { why: 'For a test', name: 'policy', forProvider: { policy: write(arn) } });
    return {};
  });
  const world = worldOf([kind]);
  const text = (arn: string): unknown => {
    const { desired } = composed(world, compositeObject(kind), new Map([observedKey({ arn })]));
    return (desired.get(POLICY)?.object.spec?.['forProvider'] as JsonObject | undefined)?.['policy'];
  };
  return { kind, world, text };
}

const statement = (...resources: readonly string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Resource: resources }],
});

describe('a token in text', () => {
  it('in a policy that is JSON text: the text stays JSON, whatever the value', () => {
    const { text } = policyOf((arn) => JSON.stringify(statement(arn)));
    for (const value of [ARN, 'with "quotes"', 'back\\slash', 'line\nbreak', '{"a":1}', '$& $1 $$', '\u2028']) {
      expect(JSON.parse(String(text(value)))).toEqual(statement(value));
    }
  });

  it('twice in one string, and beside other text', () => {
    const { text } = policyOf((arn) => `${arn} and ${arn}/*, not $\{owlnest} nor $\{other:${arn}}`);
    expect(text(ARN)).toBe(`${ARN} and ${ARN}/*, not $\{owlnest} nor $\{other:${ARN}}`);
  });

  it('twice in one JSON text, as part of a string and as a key', () => {
    const { text } = policyOf((arn) => JSON.stringify({ ...statement(`${arn}/*`, arn), Condition: { [arn]: 'x' } }));
    expect(JSON.parse(String(text(ARN)))).toEqual({ ...statement(`${ARN}/*`, ARN), Condition: { [ARN]: 'x' } });
  });

  it('in JSON text within JSON text', () => {
    const { text } = policyOf((arn) => JSON.stringify({ inner: JSON.stringify(statement(arn)) }));
    const outer = JSON.parse(String(text('a "b"'))) as { inner: string };
    expect(JSON.parse(outer.inner)).toEqual(statement('a "b"'));
  });

  it('in text that only begins like JSON', () => {
    const { text } = policyOf((arn) => `{ not JSON ${arn}`);
    expect(text(ARN)).toBe(`{ not JSON ${ARN}`);
  });

  it('withholds the whole resource, once for each place, while the value is not known', () => {
    const { kind, world } = policyOf((arn) => JSON.stringify(statement(arn, arn)));
    for (const atProvider of [{}, { arn: '' }, { arn: null }, { arn: { deep: 'x' } }, { arn: ['x'] }]) {
      const { desired, status } = composed(world, compositeObject(kind), new Map([observedKey(atProvider)]));
      expect(desired.has(POLICY)).toBe(false);
      expect(status.waiting.map(({ resource, on }) => [resource, on])).toEqual([
        [POLICY, KEY],
        [POLICY, KEY],
      ]);
    }
  });

  it('a value that looks like a token is taken for unknown: what needs it waits', () => {
    const { kind, world } = policyOf((arn) => arn);
    const resources = new Map([observedKey({ arn: '${owlnest:input:secret}' })]);
    const { desired, status } = composed(world, compositeObject(kind, { inputs: { secret: 'x' } }), resources);
    expect(desired.has(POLICY)).toBe(false);
    expect(status.waiting).toMatchObject([{ resource: POLICY, on: KEY }]);
  });

  it('two layers deep: the output of a child of a child, in the policy of another', () => {
    const Inner = testKind(
      'Inner',
      (chart) => ({
        arn: observed(new Key(chart, 'key', { why: 'For a test', forProvider: {} }), (s) => s.atProvider.arn),
      }),
      { outputs: ['arn'] },
    );
    const Outer = testKind(
      'Outer',
      (chart) => ({
        arn: `${new ChildComposite(chart, 'inner', Inner, { why: 'For a test', spec: {} }).output('arn')}/*`,
      }),
      { outputs: ['arn'] },
    );
    const User = testKind(
      'User',
      (chart, composite) => {
        const policy = JSON.stringify(statement(composite.input('arn'), `${composite.input('arn')}?`));
        new Policy(chart, 'policy', { why: 'For a test', name: 'policy', forProvider: { policy } });
        return {};
      },
      { inputs: ['arn'] },
    );
    const Root = testKind('Root', (chart) => {
      const outer = new ChildComposite(chart, 'outer', Outer, { why: 'For a test', spec: {} });
      new ChildComposite(chart, 'user', User, { why: 'For a test', spec: {}, inputs: { arn: outer.output('arn') } });
      return {};
    });
    const world = worldOf([Root, Outer, Inner, User]);
    world.plane.apply(compositeObject(Root));
    expect(world.plane.converge().ready).toBe(true);
    const objects = byName(world.plane.apiServer.list());
    const arn = (objects['Key/test-outer-inner-key']?.status?.['atProvider'] as { arn: string }).arn;
    const { policy } = objects['Policy/test-user-policy']?.spec?.['forProvider'] as { policy: string };
    expect(JSON.parse(policy)).toEqual(statement(`${arn}/*`, `${arn}/*?`));
  });
});

describe('a new token on a resource that exists', () => {
  const Growing = testKind('Pair', (chart, { spec }) => {
    const encrypted = spec.values?.['encrypted'] === 'yes';
    const key = encrypted ? new Key(chart, 'key', { why: 'For a test', forProvider: {} }) : undefined;
    const forProvider = {
      displayName: spec.values?.['text'] ?? 'first',
      ...(key === undefined ? {} : { kmsMasterKeyId: observed(key, (status) => status.atProvider.arn) }),
    };
    new Topic(chart, 'topic', { why: 'For a test', name: 'events', forProvider });
    return {};
  });
  const topicIn = (world: World) => byName(world.plane.apiServer.list())['Topic/test-topic'];

  it('holds it as it is until the value is known; then everything changes together', () => {
    const world = worldOf([Growing]);
    world.plane.apply(compositeObject(Growing));
    expect(world.plane.converge().ready).toBe(true);
    const before = topicIn(world);
    world.plane.inject([{ kind: 'freeze', resource: KEY }]);
    world.plane.apply(compositeObject(Growing, { values: { encrypted: 'yes', text: 'second' } }));
    const { composites, ready } = world.plane.converge();
    expect(ready).toBe(false);
    expect(composites.get('Pair.owlnest.io/test' as ResourceId)).toMatchObject({
      status: { held: [{ reason: 'unknown-token', field: 'spec.forProvider.kmsMasterKeyId' }], waiting: [] },
    });
    expect(topicIn(world)?.spec).toEqual(before?.spec);
    expect(topicIn(world)?.metadata.generation).toBe(before?.metadata.generation);
    world.plane.inject([]);
    expect(world.plane.converge().ready).toBe(true);
    expect(topicIn(world)?.metadata.uid).toBe(before?.metadata.uid);
    expect(topicIn(world)?.spec?.['forProvider']).toMatchObject({
      displayName: 'second',
      kmsMasterKeyId: expect.stringMatching(/^arn:aws:kms:/),
    });
  });
});

describe("people's text that looks like a token is refused", () => {
  const { composer } = worldOf([testKind('Pair', () => ({}), { inputs: ['a'] })]);
  const compose = (spec: JsonObject) => composer.compose({ composite: { ...pair, spec }, resources: new Map() });
  const pair = { apiVersion: 'owlnest.io/v1alpha1', kind: 'Pair', metadata: { name: 'test', namespace: NAMESPACE } };

  it.each<readonly [string, JsonObject, string]>([
    ['as a value', { values: { a: '${owlnest:input:x}' } }, 'spec.values.a'],
    ['within a value', { values: { a: 'x ${owlnest:observed:Key#a} y' } }, 'spec.values.a'],
    ['unfinished', { values: { a: '${owlnest:' } }, 'spec.values.a'],
    ['as a key', { values: { '${owlnest:input:x}': 'a' } }, 'spec.values'],
    ['as an input', { inputs: { a: '${owlnest:input:a}' } }, 'spec.inputs.a'],
    ['in a list', { allowRemoval: ['a', '${owlnest:list:x#y}'] }, 'spec.allowRemoval.1'],
  ])('%s', (_, spec, path) => {
    const result = compose(spec);
    expect(result).toMatchObject({ outcome: 'refused', violations: [{ rule: 'token', path }] });
    expect(JSON.stringify(result)).toContain('write it otherwise');
  });

  it.each(['${other:x}', '$owlnest:input:x', '{owlnest:input:x}', '${OWLNEST:input:x}', 'owlnest'])(
    'but not %s',
    (a) => {
      expect(compose({ values: { a } })).toMatchObject({ outcome: 'composed' });
    },
  );
});

/** Objects or lists in one another. */
function nested(levels: number, wrap: (inner: Json) => Json, end: Json = 'end'): Json {
  let value = end;
  for (let level = 0; level < levels; level += 1) value = wrap(value);
  return value;
}
const inObject = (a: Json): Json => ({ a });
const inList = (a: Json): Json => [a];

describe('10,000 levels of nesting', () => {
  const { kind, world } = policyOf((arn) => arn);
  const DEEP = 10_000;

  it.each([
    ['objects', inObject],
    ['lists', inList],
  ])('of %s in the spec of a composite are refused in one sentence', (_, wrap) => {
    for (const spec of [{ values: nested(DEEP, wrap) }, { inputs: nested(DEEP, wrap) }]) {
      const result = world.composer.compose({ composite: compositeObject(kind, spec), resources: new Map() });
      expect(result).toMatchObject({ outcome: 'refused', violations: [{ rule: 'depth' }] });
      expect(JSON.stringify(result).length).toBeLessThan(1_000);
    }
  });

  it.each([
    ['objects', inObject],
    ['lists', inList],
  ])('are refused from 101 on: 100 %s, the spec among them, are read', (_, wrap) => {
    for (const [levels, rule] of [
      [100, 'invalid_type'],
      [101, 'depth'],
    ] as const) {
      const spec = { values: nested(levels - 1, wrap) };
      const result = world.composer.compose({ composite: compositeObject(kind, spec), resources: new Map() });
      expect(result).toMatchObject({ outcome: 'refused', violations: [{ rule }] });
    }
  });

  it('in the status of a composite or of a resource do not matter', () => {
    const deep = { atProvider: nested(DEEP, inObject), conditions: nested(DEEP, inList) } as JsonObject;
    const composite = { ...compositeObject(kind), status: deep };
    const { status } = composed(world, composite, new Map([observedKey({ arn: ARN, more: nested(DEEP, inObject) })]));
    expect(status.waiting).toEqual([]);
    expect(
      composed(world, compositeObject(kind), new Map([observedKey({ arn: nested(DEEP, inList) })])).status.waiting,
    ).toHaveLength(1);
  });

  const deepSpec = { forProvider: nested(DEEP, inObject) } as JsonObject;
  const managedBy = (manager: string, fields: JsonObject) => ({
    name: 'test-key',
    namespace: NAMESPACE,
    managedFields: [{ manager, operation: 'Apply', fieldsV1: fields }],
  });

  it('in a field of a resource that another hand has set do not matter', () => {
    const fields = { 'f:spec': { 'f:forProvider': {} } };
    const metadata = managedBy(composedFieldManager(compositeObject(kind)), {
      'f:spec': { 'f:managementPolicies': {} },
    });
    const deep = observedKey({ arn: ARN }, { spec: deepSpec, metadata });
    expect(() => composed(world, compositeObject(kind), new Map([deep]))).not.toThrow();
    const foreign = observedKey({ arn: ARN }, { spec: deepSpec, metadata: managedBy('somebody', fields) });
    expect(() => composed(world, compositeObject(kind), new Map([foreign]))).not.toThrow();
  });

  // canonical() recurses; core cannot send such an object (protobuf stops at 100 levels).
  it.failing('in an object that is held as a whole do not matter', () => {
    const Nothing = testKind('Pair', (chart) => {
      new Topic(chart, 'topic', { why: 'For a test', name: 't', forProvider: {} });
      return {};
    });
    const { composer } = worldOf([Nothing]);
    const labels = { 'crossplane.io/in-use': 'true' };
    const key = observedKey({}, { spec: deepSpec, metadata: { name: 'test-key', namespace: NAMESPACE, labels } });
    expect(() => composer.compose({ composite: compositeObject(Nothing), resources: new Map([key]) })).not.toThrow();
  });
});

describe('keys that JavaScript objects have by themselves', () => {
  const odd = '{"__proto__":"a","constructor":"b","toString":"c","hasOwnProperty":"d"}';
  const oddKeys = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];

  it('are unknown inputs and unknown fields of a status when nobody has given them', () => {
    const kind = testKind(
      'Pair',
      (chart, composite) => {
        for (const name of oddKeys) {
          // Constructs of their own would not take these names.
          const id = `t-${name.replaceAll('_', '').toLowerCase()}`;
          const forProvider = { displayName: composite.input(name as never) };
          new Topic(chart, id, { why: 'For a test', name: id, forProvider });
        }
        return {};
      },
      { inputs: [] },
    );
    const { desired, status } = composed(worldOf([kind]), compositeObject(kind, { inputs: {} }));
    expect(desired.size).toBe(0);
    expect(status.waiting).toHaveLength(oddKeys.length);
  });

  it('are values like any other when somebody has', () => {
    const kind = testKind(
      'Pair',
      (chart, composite) => {
        const forProvider = { displayName: oddKeys.map((name) => composite.input(name as never)).join() };
        new Topic(chart, 'topic', { why: 'For a test', name: 't', forProvider });
        return {};
      },
      { inputs: [] },
    );
    const { desired } = composed(worldOf([kind]), compositeObject(kind, { inputs: JSON.parse(odd) as JsonObject }));
    expect([...desired.values()][0]?.object.spec?.['forProvider']).toMatchObject({ displayName: 'a,b,c,d' });
  });

  it('stay where they are in labels and annotations of a resource that is held', () => {
    const kind = testKind('Pair', () => ({}));
    const labels = { ...(JSON.parse(odd) as Record<string, string>), 'crossplane.io/in-use': 'true' };
    Object.defineProperty(labels, '__proto__', { value: 'a', enumerable: true });
    const metadata = { name: 'test-key', namespace: NAMESPACE, labels, annotations: JSON.parse(odd) };
    const { desired } = composed(worldOf([kind]), compositeObject(kind), new Map([observedKey({}, { metadata })]));
    const held = desired.get(KEY)?.object.metadata;
    expect(Object.keys(held?.annotations ?? {}).sort()).toEqual([...oddKeys].sort());
    expect(Object.keys(held?.labels ?? {}).sort()).toEqual([...oddKeys, 'crossplane.io/in-use'].sort());
  });

  it('name no kind', () => {
    const { composer } = worldOf([testKind('Pair', () => ({}))]);
    for (const kind of ['constructor', '__proto__', 'toString']) {
      const composite = { ...compositeObject(testKind('Pair', () => ({}))), kind };
      expect(composer.compose({ composite, resources: new Map() })).toMatchObject({
        outcome: 'refused',
        violations: [{ rule: 'unknown-kind' }],
      });
    }
  });
});
