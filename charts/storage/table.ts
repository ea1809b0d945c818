import { Construct } from 'constructs';
import type { StorageSection } from '../../config/storage.ts';
import { about } from '../../crossplane/definition/about.ts';
import { contextOf, nameInAws, regionOf } from '../../crossplane/definition/chart.ts';
import { entriesHoldData, holdsData } from '../../crossplane/reference/marks.ts';
import { observed } from '../../crossplane/reference/observed.ts';
import * as dynamodb from '../../imports/dynamodb.ts';
import { awsName } from '../constructs/naming.ts';
import { dataTags } from '../constructs/tags.ts';
import { TableCapacity } from './capacity.ts';

/** The indexes over the table. One with a hash key only never becomes ready with this provider (upstream #2093). */
const INDEXES = ['GSI1', 'GSI2'];

/** Days that the table can be taken back to any second of: DynamoDB's longest. */
const RECOVERY_DAYS = 35;

interface MainTableProps {
  readonly settings: StorageSection['table'];
  readonly keyArn: string;
  /** Key that encrypts the copy in the replica region, if there is one. */
  readonly replicaKeyArn: string | undefined;
}

/**
 * The single table: everything the application stores, under PK and SK, and two indexes over it.
 * Why the replica is a block of the table and no resource of its own: docs/decisions/0011-storage.md.
 */
export class MainTable extends Construct {
  /** Known once the table exists, as its ARN and its stream's are. */
  readonly name: string;
  readonly arn: string;
  readonly streamArn: string;

  constructor(scope: Construct, id: string, { settings, keyArn, replicaKeyArn }: MainTableProps) {
    super(scope, id);
    about(this, { config: 'storage.table', component: 'table' });
    const { protectData } = contextOf(this);
    const table = new dynamodb.Table(this, 'table', {
      why: 'Keeps all that users write, and what follows from it',
      name: awsName(this, 'main-table'),
      // An item's own class and days stand on the item.
      tags: dataTags(this, 'personal'),
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
        serverSideEncryption: { enabled: true, kmsKeyArn: keyArn },
        deletionProtectionEnabled: protectData,
        tableClass: 'STANDARD',
        ...(replicaKeyArn === undefined
          ? {}
          : {
              replica: [
                {
                  regionName: regionOf(this, 'replica'),
                  kmsKeyArn: replicaKeyArn,
                  pointInTimeRecovery: true,
                  deletionProtectionEnabled: protectData,
                  propagateTags: true,
                },
              ],
            }),
        ...(settings.billing === 'on-demand'
          ? { billingMode: 'PAY_PER_REQUEST', globalSecondaryIndex: indexes() }
          : { billingMode: 'PROVISIONED' }),
      },
      ...(settings.billing === 'provisioned' ? { initProvider: initialCapacity(settings.capacity) } : {}),
    });
    const unprotect = { deletionProtectionEnabled: false };
    holdsData(table, unprotect);
    entriesHoldData(table, { field: 'replica', key: 'regionName', unprotect });
    if (settings.billing === 'provisioned') {
      new TableCapacity(this, 'capacity', { table, capacity: settings.capacity, indexes: INDEXES });
    }
    if (settings.contributorInsights !== 'off') this.#findHotKeys(table, settings.contributorInsights);
    this.name = observed(table, (status) => status.atProvider.id);
    this.arn = observed(table, (status) => status.atProvider.arn);
    this.streamArn = observed(table, (status) => status.atProvider.streamArn);
  }

  /** CloudWatch Contributor Insights for the table and for each index. */
  #findHotKeys(table: dynamodb.Table, keys: 'throttled-keys' | 'all-keys'): void {
    for (const index of [undefined, ...INDEXES]) {
      new dynamodb.ContributorInsights(this, `hot-keys-${index?.toLowerCase() ?? 'table'}`, {
        why: `Names the keys of ${index === undefined ? 'the table' : `index ${index}`} that are asked for too often`,
        config: 'storage.table.contributorInsights',
        after: [table],
        partOf: table,
        forProvider: {
          tableName: nameInAws(table),
          ...(index === undefined ? {} : { indexName: index }),
          mode: keys === 'throttled-keys' ? 'THROTTLED_KEYS' : 'ACCESSED_AND_THROTTLED_KEYS',
        },
      });
    }
  }
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
