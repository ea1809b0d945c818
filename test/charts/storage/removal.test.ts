/** What is switched off takes with it what belongs to it and nothing else, and comes to rest. */
import { describe, expect, it } from '@jest/globals';
import { LayerWorld } from '../../support/layer.ts';
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
