import fc from 'fast-check';
import { asObject } from '../../../crossplane/schema/json.ts';
import type { Json } from '../../../imports/base.ts';
import type { LayerData } from '../layer-data.ts';

/** What Storage keeps, for the test that production loses none of it by any edit. */
export const storageData: LayerData = {
  home: 'Table',
  guarded: {
    Table: ['deletionProtectionEnabled', 'pointInTimeRecovery', 'hashKey', 'rangeKey'],
    Bucket: ['forceDestroy'],
    Key: ['enableKeyRotation', 'multiRegion', 'customerMasterKeySpec', 'deletionWindowInDays'],
    ReplicaKey: ['deletionWindowInDays'],
    BucketVersioning: ['versioningConfiguration'],
    BucketPublicAccessBlock: ['blockPublicAcls', 'blockPublicPolicy', 'ignorePublicAcls', 'restrictPublicBuckets'],
    BucketOwnershipControls: ['rule'],
    BucketPolicy: [],
    BucketObjectLockConfiguration: [],
    // Which key it is may change: an environment that is given up and comes back has a new one.
    BucketServerSideEncryptionConfiguration: [],
  },
  isProductions: ({ forProvider: { tags, bucket } }) =>
    asObject(tags)['environment'] === 'production' || String(bucket).includes('-production-'),
  entries: { Table: { list: 'replica', key: 'regionName', fields: ['deletionProtectionEnabled'] } },
  removals: [
    [/\|Table\|.*\|replica (.*)$/, 'storage/Table/production-storage-main-table.$1'],
    [/\|ReplicaKey\|.*$/, 'storage/ReplicaKey/production-storage-data-replica-key'],
  ],
  allowRemoval: [
    'storage/Table/production-storage-main-table',
    'storage/Table/production-storage-main-table.ap-northeast-3',
    'storage/ReplicaKey/production-storage-data-replica-key',
    'storage/Key/production-storage-data-key',
    'storage/Bucket/production-storage-files-bucket',
    'storage/ObjectStore/production-storage-replica-files',
    'storage/Storage/production-storage',
  ],
  settings: [
    ['storage', fc.constantFrom<Json>({}, { table: {} }, { files: {} })],
    ['storage.table', fc.constantFrom<Json>({}, { replica: true }, { replica: false })],
    ['storage.table.billing', fc.constantFrom('on-demand', 'provisioned')],
    ['storage.table.replica', fc.boolean()],
    ['storage.table.contributorInsights', fc.constantFrom('off', 'throttled-keys', 'all-keys')],
    [
      'storage.table.capacity',
      fc.constantFrom<Json>({ minReadUnits: 1 }, { minReadUnits: 1000 }, { maxWriteUnits: 7 }),
    ],
    ['storage.files.replica', fc.boolean()],
    ['storage.files.versionsKeptDays', fc.constantFrom(1, 7, 14)],
    ['storage.files.objectLockDays', fc.constantFrom(1, 30)],
    ['storage.files.extraUploadOrigins', fc.constantFrom<Json>([], ['http://localhost:5173'])],
    ['storage.logs.retentionDays', fc.constantFrom(1, 30, 400)],
  ],
  recorded: {
    resources: ['Table.dynamodb/main-table', 'Bucket.s3/files-bucket', 'Key.kms/data-key'],
    names: [
      'owlnest-main-table-production',
      'owlnest-files-production-123456789012-ap-northeast-1',
      'mrk-ce5d1c2c88eda796114c0cfcd9d606af',
      'another',
    ],
    productions: {
      'Table.dynamodb/main-table': 'owlnest-main-table-production',
      'Bucket.s3/files-bucket': 'owlnest-files-production-123456789012-ap-northeast-1',
    },
  },
};
