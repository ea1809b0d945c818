/** Laws 3 and 4 for what belongs together: a part stays with its parent, and nothing goes before its successor can come. */
import { describe, expect, it } from '@jest/globals';
import { resourceId, type ResourceId } from '../../crossplane/reference/identity.ts';
import { holdsData } from '../../crossplane/reference/marks.ts';
import { Bucket, BucketLifecycleConfiguration, BucketVersioning } from '../../imports/s3.ts';
import { compositeObject, testKind, worldOf, type World } from '../support/world.ts';

const BUCKET = 'Bucket.s3.aws.m.upbound.io/test-bucket';

const here = (region: string | undefined) => (region === 'eu-west-3' ? 'replica' : 'home');

/** A bucket of the name and region that the composite says, with two aspects; each can be left out. */
const Store = testKind('Store', (chart, { spec }) => {
  const { name = 'files', without = '', ...values } = spec.values ?? {};
  const said = { why: 'For a test', name, region: here(values['region']) } as const;
  if (without.includes('bucket')) return {};
  const bucket = holdsData(new Bucket(chart, 'bucket', { ...said, forProvider: {} }));
  const aspect = { ...said, partOf: bucket, after: [bucket] };
  new BucketVersioning(chart, 'versioning', {
    ...aspect,
    forProvider: { bucket: name, versioningConfiguration: { status: 'Enabled' } },
  });
  if (without.includes('lifecycle')) return {};
  new BucketLifecycleConfiguration(chart, 'lifecycle', {
    ...aspect,
    forProvider: { bucket: name, rule: [{ id: 'old', status: 'Enabled' }] },
  });
  return {};
});

function start(): World {
  const world = worldOf([Store]);
  world.plane.apply(compositeObject(Store));
  expect(world.plane.converge().ready).toBe(true);
  return world;
}

function change(world: World, values: Record<string, string>, allowRemoval: readonly string[] = []) {
  world.plane.apply(compositeObject(Store, { values, allowRemoval: [...allowRemoval] }));
  const [result] = world.plane.converge().composites.values();
  if (result?.outcome !== 'composed') throw new Error(JSON.stringify(result));
  return {
    ...result,
    reasons: Object.fromEntries(result.status.held.map(({ resource, reason }) => [resource, reason])),
  };
}

const inAws = ({ provider }: World) =>
  [...provider.aws.values()].map(({ kind, externalName }) => `${kind} ${externalName}`);
const ALL = ['Bucket files', 'BucketLifecycleConfiguration files', 'BucketVersioning files'];

describe('a part of a resource that is held', () => {
  it.each([{ name: 'other' }, { region: 'eu-west-3' }, { name: 'other', region: 'eu-west-3' }])(
    'is held with it: a bucket cannot become %j, and keeps its versioning and lifecycle',
    (values) => {
      const world = start();
      const { reasons, ready } = change(world, values);
      expect(ready).toBe(false);
      expect(reasons).toEqual({
        [BUCKET]: 'invalid',
        'BucketVersioning.s3.aws.m.upbound.io/test-versioning': 'parent-held',
        'BucketLifecycleConfiguration.s3.aws.m.upbound.io/test-lifecycle': 'parent-held',
      });
      expect(inAws(world)).toEqual(ALL);
      // And the way back is open.
      expect(change(world, {}).ready).toBe(true);
    },
  );

  it('stays with a bucket that is no longer declared, and goes with it', () => {
    const world = start();
    const without = 'bucket versioning lifecycle';
    expect(change(world, { without }).reasons).toEqual({
      [BUCKET]: 'not-declared',
      'BucketVersioning.s3.aws.m.upbound.io/test-versioning': 'parent-held',
      'BucketLifecycleConfiguration.s3.aws.m.upbound.io/test-lifecycle': 'parent-held',
    });
    expect(inAws(world)).toEqual(ALL);
    expect(change(world, { without }, ['bucket/Bucket/test-bucket']).ready).toBe(true);
    expect(inAws(world)).toEqual([]);
  });

  it('goes by itself where the bucket stays as it is declared', () => {
    const world = start();
    expect(change(world, { without: 'lifecycle' }).ready).toBe(true);
    expect(inAws(world)).toEqual(['Bucket files', 'BucketVersioning files']);
  });
});

describe('what cannot change in place', () => {
  it('stays until its successor could be made in the next pass', () => {
    const kind = testKind('Pair', (chart, { spec }) => {
      const bucket = new Bucket(chart, 'bucket', { why: 'For a test', name: 'files', forProvider: {} });
      new BucketVersioning(chart, 'versioning', {
        why: 'For a test',
        name: 'files',
        region: here(spec.values?.['region']),
        after: [bucket],
        forProvider: { bucket: 'files', versioningConfiguration: { status: 'Enabled' } },
      });
      return {};
    });
    const world = worldOf([kind]);
    world.plane.apply(compositeObject(kind));
    world.plane.converge();
    world.plane.inject([
      {
        kind: 'never-ready',
        resource: resourceId({ apiVersion: 's3.aws.m.upbound.io/v1beta1', kind: 'Bucket' }, 'test-bucket'),
      },
    ]);
    world.plane.converge();
    world.plane.apply(compositeObject(kind, { values: { region: 'eu-west-3' } }));
    const result = world.plane.converge().composites.get('Pair.owlnest.io/test' as ResourceId);
    expect(result?.outcome === 'composed' ? result.status.held : []).toMatchObject([{ reason: 'being-replaced' }]);
    expect(inAws(world)).toEqual(['Bucket files', 'BucketVersioning files']);
    world.plane.inject([]);
    expect(world.plane.converge().ready).toBe(true);
    expect([...world.provider.aws.values()].map(({ forProvider }) => forProvider['region'])).toEqual([
      'eu-west-1',
      'eu-west-3',
    ]);
  });
});
