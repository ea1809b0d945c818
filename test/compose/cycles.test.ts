/** Which of the resources that are declared no longer may go first: those that nobody names (law 3). */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mentionsIn } from '../../crossplane/compose/mentions.ts';
import { inOrder, stronglyConnected } from '../../crossplane/compose/order.ts';
import type { ResourceId } from '../../crossplane/reference/identity.ts';
import { observed } from '../../crossplane/reference/observed.ts';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { Topic } from '../../imports/sns.ts';
import { byName, compositeObject, testKind, worldOf, type World } from '../support/world.ts';

const named = (name: string) => ({ annotations: { 'crossplane.io/external-name': name } });
const idOf = (name: string) => `Topic.sns.aws.m.upbound.io/test-${name}` as ResourceId;

/** Topics as `name>text that it says`, by words of the composite's `topics`. */
const Topics = testKind('Topics', (chart, { spec }) => {
  for (const word of (spec.values?.['topics'] ?? '').split(' ').filter(Boolean)) {
    const [name = '', says = ''] = word.split('>');
    new Topic(chart, name, { why: 'For a test', name, forProvider: { displayName: `see ${says}` } });
  }
  return {};
});

function start(topics: string): World {
  const world = worldOf([Topics]);
  declare(world, topics);
  expect(world.plane.converge().ready).toBe(true);
  return world;
}

function declare({ plane }: World, topics: string): void {
  expect(plane.apply(compositeObject(Topics, { values: { topics } }))).toEqual([]);
}

function heldAfterOnePass({ plane }: World) {
  const result = plane.converge({ passes: 1 }).composites.get('Topics.owlnest.io/test' as ResourceId);
  if (result?.outcome !== 'composed') throw new Error(JSON.stringify(result));
  return result.status.held;
}

const topicsIn = ({ plane }: World): readonly string[] =>
  plane.apiServer
    .list()
    .flatMap(({ kind, metadata }) => (kind === 'Topic' ? [metadata.name.slice('test-'.length)] : []));

describe('resources that name each other', () => {
  it('and nobody else names go together, in one pass', () => {
    const world = start('alpha>beta beta>gamma gamma>alpha');
    declare(world, '');
    expect(heldAfterOnePass(world)).toEqual([]);
    expect(world.plane.converge().ready).toBe(true);
    expect(topicsIn(world)).toEqual([]);
  });

  it('stay all together while one that stays names one of them', () => {
    const world = start('alpha>beta beta>alpha watcher>beta');
    declare(world, 'watcher>beta');
    const held = heldAfterOnePass(world);
    expect(held.map(({ resource, reason }) => [resource, reason]).sort()).toEqual([
      [idOf('alpha'), 'still-named'],
      [idOf('beta'), 'still-named'],
    ]);
    expect(held.find(({ resource }) => resource === idOf('alpha'))?.message).toBe(
      `${idOf('alpha')} is no longer declared, but spec.forProvider.displayName of ${idOf('watcher')} still names ${idOf('beta')}.`,
    );
    world.plane.converge();
    expect([...topicsIn(world)].sort()).toEqual(['alpha', 'beta', 'watcher']);
    declare(world, 'watcher>nobody');
    expect(world.plane.converge().ready).toBe(true);
    expect(topicsIn(world)).toEqual(['watcher']);
  });

  it('go after a cycle that names them', () => {
    const world = start('alpha>beta beta>alpha,last last>nobody');
    declare(world, '');
    expect(heldAfterOnePass(world).map(({ resource }) => resource)).toEqual([idOf('last')]);
    expect(world.plane.converge().ready).toBe(true);
    expect(topicsIn(world)).toEqual([]);
  });

  it('one that names itself goes at once', () => {
    const world = start('alpha>alpha');
    declare(world, '');
    expect(heldAfterOnePass(world)).toEqual([]);
  });
});

