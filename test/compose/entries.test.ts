/** Law 4 for entries of lists: the replicas of a table hold data, too. */
import { describe, expect, it } from '@jest/globals';
import { entriesHoldData, holdsData } from '../../crossplane/reference/marks.ts';
import { Table } from '../../imports/dynamodb.ts';
import type { JsonObject } from '../../imports/base.ts';
import { byName, compositeObject, NAMESPACE, testKind, worldOf, type World } from '../support/world.ts';

const Copies = testKind('Copies', (chart, { spec, context }) => {
  const regions = (spec.values?.['regions'] ?? '').split(' ').filter(Boolean);
  const table = new Table(chart, 'table', {
    why: 'For a test',
    name: 'table',

    forProvider: {
      hashKey: 'PK',
      billingMode: spec.values?.['billing'] ?? 'PAY_PER_REQUEST',
      replica: regions.map((regionName) => ({ regionName, deletionProtectionEnabled: context.protectData })),
    },
  });
  holdsData(table);
  entriesHoldData(table, { field: 'replica', key: 'regionName', unprotect: { deletionProtectionEnabled: false } });
  return {};
});

const TABLE_KEY = {
  apiVersion: 'dynamodb.aws.m.upbound.io/v1beta1',
  kind: 'Table',
  namespace: NAMESPACE,
  name: 'test-table',
};

/** At rest with replicas in two regions. */
function start(more: JsonObject = {}): World {
  const world = worldOf([Copies]);
  apply(world, 'eu-north-1 eu-west-3', more);
  expect(world.plane.converge().ready).toBe(true);
  return world;
}

function apply(world: World, regions: string, more: JsonObject = {}, values: JsonObject = {}): void {
  expect(world.plane.apply(compositeObject(Copies, { values: { regions, ...values }, ...more }))).toEqual([]);
}

/** What AWS has of each replica. */
function replicas(world: World): unknown {
  return [...world.provider.aws.values()].map(({ forProvider }) => forProvider['replica']);
}

const both = (protection: boolean) => [
  { regionName: 'eu-north-1', deletionProtectionEnabled: true },
  { regionName: 'eu-west-3', deletionProtectionEnabled: protection },
];

describe('an entry that holds data and is no longer declared', () => {
  it('stays, and so does all else of the resource, until allowRemoval names it', () => {
    const world = start();
    apply(world, 'eu-north-1', {}, { billing: 'PROVISIONED' });
    const { composites, ready } = world.plane.converge();
    expect(ready).toBe(false);
    const result = [...composites.values()][0];
    expect(result?.outcome === 'composed' ? result.status.held : []).toEqual([
      {
        resource: 'Table.dynamodb.aws.m.upbound.io/test-table',
        reason: 'not-declared',
        field: 'spec.forProvider.replica',
        message:
          'eu-west-3 in spec.forProvider.replica of Table.dynamodb.aws.m.upbound.io/test-table holds data and is no longer declared; all stays as it is until allowRemoval names table/Table/test-table.eu-west-3.',
      },
    ]);
    expect(byName(world.plane.apiServer.list())['Table/test-table']?.spec?.['forProvider']).toMatchObject({
      billingMode: 'PAY_PER_REQUEST',
      replica: both(true),
    });
    expect(replicas(world)).toEqual([both(true)]);
  });

  it('loses its protection in one pass and goes in a later one', () => {
    const world = start();
    apply(world, 'eu-north-1', { allowRemoval: ['table/Table/test-table.eu-west-3'] });
    world.plane.step();
    expect(replicas(world)).toEqual([both(false)]);
    expect(world.plane.converge().ready).toBe(true);
    expect(replicas(world)).toEqual([both(true).slice(0, 1)]);
  });

  it('does not go before AWS knows that its protection is off', () => {
    const world = start();
    const resource = 'Table.dynamodb.aws.m.upbound.io/test-table' as const;
    world.plane.inject([{ kind: 'fail', resource: resource as never }]);
    apply(world, 'eu-north-1', { allowRemoval: ['table/Table/test-table.eu-west-3'] });
    world.plane.converge();
    expect(replicas(world)).toEqual([both(true)]);
    expect(byName(world.plane.apiServer.list())['Table/test-table']?.spec?.['forProvider']).toMatchObject({
      replica: both(false),
    });
  });

  it('is not let go by an entry that names another, or the whole table', () => {
    const world = start();
    const others = ['', '.eu-north-1', '.eu-west', '.eu-west-30', '.', '.eu-west-3.x'];
    apply(world, 'eu-north-1', { allowRemoval: others.map((end) => `table/Table/test-table${end}`) });
    world.plane.converge();
    expect(replicas(world)).toEqual([both(true)]);
  });

  it('goes at once where the environment does not protect its data', () => {
    const world = start({ protectData: false });
    apply(world, 'eu-north-1', { protectData: false });
    expect(world.plane.converge().ready).toBe(true);
    expect(replicas(world)).toEqual([[{ regionName: 'eu-north-1', deletionProtectionEnabled: false }]]);
  });
});

