import { describe, expect, it } from '@jest/globals';
import { Construct } from 'constructs';
import fc from 'fast-check';
import { ChildComposite, outputOf } from '../../crossplane/definition/child.ts';
import { environmentCycle } from '../../crossplane/embedded/findings.ts';
import { keyOf } from '../../crossplane/embedded/api-server.ts';
import type { ResourceId } from '../../crossplane/reference/identity.ts';
import { handOver, holdsData, moved } from '../../crossplane/reference/marks.ts';
import { observed } from '../../crossplane/reference/observed.ts';
import { Deployment, RestAPI, Stage } from '../../imports/apigateway.ts';
import type { KubernetesObject } from '../../imports/base.ts';
import { Table } from '../../imports/dynamodb.ts';
import { Policy } from '../../imports/iam.ts';
import { Grant, Key } from '../../imports/kms.ts';
import { Topic } from '../../imports/sns.ts';
import { byName, compositeObject, NAMESPACE, testKind, worldOf, type World } from '../support/world.ts';

const KEY = 'Key.kms.aws.m.upbound.io/test-key' as ResourceId;
const TOPIC = 'Topic.sns.aws.m.upbound.io/test-topic' as ResourceId;

/** A key and a topic that is encrypted with it. */
const KeyAndTopic = testKind('Pair', (chart, { spec }) => {
  const key = new Key(chart, 'key', {
    why: 'For a test',
    forProvider: { description: spec.values?.['text'] ?? 'a key' },
  });
  new Topic(chart, 'topic', {
    why: 'For a test',
    name: 'events',
    forProvider: { kmsMasterKeyId: observed(key, (status) => status.atProvider.arn) },
  });
  return {};
});

function resultOf({ plane }: World, composite = 'Pair.owlnest.io/test') {
  const result = plane.converge({ passes: 1 }).composites.get(composite as ResourceId);
  if (result?.outcome !== 'composed') throw new Error(JSON.stringify(result));
  return result;
}

function start(kind: Parameters<typeof worldOf>[0][number], spec: KubernetesObject['spec'] = {}): World {
  const world = worldOf([kind]);
  expect(world.plane.apply(compositeObject(kind, spec))).toEqual([]);
  return world;
}

describe('law 2: withhold only what does not exist', () => {
  it('leaves a new resource out until the value that it takes is known, and says so', () => {
    const world = start(KeyAndTopic);
    const { desired, status, ready } = resultOf(world);
    expect([...desired.keys()]).toEqual([KEY]);
    expect(ready).toBe(false);
    expect(status.waiting).toEqual([
      {
        resource: TOPIC,
        on: KEY,
        field: 'spec.forProvider.kmsMasterKeyId',
        message: `${TOPIC} waits for ${KEY} (status.atProvider.arn), which spec.forProvider.kmsMasterKeyId takes.`,
      },
    ]);
    const { ready: end, objects } = world.plane.converge();
    expect(end).toBe(true);
    const key = byName(objects)['Key/test-key'];
    expect(byName(objects)['Topic/test-topic']?.spec?.['forProvider']).toMatchObject({
      kmsMasterKeyId: (key?.status?.['atProvider'] as { arn: string }).arn,
    });
  });

  it('waits for a dependency to be ready, and never withdraws what exists when the dependency is not', () => {
    const kind = testKind('Pair', (chart) => {
      const key = new Key(chart, 'key', { why: 'For a test', forProvider: {} });
      new Topic(chart, 'topic', { why: 'For a test', name: 'events', forProvider: {} }).addDependency(key);
      return {};
    });
    const world = start(kind);
    world.plane.inject([{ kind: 'never-ready', resource: KEY }]);
    world.plane.converge();
    expect(resultOf(world).status.waiting.map(({ field }) => field)).toEqual(['ready']);
    world.plane.inject([]);
    expect(world.plane.converge().ready).toBe(true);
    world.plane.inject([{ kind: 'never-ready', resource: KEY }]);
    world.plane.converge();
    expect(resultOf(world).desired.has(TOPIC)).toBe(true);
  });
});