describe('a chain', () => {
  it('leaves from the end that nobody names, one link after the other', () => {
    const length = 12;
    const Chain = testKind('Chain', (chart, { spec }) => {
      let before: Topic | undefined;
      for (let link = 0; link < length && spec.values?.['gone'] !== 'yes'; link += 1) {
        const forProvider =
          before === undefined ? {} : { displayName: observed(before, (status) => status.atProvider.arn) };
        before = new Topic(chart, `link-${link}`, { why: 'For a test', name: `link-${link}`, forProvider });
      }
      return {};
    });
    const world = worldOf([Chain]);
    world.plane.apply(compositeObject(Chain));
    expect(world.plane.converge().ready).toBe(true);
    expect(topicsIn(world)).toHaveLength(length);
    world.plane.apply(compositeObject(Chain, { values: { gone: 'yes' } }));
    for (let changed = true, passes = 0; changed; passes += 1) {
      expect(passes).toBeLessThan(60);
      const before = topicsIn(world).length;
      changed = world.plane.step();
      expect(topicsIn(world).length).toBeGreaterThanOrEqual(before - 1);
      // What is left is always the beginning of the chain.
      expect([...topicsIn(world)].sort()).toEqual(
        Array.from({ length: topicsIn(world).length }, (_, link) => `link-${link}`).sort(),
      );
    }
    expect(world.plane.converge().ready).toBe(true);
    expect(Object.keys(byName(world.plane.apiServer.list()))).toEqual(['Chain/test']);
  });
});