describe('an entry that AWS still has', () => {
  /** The provider says that it is done with the newest spec, as the real one does while an update still runs. */
  function syncedTooEarly({ plane }: World): void {
    plane.apiServer.patch(TABLE_KEY, (object) => ({
      ...object,
      status: {
        ...object.status,
        conditions: [
          {
            type: 'Synced',
            status: 'True',
            reason: 'ReconcileSuccess',
            observedGeneration: object.metadata.generation ?? 0,
          },
          { type: 'Ready', status: 'True', reason: 'Available' },
        ],
      },
    }));
  }

  function sentenceOf(world: World): string {
    const [result] = world.plane.converge().composites.values();
    return result?.outcome === 'composed' ? result.status.converged.message : '';
  }

  it('keeps the table from being ready after it left the spec, whatever the conditions say', () => {
    const world = start();
    apply(world, 'eu-north-1', { allowRemoval: ['table/Table/test-table.eu-west-3'] });
    world.plane.step();
    world.plane.inject([{ kind: 'freeze', resource: 'Table.dynamodb.aws.m.upbound.io/test-table' as never }]);
    world.plane.step();
    syncedTooEarly(world);
    expect(sentenceOf(world)).toContain('AWS still has eu-west-3 in replica');
    world.plane.inject([]);
    expect(world.plane.converge().ready).toBe(true);
  });

  it('and one that it does not have yet, too', () => {
    const world = start();
    world.plane.inject([{ kind: 'freeze', resource: 'Table.dynamodb.aws.m.upbound.io/test-table' as never }]);
    apply(world, 'eu-north-1 eu-west-3 us-east-1');
    world.plane.step();
    syncedTooEarly(world);
    expect(sentenceOf(world)).toContain('AWS does not have us-east-1 in replica yet');
  });
});

describe('the mark on the object', () => {
  const ANNOTATION = 'owlnest.io/holds-data-entries';
  const TABLE = 'Table.dynamodb.aws.m.upbound.io/test-table';

  /** Another hand writes the annotation of the live table, or takes it away. */
  function spoil({ plane }: World, text: string | undefined): void {
    plane.apiServer.patch(TABLE_KEY, (object) => {
      const { [ANNOTATION]: _, ...annotations } = object.metadata.annotations ?? {};
      const spoiled = text === undefined ? annotations : { ...annotations, [ANNOTATION]: text };
      return { ...object, metadata: { ...object.metadata, annotations: spoiled } };
    });
  }

  it('may be stripped: the chart still says which entries hold data', () => {
    const world = start();
    spoil(world, undefined);
    apply(world, 'eu-north-1');
    expect(world.plane.converge().ready).toBe(false);
    expect(replicas(world)).toEqual([both(true)]);
  });

  it.each(['', '{', '[]', '{"field":"replica"}', 'null'])(
    'is one violation of this resource where it is %j',
    (text) => {
      const world = start();
      spoil(world, text);
      apply(world, 'eu-north-1');
      world.plane.step();
      const result = [...world.plane.converge({ passes: 0 }).composites.values()][0];
      expect(result?.outcome === 'composed' ? result.status.invalid : []).toMatchObject([
        { resource: TABLE, rule: 'mark', received: text },
      ]);
      expect(replicas(world)).toEqual([both(true)]);
      // The chart writes its own mark again, and then the entry is what is held.
      const after = [...world.plane.converge().composites.values()][0];
      expect(after?.outcome === 'composed' ? after.status.held : []).toMatchObject([{ reason: 'not-declared' }]);
      expect(replicas(world)).toEqual([both(true)]);
    },
  );
});

describe('entries that stay', () => {
  it('may change, and others may come', () => {
    const world = start();
    apply(world, 'eu-west-3 us-east-1 eu-north-1');
    expect(world.plane.converge().ready).toBe(true);
    expect(replicas(world)).toMatchObject([
      [{ regionName: 'eu-west-3' }, { regionName: 'us-east-1' }, { regionName: 'eu-north-1' }],
    ]);
  });
});