describe('law 3: hold what exists', () => {
  it('keeps a resource exactly as it was applied when a token vanishes, also in a pass that changes its spec', () => {
    const kind = testKind('Pair', (chart, { spec }) => {
      const key = new Key(chart, 'key', { why: 'For a test', forProvider: {} });
      new Topic(chart, 'topic', {
        why: 'For a test',
        name: 'events',

        forProvider: {
          kmsMasterKeyId: observed(key, (status) => status.atProvider.arn),
          displayName: spec.values?.['text'] ?? 'first',
        },
      });
      return {};
    });
    const world = start(kind);
    world.plane.converge();
    const before = byName(world.plane.apiServer.list())['Topic/test-topic'];
    world.plane.inject([{ kind: 'drop', resource: KEY, field: 'arn' }]);
    world.plane.step();
    world.plane.apply(compositeObject(kind, { values: { text: 'second' } }));
    const { desired, status, ready } = resultOf(world);
    expect(ready).toBe(false);
    expect(status.held).toMatchObject([{ resource: TOPIC, reason: 'unknown-token' }]);
    expect(desired.get(TOPIC)?.object.spec).toEqual(before?.spec);
    expect(byName(world.plane.apiServer.list())['Topic/test-topic']?.spec).toEqual(before?.spec);
    world.plane.inject([]);
    expect(world.plane.converge().ready).toBe(true);
    expect(byName(world.plane.apiServer.list())['Topic/test-topic']?.spec?.['forProvider']).toMatchObject({
      displayName: 'second',
    });
  });

  it('adopts nothing: a field of another manager is neither taken nor removed by a hold', () => {
    const world = start(KeyAndTopic);
    world.plane.converge();
    const topic = byName(world.plane.apiServer.list())['Topic/test-topic'];
    if (topic === undefined) throw new Error('no topic');
    world.plane.apiServer.apply(
      {
        ...topic,
        metadata: { name: topic.metadata.name, namespace: NAMESPACE },
        spec: { forProvider: { displayName: 'by hand', region: 'eu-west-1' } },
      },
      'somebody',
    );
    world.plane.inject([{ kind: 'drop', resource: KEY, field: 'arn' }]);
    world.plane.converge();
    const { desired, status } = resultOf(world);
    expect(desired.get(TOPIC)?.object.spec?.['forProvider']).not.toHaveProperty('displayName');
    expect(byName(world.plane.apiServer.list())['Topic/test-topic']?.spec?.['forProvider']).toMatchObject({
      displayName: 'by hand',
    });
    expect(status.foreign).toEqual([{ resource: TOPIC, field: 'spec.forProvider.displayName', manager: 'somebody' }]);
  });

  it('holds a resource that is being deleted and makes it again afterwards', () => {
    const world = start(KeyAndTopic);
    world.plane.converge();
    const topic = byName(world.plane.apiServer.list())['Topic/test-topic'];
    if (topic === undefined) throw new Error('no topic');
    world.plane.inject([{ kind: 'freeze', resource: TOPIC }]);
    world.plane.remove(keyOf(topic));
    expect(resultOf(world).status.held).toMatchObject([{ resource: TOPIC, reason: 'being-deleted' }]);
    world.plane.inject([]);
    expect(world.plane.converge().ready).toBe(true);
    expect(byName(world.plane.apiServer.list())['Topic/test-topic']?.metadata.uid).not.toBe(topic.metadata.uid);
  });

  it('holds what a Usage still uses', () => {
    const kind = testKind('Pair', (chart, { spec }) => {
      if (spec.values?.['topic'] === 'yes')
        new Topic(chart, 'topic', { why: 'For a test', name: 'events', forProvider: {} });
      return {};
    });
    const world = start(kind, { values: { topic: 'yes' } });
    world.plane.converge();
    const topic = byName(world.plane.apiServer.list())['Topic/test-topic'];
    if (topic === undefined) throw new Error('no topic');
    const use = (value: string) =>
      world.plane.apiServer.patch(keyOf(topic), (object) => ({
        ...object,
        metadata: { ...object.metadata, labels: { ...object.metadata.labels, 'crossplane.io/in-use': value } },
      }));
    use('true');
    world.plane.apply(compositeObject(kind));
    world.plane.converge();
    expect(resultOf(world).status.held).toMatchObject([{ resource: TOPIC, reason: 'in-use' }]);
    use('false');
    expect(world.plane.converge().ready).toBe(true);
    expect(byName(world.plane.apiServer.list())['Topic/test-topic']).toBeUndefined();
  });

  it('lets what others name go after them', () => {
    const kind = testKind('Pair', (chart, { spec }) => {
      if (spec.values?.['gone'] === 'yes') return {};
      const key = new Key(chart, 'key', { why: 'For a test', forProvider: {} });
      const topic = new Topic(chart, 'topic', {
        why: 'For a test',
        name: 'events',
        forProvider: { kmsMasterKeyId: observed(key, (status) => status.atProvider.arn) },
      });
      new Policy(chart, 'policy', {
        why: 'For a test',
        name: 'policy',

        forProvider: { policy: JSON.stringify({ Resource: observed(topic, (status) => status.atProvider.arn) }) },
      });
      return {};
    });
    const world = start(kind);
    world.plane.converge();
    world.plane.apply(compositeObject(kind, { values: { gone: 'yes' } }));
    world.plane.step();
    // The policy names the topic, the topic names the key: they go in that order.
    const left = Object.keys(byName(world.plane.apiServer.list()));
    expect(left).toContain('Topic/test-topic');
    expect(left).toContain('Key/test-key');
    expect(resultOf(world).status.held).toMatchObject([{ resource: KEY, reason: 'still-named' }]);
    expect(world.plane.converge().ready).toBe(true);
    expect(Object.keys(byName(world.plane.apiServer.list()))).toEqual(['Pair/test']);
  });
});

