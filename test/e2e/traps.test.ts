/**
 * The traps of core v2.4.0, each in two halves: what core does with a function that does not know of it, so that the
 * trap is seen and not believed; and that a chart under our compose does not fall into it.
 */
import { isDeepStrictEqual } from 'node:util';
import { JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { describe, expect } from '@jest/globals';
import { ChildComposite } from '../../crossplane/definition/child.ts';
import { xrdOf } from '../../crossplane/definition/xrd.ts';
import { handOver, holdsData, moved } from '../../crossplane/reference/marks.ts';
import { observed } from '../../crossplane/reference/observed.ts';
import { asObject } from '../../crossplane/schema/json.ts';
import type { KubernetesObject } from '../../imports/base.ts';
import { Grant, Key } from '../../imports/kms.ts';
import { Topic } from '../../imports/sns.ts';
import { Queue } from '../../imports/sqs.ts';
import { condition, isTrue } from './harness/client.ts';
import { isReady } from './harness/conditions.ts';
import { composeRole } from './harness/access.ts';
import { StandInProvider } from './harness/provider.ts';
import { endToEndAlone } from './harness/suite.ts';
import { naive, naiveComposer, naiveDefinitions, naiveFunction } from './naive.ts';
import { accountsOf } from './spine-world.ts';
import {
  activate,
  asked,
  at,
  bring,
  composite,
  deleted,
  done,
  forProvider,
  isNotSynced,
  Layer,
  managed,
  nothing,
  notSynced,
  open,
  ourDefinitions,
  ours,
  oursComposer,
  queue,
  quiet,
  ready,
  said,
  statesOf,
  topic,
  topicIn,
  useCharts,
  useNewerCharts,
  type LayerChart,
  type UpperChart,
} from './traps-world.ts';

const aws = accountsOf();
// Not the CRD of grants: that kind is not activated.
const crds = ['topics.sns.aws.m.upbound.io', 'queues.sqs.aws.m.upbound.io', 'keys.kms.aws.m.upbound.io'];
/** On a control plane of its own: an activation policy speaks of the whole cluster. */
const suite = endToEndAlone({
  crds,
  functions: { [naiveFunction]: naiveComposer, [ours]: oursComposer },
  objects: [...naiveDefinitions(), ...ourDefinitions],
  aws,
  delay: 50,
});

const hasReady = (object: KubernetesObject): boolean => isTrue(object, 'Ready');
/** What a composite says that core could not change any more. */
const leftTrue = { synced: 'True, of an older generation', ready: 'True, of an older generation' };

describe('renamed key', () => {
  suite.test('core deletes the object and makes it again', async (stage) => {
    const { plane, namespace } = stage;
    await ready(stage, naive(namespace, 'renamed', { resources: { 'old/key': topic('renamed') } }));
    const before = await plane.client.get(at(stage, Topic.kind, 'renamed'));
    await plane.client.apply(naive(namespace, 'renamed', { resources: { 'new/key': topic('renamed') } }));
    await plane.client.waitFor(
      at(stage, Topic.kind, 'renamed'),
      'is another one',
      (object) => object.metadata.uid !== before?.metadata.uid && isTrue(object, 'Ready'),
    );
    expect(done(stage)).toEqual(['created Topic renamed', 'deleted Topic renamed', 'created Topic renamed']);
  });

  suite.test('our key is the name of the object, whatever the construct is called', async (stage) => {
    const { plane } = stage;
    useCharts(plane, (chart) => (topicIn(chart, 'the-topic'), nothing));
    await ready(stage, composite('Layer', stage, 'path'));
    const before = await plane.client.get(at(stage, Topic.kind, 'path-the-topic'));
    useCharts(plane, (chart) => (topicIn(new Construct(chart, 'the'), 'topic', 'second'), nothing));
    await plane.client.apply(composite('Layer', stage, 'path', { turn: '2' }));
    const after = await plane.client.waitFor(at(stage, Topic.kind, 'path-the-topic'), 'is changed', ({ spec }) =>
      JSON.stringify(spec).includes('second'),
    );
    expect(after.metadata.uid).toBe(before?.metadata.uid);
    expect(done(stage)).toEqual(['created Topic path-the-topic']);
  });
});

describe('other kind', () => {
  suite.test('core forgets the old object under the same key: it is never collected', async (stage) => {
    const { plane, namespace } = stage;
    await ready(stage, naive(namespace, 'kind', { resources: { 'the/key': topic('thing') } }));
    await quiet(stage, naiveFunction);
    const settled = await ready(stage, naive(namespace, 'kind', { resources: { 'the/key': queue('thing') } }));
    expect(JSON.stringify(settled.spec?.['crossplane'])).not.toContain('Topic');
    const left = await plane.client.get(at(stage, Topic.kind, 'thing'));
    expect(left?.metadata.deletionTimestamp).toBeUndefined();
    expect(done(stage)).toEqual(['created Topic thing', 'created Queue thing']);
  });

  suite.test('our key has the kind in it: the old object goes, and stays if it holds data', async (stage) => {
    const { plane } = stage;
    useCharts(plane, (chart) => {
      topicIn(chart, 'thing');
      holdsData(
        new Key(chart, 'data', {
          why: 'For a test',
          forProvider: {},
        }),
      );
      return nothing;
    });
    await ready(stage, composite('Layer', stage, 'kind'));
    useCharts(plane, (chart) => {
      new Queue(chart, 'thing', { why: 'For a test', forProvider: { delaySeconds: 1 } });
      new Queue(chart, 'data', { why: 'For a test', forProvider: { delaySeconds: 1 } });
      return nothing;
    });
    const settled = await open(stage, composite('Layer', stage, 'kind', { turn: '2' }));
    await plane.client.waitGone(at(stage, Topic.kind, 'kind-thing'));
    expect(said(settled, 'held')).toEqual([['Key.kms.aws.m.upbound.io/kind-data', 'not-declared']]);
    await plane.client.waitFor(at(stage, Queue.kind, 'kind-data'), 'is Ready', hasReady);
    await plane.client.waitFor(at(stage, Queue.kind, 'kind-thing'), 'is Ready', hasReady);
    expect(deleted(stage)).toEqual(['deleted Topic kind-thing']);
  });
});

describe('two keys', () => {
  suite.test('core rewrites the one object without end', async (stage) => {
    const { plane, namespace } = stage;
    const resources = { 'one/key': topic('fought', 'first'), 'two/key': topic('fought', 'second') };
    await plane.client.apply(naive(namespace, 'fight', { resources }));
    await plane.client.waitFor(
      at(stage, Topic.kind, 'fought'),
      'is written for the thirtieth time',
      ({ metadata }) => (metadata.generation ?? 0) > 30,
    );
    await plane.client.apply(naive(namespace, 'fight', { resources: {} }));
  });

  suite.test('we refuse the chart and name the object; nothing is touched', async (stage) => {
    const { plane } = stage;
    useCharts(plane, (chart) => (topicIn(chart, 'the-topic'), nothing));
    await ready(stage, composite('Layer', stage, 'twice'));
    const before = await plane.client.get(at(stage, Topic.kind, 'twice-the-topic'));
    useCharts(plane, (chart) => {
      topicIn(chart, 'the-topic', 'second');
      topicIn(new Construct(chart, 'the'), 'topic', 'third');
      return nothing;
    });
    const again = composite('Layer', stage, 'twice', { turn: '2' });
    await plane.client.apply(again);
    const refused = await plane.client.waitFor(again, 'is refused', isNotSynced);
    expect(condition(refused, 'Synced')?.message).toContain('Topic.sns.aws.m.upbound.io/twice-the-topic');
    expect(condition(refused, 'Converged')?.status).toBe('False');
    const after = await plane.client.get(at(stage, Topic.kind, 'twice-the-topic'));
    expect(after?.metadata.generation).toBe(before?.metadata.generation);
    expect(after?.spec?.['forProvider']).toMatchObject({ displayName: 'first' });
  });
});

describe('moved resource', () => {
  suite.test('core refuses it to the second composite, and then deletes it for the first', async (stage) => {
    const { plane, namespace } = stage;
    await ready(stage, naive(namespace, 'from', { resources: { 'the/key': topic('moved') } }));
    const to = naive(namespace, 'to', { resources: { 'the/key': topic('moved') } });
    await plane.client.apply(to);
    const refused = await plane.client.waitFor(to, 'is not Synced', isNotSynced);
    expect(condition(refused, 'Synced')?.message).toContain('the/key');
    expect(done(stage)).toEqual(['created Topic moved']);
    await plane.client.apply(naive(namespace, 'from', { resources: {} }));
    await plane.client.waitFor(to, 'is Ready', isReady);
    expect(done(stage)).toEqual(['created Topic moved', 'deleted Topic moved', 'created Topic moved']);
  });

  suite.test('a declared move hands it over, and AWS never loses it', async (stage) => {
    const { plane } = stage;
    const layer: LayerChart = (chart, { spec }) => {
      const object = { why: 'For a test', name: 'moved-topic', forProvider: {} };
      if (spec.values?.['topic'] === 'plain') new Topic(chart, 'topic', object);
      if (spec.values?.['topic'] === 'given') handOver(chart, Topic.kind, 'move-left-topic');
      if (spec.values?.['topic'] === 'taken')
        moved(new Topic(chart, 'topic', object), { name: 'move-left-topic', composite: 'Layer/move-left' });
      return nothing;
    };
    const sides = (left: string, right: string): UpperChart => {
      return (chart) => {
        for (const [id, state] of Object.entries({ left, right }))
          new ChildComposite(chart, id, Layer, { why: 'For a test', spec: { values: { topic: state } } });
        return {};
      };
    };
    useCharts(plane, layer, sides('plain', 'none'));
    await ready(stage, composite('Upper', stage, 'move'));
    useCharts(plane, layer, sides('given', 'taken'));
    await plane.client.apply(composite('Upper', stage, 'move', { turn: '2' }));
    await plane.client.waitFor(at(stage, Topic.kind, 'move-right-topic'), 'is Ready', hasReady);
    await plane.client.waitGone(at(stage, Topic.kind, 'move-left-topic'));
    const topics = await plane.client.list(Topic.kind, stage);
    expect(topics.map(({ metadata }) => metadata.name)).toEqual(['move-right-topic']);
    expect(deleted(stage)).toEqual([]);
  });
});

describe('dropped child composite', () => {
  suite.test('core deletes what is below it', async (stage) => {
    const { plane, namespace } = stage;
    const { namespace: _, ...metadata } = naive('', 'child', { resources: {} }).metadata;
    const child = { ...naive('', 'child', { resources: { 'the/key': topic('grandchild') } }), metadata };
    await ready(stage, naive(namespace, 'parent', { resources: { 'the/child': child } }));
    const parent = naive(namespace, 'parent', { resources: {} });
    await plane.client.apply(parent);
    await plane.client.waitGone({ ...child, metadata: { ...metadata, namespace } });
    await plane.client.waitGone(at(stage, Topic.kind, 'grandchild'));
    await plane.client.waitFor(parent, 'is Ready', isReady);
    // A pass of the child that was under way can make it once more; that one goes as well.
    const made = done(stage).filter((line) => line === 'created Topic grandchild');
    expect(deleted(stage)).toEqual(made.map(() => 'deleted Topic grandchild'));
  });

  suite.test('one that can hold data stays, with all that is below it', async (stage) => {
    const { plane } = stage;
    const layer: LayerChart = (chart) => (topicIn(chart, 'topic'), nothing);
    const upper: UpperChart = (chart) => {
      new ChildComposite(chart, 'child', { ...Layer, stateful: true }, { why: 'For a test', spec: {} });
      return {};
    };
    useCharts(plane, layer, upper, { stateful: true });
    await ready(stage, composite('Upper', stage, 'above'));
    useCharts(plane, layer, () => ({}), { stateful: true });
    const settled = await open(stage, composite('Upper', stage, 'above', { turn: '2' }));
    expect(said(settled, 'held')).toEqual([['Layer.owlnest.io/above-child', 'not-declared']]);
    await plane.client.waitFor(composite('Layer', stage, 'above-child'), 'is Ready', isReady);
    expect(done(stage)).toEqual(['created Topic above-child-topic']);
  });
});

describe('Usage kept too long', () => {
  const usageOf = (name: string): KubernetesObject => ({
    apiVersion: 'protection.crossplane.io/v1beta1',
    kind: 'Usage',
    metadata: { name: `${name}-usage` },
    spec: { of: { apiVersion: Topic.kind.apiVersion, kind: 'Topic', resourceRef: { name } }, reason: 'It is needed.' },
  });
  const inUse = ({ metadata }: KubernetesObject) => metadata.labels?.['crossplane.io/in-use'] === 'true';

  suite.test('core applies nothing any more, and leaves Synced and Ready True', async (stage) => {
    const { plane, namespace } = stage;
    const usage = usageOf('used');
    const before = { 'the/topic': topic('used'), 'the/usage': usage, 'the/queue': queue('beside', 1) };
    await ready(stage, naive(namespace, 'user', { resources: before }));
    await plane.client.waitFor(at(stage, Topic.kind, 'used'), 'is in use', inUse);
    await quiet(stage, naiveFunction);
    const after = { 'the/usage': usage, 'the/queue': queue('beside', 2) };
    const later = await plane.client.apply(naive(namespace, 'user', { resources: after }));
    await asked(stage, naiveFunction, 2);
    expect(await forProvider(stage, at(stage, Queue.kind, 'beside'))).toMatchObject({ delaySeconds: 1 });
    expect(statesOf((await plane.client.get(later)) ?? later)).toEqual(leftTrue);
    await plane.client.apply(naive(namespace, 'user', { resources: {} }));
  });

  suite.test('we hold what is in use; everything else goes on', async (stage) => {
    const { plane, namespace } = stage;
    useCharts(plane, (chart) => (topicIn(chart, 'used'), topicIn(chart, 'beside'), nothing));
    await ready(stage, composite('Layer', stage, 'usage'));
    const usage = { ...usageOf('usage-used'), metadata: { name: 'usage', namespace } };
    await plane.client.apply(usage);
    await plane.client.waitFor(at(stage, Topic.kind, 'usage-used'), 'is in use', inUse);
    useCharts(plane, (chart) => (topicIn(chart, 'beside', 'second'), topicIn(chart, 'new'), nothing));
    const settled = await open(stage, composite('Layer', stage, 'usage', { turn: '2' }));
    expect(said(settled, 'held')).toEqual([['Topic.sns.aws.m.upbound.io/usage-used', 'in-use']]);
    expect(await forProvider(stage, at(stage, Topic.kind, 'usage-beside'))).toMatchObject({ displayName: 'second' });
    expect(await plane.client.get(at(stage, Topic.kind, 'usage-new'))).toBeDefined();
    await plane.client.delete(usage);
    await plane.client.waitGone(at(stage, Topic.kind, 'usage-used'));
    await plane.client.waitFor(settled, 'is Ready', isReady);
  });
});

describe('unknown status field', () => {
  suite.test('core applies everything, and keeps the whole old status', async (stage) => {
    const { plane, namespace } = stage;
    await ready(stage, naive(namespace, 'status', { resources: { 'the/topic': topic('status') } }));
    await quiet(stage, naiveFunction);
    const resources = { 'the/topic': topic('status', 'second') };
    const later = await plane.client.apply(naive(namespace, 'status', { resources, outputs: { a: 'b' } }));
    await asked(stage, naiveFunction, 2);
    expect(await forProvider(stage, at(stage, Topic.kind, 'status'))).toMatchObject({ displayName: 'second' });
    expect(statesOf((await plane.client.get(later)) ?? later)).toEqual(leftTrue);
  });

  suite.test('our XRD has every field that we write: each of them filled arrives', async (stage) => {
    const { plane } = stage;
    const [version] = Object.values(asObject(xrdOf(Layer).spec)['versions'] ?? []);
    const path = ['schema', 'openAPIV3Schema', 'properties', 'status', 'properties'];
    const declared = Object.keys(path.reduce((inner, key) => asObject(inner[key]), asObject(version)));
    expect(declared.length).toBeGreaterThan(5);
    useCharts(plane, (chart) => {
      const key = new Key(chart, 'key', { why: 'For a test', forProvider: {} });
      topicIn(chart, 'foreign');
      holdsData(topicIn(chart, 'kept'));
      return { arn: observed(key, (status) => status.atProvider.arn) };
    });
    await ready(stage, composite('Layer', stage, 'full'));
    await plane.client.patch(at(stage, Topic.kind, 'full-foreign'), { spec: { forProvider: { fifoTopic: false } } });
    useCharts(plane, (chart) => {
      const key = new Key(chart, 'key', { why: 'For a test', forProvider: {} });
      topicIn(chart, 'foreign');
      topicIn(
        chart,
        'waiting',
        observed(key, (status) => status.atProvider.tagsAll.key('never')),
      );
      topicIn(chart, 'invalid').addJsonPatch(JsonPatch.add('/spec/forProvider/displayNam', 'x'));
      return { arn: observed(key, (status) => status.atProvider.arn) };
    });
    const settled = await open(stage, composite('Layer', stage, 'full', { turn: '2' }));
    const empty = new Set(['""', '[]', '{}']);
    const filled = Object.entries(settled.status ?? {}).filter(([, value]) => !empty.has(JSON.stringify(value)));
    expect(filled.map(([field]) => field).sort()).toEqual([...declared, 'conditions'].sort());
  });

  suite.test(
    'a function of ours that came before its XRD falls into it, and what stands above it is not Ready',
    async (stage) => {
      const { plane } = stage;
      const layer: LayerChart = (chart, { spec }) => (topicIn(chart, 'topic', spec.values?.['turn']), nothing);
      const upper: UpperChart = (chart, { spec }) => {
        new ChildComposite(chart, 'child', Layer, { why: 'For a test', spec: { values: spec.values ?? {} } });
        return {};
      };
      useCharts(plane, layer, upper);
      await ready(stage, composite('Upper', stage, 'newer'));
      await quiet(stage, ours);
      useNewerCharts(plane, layer, upper);
      const parent = await open(stage, composite('Upper', stage, 'newer', { turn: 'second' }));
      await plane.client.waitFor(at(stage, Topic.kind, 'newer-child-topic'), 'is changed', ({ spec }) =>
        JSON.stringify(spec).includes('second'),
      );
      await asked(stage, ours, 2);
      const child = composite('Layer', stage, 'newer-child');
      expect(statesOf((await plane.client.get(child)) ?? child)).toEqual(leftTrue);
      const above = (await plane.client.get(parent)) ?? parent;
      expect(statesOf(above).ready).toBe('False, of the newest generation');
      expect(condition(above, 'Converged')?.message).toContain('Synced speaks of an older generation');
    },
  );
});

describe('unknown field', () => {
  suite.test('core ends the pass there and patches no status; Ready stays True', async (stage) => {
    const { namespace } = stage;
    await ready(stage, naive(namespace, 'field', { resources: { 'the/queue': queue('field') } }));
    await quiet(stage, naiveFunction);
    const resources = { 'the/queue': managed(Queue.kind, 'field', { delaySecond: 2 }) };
    const ended = await notSynced(stage, naive(namespace, 'field', { resources }));
    expect(condition(ended, 'Synced')?.message).toContain(
      '.spec.forProvider.delaySecond: field not declared in schema',
    );
    expect(statesOf(ended).ready).toBe('True, of an older generation');
    expect(condition(ended, 'Converged')?.status).toBe('Unknown');
  });

  suite.test('we withhold or hold that one object; all others are applied', async (stage) => {
    const { plane } = stage;
    useCharts(plane, (chart) => (topicIn(chart, 'old'), topicIn(chart, 'beside'), nothing));
    await ready(stage, composite('Layer', stage, 'field'));
    useCharts(plane, (chart) => {
      for (const id of ['old', 'new'])
        topicIn(chart, id, 'second').addJsonPatch(JsonPatch.add('/spec/forProvider/displayNam', 'x'));
      topicIn(chart, 'beside', 'second');
      return nothing;
    });
    const settled = await open(stage, composite('Layer', stage, 'field', { turn: '2' }));
    expect(said(settled, 'invalid')).toEqual([
      ['Topic.sns.aws.m.upbound.io/field-new', 'unknown-field'],
      ['Topic.sns.aws.m.upbound.io/field-old', 'unknown-field'],
    ]);
    expect(said(settled, 'held')).toEqual([['Topic.sns.aws.m.upbound.io/field-old', 'invalid']]);
    expect(await forProvider(stage, at(stage, Topic.kind, 'field-old'))).toMatchObject({ displayName: 'first' });
    expect(await forProvider(stage, at(stage, Topic.kind, 'field-beside'))).toMatchObject({ displayName: 'second' });
    expect(await plane.client.get(at(stage, Topic.kind, 'field-new'))).toBeUndefined();
  });
});

describe('unactivated kind', () => {
  const idle = ['grants.kms.aws.m.upbound.io'];
  suite.test('core applies and removes nothing at all; Ready stays True', async (stage) => {
    const { namespace } = stage;
    const before = { 'the/queue': queue('idle', 1), 'the/topic': topic('dropped') };
    await ready(stage, naive(namespace, 'idle', { resources: before }));
    await quiet(stage, naiveFunction);
    const after = { 'the/queue': queue('idle', 2), 'the/grant': managed(Grant.kind, 'grant') };
    const ended = await notSynced(stage, naive(namespace, 'idle', { resources: after }));
    expect(condition(ended, 'Synced')?.message).toContain('no matches for kind "Grant"');
    expect(statesOf(ended).ready).toBe('True, of an older generation');
    expect(await forProvider(stage, at(stage, Queue.kind, 'idle'))).toMatchObject({ delaySeconds: 1 });
    expect(deleted(stage)).toEqual([]);
  });

  const before: LayerChart = (chart) => (topicIn(chart, 'beside'), topicIn(chart, 'dropped'), nothing);
  const after: LayerChart = (chart) => {
    topicIn(chart, 'beside', 'second');
    const granted = { operations: ['Encrypt'], granteePrincipal: 'arn:aws:iam::123456789012:role/a', keyId: 'a' };
    new Grant(chart, 'grant', { why: 'For a test', forProvider: granted });
    return nothing;
  };

  suite.test('ours does no harm where no policy says what is there: the way back is open', async (stage) => {
    const { plane } = stage;
    useCharts(plane, before);
    await ready(stage, composite('Layer', stage, 'idle'));
    await quiet(stage, ours);
    useCharts(plane, after);
    const stuck = await notSynced(stage, composite('Layer', stage, 'idle', { turn: '2' }));
    expect(condition(stuck, 'Synced')?.message).toContain('no matches for kind "Grant"');
    expect(statesOf(stuck).ready).toBe('True, of an older generation');
    expect(await forProvider(stage, at(stage, Topic.kind, 'idle-beside'))).toMatchObject({ displayName: 'first' });
    expect(deleted(stage)).toEqual([]);
    useCharts(plane, before);
    await ready(stage, composite('Layer', stage, 'idle', { turn: '3' }));
  });

  suite.test('ours withholds that one object; it comes within seconds once its kind is activated', async (stage) => {
    const { plane } = stage;
    await plane.client.apply(composeRole('e2e-idle', idle));
    await bring(stage, [...crds, ...idle]);
    const policy = await activate(stage, crds);
    try {
      useCharts(plane, before);
      await ready(stage, composite('Layer', stage, 'idle'));
      await quiet(stage, ours);
      useCharts(plane, after);
      const settled = await open(stage, composite('Layer', stage, 'idle', { turn: '2' }));
      expect(said(settled, 'invalid')).toEqual([[expect.stringContaining('/idle-grant'), 'not-activated']]);
      expect(condition(settled, 'Converged')?.message).toContain(
        'name grants.kms.aws.m.upbound.io in an activation policy',
      );
      await plane.client.waitFor(settled, 'has all but one Ready', ({ status }) =>
        isDeepStrictEqual(status?.['resources'], { desired: 2, observed: 1, ready: 1, text: '1/2' }),
      );
      expect(await forProvider(stage, at(stage, Topic.kind, 'idle-beside'))).toMatchObject({ displayName: 'second' });
      await plane.client.waitGone(at(stage, Topic.kind, 'idle-dropped'));

      // Just after a call, so that the next one by the time to live is ten seconds away.
      await asked(stage, ours, 1);
      await activate(stage, [...crds, ...idle]);
      const both = ({ status }: KubernetesObject) =>
        isDeepStrictEqual(status?.['resources'], { desired: 2, observed: 2, ready: 1, text: '1/2' });
      await plane.client.waitFor(settled, 'has the grant', both, 9_000);
      const grants = new StandInProvider({ client: plane.provider, kinds: [Grant.kind], aws, delay: 50 });
      try {
        const end = await plane.client.waitFor(settled, 'is Ready', isReady, 60_000);
        expect(end.status?.['invalid']).toEqual([]);
        await plane.client.delete(end, 'Foreground');
        await plane.client.waitGone(end);
      } finally {
        await grants.stop();
      }
    } finally {
      await plane.client.delete(policy);
    }
  });
});

describe('foreign field', () => {
  suite.test('core restores what the function sets, and leaves what it does not set', async (stage) => {
    const { plane, namespace } = stage;
    const settled = await ready(stage, naive(namespace, 'foreign', { resources: { 'the/topic': topic('foreign') } }));
    const hand = { spec: { managementPolicies: ['Observe'], forProvider: { displayName: 'by hand' } } };
    await plane.client.patch(at(stage, Topic.kind, 'foreign'), hand);
    const after = await plane.client.waitFor(at(stage, Topic.kind, 'foreign'), 'is restored', (object) =>
      JSON.stringify(object.spec).includes('first'),
    );
    expect(after.spec?.['managementPolicies']).toEqual(['Observe']);
    expect(isReady((await plane.client.get(settled)) ?? settled)).toBe(true);
  });

  suite.test('we set all that safety hangs on, and name the fields of other hands', async (stage) => {
    const { plane } = stage;
    useCharts(plane, (chart) => (topicIn(chart, 'topic'), nothing));
    const settled = await ready(stage, composite('Layer', stage, 'foreign'));
    const reference = at(stage, Topic.kind, 'foreign-topic');
    const before = (await plane.client.get(reference))?.spec;
    const hand = {
      managementPolicies: ['Observe'],
      providerConfigRef: { kind: 'ClusterProviderConfig', name: 'default' },
      forProvider: { fifoTopic: false },
    };
    await plane.client.patch(reference, { spec: hand }, { manager: 'kubectl-edit' });
    await plane.client.waitFor(reference, 'is restored', ({ spec }) => {
      return JSON.stringify(spec?.['managementPolicies']) === JSON.stringify(before?.['managementPolicies']);
    });
    expect((await plane.client.get(reference))?.spec?.['providerConfigRef']).toEqual(before?.['providerConfigRef']);
    const field = 'spec.forProvider.fifoTopic';
    const foreign = [{ resource: 'Topic.sns.aws.m.upbound.io/foreign-topic', field, manager: 'kubectl-edit' }];
    await plane.client.waitFor(settled, 'names the one field that stays', ({ status }) =>
      isDeepStrictEqual(status?.['foreign'], foreign),
    );
  });
});

describe('stale conditions', () => {
  suite.test('core leaves Ready True on a composite whose function fails', async (stage) => {
    const { plane, namespace } = stage;
    await ready(stage, naive(namespace, 'stale', { resources: { 'the/topic': topic('stale') } }));
    await quiet(stage, naiveFunction);
    const stale = await notSynced(stage, naive(namespace, 'stale', { resources: {}, fatal: 'No.' }));
    expect(statesOf(stale)).toEqual({
      synced: 'False, of the newest generation',
      ready: 'True, of an older generation',
    });
    expect(await plane.client.get(at(stage, Topic.kind, 'stale'))).toBeDefined();
  });

  suite.test('our parent reads of which generation its child speaks, and more than Ready', async (stage) => {
    const { plane } = stage;
    const layer: LayerChart = (chart, { spec }) => {
      topicIn(chart, 'the-topic');
      // Two objects of one name: refused.
      if (spec.values?.['turn'] === '2') topicIn(new Construct(chart, 'the'), 'topic');
      return nothing;
    };
    const upper: UpperChart = (chart, { spec }) => {
      new ChildComposite(chart, 'child', Layer, { why: 'For a test', spec: { values: spec.values ?? {} } });
      return {};
    };
    useCharts(plane, layer, upper);
    await ready(stage, composite('Upper', stage, 'stale'));
    await quiet(stage, ours);
    await plane.client.apply(composite('Upper', stage, 'stale', { turn: '2' }));
    const child = await plane.client.waitFor(composite('Layer', stage, 'stale-child'), 'is refused', isNotSynced);
    expect(statesOf(child).ready).toBe('True, of an older generation');
    const parent = await plane.client.waitFor(composite('Upper', stage, 'stale'), 'names its child', (object) =>
      String(condition(object, 'Converged')?.message).includes('Two resources have the identity'),
    );
    expect(statesOf(parent)).toEqual({
      synced: 'True, of the newest generation',
      ready: 'False, of the newest generation',
    });
  });
});
