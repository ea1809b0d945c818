/** What is switched off takes with it what belongs to it and nothing else, and comes to rest. */
import { describe, expect, it } from '@jest/globals';
import { forProvider, LayerWorld, THERE } from '../../support/layer.ts';
import { EVERYTHING, storage, type Section } from './rendered.ts';

type StorageWorld = LayerWorld<typeof storage.section>;

function switched(off: Section): StorageWorld {
  const world = new LayerWorld(storage);
  expect(world.apply(EVERYTHING)).toEqual([]);
  world.apply(off);
  return world;
}

const kindsGone = (world: StorageWorld, kinds: readonly string[]) =>
  kinds.filter((kind) => world.inAws(kind).length > 0);

describe('copies of files, switched off', () => {
  it('stop at once, though the copies that are there stay', () => {
    const { table, files } = EVERYTHING;
    const world = switched({ table, files: { ...files, replica: false } });
    expect(kindsGone(world, ['BucketReplicationConfiguration', 'Role', 'RolePolicy'])).toEqual([]);
    expect(world.inAws('Bucket')).toHaveLength(7);
  });
});

describe('object lock, switched off', () => {
  it('is no longer declared and held by nobody', () => {
    const { table, files } = EVERYTHING;
    const { objectLockDays: _, ...unlocked } = files;
    const world = switched({ table, files: unlocked });
    expect(world.all('BucketObjectLockConfiguration')).toEqual([]);
  });
});

describe('replicas that are to be elsewhere', () => {
  const on = { table: { replica: true }, files: { replica: true } } as const;
  const allowRemoval = [
    'storage/Table/production-storage-main-table.ap-northeast-3',
    'storage/ObjectStore/production-storage-replica-files',
    'storage/ObjectStore/production-storage-replica-logs',
    'storage/ReplicaKey/production-storage-data-replica-key',
  ];
  const regionsOf = (world: StorageWorld) =>
    ['Bucket', 'ReplicaKey'].flatMap((kind) => world.all(kind).map((object) => forProvider(object)['region']));

  it('are held while the old ones are there: the way back is one commit', () => {
    const world = new LayerWorld(storage);
    expect(world.apply(on)).toEqual([]);
    expect(world.apply(on, { replicaRegion: 'us-east-1' }).length).toBeGreaterThan(0);
    expect(regionsOf(world)).not.toContain('us-east-1');
    expect(world.apply(on)).toEqual([]);
  });

  it('are made in one commit once the old ones are gone', () => {
    const world = new LayerWorld(storage);
    world.apply(on);
    expect(world.apply({}, { allowRemoval })).toEqual([]);
    expect(regionsOf(world)).not.toContain(THERE);
    expect(world.apply(on, { replicaRegion: 'us-east-1' })).toEqual([]);
    expect(regionsOf(world).filter((region) => region === 'us-east-1')).toHaveLength(3);
    // What was in the old buckets is left in AWS, for a person to empty.
    expect(world.inAws('Bucket').filter(({ forProvider: { region } }) => region === THERE)).toHaveLength(2);
  });
});