describe('law 4: never delete data by accident', () => {
  const Data = testKind('Data', (chart, { spec, context }) => {
    if (spec.values?.['key'] === 'no') return {};
    holdsData(new Key(chart, 'key', { why: 'For a test', forProvider: { isEnabled: context.protectData } }), {
      isEnabled: false,
    });
    return {};
  });

  it('gives no Delete to what holds data while the environment protects it', () => {
    const world = start(Data);
    world.plane.converge();
    expect(byName(world.plane.apiServer.list())['Key/test-key']?.spec?.['managementPolicies']).toEqual([
      'Observe',
      'Create',
      'Update',
    ]);
    const open = start(Data, { protectData: false });
    open.plane.converge();
    expect(byName(open.plane.apiServer.list())['Key/test-key']?.spec?.['managementPolicies']).toContain('Delete');
  });

  it('holds what is declared no longer until allowRemoval names it, then takes the protection off first', () => {
    const world = start(Data);
    world.plane.converge();
    world.plane.apply(compositeObject(Data, { values: { key: 'no' } }));
    world.plane.converge();
    const { status } = resultOf(world, 'Data.owlnest.io/test');
    expect(status.held).toMatchObject([{ reason: 'not-declared' }]);
    const entry = /names (\S+)\.$/.exec(status.held[0]?.message ?? '')?.[1] ?? '';
    world.plane.apply(compositeObject(Data, { values: { key: 'no' }, allowRemoval: [entry] }));
    world.plane.step();
    const key = byName(world.plane.apiServer.list())['Key/test-key'];
    expect(key?.spec).toMatchObject({
      managementPolicies: ['Observe', 'Create', 'Update', 'Delete'],
      forProvider: { isEnabled: false },
    });
    expect(world.provider.aws.size).toBe(1);
    expect(world.plane.converge().ready).toBe(true);
    expect(byName(world.plane.apiServer.list())['Key/test-key']).toBeUndefined();
    expect(world.provider.aws.size).toBe(0);
  });

  it('takes an entry of allowRemoval for one whole name: not for one that begins like it, or that it begins', () => {
    const entry = 'key/Key/test-key';
    const parts = fc.integer({ min: 1, max: entry.length - 1 }).map((length) => entry.slice(0, length));
    const more = fc.stringMatching(/^[a-z.-]{1,9}$/).map((end) => `${entry}${end}`);
    fc.assert(
      fc.property(fc.oneof(parts, more), (other) => {
        const world = start(Data);
        world.plane.converge();
        world.plane.apply(compositeObject(Data, { values: { key: 'no' }, allowRemoval: [other] }));
        world.plane.converge();
        const [held] = resultOf(world, 'Data.owlnest.io/test').status.held;
        expect(held).toMatchObject({ reason: 'not-declared' });
        expect(held?.message).toContain(`until allowRemoval names ${entry}`);
        expect(world.provider.aws.size).toBe(1);
      }),
      { numRuns: 20 },
    );
  });

  it('says which entry of allowRemoval was meant, where one is nearly right', () => {
    const world = start(Data);
    world.plane.converge();
    const allowRemoval = ['table/Table/test-table', 'key/Key/test-kye'];
    world.plane.apply(compositeObject(Data, { values: { key: 'no' }, allowRemoval }));
    world.plane.converge();
    expect(resultOf(world, 'Data.owlnest.io/test').status.held[0]?.message).toMatch(
      /stays until allowRemoval names key\/Key\/test-key, not key\/Key\/test-kye\.$/,
    );
  });

  it('keeps the data in AWS when the composite itself is deleted', () => {
    const world = start(Data);
    world.plane.converge();
    world.plane.remove(keyOf(compositeObject(Data)));
    world.plane.converge();
    expect(world.plane.apiServer.list()).toEqual([]);
    expect(world.provider.aws.size).toBe(1);
  });

  it('holds a child composite that can contain data', () => {
    const Child = testKind('Child', () => ({}), { stateful: true });
    const Parent = testKind('Parent', (chart, { spec }) => {
      if (spec.values?.['child'] !== 'no') new ChildComposite(chart, 'child', Child, { why: 'For a test', spec: {} });
      return {};
    });
    const world = worldOf([Parent, Child]);
    world.plane.apply(compositeObject(Parent));
    world.plane.converge();
    world.plane.apply(compositeObject(Parent, { values: { child: 'no' } }));
    world.plane.converge();
    expect(resultOf(world, 'Parent.owlnest.io/test').status.held).toMatchObject([{ reason: 'not-declared' }]);
    expect(byName(world.plane.apiServer.list())['Child/test-child']).toBeDefined();
  });
});

