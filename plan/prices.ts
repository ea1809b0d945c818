/** What something costs by existing, in US dollars. Taxes, free tiers and discounts are not in it. */
export interface Price {
  readonly what: string;
  readonly per: 'month' | 'hour';
  /** By AWS region, or one figure for all commercial ones. A region that is missing is not known: nobody guesses. */
  readonly usd: number | Readonly<Record<string, number>>;
  readonly source: string;
  /** Year and month in which the figure was last compared with its source. */
  readonly asOf: string;
}

/** The price table. Only what costs by existing: requests, storage and transfer depend on use. */
export const prices = {
  key: {
    what: 'a KMS key, each replica of it and each of its first two rotations too',
    per: 'month',
    usd: 1,
    source: 'https://aws.amazon.com/kms/pricing/',
    asOf: '2026-03',
  },
  insightsRule: {
    what: 'a rule of CloudWatch Contributor Insights for DynamoDB',
    per: 'month',
    usd: { 'us-east-1': 0.5, 'ap-northeast-1': 0.5, 'ap-northeast-3': 0.5 },
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
    asOf: '2025-11',
  },
  alarm: {
    what: 'a CloudWatch alarm on one metric of standard resolution',
    per: 'month',
    usd: { 'us-east-1': 0.1, 'ap-northeast-1': 0.1, 'ap-northeast-3': 0.1 },
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
    asOf: '2025-11',
  },
  readUnit: {
    what: 'a provisioned read unit of DynamoDB, standard table class',
    per: 'hour',
    usd: { 'us-east-1': 0.00013, 'ap-northeast-1': 0.0001484 },
    source: 'https://aws.amazon.com/dynamodb/pricing/provisioned/',
    asOf: '2024-11',
  },
  writeUnit: {
    what: 'a provisioned write unit of DynamoDB, standard table class, replicated or not',
    per: 'hour',
    usd: { 'us-east-1': 0.00065, 'ap-northeast-1': 0.000742 },
    source: 'https://aws.amazon.com/dynamodb/pricing/provisioned/',
    asOf: '2024-11',
  },
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof prices;

/** Hours of a month as AWS reckons with: 365 days by 24 hours by 12. */
const HOURS_PER_MONTH = 730;

/** US dollars a month of one unit in a region; `undefined` where the table does not know. */
export function monthlyUsd(name: PriceName, region: string): number | undefined {
  const { usd, per }: Price = prices[name];
  const one = typeof usd === 'number' ? usd : Object.hasOwn(usd, region) ? usd[region] : undefined;
  return one === undefined ? undefined : one * (per === 'hour' ? HOURS_PER_MONTH : 1);
}
