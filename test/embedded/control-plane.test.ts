import { describe, expect, it } from '@jest/globals';
import type { Composer } from '../../crossplane/compose/types.ts';
import { ChildComposite } from '../../crossplane/definition/child.ts';
import { EmbeddedControlPlane } from '../../crossplane/embedded/control-plane.ts';
import { keyOf } from '../../crossplane/embedded/api-server.ts';
import type { ResourceId } from '../../crossplane/reference/identity.ts';
import type { KubernetesObject } from '../../imports/base.ts';
import { Topic } from '../../imports/sns.ts';
import { Queue } from '../../imports/sqs.ts';
import { byName, compositeObject, testKind, worldOf, type World } from '../support/world.ts';

const TOPIC = 'Topic.sns.aws.m.upbound.io/test-child-topic' as ResourceId;

const Child = testKind('Child', (chart, { spec }) => {
  if (spec.values?.['topic'] !== 'no') new Topic(chart, 'topic', { why: 'For a test', name: 't', forProvider: {} });
  return {};
});
const Parent = testKind('Parent', (chart, { spec }) => {
  new ChildComposite(chart, 'child', Child, { why: 'For a test', spec });
  return {};
});

function converged(): World {
  const world = worldOf([Parent, Child]);
  world.plane.apply(compositeObject(Parent));
  expect(world.plane.converge()).toMatchObject({ ready: true, settled: true });
  return world;
}

const namesIn = ({ plane }: World): readonly string[] => Object.keys(byName(plane.apiServer.list()));
const find = ({ plane }: World, name: string) => {
  const object = byName(plane.apiServer.list())[name];
  if (object === undefined) throw new Error(`There is no ${name}.`);
  return object;
};

describe('what is composed', () => {
  it('has the direct parent as its owner, the root as its label and its key as annotation', () => {
    const world = converged();
    const [child, topic] = [find(world, 'Child/test-child'), find(world, 'Topic/test-child-topic')];
    expect(topic.metadata).toMatchObject({
      namespace: 'owlnest-test',
      labels: { 'crossplane.io/composite': 'test' },
      annotations: { 'crossplane.io/composition-resource-name': TOPIC },
      ownerReferences: [{ kind: 'Child', name: 'test-child', uid: child.metadata.uid, controller: true }],
    });
    expect(child.metadata.finalizers).toEqual(['composite.apiextensions.crossplane.io']);
  });

  it('is hidden from the function once it is dropped, even while it still exists', () => {
    const world = converged();
    world.plane.inject([{ kind: 'freeze', resource: TOPIC }]);
    world.plane.apply(compositeObject(Parent, { values: { topic: 'no' } }));
    world.plane.converge();
    expect(find(world, 'Topic/test-child-topic').metadata.deletionTimestamp).toBeDefined();
    expect(world.plane.composedBy(find(world, 'Child/test-child')).size).toBe(0);
    expect(world.plane.converge().ready).toBe(true);
    // Wanted again it is shown again, still going, and made anew when it is gone.
    const { uid } = find(world, 'Topic/test-child-topic').metadata;
    world.plane.apply(compositeObject(Parent));
    world.plane.converge();
    expect(
      world.plane.composedBy(find(world, 'Child/test-child')).get(TOPIC)?.metadata.deletionTimestamp,
    ).toBeDefined();
    world.plane.inject([]);
    expect(world.plane.converge().ready).toBe(true);
    expect(find(world, 'Topic/test-child-topic').metadata.uid).not.toBe(uid);
  });
});

describe('garbage collection', () => {
  it('in the foreground: what is owned goes first, the owner last', () => {
    const world = converged();
    world.plane.inject([{ kind: 'freeze', resource: TOPIC }]);
    world.plane.remove(keyOf(compositeObject(Parent)));
    world.plane.converge();
    // AWS has not let go of the topic, so neither of its owners may go.
    expect([...namesIn(world)].sort()).toEqual(['Child/test-child', 'Parent/test', 'Topic/test-child-topic']);
    expect(world.plane.apiServer.list().every(({ metadata }) => metadata.deletionTimestamp !== undefined)).toBe(true);
    world.plane.inject([]);
    const orders: (readonly string[])[] = [];
    for (let changed = true; changed && orders.length < 30;) {
      changed = world.plane.step();
      orders.push(namesIn(world));
    }
    // The last pass is the one that changes nothing.
    expect(orders).toEqual([['Parent/test', 'Child/test-child'], ['Parent/test'], [], []]);
    expect(world.provider.aws.size).toBe(0);
  });

  it('takes what has lost its owner', () => {
    const world = converged();
    world.plane.apiServer.remove(keyOf(find(world, 'Parent/test')));
    world.plane.converge();
    expect(namesIn(world)).toEqual([]);
  });

  it('asks the function nothing about a composite that is being deleted', () => {
    const world = worldOf([Parent, Child]);
    let calls = 0;
    const composer = {
      kinds: world.composer.kinds,
      compose: (request: Parameters<typeof world.composer.compose>[0]) => {
        calls += 1;
        return world.composer.compose(request);
      },
    };
    const plane = new EmbeddedControlPlane(composer, world.schemas, world.provider);
    plane.apply(compositeObject(Parent));
    plane.converge();
    plane.inject([{ kind: 'freeze', resource: TOPIC }]);
    plane.remove(keyOf(compositeObject(Parent)));
    plane.step();
    calls = 0;
    plane.converge();
    expect(calls).toBe(0);
  });
});

