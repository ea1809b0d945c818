import type { Construct } from 'constructs';
import { storageSection, type StorageSection } from '../../config/storage.ts';
import { ChildComposite } from '../../crossplane/definition/child.ts';
import { CompositeChart } from '../../crossplane/definition/chart.ts';
import { contextSchema, type Context } from '../../crossplane/definition/context.ts';
import { defineComposite, type Composite } from '../../crossplane/definition/definition.ts';
import { pointBack } from '../../crossplane/reference/marks.ts';
import { observed } from '../../crossplane/reference/observed.ts';
import { ObjectStore } from '../composites/object-store.ts';
import { EncryptionKey } from '../constructs/key.ts';
import { bucketName } from '../constructs/naming.ts';
import { mainTable } from './table.ts';

const specSchema = storageSection.extend({ context: contextSchema });

type Spec = StorageSection & { readonly context: Context };
type Output = 'dataKeyArn' | 'tableArn' | 'tableStreamArn' | 'filesBucketArn' | 'filesBucketDomainName';

/** Days that an old version of a file is kept unless the config says otherwise. */
const VERSIONS_KEPT_DAYS = 30;

/** Everything that keeps the application's data: one key, one table, the bucket of files. */
class StorageChart extends CompositeChart<Output> {
  readonly outputs;

  constructor(scope: Construct, composite: Composite<Spec, never>) {
    super(scope, composite);
    const { spec, context } = composite;
    const dataKey = new EncryptionKey(this, 'data', { context, purpose: 'table and files', config: 'storage' });
    const table = mainTable(this, { context, table: spec.table, keyArn: dataKey.arn });
    const files = new ChildComposite(this, 'files', ObjectStore, {
      spec: {
        context,
        bucketName: bucketName('files', context, context.region),
        versionsKeptDays: spec.files?.versionsKeptDays ?? VERSIONS_KEPT_DAYS,
        config: 'storage.files',
      },
      inputs: { keyArn: dataKey.arn },
    });
    pointBack(files, { source: 'charts/storage/storage.ts', config: 'storage.files' });
    this.outputs = {
      dataKeyArn: dataKey.arn,
      tableArn: observed(table, (status) => status.atProvider.arn),
      tableStreamArn: observed(table, (status) => status.atProvider.streamArn),
      filesBucketArn: files.output('bucketArn'),
      filesBucketDomainName: files.output('bucketDomainName'),
    };
  }
}

export const Storage = defineComposite({
  kind: 'Storage',
  plural: 'storages',
  shortNames: ['owlstorage'],
  description: "Keeps an environment's data: encryption key, table and bucket of files.",
  schema: specSchema,
  rules: [],
  inputs: [],
  outputs: ['dataKeyArn', 'tableArn', 'tableStreamArn', 'filesBucketArn', 'filesBucketDomainName'],
  stateful: true,
  context: ({ context }) => context,
  chart: (scope, composite) => new StorageChart(scope, composite),
});
