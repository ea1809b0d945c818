import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { compositeKinds } from '../../charts/index.ts';
import { specOf, type EnvironmentFile } from '../../config/environment.ts';
import { API_VERSION } from '../../crossplane/definition/api.ts';
import type { Removal } from '../../crossplane/embedded/provider.ts';
import { keyOf } from '../../crossplane/embedded/api-server.ts';
import { resourceId } from '../../crossplane/reference/identity.ts';
import { isObject } from '../../crossplane/schema/json.ts';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { family } from '../support/family.ts';
import { byName, compositeObject, NAMESPACE, worldOf, type World } from '../support/world.ts';

const staging = specOf(
  JSON.parse(readFileSync(new URL('../../config/staging.json', import.meta.url), 'utf8')) as EnvironmentFile,
) as JsonObject;
const FILES = 'owlnest-files-staging-345678901234-ap-northeast-1';

function familyWorld(): World {
  const world = worldOf(family(1));
  const values = { topics: 'a b', tables: 'x', body: 'one', text: 'p' };
  world.plane.apply(compositeObject(family(1)[0], { values, protectData: false }));
  expect(world.plane.converge().ready).toBe(true);
  return world;
}

const environment = (protectData: boolean): KubernetesObject => ({
  apiVersion: API_VERSION,
  kind: 'Environment',
  metadata: { name: 'staging', namespace: NAMESPACE },
  spec: { ...staging, protectData },
});

/** The real charts, with a file in their bucket. */
function chartsWorld(protectData = false): World {
  const world = worldOf(compositeKinds);
  expect(world.plane.apply(environment(protectData))).toEqual([]);
  expect(world.plane.converge().ready).toBe(true);
  expect([...world.provider.aws.values()].map(({ externalName }) => externalName)).toContain(FILES);
  world.provider.putObject(FILES);
  return world;
}

const managedIn = ({ plane, schemas }: World) =>
  plane.apiServer.list().filter((object) => schemas.find(object)?.provider !== undefined);
const ofKind = (world: World, kind: string): KubernetesObject => {
  const found = managedIn(world).find((object) => object.kind === kind);
  if (found === undefined) throw new Error(`There is no ${kind}.`);
  return found;
};

/** The object that stands for the bucket of files. */
const filesBucket = (world: World): KubernetesObject => {
  const found = managedIn(world).find(
    ({ kind, metadata }) => kind === 'Bucket' && metadata.annotations?.['crossplane.io/external-name'] === FILES,
  );
  if (found === undefined) throw new Error(`There is no bucket ${FILES}.`);
  return found;
};

const saying = (removal: Removal): string =>
  removal.outcome === 'refused' ? `refused: ${removal.message}` : removal.outcome;

describe('AWS refuses to delete', () => {
  it('a deployment that a stage points at; not any more once the stage is gone', () => {
    const world = familyWorld();
    const deployment = ofKind(world, 'Deployment');
    expect(saying(world.provider.remove(deployment))).toContain('refused: BadRequestException: Active stages');
    expect(world.provider.remove(ofKind(world, 'Stage'))).toEqual({ outcome: 'deleted' });
    expect(world.provider.remove(deployment)).toEqual({ outcome: 'deleted' });
  });

  it('a user pool that is protected, and one whose sign-in pages have an address; then all that is in it goes, too', () => {
    const world = chartsWorld(true);
    const pool = ofKind(world, 'UserPool');
    const allowed = { ...pool, spec: { ...pool.spec, managementPolicies: ['*'] } };
    expect(saying(world.provider.remove(allowed))).toContain('because deletion protection is activated');
    const open = chartsWorld(false);
    const inIt = ['UserGroup', 'UserPoolClient', 'ResourceServer'];
    const kinds = () => new Set([...open.provider.aws.values()].map(({ kind }) => kind));
    expect(saying(open.provider.remove(ofKind(open, 'UserPool')))).toContain('It has a domain configured');
    expect(open.provider.remove(ofKind(open, 'UserPoolDomain'))).toEqual({ outcome: 'deleted' });
    expect(inIt.filter((kind) => kinds().has(kind))).toEqual(inIt);
    expect(open.provider.remove(ofKind(open, 'UserPool'))).toEqual({ outcome: 'deleted' });
    expect(inIt.filter((kind) => kinds().has(kind))).toEqual([]);
  });

  it('a bucket with a file in it, unless the environment does not protect its data', () => {
    const open = chartsWorld(false);
    expect(open.provider.remove(filesBucket(open))).toEqual({ outcome: 'deleted' });
    const world = chartsWorld(true);
    const bucket = filesBucket(world);
    expect(world.provider.remove(bucket)).toEqual({ outcome: 'kept' });
    const allowed = { ...bucket, spec: { ...bucket.spec, managementPolicies: ['*'] } };
    expect(saying(world.provider.remove(allowed))).toContain('refused: BucketNotEmpty');
  });

  it('a table with deletion protection', () => {
    const world = chartsWorld(true);
    const table = ofKind(world, 'Table');
    const allowed = { ...table, spec: { ...table.spec, managementPolicies: ['*'] } };
    expect(saying(world.provider.remove(allowed))).toContain(
      'refused: ValidationException: Resource cannot be deleted',
    );
  });
});