describe('law 5: one identity', () => {
  it('refuses two resources with one name, and two with one AWS name', () => {
    const twice = testKind('Pair', (chart) => {
      new Topic(chart, 'a-b', { why: 'For a test', name: 'one', forProvider: {} });
      new Topic(new Construct(chart, 'a'), 'b', { why: 'For a test', name: 'two', forProvider: {} });
      return {};
    });
    const sameAws = testKind('Pair', (chart) => {
      new Topic(chart, 'a', { why: 'For a test', name: 'one', forProvider: {} });
      new Topic(chart, 'b', { why: 'For a test', name: 'one', forProvider: {} });
      return {};
    });
    for (const [kind, word] of [
      [twice, 'identity'],
      [sameAws, 'AWS name'],
    ] as const) {
      const { composer } = worldOf([kind]);
      const result = composer.compose({ composite: compositeObject(kind), resources: new Map() });
      expect(result).toMatchObject({ outcome: 'refused', violations: [{ rule: 'duplicate' }] });
      expect(JSON.stringify(result)).toContain(word);
    }
  });

  const renameable = (id: string, mark: boolean) =>
    testKind('Pair', (chart) => {
      const key = new Key(chart, id, { why: 'For a test', forProvider: {} });
      holdsData(key);
      if (mark) moved(key, { name: 'test-key' });
      new Topic(chart, 'topic', {
        why: 'For a test',
        name: 'events',
        forProvider: { kmsMasterKeyId: observed(key, (status) => status.atProvider.arn) },
      });
      return {};
    });

  it('keeps the object under its old name after a declared rename; tokens follow', () => {
    const world = start(renameable('key', false));
    world.plane.converge();
    const before = byName(world.plane.apiServer.list())['Key/test-key'];
    world.plane.use(worldOf([renameable('new-key', true)], '2.0.0').composer);
    expect(world.plane.converge().ready).toBe(true);
    expect(byName(world.plane.apiServer.list())['Key/test-key']?.metadata.uid).toBe(before?.metadata.uid);
    expect(Object.keys(byName(world.plane.apiServer.list()))).toEqual([
      'Pair/test',
      'Key/test-key',
      'Topic/test-topic',
    ]);
  });

  it('after an undeclared rename the old one stays, because it holds data', () => {
    const world = start(renameable('key', false));
    world.plane.converge();
    world.plane.use(worldOf([renameable('new-key', false)], '2.0.0').composer);
    world.plane.converge();
    expect(Object.keys(byName(world.plane.apiServer.list()))).toContain('Key/test-key');
    expect(resultOf(world).status.held).toMatchObject([{ resource: KEY, reason: 'not-declared' }]);
  });

  it('does not make a renamed resource while the old object still has its AWS name', () => {
    const renamed = (id: string) =>
      testKind('Pair', (chart) => {
        new Topic(chart, id, { why: 'For a test', name: 'events', forProvider: {} });
        return {};
      });
    const world = start(renamed('topic'));
    world.plane.converge();
    world.plane.use(worldOf([renamed('other')], '2.0.0').composer);
    const { desired, status } = resultOf(world);
    expect([...desired.keys()]).toEqual([TOPIC]);
    expect(status.waiting).toMatchObject([{ on: TOPIC }]);
    expect(status.held).toMatchObject([{ resource: TOPIC, reason: 'leaving' }]);
    // The new object takes over what the old one made: it is never gone from AWS.
    for (let changed = true; changed;) {
      changed = world.plane.step();
      expect(world.provider.aws.size).toBe(1);
    }
    expect(world.plane.converge().ready).toBe(true);
    expect(Object.keys(byName(world.plane.apiServer.list()))).toEqual(['Pair/test', 'Topic/test-other']);
  });

  it('hands a resource over to another composite without deleting what it stands for', () => {
    const kinds = (where: 'left' | 'right') => {
      const topic = (chart: ConstructorParameters<typeof Topic>[0]) =>
        new Topic(chart, 'topic', { why: 'For a test', name: 'events', forProvider: {} });
      const Left = testKind('Left', (chart) => {
        if (where === 'left') topic(chart);
        else handOver(chart, Topic.kind, 'test-left-topic');
        return {};
      });
      const Right = testKind('Right', (chart) => {
        if (where === 'right') moved(topic(chart), { name: 'test-left-topic', composite: 'Left/test-left' });
        return {};
      });
      const Parent = testKind('Parent', (chart) => {
        new ChildComposite(chart, 'left', Left, { why: 'For a test', spec: {} });
        new ChildComposite(chart, 'right', Right, { why: 'For a test', spec: {} });
        return {};
      });
      return [Parent, Left, Right] as const;
    };
    const world = worldOf(kinds('left'));
    world.plane.apply(compositeObject(kinds('left')[0]));
    expect(world.plane.converge().ready).toBe(true);
    world.plane.use(worldOf(kinds('right'), '2.0.0').composer);
    for (let changed = true; changed;) {
      changed = world.plane.step();
      expect(world.provider.aws.size).toBe(1);
    }
    expect(world.plane.converge().ready).toBe(true);
    const names = Object.keys(byName(world.plane.apiServer.list()));
    expect(names).toContain('Topic/test-right-topic');
    expect(names).not.toContain('Topic/test-left-topic');
  });
});

