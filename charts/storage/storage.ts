import type { Construct } from 'constructs';
import { storageSection, type StorageSection } from '../../config/storage.ts';
import { CompositeChart } from '../../crossplane/definition/chart.ts';
import { contextSchema, type Context } from '../../crossplane/definition/context.ts';
import { defineComposite, type Composite } from '../../crossplane/definition/definition.ts';
import { observed } from '../../crossplane/reference/observed.ts';
import { EncryptionKey, SigningKey, forLogGroups, forSigning, throughServices } from '../constructs/key.ts';
import { makeStores } from './stores.ts';
import { mainTable } from './table.ts';

const specSchema = storageSection.extend({ context: contextSchema });

type Spec = StorageSection & { readonly context: Context };

const OUTPUTS = [
  'dataKeyArn',
  'logsKeyArn',
  'cursorKeyArn',
  'tableName',
  'tableArn',
  'tableStreamArn',
  'filesBucketName',
  'filesBucketArn',
  'filesBucketDomainName',
  'websiteBucketName',
  'websiteBucketArn',
  'websiteBucketDomainName',
  'logsBucketName',
  'logsBucketArn',
  'artifactsBucketName',
  'artifactsBucketArn',
  'reportsBucketName',
  'reportsBucketArn',
] as const;

/** Everything that keeps data: keys, the table, the buckets. */
class StorageChart extends CompositeChart<(typeof OUTPUTS)[number]> {
  readonly outputs;

  constructor(scope: Construct, composite: Composite<Spec, never>) {
    super(scope, composite);
    const { spec, context } = composite;
    // Three keys, not one for each purpose: each costs by existing.
    const dataKey = new EncryptionKey(this, 'data', {
      context,
      purpose: 'table and buckets',
      config: 'storage',
      why: 'Encrypts the table and the buckets of files, artifacts and reports',
      multiRegion: true,
      uses: (region) => throughServices(context, region, ['dynamodb', 's3']),
    });
    const logsKey = new EncryptionKey(this, 'log-groups', {
      context,
      purpose: 'log groups',
      config: 'storage.logs',
      why: 'Encrypts log groups, which CloudWatch reads and writes by itself',
      multiRegion: false,
      uses: (region) => forLogGroups(context, region),
    });
    const cursorKey = new SigningKey(this, 'cursors', {
      context,
      purpose: 'signatures of cursors',
      config: 'storage',
      why: 'Signs the cursors of lists, so that nobody can make one up',
      uses: () => forSigning(context),
    });
    const { replicaRegion } = context;
    const isReplicated = spec.table.replica || spec.files.replica;
    if (isReplicated && replicaRegion === undefined) throw new Error('a replica needs a replicaRegion.');
    const replica =
      !isReplicated || replicaRegion === undefined
        ? undefined
        : { region: replicaRegion, keyArn: dataKey.replicate(replicaRegion, 'replicaRegion') };
    const table = mainTable(this, {
      context,
      settings: spec.table,
      keyArn: dataKey.arn,
      replica: spec.table.replica ? replica : undefined,
    });
    const stores = makeStores(this, {
      context,
      settings: spec,
      keyArn: dataKey.arn,
      replica: spec.files.replica ? replica : undefined,
    });
    this.outputs = {
      dataKeyArn: dataKey.arn,
      logsKeyArn: logsKey.arn,
      cursorKeyArn: cursorKey.arn,
      tableName: observed(table, (status) => status.atProvider.id),
      tableArn: observed(table, (status) => status.atProvider.arn),
      tableStreamArn: observed(table, (status) => status.atProvider.streamArn),
      filesBucketName: stores.files.output('bucketName'),
      filesBucketArn: stores.files.output('bucketArn'),
      filesBucketDomainName: stores.files.output('bucketDomainName'),
      websiteBucketName: stores.website.output('bucketName'),
      websiteBucketArn: stores.website.output('bucketArn'),
      websiteBucketDomainName: stores.website.output('bucketDomainName'),
      logsBucketName: stores.logs.output('bucketName'),
      logsBucketArn: stores.logs.output('bucketArn'),
      artifactsBucketName: stores.artifacts.output('bucketName'),
      artifactsBucketArn: stores.artifacts.output('bucketArn'),
      reportsBucketName: stores.reports.output('bucketName'),
      reportsBucketArn: stores.reports.output('bucketArn'),
    };
  }
}

export const Storage = defineComposite({
  kind: 'Storage',
  plural: 'storages',
  shortNames: ['owlstorage'],
  description: "Keeps an environment's data: keys, the table and the buckets.",
  schema: specSchema,
  rules: [],
  transitions: [],
  inputs: [],
  outputs: OUTPUTS,
  stateful: true,
  context: ({ context }) => context,
  chart: (scope, composite) => new StorageChart(scope, composite),
});
