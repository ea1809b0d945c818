/** Law 4: what the object itself says of its data adds to what the chart says, and never takes away. */
import { describe, expect, it } from '@jest/globals';
import type { ResourceId } from '../../crossplane/reference/identity.ts';
import { guardsData, holdsData } from '../../crossplane/reference/marks.ts';
import { Table } from '../../imports/dynamodb.ts';
import { BucketVersioning } from '../../imports/s3.ts';
import type { KubernetesObject } from '../../imports/base.ts';
import { byName, compositeObject, NAMESPACE, testKind, worldOf, type World } from '../support/world.ts';

const TABLE = 'Table.dynamodb.aws.m.upbound.io/test-table';
const TABLE_KEY = {
  apiVersion: 'dynamodb.aws.m.upbound.io/v1beta1',
  kind: 'Table',
  namespace: NAMESPACE,
  name: 'test-table',
};
const ALLOWED = { allowRemoval: ['table/Table/test-table'] };

/** A table that the chart marks only where the composite says so, as a release might that forgets the mark. */
const Kept = testKind('Kept', (chart, { spec }) => {
  if (spec.values?.['table'] === 'gone') return {};
  const table = new Table(chart, 'table', {
    why: 'For a test',
    name: 'table',
    forProvider: { hashKey: spec.values?.['hash'] ?? 'PK', billingMode: 'PAY_PER_REQUEST' },
  });
  if (spec.values?.['mark'] !== 'forgotten') holdsData(table, { deletionProtectionEnabled: false });
  return {};
});

function start(): World {
  const world = worldOf([Kept]);
  world.plane.apply(compositeObject(Kept));
  expect(world.plane.converge().ready).toBe(true);
  return world;
}

function resultOf(world: World) {
  const [result] = world.plane.converge().composites.values();
  if (result?.outcome !== 'composed') throw new Error(JSON.stringify(result));
  return result;
}

const tableOf = (world: World): KubernetesObject | undefined =>
  byName(world.plane.apiServer.list())['Table/test-table'];

describe('a release that forgets that a table holds data', () => {
  it('replaces no table for a field that cannot change in place', () => {
    const world = start();
    world.plane.apply(compositeObject(Kept, { values: { mark: 'forgotten', hash: 'OTHER' } }));
    const uid = tableOf(world)?.metadata.uid;
    expect(resultOf(world).status.held).toMatchObject([{ resource: TABLE, reason: 'invalid' }]);
    expect(tableOf(world)?.metadata.uid).toBe(uid);
    expect([...world.provider.aws.values()].map(({ forProvider }) => forProvider['hashKey'])).toEqual(['PK']);
  });
});

describe('a mark that a release forgets', () => {
  it('stays on the object, so that the table outlives its declaration in a later release', () => {
    const world = start();
    world.plane.apply(compositeObject(Kept, { values: { mark: 'forgotten' } }));
    expect(resultOf(world).ready).toBe(true);
    expect(tableOf(world)?.spec?.['managementPolicies']).toEqual(['Observe', 'Create', 'Update']);
    world.plane.apply(compositeObject(Kept, { values: { table: 'gone' } }));
    expect(resultOf(world).status.held).toMatchObject([{ resource: TABLE, reason: 'not-declared' }]);
    expect(world.provider.aws.size).toBe(1);
  });

  it('goes with the table once allowRemoval names it', () => {
    const world = start();
    world.plane.apply(compositeObject(Kept, { values: { mark: 'forgotten' } }));
    world.plane.converge();
    world.plane.apply(compositeObject(Kept, { values: { table: 'gone' }, ...ALLOWED }));
    expect(resultOf(world).ready).toBe(true);
    expect(world.provider.aws.size).toBe(0);
  });
});

describe('a removal that was asked for', () => {
  it('waits while AWS still shows the protection, although the provider says Synced of the newest generation', () => {
    const world = start();
    world.plane.apply(compositeObject(Kept, { values: { table: 'gone' }, ...ALLOWED }));
    world.plane.step();
    world.plane.inject([{ kind: 'freeze', resource: TABLE as ResourceId }]);
    world.plane.apiServer.patch(TABLE_KEY, (object) => ({
      ...object,
      status: {
        atProvider: { id: 'table', deletionProtectionEnabled: true },
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
    world.plane.step();
    expect(tableOf(world)).toBeDefined();
    expect(tableOf(world)?.metadata.deletionTimestamp).toBeUndefined();
    world.plane.inject([]);
    expect(resultOf(world).ready).toBe(true);
    expect(world.provider.aws.size).toBe(0);
  });

  it('goes on although the provider says Synced without a generation: what AWS shows tells that the protection is off', () => {
    const world = start();
    world.plane.apply(compositeObject(Kept, { values: { table: 'gone' }, ...ALLOWED }));
    // One pass takes the protection off; then the asynchronous callback writes its conditions, which know no generation.
    world.plane.step();
    world.plane.inject([{ kind: 'freeze', resource: TABLE as ResourceId }]);
    world.plane.apiServer.patch(TABLE_KEY, (object) => ({
      ...object,
      status: {
        ...object.status,
        conditions: [
          { type: 'Synced', status: 'True', reason: 'ReconcileSuccess' },
          { type: 'Ready', status: 'True', reason: 'Available' },
        ],
      },
    }));
    world.plane.step();
    expect(tableOf(world)?.metadata.deletionTimestamp).toBeDefined();
  });
});

describe('a guard to which another hand has given Delete', () => {
  const Guarded = testKind('Guarded', (chart, { spec }) => {
    if (spec.values?.['guard'] === 'gone') return {};
    const versioning = new BucketVersioning(chart, 'versioning', {
      why: 'For a test',
      name: 'files',
      forProvider: { bucket: 'files', versioningConfiguration: { status: 'Enabled' } },
    });
    guardsData(versioning);
    return {};
  });

  it('goes as an object only, once it is no longer declared: AWS keeps the guard', () => {
    const world = worldOf([Guarded]);
    world.plane.apply(compositeObject(Guarded));
    expect(world.plane.converge().ready).toBe(true);
    const [guard] = world.plane.apiServer.list().filter(({ kind }) => kind === 'BucketVersioning');
    if (guard === undefined) throw new Error('There is no guard.');
    const { name, namespace = '' } = guard.metadata;
    const all = { ...guard, metadata: { name, namespace }, spec: { ...guard.spec, managementPolicies: ['*'] } };
    world.plane.apiServer.apply(all, 'somebody');
    world.plane.apply(compositeObject(Guarded, { values: { guard: 'gone' } }));
    expect(world.plane.converge().ready).toBe(true);
    expect(world.plane.apiServer.list().map(({ kind }) => kind)).toEqual(['Guarded']);
    expect([...world.provider.aws.values()].map(({ kind }) => kind)).toEqual(['BucketVersioning']);
  });
});

describe('the fields that switch the protection off', () => {
  it.each(['', '{', '[]', '"x"'])('are one violation of this resource where they are spoiled (%j)', (text) => {
    const world = start();
    world.plane.apiServer.patch(TABLE_KEY, (object) => ({
      ...object,
      metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, 'owlnest.io/unprotect': text } },
    }));
    world.plane.apply(compositeObject(Kept, { values: { table: 'gone' }, ...ALLOWED }));
    const { status } = resultOf(world);
    expect(status.invalid).toMatchObject([{ resource: TABLE, rule: 'mark', received: text }]);
    expect(status.held).toMatchObject([{ resource: TABLE, reason: 'invalid' }]);
    expect(world.provider.aws.size).toBe(1);
  });
});
