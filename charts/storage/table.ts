import type { Construct } from 'constructs';
import type { StorageSection } from '../../config/storage.ts';
import type { Context } from '../../crossplane/definition/context.ts';
import { entriesHoldData, holdsData, pointBack } from '../../crossplane/reference/marks.ts';
import { ContributorInsights, Table } from '../../imports/dynamodb.ts';
import { awsName, isOnlyObserved, named, nameInAws } from '../constructs/naming.ts';
import { dataTagsOf } from '../constructs/tags.ts';
import { scaleCapacity } from './capacity.ts';

const SOURCE = 'charts/storage/table.ts';

/** The indexes over the table. One with a hash key only never becomes ready with this provider (upstream #2093). */
const INDEXES = ['GSI1', 'GSI2'];

/** Days that the table can be taken back to any second of: DynamoDB's longest. */
const RECOVERY_DAYS = 35;

interface TableProps {
  readonly context: Context;
  readonly settings: StorageSection['table'];
  readonly keyArn: string;
  /** Where a second copy is, if there is one, and the key that encrypts it. */
  readonly replica: { readonly region: string; readonly keyArn: string } | undefined;
}

/**
 * The single table: everything the application stores, under PK and SK, and two indexes over it.
 * Why the replica is a block of the table and no resource of its own: docs/decisions/0011-storage.md.
 */
export function mainTable(scope: Construct, props: TableProps): Table {
  const { context, settings, replica } = props;
  const chosen = awsName('main-table', context);
  const table = new Table(scope, 'main-table', {
    metadata: named(chosen),
    spec: {
      forProvider: {
        hashKey: 'PK',
        rangeKey: 'SK',
        attribute: ['PK', 'SK', ...INDEXES.flatMap((index) => [`${index}PK`, `${index}SK`])].map((name) => ({
          name,
          type: 'S',
        })),
        ttl: { enabled: true, attributeName: 'ttl' },
        pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: RECOVERY_DAYS },
        streamEnabled: true,
        streamViewType: 'NEW_AND_OLD_IMAGES',
        serverSideEncryption: { enabled: true, kmsKeyArn: props.keyArn },
        deletionProtectionEnabled: context.protectData,
        tableClass: 'STANDARD',
        ...(replica === undefined
          ? {}
          : {
              replica: [
                {
                  regionName: replica.region,
                  kmsKeyArn: replica.keyArn,
                  pointInTimeRecovery: true,
                  deletionProtectionEnabled: context.protectData,
                  propagateTags: true,
                },
              ],
            }),
        // An item's own class and days stand on the item.
        tags: dataTagsOf(context, 'table', 'personal'),
        ...(settings.billing === 'on-demand'
          ? { billingMode: 'PAY_PER_REQUEST', globalSecondaryIndex: indexes() }
          : {}),
        ...(settings.billing === 'provisioned' ? { billingMode: 'PROVISIONED' } : {}),
      },
      ...(settings.billing === 'provisioned' ? { initProvider: initialCapacity(settings.capacity) } : {}),
    },
  });
  const unprotect = { deletionProtectionEnabled: false };
  holdsData(table, unprotect);
  entriesHoldData(table, { field: 'replica', key: 'regionName', unprotect });
  pointBack(table, {
    source: SOURCE,
    config: 'storage.table',
    why: 'Keeps all that users write, and what follows from it',
  });
  // One that is only looked at must not change by what belongs to it either.
  if (isOnlyObserved(table, context)) return table;
  const name = nameInAws(table, chosen, context);
  if (settings.billing === 'provisioned') {
    scaleCapacity(scope, { context, capacity: settings.capacity, tableName: name, indexes: INDEXES });
  }
  if (settings.contributorInsights !== 'off') findHotKeys(scope, table, name, settings.contributorInsights);
  return table;
}

function indexes(capacity: { readonly readCapacity?: number; readonly writeCapacity?: number } = {}) {
  return INDEXES.map((name) => ({
    name,
    hashKey: `${name}PK`,
    rangeKey: `${name}SK`,
    projectionType: 'ALL',
    ...capacity,
  }));
}

/**
 * What a provisioned table begins with. Afterwards auto scaling has it: in `forProvider` the provider would set it back
 * at each of its polls. Of an index it does so as soon as any part of the list stands there (upstream #1760), so the
 * whole list is said here.
 */
function initialCapacity({ minReadUnits, minWriteUnits }: StorageSection['table']['capacity']) {
  const capacity = { readCapacity: minReadUnits, writeCapacity: minWriteUnits };
  return { ...capacity, globalSecondaryIndex: indexes(capacity) };
}

/** CloudWatch Contributor Insights for the table and for each index. */
function findHotKeys(scope: Construct, table: Table, tableName: string, keys: 'throttled-keys' | 'all-keys'): void {
  for (const index of [undefined, ...INDEXES]) {
    const insights = new ContributorInsights(scope, `hot-keys-${index?.toLowerCase() ?? 'table'}`, {
      spec: {
        forProvider: {
          tableName,
          ...(index === undefined ? {} : { indexName: index }),
          mode: keys === 'throttled-keys' ? 'THROTTLED_KEYS' : 'ACCESSED_AND_THROTTLED_KEYS',
        },
      },
    });
    insights.addDependency(table);
    pointBack(insights, {
      source: SOURCE,
      config: 'storage.table.contributorInsights',
      why: `Names the keys of ${index === undefined ? 'the table' : `index ${index}`} that are asked for too often`,
    });
  }
}
