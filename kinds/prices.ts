/** What something costs by existing, in US dollars. Taxes, free tiers and discounts are not in it. */
export interface Price {
  readonly what: string;
  readonly per: 'month' | 'hour';
  /** By AWS region, or one figure for all commercial ones. A region that is missing is not known: nobody guesses. */
  readonly usd: number | Readonly<Record<string, number>>;
  /** Where the figure was read, and under which name it stands there. */
  readonly source: string;
  readonly entry: string;
  /** The day that the source gives its figures. */
  readonly published: string;
  /** Year and month in which it was read there. */
  readonly asOf: string;
}

/**
 * AWS's pricing pages have no figures of their own: a script fills them in from one file a service, which AWS serves at
 * `https://b0.p.awsstatic.com/pricing/2.0/meteredUnitMaps/<service>/USD/current/<service>.json`. This repository keeps
 * copies of those files, by region and by AWS's names.
 */
const copyOf = <Service extends string>(service: Service) =>
  `https://github.com/lamngockhuong/aws-price/blob/508fb45296c89efe38772babd7ec766644629267/lib/data/pricing/${service}.json` as const;

/** The price table. Only what costs by existing: requests, storage and transfer depend on use. */
export const prices = {
  key: {
    // AWS adds as much for each of a key's first two rotations, once they have happened.
    what: 'a KMS key, or a replica of one, that has not been rotated yet',
    per: 'month',
    usd: 1,
    source: copyOf('kms'),
    entry: 'Encryption Key',
    published: '2025-08-28',
    asOf: '2026-11',
  },
  insightsRule: {
    what: 'a rule of CloudWatch Contributor Insights for DynamoDB',
    per: 'month',
    usd: { 'us-east-1': 0.5, 'ap-northeast-1': 0.5, 'ap-northeast-3': 0.5 },
    source: copyOf('cloudwatch'),
    entry: 'Contributor Insights DynamoDB',
    published: '2025-09-23',
    asOf: '2026-11',
  },
  alarm: {
    what: 'a CloudWatch alarm on one metric of standard resolution',
    per: 'month',
    usd: { 'us-east-1': 0.1, 'ap-northeast-1': 0.1, 'ap-northeast-3': 0.1 },
    source: copyOf('cloudwatch'),
    entry: 'Alarm Standard',
    published: '2025-09-23',
    asOf: '2026-11',
  },
  readUnit: {
    what: 'a provisioned read unit of DynamoDB, standard table class',
    per: 'hour',
    usd: { 'us-east-1': 0.00013, 'ap-northeast-1': 0.0001484, 'ap-northeast-3': 0.0001484 },
    source: copyOf('dynamodb'),
    entry: 'Provisioned Read Units',
    published: '2025-08-28',
    asOf: '2026-11',
  },
  writeUnit: {
    // "Provisioned Replicated Write Units" stand there with the same figures.
    what: 'a provisioned write unit of DynamoDB, standard table class, replicated or not',
    per: 'hour',
    usd: { 'us-east-1': 0.00065, 'ap-northeast-1': 0.000742, 'ap-northeast-3': 0.000742 },
    source: copyOf('dynamodb'),
    entry: 'Provisioned Write Units',
    published: '2025-08-28',
    asOf: '2026-11',
  },
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof prices;

/** Hours of a month as AWS reckons with: 365 days of 24 hours, by 12. */
const HOURS_PER_MONTH = 730;

/** US dollars a month of one unit in a region; `undefined` where the table does not know. */
export function monthlyUsd(name: PriceName, region: string): number | undefined {
  const { usd, per }: Price = prices[name];
  const one = typeof usd === 'number' ? usd : Object.hasOwn(usd, region) ? usd[region] : undefined;
  return one === undefined ? undefined : one * (per === 'hour' ? HOURS_PER_MONTH : 1);
}
