/** Two releases: what one has made, another composes; nothing is deleted in AWS on the way that should stay. */
import { describe, expect, it } from '@jest/globals';
import { ChildComposite } from '../../crossplane/definition/child.ts';
import type { CompositeKind } from '../../crossplane/definition/definition.ts';
import { EmbeddedControlPlane } from '../../crossplane/embedded/control-plane.ts';
import { standInProvider, type StandInProvider } from '../../crossplane/embedded/provider.ts';
import type { ResourceId } from '../../crossplane/reference/identity.ts';
import { handOver, holdsData, moved } from '../../crossplane/reference/marks.ts';
import type { JsonObject } from '../../imports/base.ts';
import { Key } from '../../imports/kms.ts';
import { Topic } from '../../imports/sns.ts';
import { family } from '../support/family.ts';
import { shapeOf } from '../../kinds/index.ts';
import { ACCOUNT, byName, compositeObject, testKind, worldOf, type World } from '../support/world.ts';

type Kinds = readonly [CompositeKind, ...CompositeKind[]];

const values = { topics: 'a b', tables: 'x', body: 'one' };

/** A world that remembers every deletion in AWS, also of what is made again in the same pass. */
interface StrictWorld extends World {
  readonly deleted: string[];
}

/** With a provider that reports only fields that the kind has. */
function strictWorld(kinds: Kinds): StrictWorld {
  const { composer, schemas } = worldOf(kinds);
  const provider = standInProvider(ACCOUNT, schemas, (gvk) => {
    const shape = shapeOf(gvk, schemas);
    const fields = schemas.find(gvk)?.schema.properties?.['status']?.properties?.['atProvider']?.properties ?? {};
    const known = (status: JsonObject) => Object.fromEntries(Object.entries(status).filter(([key]) => key in fields));
    return { ...shape, atProvider: (input) => known(shape.atProvider(input)) };
  });
  const deleted: string[] = [];
  const watched: StandInProvider = {
    ...provider,
    remove: (object) => {
      const before = [...provider.aws.keys()];
      const removal = provider.remove(object);
      deleted.push(...before.filter((key) => !provider.aws.has(key)).map(nameOf));
      return removal;
    },
  };
  const plane = new EmbeddedControlPlane(composer, schemas, watched);
  return { composer, schemas, provider, plane, deleted };
}

function start(kinds: Kinds, spec: Parameters<typeof compositeObject>[1] = {}): StrictWorld {
  const world = strictWorld(kinds);
  expect(world.plane.apply(compositeObject(kinds[0], spec))).toEqual([]);
  expect(world.plane.converge().ready).toBe(true);
  return world;
}

/** Passes of the other release until nothing changes; returns what was deleted in AWS on the way. */
function goOverTo(world: StrictWorld, kinds: Kinds, version: string): readonly string[] {
  const before = world.deleted.length;
  world.plane.use(worldOf(kinds, version).composer);
  expect(world.plane.converge({ passes: 60 }).settled).toBe(true);
  return world.deleted.slice(before);
}

/** `Table table-x` of `dynamodb…|Table|eu-west-1|table-x`. */
function nameOf(key: string): string {
  const [, kind = '', , name = ''] = key.split('|');
  return `${kind} ${name}`;
}

const objects = ({ plane }: World) => byName(plane.apiServer.list());