describe('law 5: another AWS name for what exists', () => {
  const Named = testKind('Named', (chart, { spec }) => {
    const name = spec.values?.['name'] ?? '';
    holdsData(new Table(chart, 'table', { why: 'For a test', name, forProvider: { hashKey: 'PK' } }));
    new Topic(chart, 'topic', { why: 'For a test', name, forProvider: {} });
    return {};
  });
  const awsNames = ({ provider }: World) =>
    [...provider.aws.values()].map(({ kind, externalName }) => kind + externalName);

  it('is refused on what holds data: the object would let go of it', () => {
    const world = start(Named, { values: { name: 'one' } });
    world.plane.converge();
    world.plane.apply(compositeObject(Named, { values: { name: 'two' } }));
    world.plane.converge();
    expect(resultOf(world, 'Named.owlnest.io/test').status.invalid).toMatchObject([
      { rule: 'immutable', path: 'metadata.annotations["crossplane.io/external-name"]', received: 'two' },
    ]);
    // What holds no data is deleted and made again.
    expect(awsNames(world).sort()).toEqual(['Tableone', 'Topictwo']);
  });

  it('is refused for a recorded identity that is not the one which AWS made up', () => {
    const world = start(KeyAndTopic);
    world.plane.converge();
    const before = [...world.provider.aws.keys()];
    const identities = { [KEY]: { externalName: 'mrk-0123456789abcdef0123456789abcdef', mode: 'owned' } };
    world.plane.apply(compositeObject(KeyAndTopic, { identities }));
    world.plane.converge();
    expect(resultOf(world).status.held).toMatchObject([{ resource: KEY, reason: 'invalid' }]);
    expect([...world.provider.aws.keys()]).toEqual(before);
  });
});

describe('law 6: replace by a new generation', () => {
  const Rest = testKind('Rest', (chart, { spec }) => {
    const api = new RestAPI(chart, 'api', { why: 'For a test', forProvider: { name: 'api' } });
    const restApiId = observed(api, (status) => status.atProvider.id);
    const deployment = new Deployment(chart, 'deployment', {
      why: 'For a test',
      forProvider: { restApiId, triggers: { body: spec.values?.['body'] ?? 'one' } },
    });
    new Stage(chart, 'stage', {
      why: 'For a test',

      forProvider: {
        restApiId,
        stageName: 'v1',
        deploymentId: observed(deployment, (status) => status.atProvider.id),
      },
    });
    return {};
  });

  it('makes a new one beside the old one, moves the token over, and lets the old one go last', () => {
    const world = start(Rest);
    expect(world.plane.converge().ready).toBe(true);
    const deployments = () => world.plane.apiServer.list().filter(({ kind }) => kind === 'Deployment');
    const [first] = deployments();
    expect(first?.metadata.name).toMatch(/^test-deployment-[0-9a-f]{8}$/);
    world.plane.apply(compositeObject(Rest, { values: { body: 'two' } }));
    let together = 0;
    for (let changed = true; changed;) {
      changed = world.plane.step();
      const stage = world.plane.apiServer.list().find(({ kind }) => kind === 'Stage');
      const { deploymentId } = stage?.spec?.['forProvider'] as { deploymentId: string };
      const ids = deployments().map(({ metadata }) => metadata.annotations?.['crossplane.io/external-name']);
      expect(ids).toContain(deploymentId);
      if (deployments().length === 2) together += 1;
    }
    expect(together).toBeGreaterThan(0);
    expect(world.plane.converge().ready).toBe(true);
    expect(deployments()).toHaveLength(1);
    expect(deployments()[0]?.metadata.name).not.toBe(first?.metadata.name);
  });

  it('keeps the old generation while the new one cannot be named', () => {
    const world = start(Rest);
    world.plane.converge();
    const api = world.plane.apiServer.list().find(({ kind }) => kind === 'RestAPI');
    const resource = `RestAPI.apigateway.aws.m.upbound.io/${api?.metadata.name ?? ''}` as ResourceId;
    world.plane.inject([{ kind: 'drop', resource, field: 'id' }]);
    world.plane.converge();
    const { status } = resultOf(world, 'Rest.owlnest.io/test');
    expect(status.held.map(({ reason }) => reason)).toContain('being-replaced');
    expect(world.plane.apiServer.list().filter(({ kind }) => kind === 'Deployment')).toHaveLength(1);
  });

  it('deletes and makes again what has a name of our choosing and holds no data', () => {
    const kind = testKind('Pair', (chart, { spec }) => {
      new Topic(chart, 'topic', {
        why: 'For a test',
        name: 'events',
        forProvider: { fifoTopic: spec.values?.['fifo'] === 'yes' },
      });
      return {};
    });
    const world = start(kind);
    world.plane.converge();
    const before = byName(world.plane.apiServer.list())['Topic/test-topic'];
    world.plane.apply(compositeObject(kind, { values: { fifo: 'yes' } }));
    expect(resultOf(world).status.waiting).toMatchObject([{ resource: TOPIC, field: 'spec.forProvider.fifoTopic' }]);
    expect(world.plane.converge().ready).toBe(true);
    const after = byName(world.plane.apiServer.list())['Topic/test-topic'];
    expect(after?.metadata.uid).not.toBe(before?.metadata.uid);
    expect(after?.spec?.['forProvider']).toMatchObject({ fifoTopic: true });
  });

  it('refuses such a change on what holds data, and names the field', () => {
    const kind = testKind('Data', (chart, { spec }) => {
      holdsData(
        new Key(chart, 'key', { why: 'For a test', forProvider: { multiRegion: spec.values?.['multi'] === 'yes' } }),
      );
      return {};
    });
    const world = start(kind);
    world.plane.converge();
    world.plane.apply(compositeObject(kind, { values: { multi: 'yes' } }));
    world.plane.converge();
    const { status } = resultOf(world, 'Data.owlnest.io/test');
    expect(status.invalid).toMatchObject([{ rule: 'immutable', path: 'spec.forProvider.multiRegion' }]);
    expect(status.held).toMatchObject([{ reason: 'invalid', field: 'spec.forProvider.multiRegion' }]);
  });
});