test('a deployment deleted by hand stays until its stage points elsewhere: a new generation frees it', () => {
  const world = familyWorld();
  const deployment = ofKind(world, 'Deployment');
  world.plane.remove(keyOf(deployment));
  expect(world.plane.converge().ready).toBe(false);
  const right = byName(world.plane.apiServer.list())['Right/test-right'];
  expect(JSON.stringify(right?.status?.['held'])).toContain('being-deleted');
  const values = { topics: 'a b', tables: 'x', body: 'two', text: 'p' };
  world.plane.apply(compositeObject(family(1)[0], { values, protectData: false }));
  expect(world.plane.converge().ready).toBe(true);
  expect(world.plane.apiServer.get(keyOf(deployment))).toBeUndefined();
});

test('what is a part of something else in AWS goes with it', () => {
  const world = familyWorld();
  expect(world.provider.remove(ofKind(world, 'RestAPI'))).toEqual({ outcome: 'deleted' });
  expect(world.provider.remove(ofKind(world, 'Deployment'))).toEqual({ outcome: 'absent' });
  expect(world.provider.remove(ofKind(world, 'Stage'))).toEqual({ outcome: 'absent' });
  const charts = chartsWorld();
  expect([...charts.provider.aws.values()].filter(({ externalName }) => externalName === FILES).length).toBeGreaterThan(
    6,
  );
  expect(charts.provider.remove(filesBucket(charts))).toEqual({ outcome: 'deleted' });
  const ofFiles = ({ kind, spec }: KubernetesObject): boolean =>
    /^Bucket./.test(kind) && isObject(spec?.['forProvider']) && spec['forProvider']['bucket'] === FILES;
  const aspects = managedIn(charts).filter(ofFiles);
  expect(aspects.length).toBeGreaterThan(6);
  const left = [...charts.provider.aws.values()].filter(({ forProvider }) => forProvider['bucket'] === FILES);
  expect(left).toEqual([]);
  // Their objects go as well; guards never delete anything themselves.
  const outcomes = aspects.map((aspect) => charts.provider.remove(aspect).outcome);
  expect(new Set(outcomes)).toEqual(new Set(['absent', 'kept']));
});

describe('without any order', () => {
  test.each([
    ['a family', familyWorld],
    ['an environment of the charts', () => chartsWorld()],
  ] as const)('%s goes entirely: whichever is tried first, what is refused goes in a later round', (_, start) => {
    const count = managedIn(start()).length;
    const anyOrder = fc.shuffledSubarray([...Array(count).keys()], { minLength: count, maxLength: count });
    fc.assert(
      fc.property(anyOrder, (order) => {
        const world = start();
        const objects = managedIn(world);
        let left = order.flatMap((index) => objects[index] ?? []);
        for (let round = 0; left.length > 0; round += 1) {
          expect(round).toBeLessThan(count);
          left = left.filter((object) => world.provider.remove(object).outcome === 'refused');
        }
        expect([...world.provider.aws.keys()]).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});

describe('the embedded control plane', () => {
  test('keeps what AWS refuses to delete, says why, and lets it go when AWS does', () => {
    const world = familyWorld();
    const deployment = ofKind(world, 'Deployment');
    const stage = ofKind(world, 'Stage');
    world.plane.remove(keyOf(compositeObject(family(1)[0])));
    const frozen = [stage, ofKind(world, 'RestAPI')].map((object) => resourceId(object, object.metadata.name));
    world.plane.inject(frozen.map((resource) => ({ kind: 'freeze', resource })));
    expect(world.plane.converge().settled).toBe(true);
    const kept = byName(world.plane.apiServer.list())[`Deployment/${deployment.metadata.name}`];
    expect(JSON.stringify(kept?.status?.['conditions'])).toContain('Active stages pointing to this deployment');
    world.plane.inject([]);
    world.plane.converge();
    expect(world.plane.apiServer.list()).toEqual([]);
    expect(world.provider.aws.size).toBe(0);
  });

  test('lets an environment that protects nothing go, with all its files', () => {
    const world = chartsWorld();
    world.plane.remove(keyOf(environment(false)));
    world.plane.converge();
    expect(world.plane.apiServer.list()).toEqual([]);
    expect(world.provider.aws.size).toBe(0);
  });
});
