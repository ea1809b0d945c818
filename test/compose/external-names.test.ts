/** Law 5: the name that AWS made up stands on the object, and nothing that has a name is made twice. */
import { describe, expect, it } from '@jest/globals';
import { keyOf } from '../../crossplane/embedded/api-server.ts';
import type { ResourceId } from '../../crossplane/reference/identity.ts';
import { holdsData } from '../../crossplane/reference/marks.ts';
import { observed } from '../../crossplane/reference/observed.ts';
import { Target } from '../../imports/appautoscaling.ts';
import { RestAPI } from '../../imports/apigateway.ts';
import { Table } from '../../imports/dynamodb.ts';
import { Key, ReplicaKey } from '../../imports/kms.ts';
import { Alias } from '../../imports/lambda.ts';
import { OriginRequestPolicy } from '../../imports/cloudfront.ts';
import { StandardsSubscription } from '../../imports/securityhub.ts';
import { Topic } from '../../imports/sns.ts';
import type { KubernetesObject } from '../../imports/base.ts';
import { byName, compositeObject, testKind, worldOf, type World } from '../support/world.ts';

const KEY = 'Key.kms.aws.m.upbound.io/test-key' as ResourceId;
const API = 'RestAPI.apigateway.aws.m.upbound.io/test-api' as ResourceId;
const KEY_ID = '01234567-89ab-4cde-8f01-23456789abcd';
const named = (name: string) => ({ annotations: { 'crossplane.io/external-name': name } });

/** A key that holds data, what it encrypts, and an API that holds none. */
const Names = testKind('Names', (chart, { spec }) => {
  const key = new Key(chart, 'key', {
    why: 'For a test',
    forProvider: { description: spec.values?.['text'] ?? 'a key' },
  });
  holdsData(key);
  new Topic(chart, 'topic', {
    why: 'For a test',
    name: 'events',
    forProvider: { kmsMasterKeyId: observed(key, (status) => status.atProvider.arn) },
  });
  if (spec.values?.['api'] !== 'no') new RestAPI(chart, 'api', { why: 'For a test', forProvider: { name: 'api' } });
  return {};
});

function start(spec: KubernetesObject['spec'] = {}, kind: Parameters<typeof worldOf>[0][number] = Names): World {
  const world = worldOf([kind]);
  expect(world.plane.apply(compositeObject(kind, spec))).toEqual([]);
  return world;
}

function objectOf({ plane }: World, name: string): KubernetesObject {
  const object = byName(plane.apiServer.list())[name];
  if (object === undefined) throw new Error(`There is no ${name}.`);
  return object;
}

const nameOf = (world: World, name: string) =>
  objectOf(world, name).metadata.annotations?.['crossplane.io/external-name'];
const policiesOf = (world: World, name: string) => objectOf(world, name).spec?.['managementPolicies'];

function statusOf({ plane }: World, id = 'Names.owlnest.io/test') {
  const result = plane.converge({ passes: 1 }).composites.get(id as ResourceId);
  if (result?.outcome !== 'composed') throw new Error(JSON.stringify(result));
  return result.status;
}

/** What AWS has made of a kind. */
const madeOf = ({ provider }: World, kind: string) => provider.creations.filter((one) => one.kind === kind).length;