describe('a name', () => {
  const target = (atProvider: JsonObject, externalName?: string): KubernetesObject => ({
    apiVersion: 'kms.aws.m.upbound.io/v1beta1',
    kind: 'Key',
    metadata: { name: 'test-key', ...(externalName === undefined ? {} : named(externalName)) },
    status: { atProvider },
  });
  const other = (forProvider: JsonObject, atProvider: JsonObject = {}): KubernetesObject => ({
    ...target(atProvider),
    spec: { forProvider },
  });
  const naming = (forProvider: JsonObject, to: KubernetesObject, atProvider: JsonObject = {}) =>
    mentionsIn(new Map([['from' as ResourceId, other(forProvider, atProvider)]])).mentionsOf(to)[0]?.field;

  it.each([
    ['arn:aws:kms:eu-west-1:1:key/abc', true],
    ['abc', true],
    ['key/abcd', false],
    ['key/xabc', false],
    ['key/abc-d', false],
    ['key/a_abc', false],
    ['abcd abc', true],
    ['{"Resource":"abc"}', true],
    ['abc/*', true],
    ['abc.s3.amazonaws.com', true],
    ['', false],
  ])('stands in %j as a word: %j', (text, expected) => {
    expect(naming({ policy: text }, target({ id: 'abc' }))).toBe(expected ? 'spec.forProvider.policy' : undefined);
  });

  it('is the ARN, the id or the external name, in any text of the spec', () => {
    const to = target({ id: 'the-id', arn: 'arn:the:arn' }, 'the-name');
    expect(naming({ list: ['x', { deep: 'arn:the:arn' }] }, to)).toBe('spec.forProvider.list[1].deep');
    expect(naming({ a: 'the-id' }, to)).toBe('spec.forProvider.a');
    expect(naming({ a: 'the-name' }, to)).toBe('spec.forProvider.a');
    expect(naming({ a: 'the-other', b: 5, c: true, d: null }, to)).toBeUndefined();
  });

  it('is not the ARN of the same key in another region', () => {
    const to = target({ id: 'mrk-1', arn: 'arn:aws:kms:eu-west-3:1:key/mrk-1' });
    expect(naming({ a: 'arn:aws:kms:eu-west-1:1:key/mrk-1' }, to)).toBeUndefined();
    expect(naming({ a: '{"Resource":["arn:aws:kms:eu-west-1:1:key/mrk-1"]}' }, to)).toBeUndefined();
    expect(naming({ a: 'arn:aws:kms:eu-west-1:1:key/mrk-1 arn:aws:kms:eu-west-3:1:key/mrk-1' }, to)).toBeDefined();
    expect(naming({ a: 'arn:aws:kms:eu-west-3:1:key/mrk-1' }, to)).toBeDefined();
    expect(naming({ a: 'arn:aws:kms:eu-west-1:2:key/mrk-1' }, to)).toBeDefined();
    expect(naming({ a: 'mrk-1' }, to)).toBeDefined();
  });

  it('counts in what AWS has as well: a spec that has let go reaches AWS later', () => {
    const to = target({ id: 'abc', arn: 'arn:the:arn' });
    expect(naming({}, to, { replica: [{ kmsKeyArn: 'arn:the:arn' }] })).toBe('status.atProvider.replica[0].kmsKeyArn');
    expect(naming({}, to, { tagsAll: { key: 'abc' }, tags: { key: 'abc' } })).toBeUndefined();
  });

  it("is not another's own id, which may be the same: that of a replica's primary key", () => {
    const to = target({ id: 'mrk-1', arn: 'arn:aws:kms:eu-west-3:1:key/mrk-1' });
    const primary = { id: 'mrk-1', keyId: 'mrk-1', arn: 'arn:aws:kms:eu-west-1:1:key/mrk-1' };
    expect(naming({}, to, primary)).toBeUndefined();
  });

  it('of the object counts in a reference only', () => {
    const to = target({});
    expect(naming({ kmsKeyArnRef: { name: 'test-key' } }, to)).toBe('spec.forProvider.kmsKeyArnRef.name');
    expect(naming({ kmsKeyArnRef: { name: 'test-key-2' } }, to)).toBeUndefined();
    expect(naming({ name: 'test-key' }, to)).toBeUndefined();
  });

  it('in a list of references counts as well', () => {
    expect(naming({ kmsKeyArnRefs: [{ name: 'test-key' }] }, target({}))).toBe(
      'spec.forProvider.kmsKeyArnRefs[0].name',
    );
  });

  it('that is not known, empty or no text names nobody', () => {
    for (const atProvider of [{}, { id: '' }, { arn: 5 }, { id: null }]) {
      expect(naming({ a: '', b: 'text', c: '5' }, target(atProvider as JsonObject))).toBeUndefined();
    }
    const { status: _, ...bare } = target({});
    expect(naming({ a: 'undefined', b: 'null' }, bare)).toBeUndefined();
  });

  it('is found in every text where it stands by itself, and in no other', () => {
    // Few letters, so that names are parts of texts and of each other.
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '-', '_', ':', '/', '*', ' '), maxLength: 12 });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), text.filter(Boolean), (texts, name) => {
        const objects = texts.map(
          (a, index) => [`From.x/${index}` as ResourceId, { ...bareKey, spec: { a } }] as const,
        );
        const found = mentionsIn(new Map(objects)).mentionsOf(target({ id: name }));
        const byItself = new RegExp(`(?<![\\w-])${name.replaceAll('*', '\\*')}(?![\\w-])`);
        expect(found.map(({ from }) => from)).toEqual(
          texts.flatMap((a, index) => (byItself.test(a) ? [`From.x/${index}`] : [])),
        );
      }),
      { numRuns: 500 },
    );
  });
  const { status: _, ...bareKey } = target({});
});

