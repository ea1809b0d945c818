/** What something costs by existing, in US dollars. Taxes, free tiers and discounts are not in it. */
export interface Price {
  readonly what: string;
  readonly per: 'month' | 'hour';
  /** By AWS region, or one figure for all commercial ones. A region that is missing is not known: nobody guesses. */
  readonly usd: number | Readonly<Record<string, number>>;
  /** Where the figure was read. AWS's own pages fill most of theirs in by script, so not all could be read there. */
  readonly source: string;
  /** Year and month in which it was read there. */
  readonly asOf: string;
}

/** The price table. Only what costs by existing: requests, storage and transfer depend on use. */
export const prices = {
  key: {
    what: 'a KMS key, each replica of it and each of its first two rotations too',
    per: 'month',
    usd: 1,
    source: 'https://aws.amazon.com/kms/pricing/',
    asOf: '2026-11',
  },
  insightsRule: {
    what: 'a rule of CloudWatch Contributor Insights for DynamoDB',
    per: 'month',
    // The source names no region, which is usually the first; for Tokyo and Osaka none was found.
    usd: { 'us-east-1': 0.5 },
    source: 'https://www.usage.ai/blog/aws-reserved-instances-dynamodb-contributor-insights',
    asOf: '2026-11',
  },
  alarm: {
    what: 'a CloudWatch alarm on one metric of standard resolution',
    per: 'month',
    usd: { 'us-east-1': 0.1 },
    source: 'https://c3x.dev/resources/aws/aws_cloudwatch_metric_alarm',
    asOf: '2026-11',
  },
  readUnit: {
    what: 'a provisioned read unit of DynamoDB, standard table class',
    per: 'hour',
    usd: { 'us-east-1': 0.00013, 'ap-northeast-1': 0.0001484, 'ap-northeast-3': 0.0001484 },
    // A tool of AWS's own: reserved capacity.
    source: 'https://github.com/awslabs/amazon-dynamodb-tools',
    asOf: '2026-11',
  },
  writeUnit: {
    // Replicated ones cost more until November 2024; since then they cost the same.
    what: 'a provisioned write unit of DynamoDB, standard table class, replicated or not',
    per: 'hour',
    usd: { 'us-east-1': 0.00065, 'ap-northeast-1': 0.000742, 'ap-northeast-3': 0.000742 },
    source: 'https://github.com/awslabs/amazon-dynamodb-tools',
    asOf: '2026-11',
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