describe('the family, release 2 after release 1', () => {
  it('gains a field and a topic, renames a policy and a key, and deletes nothing in AWS', () => {
    const world = start(family(1), { values });
    const uid = objects(world)['Key/test-left-key']?.metadata.uid;
    expect(goOverTo(world, family(2), '2.0.0')).toEqual([]);
    expect(world.plane.converge().ready).toBe(true);
    const after = objects(world);
    expect(after['Key/test-left-key']?.metadata.uid).toBe(uid);
    expect(after['Key/test-left-key']?.spec?.['forProvider']).toMatchObject({ enableKeyRotation: true });
    expect(Object.keys(after)).toEqual(
      expect.arrayContaining(['Topic/test-right-topic-extra', 'Policy/test-right-rules']),
    );
    expect(Object.keys(after)).not.toContain('Policy/test-right-policy');
    expect(Object.keys(after)).not.toContain('Key/test-left-master');
    expect(objects(world)['Left/test-left']?.spec?.['crossplane']).toEqual({
      compositionRef: { name: 'left-2-0-0' },
    });
  });

  it('and back: only what release 2 had added goes', () => {
    const world = start(family(1), { values });
    const before = Object.keys(objects(world)).sort();
    goOverTo(world, family(2), '2.0.0');
    const gone = goOverTo(world, family(1), '1.0.0');
    expect(gone).toEqual(['Topic topic-extra']);
    expect(world.plane.converge().ready).toBe(true);
    expect(Object.keys(objects(world)).sort()).toEqual(before);
    expect(objects(world)['Key/test-left-key']?.spec?.['forProvider']).not.toHaveProperty('enableKeyRotation');
  });

  it('back and forth ends where going once does', () => {
    const once = start(family(1), { values });
    goOverTo(once, family(2), '2.0.0');
    const often = start(family(1), { values });
    for (const [kinds, version] of [
      [family(2), '2.0.0'],
      [family(1), '1.0.0'],
      [family(2), '2.0.0'],
    ] as const) {
      goOverTo(often, kinds, version);
    }
    expect(Object.keys(objects(often)).sort()).toEqual(Object.keys(objects(once)).sort());
    expect([...often.provider.aws.keys()].map(nameOf).sort()).toEqual([...once.provider.aws.keys()].map(nameOf).sort());
  });

  it('taken back in the middle, at any pass, deletes nothing that release 1 had made', () => {
    for (let passes = 1; passes < 8; passes += 1) {
      const world = start(family(1), { values });
      const before = [...world.provider.aws.keys()].sort();
      world.plane.use(worldOf(family(2), '2.0.0').composer);
      for (let pass = 0; pass < passes; pass += 1) {
        world.plane.step();
        expect([...world.provider.aws.keys()]).toEqual(expect.arrayContaining(before));
      }
      goOverTo(world, family(1), '1.0.0');
      expect(world.plane.converge().ready).toBe(true);
      expect([...world.provider.aws.keys()].sort()).toEqual(before);
    }
  });

  it('a resource that release 2 no longer declares goes, one that holds data stays', () => {
    const kinds = (release: 1 | 2): Kinds => [
      testKind('Pair', (chart) => {
        if (release === 2) return {};
        new Topic(chart, 'topic', { why: 'For a test', name: 'events', forProvider: {} });
        holdsData(new Key(chart, 'key', { why: 'For a test', forProvider: {} }));
        return {};
      }),
    ];
    const world = start(kinds(1));
    expect(goOverTo(world, kinds(2), '2.0.0')).toEqual(['Topic events']);
    expect(Object.keys(objects(world))).toEqual(['Pair/test', 'Key/test-key']);
    // And is taken up again as if nothing had been.
    expect(goOverTo(world, kinds(1), '1.0.0')).toEqual([]);
    expect(world.plane.converge().ready).toBe(true);
  });

  it('a release that makes data of what was none protects it, also against the one before', () => {
    const kinds = (holds: boolean): Kinds => [
      testKind('Pair', (chart) => {
        const key = new Key(chart, 'key', { why: 'For a test', forProvider: {} });
        if (holds) holdsData(key);
        return {};
      }),
    ];
    const none: Kinds = [testKind('Pair', () => ({}))];
    const world = start(kinds(false));
    goOverTo(world, kinds(true), '2.0.0');
    expect(objects(world)['Key/test-key']?.spec?.['managementPolicies']).not.toContain('Delete');
    expect(goOverTo(world, none, '0.9.0')).toEqual([]);
    expect(objects(world)['Key/test-key']).toBeDefined();
  });
});

