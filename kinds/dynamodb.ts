import { asObject, isList } from '../crossplane/schema/json.ts';
import type { Json, JsonObject, KubernetesObject } from '../imports/base.ts';
import { regionOf, type Charge, type Dropped, type Loss, type ServiceFacts } from './facts.ts';

/**
 * Rules of Contributor Insights for what has a partition and a sort key: one for each, or two where access counts too.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/contributorinsights_HowItWorks.html
 */
const INSIGHTS_RULES = { THROTTLED_KEYS: 2, ACCESSED_AND_THROTTLED_KEYS: 4 };

/**
 * Alarms that a target tracking policy makes for DynamoDB: consumed and provisioned capacity, high and low each.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html
 */
export const ALARMS_OF_A_POLICY = 4;

/** Fields that a table's status shows as they are in AWS, among others. */
const SHOWN = [
  'billingMode',
  'deletionProtectionEnabled',
  'globalSecondaryIndex',
  'replica',
  'serverSideEncryption',
  'streamViewType',
  'ttl',
];

export const dynamodb: ServiceFacts = {
  // Source of the shape: Amazon DynamoDB API Reference, TableDescription; a stream's label is the time of its making.
  Table: {
    shape: {
      atProvider: ({ name, account, region, forProvider }) => {
        const arn = `arn:aws:dynamodb:${region}:${account}:table/${name}`;
        const label = '2000-01-01T00:00:00.000';
        const stream = forProvider['streamEnabled'] === true;
        return {
          id: name,
          arn,
          ...(stream ? { streamArn: `${arn}/stream/${label}`, streamLabel: label } : {}),
          ...Object.fromEntries(
            SHOWN.flatMap((field) => (field in forProvider ? [[field, forProvider[field] ?? null]] : [])),
          ),
        };
      },
    },
    // DynamoDB developer guide, "Using deletion protection".
    refusesDeletion: ({ forProvider }) =>
      forProvider['deletionProtectionEnabled'] === true
        ? 'ValidationException: Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.'
        : undefined,
    lost: lostByTable,
    neverArrives: droppedByTable,
    charges: capacityCharges,
  },
  ContributorInsights: {
    charges: (object) => {
      const { mode } = forProviderOf(object);
      const units = INSIGHTS_RULES[mode === 'THROTTLED_KEYS' ? mode : 'ACCESSED_AND_THROTTLED_KEYS'];
      return [{ price: 'insightsRule', units, region: regionOf(object) }];
    },
  },
};

/** Amazon DynamoDB API Reference, UpdateTable and UpdateTimeToLive; what the provider makes of a difference. */
function lostByTable(there: JsonObject, wanted: JsonObject): readonly Loss[] {
  return [...lostIndexes(there, wanted), ...lostReplicas(there, wanted), ...lostSettings(there, wanted)];
}

function lostIndexes(there: JsonObject, wanted: JsonObject): readonly Loss[] {
  const field = 'globalSecondaryIndex';
  return listOf(there[field]).flatMap((index) => {
    const name = String(index['name']);
    const next = listOf(wanted[field]).find((one) => one['name'] === name);
    if (next === undefined) return [{ field, entry: name, does: `deletes the index ${name}` }];
    const keys = ['hashKey', 'rangeKey', 'projectionType'].filter((key) => differs(index, next, key));
    return keys.length === 0
      ? []
      : [{ field, entry: name, does: `deletes the index ${name} and builds it anew (${keys.join(', ')})` }];
  });
}

function lostReplicas(there: JsonObject, wanted: JsonObject): readonly Loss[] {
  const field = 'replica';
  return listOf(there[field]).flatMap((replica) => {
    const region = String(replica['regionName']);
    const next = listOf(wanted[field]).find((one) => one['regionName'] === region);
    if (next === undefined) return [{ field, entry: region, does: `deletes the replica in ${region}` }];
    return differs(replica, next, 'kmsKeyArn')
      ? [{ field, entry: region, does: `deletes the replica in ${region} and makes it anew with another key` }]
      : [];
  });
}

function lostSettings(there: JsonObject, wanted: JsonObject): readonly Loss[] {
  const [now, next] = [asObject(there['ttl']), asObject(wanted['ttl'])];
  const expires = now['enabled'] === true && differs(now, next, 'attributeName');
  const starves = there['billingMode'] === 'PAY_PER_REQUEST' && wanted['billingMode'] === 'PROVISIONED';
  return [
    ...(starves
      ? [{ field: 'billingMode', entry: 'billingMode', does: 'leaves one unit to the table and none to its indexes' }]
      : []),
    ...(differs(there, wanted, 'streamViewType')
      ? [{ field: 'streamViewType', entry: 'streamViewType', does: 'closes the stream and opens one of another ARN' }]
      : []),
    ...(expires
      ? [{ field: 'ttl', entry: 'ttl', does: `no longer removes what ${String(now['attributeName'])} lets expire` }]
      : []),
  ];
}

/** Where both say something. */
function differs(one: JsonObject, other: JsonObject, field: string): boolean {
  return one[field] !== undefined && other[field] !== undefined && one[field] !== other[field];
}

/** What was seen with the real provider, or follows from its source. */
function droppedByTable(before: JsonObject, wanted: JsonObject): readonly Dropped[] {
  const wasOnDemand = before['billingMode'] === 'PAY_PER_REQUEST';
  const gone = ['ttl', 'serverSideEncryption'].filter(
    (field) => before[field] !== undefined && wanted[field] === undefined,
  );
  return [
    ...(wasOnDemand && wanted['billingMode'] === 'PROVISIONED'
      ? [
          {
            field: 'billingMode',
            way: 'it sends one unit for the table and nothing for its indexes, so a table made on demand stays on demand. Set it back, or restore the table as a provisioned one in AWS and record that',
          },
        ]
      : []),
    ...gone.map((field) => ({ field, way: `it keeps what is no longer said, so say ${field} with enabled: false` })),
  ];
}

/**
 * Of a provisioned table: the least capacity of it and of its indexes, in each region. What scales their writes, AWS
 * keeps alike in all regions of the table, so that a replica has alarms that no object here stands for.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-global-table-design.prescriptive-guidance.throughput.html
 */
function capacityCharges(object: KubernetesObject): readonly Charge[] {
  const spec = { ...asObject(object.spec?.['initProvider']), ...forProviderOf(object) };
  if (spec['billingMode'] !== 'PROVISIONED') return [];
  const parts = [spec, ...listOf(spec['globalSecondaryIndex'])];
  const sum = (field: string) => parts.reduce((units, part) => units + Number(part[field] ?? 0), 0);
  const replicas = listOf(spec['replica']).map(({ regionName }) => String(regionName));
  return [
    ...[regionOf(object), ...replicas].flatMap((region): readonly Charge[] => [
      { price: 'readUnit', units: sum('readCapacity'), region },
      { price: 'writeUnit', units: sum('writeCapacity'), region },
    ]),
    ...replicas.map((region): Charge => ({ price: 'alarm', units: ALARMS_OF_A_POLICY * parts.length, region })),
  ];
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.map(asObject) : [];
}

function forProviderOf(object: KubernetesObject): JsonObject {
  return asObject(object.spec?.['forProvider']);
}