describe('law 7: valid, object by object', () => {
  it('withholds a new invalid object and holds one that exists; the others go on', () => {
    const kind = testKind('Pair', (chart, { spec }) => {
      const text = spec.values?.['policies'] ?? '';
      new Topic(chart, 'topic', {
        why: 'For a test',
        name: 'events',
        forProvider: { displayName: text },
      });
      const key = new Key(chart, 'key', { why: 'For a test', forProvider: { description: text } });
      if (text !== '')
        key.addJsonPatch({ _toJson: () => ({ op: 'add', path: '/spec/forProvider/descripton', value: 'x' }) } as never);
      return {};
    });
    const world = start(kind, { values: { policies: 'bad' } });
    const { desired, status, ready } = resultOf(world);
    expect([...desired.keys()]).toEqual([TOPIC]);
    expect(ready).toBe(false);
    expect(status.invalid).toMatchObject([
      { resource: KEY, path: 'spec.forProvider.descripton', rule: 'unknown-field' },
    ]);
    expect(status.invalid[0]?.message).toContain('description');
    expect(status).toMatchObject({ invalidText: KEY, heldText: '', waitingText: '' });
    world.plane.apply(compositeObject(kind));
    expect(world.plane.converge().ready).toBe(true);
    world.plane.apply(compositeObject(kind, { values: { policies: 'bad' } }));
    const held = resultOf(world);
    expect(held.status.held).toMatchObject([{ resource: KEY, reason: 'invalid' }]);
    expect(held.status).toMatchObject({ invalidText: KEY, heldText: KEY });
    expect(held.desired.get(TOPIC)?.object.spec?.['forProvider']).toMatchObject({ displayName: 'bad' });
  });

  it('refuses a cycle, and names its members', () => {
    const kind = testKind('Pair', (chart) => {
      const one = new Topic(chart, 'one', { why: 'For a test', name: 'one', forProvider: {} });
      const two = new Topic(chart, 'two', { why: 'For a test', name: 'two', forProvider: {} });
      one.addDependency(two);
      two.addDependency(one);
      return {};
    });
    const { composer } = worldOf([kind]);
    const result = composer.compose({ composite: compositeObject(kind), resources: new Map() });
    expect(result).toMatchObject({ outcome: 'refused', violations: [{ rule: 'cycle' }] });
    expect(JSON.stringify(result)).toMatch(/test-one.*test-two/);
  });

  it('refuses an unknown kind with the list of known ones, an unreadable spec, a token and depth in a spec', () => {
    const { composer } = worldOf([KeyAndTopic]);
    const compose = (composite: KubernetesObject) => composer.compose({ composite, resources: new Map() });
    const nested = { a: 'x' } as Record<string, unknown>;
    let inner = nested;
    for (let level = 0; level < 10_000; level += 1) inner = inner['a'] = {} as Record<string, unknown>;
    for (const [spec, rule] of [
      [{ values: { a: 5 } }, 'invalid_type'],
      [{ values: { a: '${owlnest:input:x}' } }, 'token'],
      [{ deep: nested }, 'depth'],
    ] as const) {
      expect(compose(compositeObject(KeyAndTopic, spec as never))).toMatchObject({
        outcome: 'refused',
        violations: [{ rule }],
      });
    }
    const unknown = compose({ ...compositeObject(KeyAndTopic), kind: 'Castle' });
    expect(JSON.stringify(unknown)).toContain('it knows Pair');
    for (const apiVersion of ['owlnest.io/v9', 'evil.io/v1alpha1', 'evil.io', 'owlnest.io', 'v1alpha1']) {
      const foreign = compose({ ...compositeObject(KeyAndTopic), apiVersion });
      expect(foreign).toMatchObject({ outcome: 'refused', violations: [{ rule: 'unknown-api' }] });
      expect(JSON.stringify(foreign)).toContain(`Pair is of ${apiVersion}, and this function composes owlnest.io/v1`);
    }
    const long = compose(compositeObject(KeyAndTopic, {}, 'x'.repeat(64)));
    expect(long).toMatchObject({ outcome: 'refused', violations: [{ rule: 'name-length' }] });
  });

  it('reports a managed name over the limit on that object alone', () => {
    const kind = testKind('Pair', (chart) => {
      new Topic(chart, 'x'.repeat(300), { why: 'For a test', name: 'long', forProvider: {} });
      new Topic(chart, 'topic', { why: 'For a test', name: 'events', forProvider: {} });
      return {};
    });
    const { desired, status } = resultOf(start(kind));
    expect([...desired.keys()]).toEqual([TOPIC]);
    expect(status.invalid).toMatchObject([{ rule: 'name-length' }]);
  });

  it('keeps prototype keys as ordinary ones', () => {
    const kind = testKind('Pair', (chart) => {
      const tags = JSON.parse('{"__proto__": "a", "constructor": "b"}') as Record<string, string>;
      new Topic(chart, 'topic', { why: 'For a test', name: 'events', tags, forProvider: {} });
      return {};
    });
    const { desired } = resultOf(start(kind));
    expect(JSON.stringify(desired.get(TOPIC)?.object.spec)).toContain('{"__proto__":"a","constructor":"b"}');
  });
});

