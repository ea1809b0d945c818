import { describe, expect, it } from '@jest/globals';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { fixedCost } from '../../plan/fixed-cost.ts';
import { monthlyUsd, prices, type PriceName } from '../../plan/prices.ts';
import { EVERYTHING, storageWith, type StorageWorld } from '../charts/storage/rendered.ts';

function managed({ plane }: StorageWorld): readonly KubernetesObject[] {
  return plane.store.list().filter(({ apiVersion }) => apiVersion.includes('.aws.m.'));
}

function resource(kind: string, forProvider: JsonObject): KubernetesObject {
  const [name = '', service = ''] = kind.split('.');
  return {
    apiVersion: `${service}.aws.m.upbound.io/v1beta1`,
    kind: name,
    metadata: { name: 'x' },
    spec: { forProvider },
  };
}

describe('the price table', () => {
  const names = Object.keys(prices) as PriceName[];

  it.each(names)('says of %s where the figure is from and how old it is', (name) => {
    const { source, asOf, usd } = prices[name];
    expect(source).toMatch(/^https:\/\/[a-z0-9.-]+\/\S+$/);
    expect(asOf).toMatch(/^20[0-9]{2}-(0[1-9]|1[0-2])$/);
    for (const amount of typeof usd === 'number' ? [usd] : Object.values(usd)) expect(amount).toBeGreaterThan(0);
  });

  it('knows the regions of the default environment and North Virginia, or says that it does not', () => {
    expect(names.filter((name) => monthlyUsd(name, 'us-east-1') === undefined)).toEqual([]);
    for (const region of ['ap-northeast-1', 'ap-northeast-3']) {
      expect(names.filter((name) => monthlyUsd(name, region) === undefined)).toEqual(['insightsRule', 'alarm']);
    }
    expect(monthlyUsd('alarm', 'constructor')).toBeUndefined();
  });
});

describe('what the layer costs by existing', () => {
  it('is its keys, where nothing else is switched on', () => {
    expect(fixedCost(managed(storageWith()))).toEqual({ usdPerMonth: 3, unknown: [] });
  });

  it('is one key more with replicas', () => {
    const world = storageWith({ table: { replica: true }, files: { replica: true } });
    expect(fixedCost(managed(world))).toEqual({ usdPerMonth: 4, unknown: [] });
  });

  it.each([
    ['THROTTLED_KEYS', 2],
    ['ACCESSED_AND_THROTTLED_KEYS', 4],
  ])('counts the rules of Contributor Insights: %s has %d', (mode, rules) => {
    const insights = resource('ContributorInsights.dynamodb', { region: 'us-east-1', mode });
    expect(fixedCost([insights])).toEqual({ usdPerMonth: rules * 0.5, unknown: [] });
  });

  it('is the least capacity of table and indexes, and the alarms that scale it, of a provisioned table', () => {
    const world = storageWith({ table: { billing: 'provisioned', capacity: { minReadUnits: 10, minWriteUnits: 4 } } });
    const capacity = 730 * 3 * (10 * 0.0001484 + 4 * 0.000742);
    const policies = managed(world).filter(({ apiVersion }) => apiVersion.startsWith('appautoscaling.'));
    const others = managed(world).filter((object) => !policies.includes(object));
    expect(fixedCost(others).usdPerMonth).toBeCloseTo(3 + capacity, 2);
    // Six policies of four alarms.
    const elsewhere = policies.map(({ kind }) => resource(`${kind}.appautoscaling`, { region: 'us-east-1' }));
    expect(fixedCost(elsewhere)).toEqual({ usdPerMonth: 2.4, unknown: [] });
  });

  it('counts the capacity of a replica as well', () => {
    const table = (replica: JsonObject[]) =>
      fixedCost([
        resource('Table.dynamodb', {
          region: 'ap-northeast-1',
          billingMode: 'PROVISIONED',
          readCapacity: 1000,
          writeCapacity: 0,
          replica,
        }),
      ]).usdPerMonth;
    expect(table([])).toBeCloseTo(730 * 0.1484, 2);
    expect(table([{ regionName: 'us-east-1' }])).toBeCloseTo(730 * (0.1484 + 0.13), 2);
  });

  it('is not known where a price is not, and each gap is a sentence', () => {
    const { usdPerMonth, unknown } = fixedCost(managed(storageWith(EVERYTHING)));
    expect(usdPerMonth).toBeUndefined();
    expect(unknown).toEqual([
      'The price of a CloudWatch alarm on one metric of standard resolution in ap-northeast-1 is not known.',
      'The price of a rule of CloudWatch Contributor Insights for DynamoDB in ap-northeast-1 is not known.',
    ]);
  });

  it('is not known for a kind that nobody has looked at: free is said, not presumed', () => {
    expect(fixedCost([resource('Distribution.cloudfront', {}), resource('Bucket.s3', {})])).toEqual({
      usdPerMonth: undefined,
      unknown: ['Whether a Distribution.cloudfront costs by existing is not known.'],
    });
    expect(fixedCost([resource('constructor.s3', {})]).usdPerMonth).toBeUndefined();
  });
});