describe('a name that AWS made up', () => {
  it('is written into the object in the pass after its status told it, and is ours', () => {
    const world = start();
    world.plane.step();
    world.plane.step();
    expect(objectOf(world, 'Key/test-key').status?.['atProvider']).toHaveProperty('id');
    expect(nameOf(world, 'Key/test-key')).toBeUndefined();
    world.plane.step();
    const key = objectOf(world, 'Key/test-key');
    expect(nameOf(world, 'Key/test-key')).toBe(Reflect.get(Object(key.status?.['atProvider']), 'id'));
    expect(JSON.stringify(key.metadata.managedFields)).toContain('f:crossplane.io/external-name');
  });

  it('stays through applies, holds and another release, whatever the status says then', () => {
    const world = start();
    world.plane.converge();
    const name = nameOf(world, 'Key/test-key');
    world.plane.inject([{ kind: 'empty', resource: KEY }]);
    world.plane.converge();
    expect(nameOf(world, 'Key/test-key')).toBe(name);
    world.plane.apply(compositeObject(Names, { values: { text: 'changed' } }));
    world.plane.use(worldOf([Names], '2.0.0').composer);
    world.plane.converge();
    expect(nameOf(world, 'Key/test-key')).toBe(name);
    const Fewer = testKind('Names', () => ({}));
    world.plane.use(worldOf([Fewer], '3.0.0').composer);
    world.plane.converge();
    expect(statusOf(world).held).toMatchObject([{ resource: KEY, reason: 'not-declared' }]);
    expect(nameOf(world, 'Key/test-key')).toBe(name);
    world.provider.restart();
    world.plane.converge();
    expect(madeOf(world, 'Key')).toBe(1);
  });

  it('is saved on what is held, too', () => {
    const world = start();
    world.plane.step();
    world.plane.step();
    world.plane.apply(compositeObject(Names, { values: { text: 'a key', api: 'no' } }));
    const Fewer = testKind('Names', () => ({}));
    world.plane.use(worldOf([Fewer], '2.0.0').composer);
    world.plane.step();
    expect(nameOf(world, 'Key/test-key')).toMatch(/^[0-9a-f]{8}-/);
  });

  it('is never that of an object which is being deleted, nor a text of another form', () => {
    const world = start();
    world.plane.inject([{ kind: 'freeze', resource: API }]);
    world.plane.step();
    const give = (id: string, deletionTimestamp?: string) =>
      world.plane.apiServer.patch(keyOf(objectOf(world, 'RestAPI/test-api')), (object) => ({
        ...object,
        metadata: {
          ...object.metadata,
          finalizers: ['finalizer.test'],
          ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
        },
        status: { atProvider: { id } },
      }));
    give('arn:aws:not-an-id');
    world.plane.step();
    expect(nameOf(world, 'RestAPI/test-api')).toBeUndefined();
    give('abc1234567', '2000-01-01T00:00:00Z');
    world.plane.step();
    expect(nameOf(world, 'RestAPI/test-api')).toBeUndefined();
  });

  it('is reported to be recorded, in the order of the resources; one that follows from a recorded one is not', () => {
    const Replica = testKind('Names', (chart) => {
      const key = new Key(chart, 'key', { why: 'For a test', forProvider: { multiRegion: true } });
      new ReplicaKey(chart, 'copy', {
        why: 'For a test',
        forProvider: { primaryKeyArn: observed(key, (status) => status.atProvider.arn) },
      });
      new RestAPI(chart, 'api', { why: 'For a test', forProvider: { name: 'api' } });
      return {};
    });
    const world = start({}, Replica);
    expect(world.plane.converge().ready).toBe(true);
    const ids = Object.keys(statusOf(world).identities);
    expect(ids.map((id) => id.replace(/-[0-9a-f]{8}$/, ''))).toEqual([KEY, API]);
    const names = world.plane.apiServer
      .list()
      .map((one) => [one.kind, one.metadata.annotations?.['crossplane.io/external-name']]);
    expect(Object.fromEntries(names)).toMatchObject({ ReplicaKey: statusOf(world).identities[ids[0] ?? ''] });
  });
});

describe('a recorded name that AWS made up', () => {
  const recorded = (id: ResourceId, externalName: string) => ({
    identities: { [id]: { externalName, mode: 'owned' } },
  });

  it('is only looked for, and nothing is ever made when it is not there', () => {
    const world = start(recorded(KEY, KEY_ID));
    world.plane.converge();
    world.provider.restart();
    world.plane.converge();
    expect(madeOf(world, 'Key')).toBe(0);
    expect(policiesOf(world, 'Key/test-key')).toEqual(['Observe']);
    expect(JSON.stringify(objectOf(world, 'Key/test-key').status)).toContain('external resource does not exist');
  });

  it('is taken over once it was seen: what holds data without Create, all else with all policies', () => {
    const first = start();
    first.plane.converge();
    const identities = Object.entries(statusOf(first).identities).map(
      ([id, externalName]) => [id, { externalName, mode: 'owned' }] as const,
    );
    const second = start({ identities: Object.fromEntries(identities) });
    for (const resource of first.provider.aws.values()) {
      if (resource.kind === 'Topic') continue;
      second.provider.adopt({
        apiVersion: resource.apiVersion,
        kind: resource.kind,
        metadata: { name: 'there', ...named(resource.externalName) },
        spec: { forProvider: resource.forProvider },
      });
    }
    expect(second.plane.converge().ready).toBe(true);
    expect([madeOf(second, 'Key'), madeOf(second, 'RestAPI')]).toEqual([0, 0]);
    expect(policiesOf(second, 'Key/test-key')).toEqual(['Observe', 'Update']);
    expect(policiesOf(second, 'RestAPI/test-api')).toEqual(['Observe', 'Create', 'Update', 'Delete']);
    second.provider.restart();
    expect(second.plane.converge().ready).toBe(true);
    expect([madeOf(second, 'Key'), madeOf(second, 'RestAPI')]).toEqual([0, 0]);
  });

  it('of another form is refused in one sentence that shows the form', () => {
    const arn = `arn:aws:kms:eu-west-1:123456789012:key/${KEY_ID}`;
    const world = start(recorded(KEY, arn));
    expect(statusOf(world).invalid).toMatchObject([
      {
        resource: KEY,
        path: 'metadata.annotations["crossplane.io/external-name"]',
        rule: 'name-form',
        received: arn,
        message:
          `The AWS name ${arn} of ${KEY} has not the form of a Key: ` +
          '^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$',
      },
    ]);
  });
});