describe('references between layers', () => {
  const layers = (rightNeeds: 'topic' | 'api') => {
    const Left = testKind(
      'Left',
      (chart, composite) => {
        const key = new Key(chart, 'key', { why: 'For a test', forProvider: {} });
        new Topic(chart, 'topic', {
          why: 'For a test',
          name: 'left',
          forProvider: { kmsMasterKeyId: composite.input('rightArn') },
        });
        const needy = new Topic(chart, 'needy', {
          why: 'For a test',
          name: 'needy',
          forProvider: { displayName: composite.input('rightArn') },
        });
        return {
          keyArn: observed(key, (status) => status.atProvider.arn),
          needyArn: observed(needy, (status) => status.atProvider.arn),
        };
      },
      { inputs: ['rightArn'], outputs: ['keyArn', 'needyArn'] },
    );
    const Right = testKind(
      'Right',
      (chart, composite) => {
        const topic = new Topic(chart, 'topic', {
          why: 'For a test',
          name: 'right',
          forProvider: { kmsMasterKeyId: composite.input('leftArn') },
        });
        return { arn: observed(topic, (status) => status.atProvider.arn) };
      },
      { inputs: ['leftArn'], outputs: ['arn'] },
    );
    const Parent = testKind('Parent', (chart) => {
      const left = new ChildComposite(chart, 'left', Left, {
        why: 'For a test',
        spec: {},
        inputs: { rightArn: outputOf(chart, 'right', Right, 'arn') },
      });
      new ChildComposite(chart, 'right', Right, {
        why: 'For a test',
        spec: {},
        inputs: { leftArn: left.output(rightNeeds === 'topic' ? 'keyArn' : 'needyArn') },
      });
      return {};
    });
    return [Parent, Left, Right] as const;
  };

  it('lets two layers need each other as long as no two resources do', () => {
    const world = worldOf(layers('topic'));
    world.plane.apply(compositeObject(layers('topic')[0]));
    const converged = world.plane.converge();
    expect(converged.ready).toBe(true);
    expect(environmentCycle(converged)).toBeUndefined();
  });

  it('names a cycle of resources over two layers', () => {
    const world = worldOf(layers('api'));
    world.plane.apply(compositeObject(layers('api')[0]));
    const converged = world.plane.converge();
    expect(converged.ready).toBe(false);
    expect(environmentCycle(converged)?.join(' ')).toMatch(/test-needy|needy.*topic/);
  });

  it('makes a child though several of its inputs are not known yet, and leaves each of them out', () => {
    const Giver = testKind(
      'Giver',
      (chart) => {
        const [one, two] = ['one', 'two'].map((id) =>
          observed(new Topic(chart, id, { why: 'For a test', name: id, forProvider: {} }), (s) => s.atProvider.arn),
        );
        return { one: one ?? '', two: two ?? '' };
      },
      { outputs: ['one', 'two'] },
    );
    const Taker = testKind('Taker', () => ({}), { inputs: ['one', 'two'] });
    const Parent = testKind('Parent', (chart) => {
      const giver = new ChildComposite(chart, 'giver', Giver, { why: 'For a test', spec: {} });
      const inputs = { one: giver.output('one'), two: giver.output('two') };
      new ChildComposite(chart, 'taker', Taker, { why: 'For a test', spec: {}, inputs });
      return {};
    });
    const world = worldOf([Parent, Giver, Taker]);
    world.plane.apply(compositeObject(Parent));
    world.plane.step();
    const taker = byName(world.plane.apiServer.list())['Taker/test-taker'];
    expect(taker).toBeDefined();
    expect(taker?.spec).not.toHaveProperty('inputs');
    expect(world.plane.converge().ready).toBe(true);
    const inputs = byName(world.plane.apiServer.list())['Taker/test-taker']?.spec?.['inputs'];
    expect(Object.keys(inputs ?? {})).toEqual(['one', 'two']);
  });

  it('holds a child whose input is gone, with the input that it had', () => {
    const world = worldOf(layers('topic'));
    world.plane.apply(compositeObject(layers('topic')[0]));
    world.plane.converge();
    const before = byName(world.plane.apiServer.list())['Right/test-right']?.spec;
    world.plane.inject([
      { kind: 'drop', resource: 'Key.kms.aws.m.upbound.io/test-left-key' as ResourceId, field: 'arn' },
    ]);
    world.plane.converge();
    expect(byName(world.plane.apiServer.list())['Right/test-right']?.spec).toEqual(before);
    expect(resultOf(world, 'Parent.owlnest.io/test').status.held).toMatchObject([{ reason: 'unknown-token' }]);
  });
});