describe('an undeclared rename', () => {
  it('of what holds data does not take the AWS name over: the old object stays, the new one waits', () => {
    const kinds = (id: string, holds: boolean): Kinds => [
      testKind('Pair', (chart) => {
        const topic = new Topic(chart, id, { why: 'For a test', name: 'events', forProvider: {} });
        if (holds) holdsData(topic);
        return {};
      }),
    ];
    const world = start(kinds('old', true));
    expect(goOverTo(world, kinds('new', true), '2.0.0')).toEqual([]);
    expect(Object.keys(objects(world))).toEqual(['Pair/test', 'Topic/test-old']);
    expect(world.plane.converge().composites.get('Pair.owlnest.io/test' as ResourceId)).toMatchObject({
      ready: false,
      status: { held: [{ reason: 'not-declared' }], waiting: [{ on: 'Topic.sns.aws.m.upbound.io/test-old' }] },
    });
  });
});

describe('a removal that was asked for', () => {
  const kinds: Kinds = [
    testKind('Data', (chart, { spec }) => {
      if (spec.values?.['key'] === 'no') return {};
      const unprotect = { isEnabled: false };
      holdsData(new Key(chart, 'key', { why: 'For a test', forProvider: { isEnabled: true } }), unprotect);
      return {};
    }),
  ];
  const KEY = 'Key.kms.aws.m.upbound.io/test-key' as ResourceId;
  const asked = { values: { key: 'no' }, allowRemoval: ['key/Key/test-key'] };
  const desiredKey = (world: World, spec: JsonObject, conditions?: JsonObject) => {
    const key = objects(world)['Key/test-key'];
    if (key === undefined) throw new Error('There is no key.');
    const observed = {
      ...key,
      spec: { ...key.spec, ...spec },
      ...(conditions === undefined ? {} : { status: conditions }),
    };
    const composite = { ...compositeObject(kinds[0], asked) };
    const result = world.composer.compose({ composite, resources: new Map([[KEY, observed]]) });
    if (result.outcome !== 'composed') throw new Error(JSON.stringify(result));
    return { desired: result.desired.has(KEY), reasons: result.status.held.map(({ reason }) => reason) };
  };
  const open = ['Observe', 'Create', 'Update', 'Delete'];

  it('drops the object only when both protections are off, and AWS knows', () => {
    const world = start(kinds);
    const off = { region: 'eu-west-1', isEnabled: false };
    const leaving = { desired: true, reasons: ['leaving'] };
    expect(desiredKey(world, {})).toEqual(leaving);
    expect(desiredKey(world, { managementPolicies: open })).toEqual(leaving);
    expect(desiredKey(world, { forProvider: off })).toEqual(leaving);
    expect(desiredKey(world, { managementPolicies: open, forProvider: off }, { conditions: [] })).toEqual(leaving);
    expect(desiredKey(world, { managementPolicies: open, forProvider: off })).toEqual({ desired: false, reasons: [] });
  });

  it('is still not ready while the object is going', () => {
    const world = start(kinds);
    world.plane.inject([{ kind: 'freeze', resource: KEY }]);
    world.plane.apply(compositeObject(kinds[0], asked));
    world.plane.converge();
    const [composite] = world.plane.apiServer.list();
    const key = objects(world)['Key/test-key'];
    if (composite === undefined || key === undefined) throw new Error('Something is missing.');
    const going = { ...key, metadata: { ...key.metadata, deletionTimestamp: '2000-01-01T00:00:00Z' } };
    const result = world.composer.compose({ composite, resources: new Map([[KEY, going]]) });
    expect(result).toMatchObject({ ready: false, status: { held: [] } });
    expect(JSON.stringify(result)).toContain(`1 is being removed. Being removed: ${KEY}.`);
  });
});

