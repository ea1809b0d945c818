import { groupOf } from '../crossplane/reference/identity.ts';
import { asObject, isList } from '../crossplane/schema/json.ts';
import type { Json, JsonObject, KubernetesObject } from '../imports/base.ts';
import { monthlyUsd, prices, type PriceName } from './prices.ts';

/** What resources cost a month by existing. */
export interface FixedCost {
  /** US dollars, to the cent; `undefined` when a part of it is not known. */
  readonly usdPerMonth: number | undefined;
  /** US dollars of the parts that are known, to the cent: the least that it can be. */
  readonly knownUsdPerMonth: number;
  /** A sentence for each part that is not known. */
  readonly unknown: readonly string[];
}

/** So many units of something that has a price. */
interface Item {
  readonly price: PriceName;
  readonly units: number;
  readonly region: string;
}

/**
 * Rules of Contributor Insights for what has a partition and a sort key: one for each, or two where access counts too.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/contributorinsights_HowItWorks.html
 */
const INSIGHTS_RULES = { THROTTLED_KEYS: 2, ACCESSED_AND_THROTTLED_KEYS: 4 };

/**
 * Alarms that a target tracking policy makes for DynamoDB: consumed and provisioned capacity, high and low each.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html
 */
const ALARMS_OF_A_POLICY = 4;

/** By `<Kind>.<service>`: what a resource is charged for by existing. */
const CHARGED: Readonly<Record<string, (object: KubernetesObject) => readonly Item[]>> = {
  'Key.kms': keyItem,
  'ReplicaKey.kms': keyItem,
  'Table.dynamodb': capacityItems,
  'ContributorInsights.dynamodb': (object) => {
    const { mode } = forProviderOf(object);
    const units = INSIGHTS_RULES[mode === 'THROTTLED_KEYS' ? mode : 'ACCESSED_AND_THROTTLED_KEYS'];
    return [{ price: 'insightsRule', units, region: regionOf(object) }];
  },
  'Policy.appautoscaling': (object) => [{ price: 'alarm', units: ALARMS_OF_A_POLICY, region: regionOf(object) }],
};

/** What costs nothing as long as nobody uses it. */
const FREE: ReadonlySet<string> = new Set([
  'Alias.kms',
  'Target.appautoscaling',
  'Role.iam',
  'RolePolicy.iam',
  'Bucket.s3',
  'BucketCorsConfiguration.s3',
  'BucketLifecycleConfiguration.s3',
  'BucketLogging.s3',
  'BucketNotification.s3',
  'BucketObjectLockConfiguration.s3',
  'BucketOwnershipControls.s3',
  'BucketPolicy.s3',
  'BucketPublicAccessBlock.s3',
  'BucketReplicationConfiguration.s3',
  'BucketServerSideEncryptionConfiguration.s3',
  'BucketVersioning.s3',
]);

/** Adds up what managed resources cost a month by existing. */
export function fixedCost(resources: readonly KubernetesObject[]): FixedCost {
  const unknown = new Set<string>();
  let usd = 0;
  for (const object of resources) {
    for (const { price, units, region } of itemsOf(object, unknown)) {
      const one = monthlyUsd(price, region);
      if (one === undefined) unknown.add(`The price of ${prices[price].what} in ${region} is not known.`);
      else usd += one * units;
    }
  }
  const knownUsdPerMonth = Math.round(usd * 100) / 100;
  return {
    usdPerMonth: unknown.size > 0 ? undefined : knownUsdPerMonth,
    knownUsdPerMonth,
    unknown: [...unknown].sort(),
  };
}

function itemsOf(object: KubernetesObject, unknown: Set<string>): readonly Item[] {
  const kind = `${object.kind}.${groupOf(object.apiVersion).split('.')[0] ?? ''}`;
  const charged = Object.hasOwn(CHARGED, kind) ? CHARGED[kind] : undefined;
  if (charged !== undefined) return charged(object);
  if (!FREE.has(kind)) unknown.add(`Whether a ${kind} costs by existing is not known.`);
  return [];
}

function keyItem(object: KubernetesObject): readonly Item[] {
  return [{ price: 'key', units: 1, region: regionOf(object) }];
}

/**
 * Of a provisioned table: the least capacity of it and of its indexes, in each region. What scales their writes, AWS
 * keeps alike in all regions of the table, so that a replica has alarms that no object here stands for.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-global-table-design.prescriptive-guidance.throughput.html
 */
function capacityItems(object: KubernetesObject): readonly Item[] {
  const spec = { ...asObject(object.spec?.['initProvider']), ...forProviderOf(object) };
  if (spec['billingMode'] !== 'PROVISIONED') return [];
  const parts = [spec, ...listOf(spec['globalSecondaryIndex'])];
  const sum = (field: string) => parts.reduce((units, part) => units + Number(part[field] ?? 0), 0);
  const replicas = listOf(spec['replica']).map(({ regionName }) => String(regionName));
  return [
    ...[regionOf(object), ...replicas].flatMap((region): readonly Item[] => [
      { price: 'readUnit', units: sum('readCapacity'), region },
      { price: 'writeUnit', units: sum('writeCapacity'), region },
    ]),
    ...replicas.map((region): Item => ({ price: 'alarm', units: ALARMS_OF_A_POLICY * parts.length, region })),
  ];
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.map(asObject) : [];
}

function forProviderOf(object: KubernetesObject): JsonObject {
  return asObject(object.spec?.['forProvider']);
}

function regionOf(object: KubernetesObject): string {
  return String(forProviderOf(object)['region'] ?? '');
}
