import { describe, expect, it } from '@jest/globals';
import { forProvider, HERE, THERE } from '../../support/layer.ts';
import { EVERYTHING, storageWith } from './rendered.ts';

const plain = storageWith();
const table = forProvider(plain.one('Table', 'main-table'));

describe('the table', () => {
  it('has the keys of the design, every index a hash and a range key', () => {
    expect(table).toMatchObject({ hashKey: 'PK', rangeKey: 'SK' });
    expect(table['globalSecondaryIndex']).toEqual(
      ['GSI1', 'GSI2'].map((name) => ({ name, hashKey: `${name}PK`, rangeKey: `${name}SK`, projectionType: 'ALL' })),
    );
    const keys = ['PK', 'SK', 'GSI1PK', 'GSI1SK', 'GSI2PK', 'GSI2SK'];
    expect(table['attribute']).toEqual(keys.map((name) => ({ name, type: 'S' })));
  });

  it('forgets items by themselves, tells of every change, and can go back to any second of 35 days', () => {
    expect(table['ttl']).toEqual({ enabled: true, attributeName: 'ttl' });
    expect(table).toMatchObject({ streamEnabled: true, streamViewType: 'NEW_AND_OLD_IMAGES' });
    expect(table['pointInTimeRecovery']).toEqual({ enabled: true, recoveryPeriodInDays: 35 });
  });

  it("is encrypted with the environment's key, and AWS refuses its deletion", () => {
    const arn = Object(plain.one('Key', 'data-key').status?.['atProvider']) as { readonly arn: string };
    expect(table['serverSideEncryption']).toEqual({ enabled: true, kmsKeyArn: arn.arn });
    expect(table['deletionProtectionEnabled']).toBe(true);
    const loose = storageWith({}, { environment: 'development', tier: 'development', protectData: false });
    expect(loose.all('Table').map((one) => forProvider(one)['deletionProtectionEnabled'])).toEqual([false]);
  });

  it('says on itself what it costs for and how long its data is kept', () => {
    expect(table['tags']).toEqual({
      costCenter: 'community',
      application: 'owlnest',
      environment: 'production',
      component: 'table',
      'data-class': 'personal',
      retention: '30 days after account closing',
    });
  });

  it('is paid for by request, without anything that scales', () => {
    expect(table['billingMode']).toBe('PAY_PER_REQUEST');
    expect([...plain.all('Target'), ...plain.all('Policy'), ...plain.all('ContributorInsights')]).toEqual([]);
  });
});

describe('a provisioned table', () => {
  const world = storageWith({
    table: {
      billing: 'provisioned',
      capacity: { minReadUnits: 2, maxReadUnits: 20, minWriteUnits: 3, maxWriteUnits: 30 },
    },
  });
  const { spec } = world.one('Table', 'main-table');

  it('begins with the least capacity, and leaves it to auto scaling from then on', () => {
    const capacity = { readCapacity: 2, writeCapacity: 3 };
    expect(spec?.['forProvider']).toMatchObject({ billingMode: 'PROVISIONED' });
    // What stands in forProvider, the provider would set back at each of its polls.
    expect(Object.keys(Object(spec?.['forProvider']) as object)).not.toContain('readCapacity');
    expect(Object.keys(Object(spec?.['forProvider']) as object)).not.toContain('globalSecondaryIndex');
    expect(spec?.['initProvider']).toMatchObject({ ...capacity, globalSecondaryIndex: [capacity, capacity] });
  });

  it('scales reads and writes of itself and of each index within the bounds', () => {
    const targets = world.all('Target').map((target) => {
      const { resourceId, scalableDimension, minCapacity, maxCapacity } = forProvider(target);
      return [resourceId, scalableDimension, minCapacity, maxCapacity].map(String).join(' ');
    });
    const name = 'table/owlnest-main-table-production';
    expect(targets.sort()).toEqual(
      [
        `${name} dynamodb:table:ReadCapacityUnits 2 20`,
        `${name} dynamodb:table:WriteCapacityUnits 3 30`,
        ...['GSI1', 'GSI2'].flatMap((index) => [
          `${name}/index/${index} dynamodb:index:ReadCapacityUnits 2 20`,
          `${name}/index/${index} dynamodb:index:WriteCapacityUnits 3 30`,
        ]),
      ].sort(),
    );
    for (const target of world.all('Target')) {
      const { resourceId, scalableDimension } = forProvider(target);
      const policies = world.all('Policy').filter((policy) => {
        const of = forProvider(policy);
        return of['resourceId'] === resourceId && of['scalableDimension'] === scalableDimension;
      });
      const way = String(scalableDimension).includes('Read') ? 'Read' : 'Write';
      expect(policies.map((policy) => forProvider(policy)['targetTrackingScalingPolicyConfiguration'])).toEqual([
        {
          predefinedMetricSpecification: { predefinedMetricType: `DynamoDB${way}CapacityUtilization` },
          targetValue: 70,
        },
      ]);
    }
  });

  it('gives its scaling up when it is paid for by request again, and keeps its data', () => {
    expect(world.apply({ table: { billing: 'on-demand' } })).toEqual([]);
    expect([...world.inAws('Target'), ...world.inAws('Policy')]).toEqual([]);
    expect(world.inAws('Table')).toMatchObject([{ forProvider: { billingMode: 'PAY_PER_REQUEST' } }]);
  });
});

describe('the replica of the table', () => {
  it('is a block of the table, encrypted, recoverable and protected like it', () => {
    const world = storageWith({ table: { replica: true } });
    const key = Object(world.one('ReplicaKey', 'data-replica-key').status?.['atProvider']) as { readonly arn: string };
    expect(key.arn).toContain(`:${THERE}:`);
    expect(forProvider(world.one('Table', 'main-table'))['replica']).toEqual([
      {
        regionName: THERE,
        kmsKeyArn: key.arn,
        pointInTimeRecovery: true,
        deletionProtectionEnabled: true,
        propagateTags: true,
      },
    ]);
    expect(world.all('TableReplica')).toEqual([]);
  });

  it('needs a region', () => {
    expect(() => storageWith({ table: { replica: true } }, { replicaRegion: undefined })).toThrow(
      'production has no replicaRegion',
    );
  });
});

describe('Contributor Insights', () => {
  it.each([
    ['throttled-keys', 'THROTTLED_KEYS'],
    ['all-keys', 'ACCESSED_AND_THROTTLED_KEYS'],
  ] as const)('%s looks at the table and both indexes', (contributorInsights, mode) => {
    const world = storageWith({ table: { contributorInsights } });
    const found = world.all('ContributorInsights').map(forProvider);
    expect(found.map(({ indexName }) => indexName ?? 'table').sort()).toEqual(['GSI1', 'GSI2', 'table']);
    for (const one of found) {
      expect(one).toMatchObject({ tableName: 'owlnest-main-table-production', mode, region: HERE });
    }
  });
});

describe('the layer', () => {
  it('stays within what core takes in one composite, with everything switched on', () => {
    const world = storageWith(EVERYTHING);
    const owned = world.plane.apiServer.list().flatMap(({ apiVersion, metadata }) => {
      const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
      return apiVersion.startsWith('owlnest.io/') || owner === undefined ? [] : [String(owner['name'])];
    });
    const counts = new Map<string, number>();
    for (const owner of owned) counts.set(owner, (counts.get(owner) ?? 0) + 1);
    expect(Math.max(...counts.values())).toBeLessThanOrEqual(25);
    expect(counts.get('production-storage')).toBe(24);
  });
});