describe('a pass', () => {
  const Lone = testKind('Lone', (chart, { spec }) => {
    const forProvider = { displayName: spec.values?.['text'] ?? 'ours' };
    new Topic(chart, 'topic', { why: 'For a test', name: chart.node.id, forProvider });
    return {};
  });

  it('asks about nothing that has not changed, but about everything in the pass that comes to rest', () => {
    const { composer, schemas, provider } = worldOf([Lone]);
    let asked: string[] = [];
    const compose: typeof composer.compose = (request) => {
      asked.push(request.composite.metadata.name);
      return composer.compose(request);
    };
    const plane = new EmbeddedControlPlane({ ...composer, compose }, schemas, provider);
    for (const name of ['one', 'two']) plane.apply(compositeObject(Lone, {}, name));
    plane.converge();
    plane.apply(compositeObject(Lone, { values: { text: 'edited' } }, 'two'));
    asked = [];
    expect(plane.step()).toBe(true);
    expect(asked).toEqual(['two']);
    plane.converge();
    asked = [];
    expect(plane.step()).toBe(false);
    expect(asked).toEqual(['one', 'two']);
    plane.use({ ...composer, compose });
    plane.apply(compositeObject(Lone, {}, 'two'));
    asked = [];
    plane.step();
    expect(asked).toEqual(['one', 'two']);
  });

  it('puts right what another hand has changed, also when the function is shown what was there before', () => {
    const { composer, schemas, provider } = worldOf([Lone]);
    class Stale extends EmbeddedControlPlane {
      shown: ReadonlyMap<ResourceId, KubernetesObject> | undefined;
      override composedBy(composite: KubernetesObject): ReadonlyMap<ResourceId, KubernetesObject> {
        return this.shown ?? super.composedBy(composite);
      }
    }
    const plane = new Stale(composer, schemas, provider);
    plane.apply(compositeObject(Lone));
    plane.converge();
    const [composite, topic] = plane.apiServer.list();
    if (composite === undefined || topic === undefined) throw new Error('Something is missing.');
    plane.shown = plane.composedBy(composite);
    const { name, namespace = '' } = topic.metadata;
    const theirs = { forProvider: { displayName: 'theirs', region: 'eu-west-1' } };
    plane.apiServer.apply({ ...Topic.kind, metadata: { name, namespace }, spec: theirs }, 'somebody');
    plane.step();
    expect(plane.apiServer.get(keyOf(topic))?.spec?.['forProvider']).toMatchObject({ displayName: 'ours' });
  });
});

describe('a kind that is not activated', () => {
  const topics = 'topics.sns.aws.m.upbound.io';
  const Pair = testKind('Pair', (chart, { spec }) => {
    if (spec.values?.['queue'] !== 'no') new Queue(chart, 'queue', { why: 'For a test', forProvider: {} });
    if (spec.values?.['topic'] === 'yes') new Topic(chart, 'topic', { why: 'For a test', name: 't', forProvider: {} });
    return {};
  });

  it('ends the pass of a function that is told nothing: nothing is removed or applied until it is activated', () => {
    const world = worldOf([Pair]);
    const { composer } = world;
    // As under the Composition of an older release, which asks core for no policies.
    const older: Composer = {
      kinds: composer.kinds,
      compose: ({ composite, resources }) => composer.compose({ composite, resources }),
    };
    const plane = new EmbeddedControlPlane(older, world.schemas, world.provider);
    plane.activate(['queues.sqs.aws.m.upbound.io']);
    plane.apply(compositeObject(Pair));
    expect(plane.converge().ready).toBe(true);
    plane.apply(compositeObject(Pair, { values: { queue: 'no', topic: 'yes' } }));
    expect(plane.converge()).toMatchObject({ ready: false, settled: true });
    expect(Object.keys(byName(plane.apiServer.list()))).toEqual(['Pair/test', 'Queue/test-queue']);
    expect(byName(plane.apiServer.list())['Queue/test-queue']?.metadata.deletionTimestamp).toBeUndefined();
    const message = 'no matches for kind "Topic" in version "sns.aws.m.upbound.io/v1beta1"';
    expect(byName(plane.apiServer.list())['Pair/test']?.status?.['conditions']).toMatchObject([
      { type: 'Synced', status: 'False', message },
    ]);
    plane.activate([topics]);
    expect(plane.converge().ready).toBe(true);
    expect(Object.keys(byName(plane.apiServer.list()))).toEqual(['Pair/test', 'Topic/test-topic']);
  });

  it('stays there once it was there, listed or not', () => {
    const world = worldOf([Pair]);
    world.plane.apply(compositeObject(Pair));
    expect(world.plane.converge().ready).toBe(true);
    world.plane.activate([topics]);
    world.plane.apply(compositeObject(Pair, { values: { topic: 'yes' } }));
    expect(world.plane.converge().ready).toBe(true);
  });
});

describe('converge', () => {
  it('says that it has not settled when the passes run out', () => {
    const world = worldOf([Parent, Child]);
    world.plane.apply(compositeObject(Parent));
    expect(world.plane.converge({ passes: 1 })).toMatchObject({ settled: false, passes: 1, ready: false });
  });

  it('refuses a broken composite without keeping it', () => {
    const world = worldOf([Parent, Child]);
    expect(world.plane.apply(compositeObject(Parent, { values: { a: 5 } }))).toMatchObject([{ path: 'spec.values.a' }]);
    expect(world.plane.apiServer.list()).toEqual([]);
  });
});
