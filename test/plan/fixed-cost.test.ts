import { describe, expect, it } from '@jest/globals';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { fixedCost } from '../../plan/fixed-cost.ts';
import { monthlyUsd, prices, type PriceName } from '../../kinds/prices.ts';
import { EVERYTHING, storageWith } from '../charts/storage/rendered.ts';

function managed({ plane }: ReturnType<typeof storageWith>): readonly KubernetesObject[] {
  return plane.apiServer.list().filter(({ apiVersion }) => apiVersion.includes('.aws.m.'));
}

/** All of it is known. */
function known(usdPerMonth: number) {
  return { usdPerMonth, knownUsdPerMonth: usdPerMonth, unknown: [] };
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
    const { source, entry, published, asOf, usd } = prices[name];
    expect(source).toMatch(/^https:\/\/[a-z0-9.-]+\/\S+$/);
    expect(entry).not.toBe('');
    expect(published).toBe(new Date(published).toISOString().slice(0, 10));
    expect(asOf).toMatch(/^20[0-9]{2}-(0[1-9]|1[0-2])$/);
    expect(asOf >= published.slice(0, 7)).toBe(true);
    for (const amount of typeof usd === 'number' ? [usd] : Object.values(usd)) expect(amount).toBeGreaterThan(0);
  });

  it.each(['us-east-1', 'ap-northeast-1', 'ap-northeast-3'])('knows %s', (region) => {
    expect(names.filter((name) => monthlyUsd(name, region) === undefined)).toEqual([]);
  });

  it('says so where it does not know', () => {
    expect(monthlyUsd('alarm', 'sa-east-1')).toBeUndefined();
    expect(monthlyUsd('alarm', 'constructor')).toBeUndefined();
  });
});

describe('what the layer costs by existing', () => {
  it('is its keys, where nothing else is switched on', () => {
    expect(fixedCost(managed(storageWith()))).toEqual(known(3));
  });

  it('is one key more with replicas', () => {
    const world = storageWith({ table: { replica: true }, files: { replica: true } });
    expect(fixedCost(managed(world))).toEqual(known(4));
  });

  it.each([
    ['THROTTLED_KEYS', 2],
    ['ACCESSED_AND_THROTTLED_KEYS', 4],
  ])('counts the rules of Contributor Insights: %s has %d', (mode, rules) => {
    const insights = resource('ContributorInsights.dynamodb', { region: 'ap-northeast-1', mode });
    expect(fixedCost([insights])).toEqual(known(rules * 0.5));
  });

  it('is the least capacity of table and indexes, and the alarms that scale it, of a provisioned table', () => {
    const world = storageWith({ table: { billing: 'provisioned', capacity: { minReadUnits: 10, minWriteUnits: 4 } } });
    const capacity = 730 * 3 * (10 * 0.0001484 + 4 * 0.000742);
    // Six policies of four alarms.
    expect(fixedCost(managed(world)).usdPerMonth).toBeCloseTo(3 + capacity + 6 * 4 * 0.1, 2);
  });

  it('counts the capacity of a replica as well, and the alarms that AWS makes there for its writes', () => {
    const table = (replica: JsonObject[]) =>
      fixedCost([
        resource('Table.dynamodb', {
          region: 'ap-northeast-1',
          billingMode: 'PROVISIONED',
          readCapacity: 1000,
          writeCapacity: 0,
          globalSecondaryIndex: [{ name: 'index', readCapacity: 0, writeCapacity: 0 }],
          replica,
        }),
      ]).usdPerMonth;
    expect(table([])).toBeCloseTo(730 * 0.1484, 2);
    // Those of the table and of its index.
    expect(table([{ regionName: 'us-east-1' }])).toBeCloseTo(730 * (0.1484 + 0.13) + 2 * 4 * 0.1, 2);
  });

  it('is known of everything that the layer can have', () => {
    expect(fixedCost(managed(storageWith(EVERYTHING))).unknown).toEqual([]);
  });

  it('is not known where a price is not: each gap is a sentence, and the rest is added up', () => {
    const elsewhere = resource('Policy.appautoscaling', { region: 'sa-east-1' });
    expect(fixedCost([resource('Key.kms', { region: 'sa-east-1' }), elsewhere, elsewhere])).toEqual({
      usdPerMonth: undefined,
      knownUsdPerMonth: 1,
      unknown: ['The price of a CloudWatch alarm on one metric of standard resolution in sa-east-1 is not known.'],
    });
  });

  it('is not known for a kind that nobody has looked at: free is said, not presumed', () => {
    expect(fixedCost([resource('Distribution.cloudfront', {}), resource('Bucket.s3', {})])).toEqual({
      usdPerMonth: undefined,
      knownUsdPerMonth: 0,
      unknown: ['Whether a Distribution.cloudfront costs by existing is not known.'],
    });
    expect(fixedCost([resource('constructor.s3', {})]).usdPerMonth).toBeUndefined();
  });
});
