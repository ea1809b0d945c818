import type { Construct } from 'constructs';
import type { StorageSection } from '../../config/storage.ts';
import { ChildComposite } from '../../crossplane/definition/child.ts';
import type { Context } from '../../crossplane/definition/context.ts';
import { pointBack } from '../../crossplane/reference/marks.ts';
import { keptDays } from '../../lambda/contract/retention.ts';
import { bucketUses } from '../composites/bucket-uses.ts';
import { ObjectStore } from '../composites/object-store.ts';
import type { ObjectStoreSpec } from '../composites/object-store-spec.ts';
import { bucketName } from '../constructs/naming.ts';

const SOURCE = 'charts/storage/stores.ts';

/** Days that old versions of what a release or a service writes are kept: time to notice, and to go back. */
const VERSIONS_KEPT_DAYS = 30;

/** Days after which a report is hardly read any more. */
const REPORTS_TIERING_DAYS = 30;

interface StoresProps {
  readonly context: Context;
  readonly settings: StorageSection;
  readonly keyArn: string;
  /** Where files are copied to, if they are, and the key that encrypts the copies. */
  readonly replica: { readonly region: string; readonly keyArn: string } | undefined;
}

type Store = ReturnType<typeof store>;
export type Stores = Readonly<Record<'files' | 'website' | 'logs' | 'artifacts' | 'reports', Store>>;

/** The bucket of each use. Only files are replicated: website and artifacts come again from a release. */
export function makeStores(scope: Construct, { context, settings, keyArn, replica }: StoresProps): Stores {
  const { region } = context;
  const { files, logs } = settings;
  const here = (use: keyof Stores) => ({
    context,
    use,
    region,
    bucketName: bucketName(use, context, region),
    versionsKeptDays: VERSIONS_KEPT_DAYS,
    uploadOrigins: [],
  });
  const logStore = store(scope, 'logs', {
    ...here('logs'),
    expireAfterDays: logs.retentionDays,
    config: 'storage.logs',
  });
  const accessLogsBucket = logStore.output('bucketName');
  const fileSpec = {
    ...here('files'),
    versionsKeptDays: files.versionsKeptDays,
    intelligentTieringAfterDays: files.intelligentTieringAfterDays,
    ...(files.objectLockDays === undefined ? {} : { objectLockDays: files.objectLockDays }),
    config: 'storage.files',
  };
  return {
    files: store(scope, 'files', {
      ...fileSpec,
      keyArn,
      accessLogsBucket,
      uploadOrigins: [`https://${context.domainName}`, ...files.extraUploadOrigins],
      ...(replica === undefined
        ? {}
        : { replica: { ...replica, bucketName: fileReplica(scope, replica, fileSpec, logs.retentionDays) } }),
    }),
    website: store(scope, 'website', { ...here('website'), accessLogsBucket, config: 'storage' }),
    logs: logStore,
    artifacts: store(scope, 'artifacts', { ...here('artifacts'), keyArn, accessLogsBucket, config: 'storage' }),
    reports: store(scope, 'reports', {
      ...here('reports'),
      keyArn,
      accessLogsBucket,
      intelligentTieringAfterDays: REPORTS_TIERING_DAYS,
      expireAfterDays: keptDays('audit', context.tier),
      config: 'storage',
    }),
  };
}

/** The bucket of copies, and one for its access logs, which stay within a region. Gives the name of the first. */
function fileReplica(
  scope: Construct,
  { region, keyArn }: { readonly region: string; readonly keyArn: string },
  fileSpec: ObjectStoreSpec,
  logRetentionDays: number,
): string {
  const { context } = fileSpec;
  const logs = store(scope, 'logs-replica', {
    context,
    use: 'logs-replica',
    region,
    bucketName: bucketName('logs', context, region),
    versionsKeptDays: VERSIONS_KEPT_DAYS,
    expireAfterDays: logRetentionDays,
    uploadOrigins: [],
    config: 'storage.logs',
  });
  const copies = store(scope, 'files-replica', {
    ...fileSpec,
    use: 'files-replica',
    region,
    bucketName: bucketName('files', context, region),
    keyArn,
    accessLogsBucket: logs.output('bucketName'),
    config: 'storage.files',
  });
  return copies.output('bucketName');
}

function store(scope: Construct, id: string, spec: ObjectStoreSpec) {
  const made = new ChildComposite(scope, id, ObjectStore, { spec, inputs: {} });
  return pointBack(made, { source: SOURCE, config: spec.config, why: bucketUses[spec.use].why });
}