describe('a name that belongs to another', () => {
  const aspect = (kind: string, bucket: string): KubernetesObject => ({
    apiVersion: 's3.aws.m.upbound.io/v1beta1',
    kind,
    metadata: { name: kind.toLowerCase(), ...named(bucket) },
    spec: { forProvider: { bucket } },
    status: { atProvider: { id: bucket } },
  });
  const { spec: _, ...bucket } = aspect('Bucket', 'files');
  const [versioning, replication] = [
    aspect('BucketVersioning', 'files'),
    aspect('BucketReplicationConfiguration', 'files'),
  ];
  const mentionsOf = (to: KubernetesObject, ...others: readonly KubernetesObject[]) =>
    mentionsIn(new Map(others.map((object) => [object.kind as ResourceId, object])))
      .mentionsOf(to)
      .map(({ from }) => from);

  it('is no use of what only shares it: aspects of a bucket name the bucket, not each other', () => {
    expect(mentionsOf(replication, bucket, versioning, replication)).toEqual([]);
    expect(mentionsOf(bucket, bucket, versioning, replication)).toEqual([
      'BucketVersioning',
      'BucketReplicationConfiguration',
    ]);
  });

  it('counts as long as nobody is there whose name it is', () => {
    expect(mentionsOf(replication, versioning)).toEqual(['BucketVersioning']);
  });
});

describe('many resources that are declared no longer', () => {
  /** The value, with every look at an object or list in it counted. */
  function watched<Value>(value: Value, look: () => void): Value {
    if (typeof value !== 'object' || value === null) return value;
    return new Proxy(value, {
      get: (target, key) => {
        look();
        return watched(Reflect.get(target, key) as unknown, look);
      },
      ownKeys: (target) => {
        look();
        return Reflect.ownKeys(target);
      },
    });
  }

  /** How often compose looks at what it observes, when so many topics, each naming the one before, are left over. */
  function looks(count: number): number {
    const { composer } = worldOf([Topics]);
    let number = 0;
    const resources = Array.from({ length: count }, (_, index) => {
      const object: KubernetesObject = {
        apiVersion: 'sns.aws.m.upbound.io/v1beta1',
        kind: 'Topic',
        metadata: { name: `test-topic-${index}`, ...named(`topic-${index}`) },
        spec: { forProvider: { displayName: `see topic-${index - 1}` } },
      };
      return [idOf(`topic-${index}`), watched(object, () => (number += 1))] as const;
    });
    const result = composer.compose({ composite: compositeObject(Topics), resources: new Map(resources) });
    expect(result).toMatchObject({ status: { held: { length: count - 1 } } });
    return number;
  }

  it('cost as much each as few do', () => {
    expect(looks(400) / 400).toBeLessThan(1.1 * (looks(40) / 40));
  });
});

describe('order', () => {
  it('is the same whatever the order of nodes, and puts what is needed first', () => {
    const edges = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
    ];
    expect(inOrder(['a', 'b', 'c', 'd'], edges)).toEqual(inOrder(['d', 'c', 'b', 'a'], edges.toReversed()));
    const order = inOrder(['a', 'b', 'c'], edges);
    expect('sorted' in order && order.sorted).toEqual(['c', 'b', 'a']);
  });

  it('ignores edges to and from what is not among the nodes', () => {
    const edges = [
      { from: 'a', to: 'outsider' },
      { from: 'outsider', to: 'b' },
    ];
    expect(inOrder(['a', 'b'], edges)).toEqual({ sorted: ['a', 'b'] });
    expect(stronglyConnected(['a', 'b'], edges).map((cycle) => [...cycle])).toEqual(
      expect.arrayContaining([['a'], ['b']]),
    );
    expect(stronglyConnected(['a', 'b'], edges)).toHaveLength(2);
  });

  it('names all members of a cycle, sorted', () => {
    const edges = [
      { from: 'b', to: 'a' },
      { from: 'a', to: 'c' },
      { from: 'c', to: 'b' },
    ];
    expect(inOrder(['c', 'b', 'a', 'd'], edges)).toEqual({ cycle: ['a', 'b', 'c'] });
    const turned = edges.map(({ from, to }) => ({ from: to, to: from }));
    expect(inOrder(['c', 'b', 'a', 'd'], turned)).toEqual({ cycle: ['a', 'b', 'c'] });
  });
});
