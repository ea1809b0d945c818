import type { Construct } from 'constructs';
import type { StorageSection } from '../../config/storage.ts';
import type { Context } from '../../crossplane/definition/context.ts';
import { holdsData, pointBack } from '../../crossplane/reference/marks.ts';
import { Table } from '../../imports/dynamodb.ts';
import { awsName, named, tagsOf } from '../constructs/naming.ts';

/** Read and write units of a provisioned table to begin with. */
const PROVISIONED_UNITS = 5;

/**
 * The single table: everything the application stores, under PK and SK, and two indexes over it.
 * An index with a hash key only never becomes ready with this provider, so both have a range key too.
 */
export function mainTable(
  scope: Construct,
  props: { readonly context: Context; readonly table: StorageSection['table']; readonly keyArn: string },
): Table {
  const { context, keyArn } = props;
  const provisioned = props.table?.billing === 'provisioned';
  const units = provisioned ? { readCapacity: PROVISIONED_UNITS, writeCapacity: PROVISIONED_UNITS } : {};
  const table = new Table(scope, 'main-table', {
    metadata: named(awsName('main-table', context)),
    spec: {
      forProvider: {
        billingMode: provisioned ? 'PROVISIONED' : 'PAY_PER_REQUEST',
        ...units,
        hashKey: 'PK',
        rangeKey: 'SK',
        attribute: ['PK', 'SK', 'GSI1PK', 'GSI1SK', 'GSI2PK', 'GSI2SK'].map((name) => ({ name, type: 'S' })),
        globalSecondaryIndex: ['GSI1', 'GSI2'].map((name) => ({
          name,
          hashKey: `${name}PK`,
          rangeKey: `${name}SK`,
          projectionType: 'ALL',
          ...units,
        })),
        ttl: { enabled: true, attributeName: 'expiresAt' },
        pointInTimeRecovery: { enabled: true },
        streamEnabled: true,
        streamViewType: 'NEW_AND_OLD_IMAGES',
        serverSideEncryption: { enabled: true, kmsKeyArn: keyArn },
        deletionProtectionEnabled: context.protectData,
        tags: tagsOf(context),
      },
    },
  });
  holdsData(table, { deletionProtectionEnabled: false });
  return pointBack(table, { source: 'charts/storage/table.ts', config: 'storage.table' });
}