describe('a resource that somebody deleted in AWS', () => {
  it('is made again once, and from then on only looked at until somebody says which one is meant', () => {
    const world = start();
    world.plane.converge();
    const name = nameOf(world, 'RestAPI/test-api') ?? '';
    world.provider.vanish(name);
    // Nothing but a look of the provider finds out.
    for (let look = 0; look < 4; look += 1) world.plane.step();
    expect(madeOf(world, 'RestAPI')).toBe(2);
    world.plane.converge();
    expect(nameOf(world, 'RestAPI/test-api')).toBe(name);
    expect(policiesOf(world, 'RestAPI/test-api')).toEqual(['Observe']);
    expect(statusOf(world).converged.message).toMatch(new RegExp(`AWS calls it \\w+ now, but its name is ${name}`));
    world.provider.restart();
    world.plane.converge();
    expect(madeOf(world, 'RestAPI')).toBe(2);
  });
});

describe('names that are unique within something', () => {
  it('are no duplicates where that differs', () => {
    const Two = testKind('Names', (chart, { spec }) => {
      for (const part of ['read', 'write']) {
        new Target(chart, part, {
          why: 'For a test',

          forProvider: {
            resourceId: 'table/forum',
            scalableDimension: `dynamodb:table:${part === 'read' ? 'Read' : 'Write'}CapacityUnits`,
            serviceNamespace: 'dynamodb',
            minCapacity: 1,
            maxCapacity: 2,
          },
        });
        const functionName = spec.values?.['same'] === 'yes' ? 'one' : part;
        new Alias(chart, `${part}-alias`, {
          why: 'For a test',
          name: 'live',
          forProvider: { functionName, functionVersion: '1' },
        });
      }
      return {};
    });
    const world = start({}, Two);
    expect(world.plane.converge().ready).toBe(true);
    expect(world.provider.aws.size).toBe(4);
    const same = start({ values: { same: 'yes' } }, Two);
    const [result] = same.plane.converge().composites.values();
    expect(result).toMatchObject({ outcome: 'refused', violations: [{ rule: 'duplicate' }] });
  });
});

describe('kinds for which a name does not do what it does for others', () => {
  const identities = {
    'StandardsSubscription.securityhub.aws.m.upbound.io/test-standard': { externalName: 'any', mode: 'owned' },
  };
  const Odd = testKind('Names', (chart) => {
    new OriginRequestPolicy(chart, 'policy', {
      why: 'For a test',
      name: 'all',

      forProvider: {
        cookiesConfig: { cookieBehavior: 'none' },
        headersConfig: { headerBehavior: 'none' },
        queryStringsConfig: { queryStringBehavior: 'none' },
      },
    });
    new StandardsSubscription(chart, 'standard', {
      why: 'For a test',
      forProvider: { standardsArn: 'arn:aws:securityhub:::a' },
    });
    return {};
  });

  it('are refused, or refused a name', () => {
    const rules = statusOf(start({ identities }, Odd)).invalid.map(({ rule, message }) => [rule, message]);
    expect(rules).toEqual([
      ['unusable-kind', expect.stringContaining('Use another kind.')],
      ['name-ignored', expect.stringContaining('does not read the AWS name of a StandardsSubscription')],
    ]);
    expect(statusOf(start({}, Odd)).invalid.map(({ rule }) => rule)).toEqual(['unusable-kind']);
  });
});

describe('a field that moves from forProvider to initProvider on what exists', () => {
  const Moving = testKind('Names', (chart, { spec }) => {
    const index = { globalSecondaryIndex: [{ name: 'GSI1', hashKey: 'a', rangeKey: 'b', projectionType: 'ALL' }] };
    const initial = spec.values?.['initial'] === 'yes';
    new Table(chart, 'table', {
      why: 'For a test',
      name: 'forum',
      forProvider: { hashKey: 'PK', ...(initial ? {} : index) },
      ...(initial ? { initProvider: index } : {}),
    });
    return {};
  });

  it('stays where it is: gone from both, AWS would remove what it says', () => {
    const world = start({}, Moving);
    world.plane.converge();
    world.plane.apply(compositeObject(Moving, { values: { initial: 'yes' } }));
    expect(world.plane.converge().ready).toBe(true);
    expect(objectOf(world, 'Table/test-table').spec?.['forProvider']).toHaveProperty('globalSecondaryIndex');
    expect([...world.provider.aws.values()][0]?.forProvider).toHaveProperty('globalSecondaryIndex');
  });
});

describe('initProvider of what exists', () => {
  const Initial = testKind('Names', (chart, { spec }) => {
    const initProvider = spec.values?.['initial'] === 'yes' ? { readCapacity: 5 } : undefined;
    new Table(chart, 'table', {
      why: 'For a test',
      name: 'forum',
      forProvider: { hashKey: 'PK' },
      ...(initProvider === undefined ? {} : { initProvider }),
    });
    return {};
  });

  it.each(['yes', 'no'])('is neither added nor taken away (at first: %s)', (initial) => {
    const world = start({ values: { initial } }, Initial);
    world.plane.converge();
    const before = objectOf(world, 'Table/test-table').spec;
    world.plane.apply(compositeObject(Initial, { values: { initial: initial === 'yes' ? 'no' : 'yes' } }));
    expect(world.plane.converge().ready).toBe(true);
    expect(objectOf(world, 'Table/test-table').spec).toEqual(before);
  });
});
