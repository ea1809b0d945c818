import { asObject, isList } from '../crossplane/schema/json.ts';
import type { Json, JsonObject, KubernetesObject } from '../imports/base.ts';
import { regionOf, type Charge, type ServiceFacts } from './facts.ts';

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

export const dynamodb: ServiceFacts = {
  // Source of the shape: Amazon DynamoDB API Reference, TableDescription; a stream's label is the time of its making.
  Table: {
    shape: {
      atProvider: ({ name, account, region, forProvider }) => {
        const arn = `arn:aws:dynamodb:${region}:${account}:table/${name}`;
        const label = '2000-01-01T00:00:00.000';
        const stream = forProvider['streamEnabled'] === true;
        const { replica } = forProvider;
        return {
          id: name,
          arn,
          ...(stream ? { streamArn: `${arn}/stream/${label}`, streamLabel: label } : {}),
          ...(replica === undefined ? {} : { replica }),
        };
      },
    },
    // DynamoDB developer guide, "Using deletion protection".
    refusesDeletion: ({ forProvider }) =>
      forProvider['deletionProtectionEnabled'] === true
        ? 'ValidationException: Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.'
        : undefined,
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