describe('law 8: ready means ready', () => {
  it.each(['fail', 'never-ready'] as const)('is not ready while a resource has the fault %s', (kind) => {
    const world = start(KeyAndTopic);
    world.plane.converge();
    world.plane.inject([{ kind, resource: TOPIC }]);
    const { ready } = world.plane.converge();
    expect(ready).toBe(false);
    const { status, desired } = resultOf(world);
    expect(status.converged).toMatchObject({ status: false });
    expect(desired.get(TOPIC)?.ready).toBe(false);
    expect(status.resources.text).toBe('1/2');
  });

  it('takes the last entry of a map away without leaving an empty one, which the API server would refuse', () => {
    const kind = testKind('Pair', (chart, { spec }) => {
      new Topic(chart, 'topic', { why: 'For a test', name: 'events', tags: spec.values ?? {}, forProvider: {} });
      return {};
    });
    const world = start(kind, { values: { team: 'a' } });
    world.plane.converge();
    world.plane.apply(compositeObject(kind));
    expect(world.plane.converge().ready).toBe(true);
    const topic = byName(world.plane.apiServer.list())['Topic/test-topic'];
    expect(topic?.spec?.['forProvider']).not.toHaveProperty('tags');
    // What the API server does with an empty one, seen on a real one:
    const apply = (tags: Record<string, string>) =>
      world.plane.apiServer.apply(
        {
          ...compositeObject(kind),
          apiVersion: Topic.kind.apiVersion,
          kind: 'Topic',
          spec: { forProvider: { region: 'eu-west-1', tags } },
        },
        'somebody',
      );
    expect(apply({ a: 'b' })).toHaveProperty('object');
    expect(apply({})).toMatchObject({ violations: [{ path: 'spec.forProvider.tags' }] });
  });

  it('leaves empty sets out: nobody would own them, so it would never be ready', () => {
    const kind = testKind('Pair', (chart) => {
      new Grant(chart, 'grant', {
        why: 'For a test',
        forProvider: { operations: ['Encrypt'], grantCreationTokens: [] },
      });
      return {};
    });
    const { desired } = resultOf(start(kind));
    const forProvider = [...desired.values()][0]?.object.spec?.['forProvider'];
    expect(forProvider).toEqual({ operations: ['Encrypt'], region: 'eu-west-1' });
  });

  it('is not ready in the pass that changes a resource, although all its conditions are True', () => {
    const world = start(KeyAndTopic);
    world.plane.converge();
    world.plane.apply(compositeObject(KeyAndTopic, { values: { text: 'changed' } }));
    const { desired, ready } = resultOf(world);
    expect(desired.get(KEY)?.ready).toBe(false);
    expect(ready).toBe(false);
  });
});

describe('law 10 and identities', () => {
  it('reports the names that AWS made up, and renders recorded ones back', () => {
    const world = start(KeyAndTopic);
    world.plane.converge();
    const { identities } = resultOf(world).status;
    expect(Object.keys(identities)).toEqual([KEY]);
    const recorded = { [KEY]: { externalName: identities[KEY] ?? '', mode: 'adopt' } };
    const again = start(KeyAndTopic, { identities: recorded });
    again.plane.converge();
    const key = byName(again.plane.apiServer.list())['Key/test-key'];
    expect(key?.metadata.annotations?.['crossplane.io/external-name']).toBe(identities[KEY]);
    expect(key?.spec?.['managementPolicies']).toEqual(['Observe']);
  });
});