describe('a move between composites', () => {
  /** A topic, and a key that holds data, in one of two layers. */
  const kinds = (where: 'left' | 'right', declared: boolean): Kinds => {
    const topic = (chart: ConstructorParameters<typeof Topic>[0]) =>
      new Topic(chart, 'topic', { why: 'For a test', name: 'events', forProvider: {} });
    const Left = testKind('Left', (chart) => {
      if (where === 'left') {
        const made = topic(chart);
        if (declared) moved(made, { name: 'test-right-topic', composite: 'Right/test-right' });
      } else handOver(chart, Topic.kind, 'test-left-topic');
      return {};
    });
    const Right = testKind('Right', (chart) => {
      if (where === 'right') moved(topic(chart), { name: 'test-left-topic', composite: 'Left/test-left' });
      else if (declared) handOver(chart, Topic.kind, 'test-right-topic');
      return {};
    });
    const Parent = testKind('Parent', (chart) => {
      new ChildComposite(chart, 'left', Left, { why: 'For a test', spec: {} });
      new ChildComposite(chart, 'right', Right, { why: 'For a test', spec: {} });
      return {};
    });
    return [Parent, Left, Right];
  };

  it('that is declared on both sides deletes nothing, there and back', () => {
    const world = start(kinds('left', false));
    expect(goOverTo(world, kinds('right', true), '2.0.0')).toEqual([]);
    expect(Object.keys(objects(world))).toContain('Topic/test-right-topic');
    expect(Object.keys(objects(world))).not.toContain('Topic/test-left-topic');
    expect(goOverTo(world, kinds('left', true), '3.0.0')).toEqual([]);
    expect(Object.keys(objects(world))).toContain('Topic/test-left-topic');
    expect(Object.keys(objects(world))).not.toContain('Topic/test-right-topic');
    expect(world.plane.converge().ready).toBe(true);
  });

  it('that is taken back by the release before, which knows of no move, deletes and makes again what holds no data', () => {
    const world = start(kinds('left', false));
    goOverTo(world, kinds('right', true), '2.0.0');
    // The way back without a loss is a release that declares the move back, as above.
    expect(goOverTo(world, kinds('left', false), '1.0.0')).toEqual(['Topic events']);
    expect([...world.provider.aws.keys()].map(nameOf)).toEqual(['Topic events']);
  });

  it('of what AWS has named waits for the recorded name: nothing is made in its place', () => {
    const keys = (where: 'left' | 'right'): Kinds => {
      const key = (chart: ConstructorParameters<typeof Key>[0]) =>
        holdsData(new Key(chart, 'key', { why: 'For a test', forProvider: {} }));
      const Left = testKind('Left', (chart) => {
        if (where === 'left') key(chart);
        else handOver(chart, Key.kind, 'test-left-key');
        return {};
      });
      const Right = testKind('Right', (chart) => {
        if (where === 'right') moved(key(chart), { name: 'test-left-key', composite: 'Left/test-left' });
        return {};
      });
      const Parent = testKind('Parent', (chart) => {
        new ChildComposite(chart, 'left', Left, { why: 'For a test', spec: {} });
        new ChildComposite(chart, 'right', Right, { why: 'For a test', spec: {} });
        return {};
      });
      return [Parent, Left, Right];
    };
    const world = start(keys('left'));
    expect(goOverTo(world, keys('right'), '2.0.0')).toEqual([]);
    expect(world.provider.aws.size).toBe(1);
    const result = world.plane.converge().composites.get('Right.owlnest.io/test-right' as ResourceId);
    expect(result).toMatchObject({ status: { invalid: [{ rule: 'moved' }] } });
  });

  it('of what holds data, undeclared, leaves the old one in its place', () => {
    const data = (where: 'left' | 'right'): Kinds => {
      const layer = (kind: 'Left' | 'Right') =>
        testKind(
          kind,
          (chart) => {
            if (where === kind.toLowerCase()) holdsData(new Key(chart, 'key', { why: 'For a test', forProvider: {} }));
            return {};
          },
          { stateful: true },
        );
      const [Left, Right] = [layer('Left'), layer('Right')];
      const Parent = testKind('Parent', (chart) => {
        new ChildComposite(chart, 'left', Left, { why: 'For a test', spec: {} });
        new ChildComposite(chart, 'right', Right, { why: 'For a test', spec: {} });
        return {};
      });
      return [Parent, Left, Right];
    };
    const world = start(data('left'));
    expect(goOverTo(world, data('right'), '2.0.0')).toEqual([]);
    const result = world.plane.converge().composites.get('Left.owlnest.io/test-left' as ResourceId);
    expect(result).toMatchObject({ status: { held: [{ reason: 'not-declared' }] } });
  });
});
