import { Construct } from 'constructs';
import type { StorageSection } from '../../config/storage.ts';
import { ChildComposite } from '../../crossplane/definition/child.ts';
import { bucketUses, type BucketUseName } from '../composites/bucket-uses.ts';
import { ObjectStore } from '../composites/object-store.ts';
import type { ObjectStoreSpec } from '../composites/object-store-spec.ts';
import { bucketName } from '../constructs/naming.ts';

/** Days that old versions of what a release or a service writes are kept: time to notice, and to go back. */
const VERSIONS_KEPT_DAYS = 30;

interface StoreProps extends Partial<Omit<ObjectStoreSpec, 'use' | 'bucketName' | 'accessLogs' | 'replica'>> {
  /** What the bucket is for, and what its name says. @default the id */
  readonly use: BucketUseName;
  /** What its name in AWS says that it keeps. @default its use */
  readonly thing?: string;
  /** Config path that it follows from. */
  readonly config: string;
  /** The store of the same region that access logs go to. */
  readonly accessLogs?: Store;
  /** The store of the replica region that each new version is copied to, and the key that encrypts it there. */
  readonly replica?: FileReplica | undefined;
}

type StoreInput = 'accessLogsBucket' | 'replicaBucket';
type StoreOutput = 'accessLogsTarget' | 'replicationTarget' | 'bucketName' | 'bucketArn' | 'bucketDomainName';

/** A bucket of this layer. */
export class Store extends ChildComposite<ObjectStoreSpec, StoreInput, StoreOutput> {
  constructor(scope: Construct, id: string, props: StoreProps) {
    const { use, thing = use, config, accessLogs, replica, ...more } = props;
    const { why, region } = bucketUses[use];
    super(scope, id, ObjectStore, {
      why,
      config,
      spec: {
        versionsKeptDays: VERSIONS_KEPT_DAYS,
        uploadOrigins: [],
        ...more,
        use,
        bucketName: bucketName(scope, thing, region),
        accessLogs: accessLogs !== undefined,
        ...(replica === undefined ? {} : { replica: { keyArn: replica.keyArn } }),
      },
      inputs: {
        accessLogsBucket: accessLogs?.output('accessLogsTarget'),
        replicaBucket: replica?.copies.output('replicationTarget'),
      },
    });
  }
}

interface FileReplicaProps {
  /** Key of the replica region that encrypts the copies. */
  readonly keyArn: string;
  readonly files: StorageSection['files'];
  readonly logs: StorageSection['logs'];
}

/** The bucket of copies in the replica region, and one for its access logs, which stay within a region. */
export class FileReplica extends Construct {
  readonly keyArn: string;
  readonly copies: Store;

  constructor(scope: Construct, id: string, { keyArn, files, logs }: FileReplicaProps) {
    super(scope, id);
    this.keyArn = keyArn;
    const accessLogs = new Store(this, 'logs', {
      use: 'logs-replica',
      thing: 'logs',
      config: 'storage.logs',
      expireAfterDays: logs.retentionDays,
    });
    this.copies = new Store(this, 'files', {
      ...keptFiles(files),
      use: 'files-replica',
      thing: 'files',
      config: 'storage.files',
      keyArn,
      accessLogs,
    });
  }
}

/** How files are kept, here and in the replica region alike. */
export function keptFiles({
  versionsKeptDays,
  intelligentTieringAfterDays,
  objectLockDays,
}: StorageSection['files']): Pick<
  ObjectStoreSpec,
  'versionsKeptDays' | 'intelligentTieringAfterDays' | 'objectLockDays'
> {
  return {
    versionsKeptDays,
    intelligentTieringAfterDays,
    ...(objectLockDays === undefined ? {} : { objectLockDays }),
  };
}
