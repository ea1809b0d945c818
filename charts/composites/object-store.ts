import { about, configBelow } from '../../crossplane/definition/about.ts';
import { isOnlyObserved, nameInAws, type CompositeChart } from '../../crossplane/definition/chart.ts';
import { defineComposite } from '../../crossplane/definition/definition.ts';
import { guardsData, holdsData } from '../../crossplane/reference/marks.ts';
import { observed } from '../../crossplane/reference/observed.ts';
import * as s3 from '../../imports/s3.ts';
import { ACCESS_LOGS_PREFIX, accessLogWriter, logWriters, tlsOnly } from '../constructs/bucket-policy.ts';
import { policyText, type ResourceStatement } from '../constructs/policy.ts';
import { dataTags } from '../constructs/tags.ts';
import { lifecycleRules } from './bucket-lifecycle.ts';
import { BucketReplication } from './bucket-replication.ts';
import { bucketUses, type BucketUse } from './bucket-uses.ts';
import { objectStoreSpec, type ObjectStoreSpec } from './object-store-spec.ts';

/**
 * One bucket and its aspects: private, encrypted, versioned, reachable by TLS only. AWS knows an aspect by its bucket's
 * name. As long as an adopted bucket is only looked at, it has no aspects: each would change it.
 */
export const ObjectStore = defineComposite({
  kind: 'ObjectStore',
  plural: 'objectstores',
  shortNames: ['owlstore'],
  part: 'store',
  description: 'One S3 bucket with everything that keeps it private, encrypted and versioned.',
  schema: objectStoreSpec,
  inputs: {
    accessLogsBucket: 'Name of the bucket in the same region that receives access logs, once it accepts them.',
    replicaBucket: 'Name of the bucket in replicaRegion that receives copies, once it accepts them.',
  },
  outputs: {
    accessLogsTarget: 'Name of the bucket, once its policy accepts access logs.',
    replicationTarget: 'Name of the bucket, once versioning and, where configured, object lock are on.',
    bucketName: 'Name of the bucket.',
    bucketArn: 'ARN of the bucket.',
    bucketDomainName: 'Regional domain name of the bucket, the origin of CloudFront.',
  },
  stateful: true,
  chart: (chart, composite) => {
    const { spec } = composite;
    const use = bucketUses[spec.use];
    about(chart, { component: use.component });
    const bucket = makeBucket(chart, spec, use);
    const name = nameInAws(bucket);
    const store: Store = {
      chart,
      spec,
      use,
      bucket,
      name,
      aspect: { name, region: use.region, partOf: bucket, after: [bucket] },
    };
    const policy = keepPrivate(store);
    encrypt(store);
    const versioning = keepVersions(store);
    const objectLock = lock(store, versioning);
    if (spec.accessLogs) logAccess(store, composite.input('accessLogsBucket'));
    announce(store);
    takeUploads(store);
    if (spec.replica !== undefined && spec.keyArn !== undefined) {
      new BucketReplication(chart, 'replication', {
        bucket,
        keyArn: spec.keyArn,
        to: { bucketName: composite.input('replicaBucket'), keyArn: spec.replica.keyArn },
        component: use.component,
        objectLock: objectLock !== undefined,
        versioning,
      });
    }
    const bucketId = observed(bucket, (status) => status.atProvider.id);
    // Settings of a bucket that is only looked at are not ours to wait for.
    const once = (aspect: s3.BucketPolicy | s3.BucketVersioning | s3.BucketObjectLockConfiguration) =>
      isOnlyObserved(bucket) ? bucketId : observed(aspect, (status) => status.atProvider.id);
    return {
      accessLogsTarget: once(policy),
      replicationTarget: once(objectLock ?? versioning),
      bucketName: bucketId,
      bucketArn: observed(bucket, (status) => status.atProvider.arn),
      bucketDomainName: observed(bucket, (status) => status.atProvider.bucketRegionalDomainName),
    };
  },
});

interface Store {
  readonly chart: CompositeChart;
  readonly spec: ObjectStoreSpec;
  readonly use: BucketUse;
  readonly bucket: s3.Bucket;
  /** AWS name of the bucket. */
  readonly name: string;
  /** What all aspects have in common: each is made once the bucket is there. */
  readonly aspect: Pick<ConstructorParameters<typeof s3.BucketPolicy>[2], 'name' | 'region' | 'partOf' | 'after'>;
}

function makeBucket(chart: CompositeChart, spec: ObjectStoreSpec, use: BucketUse): s3.Bucket {
  const bucket = new s3.Bucket(chart, 'bucket', {
    why: use.why,
    name: spec.bucketName,
    region: use.region,
    tags: use.dataClass === undefined ? {} : dataTags(chart, use.dataClass),
    // Where data is not protected, objects do not keep the bucket: AWS deletes only empty ones.
    // `objectLockEnabled` is left to the aspect: it can be switched on later there, never here.
    forProvider: { forceDestroy: !chart.context.protectData },
  });
  return holdsData(bucket);
}

function keepPrivate(store: Store): s3.BucketPolicy {
  const { chart, use, bucket, name, aspect } = store;
  const ownership = new s3.BucketOwnershipControls(chart, 'ownership', {
    ...aspect,
    why: 'Policies alone decide on access: lists of grants are off',
    forProvider: { bucket: name, rule: { objectOwnership: 'BucketOwnerEnforced' } },
  });
  guardsData(ownership);
  const block = new s3.BucketPublicAccessBlock(chart, 'public-access', {
    ...aspect,
    why: 'Nothing can make it public',
    forProvider: {
      bucket: name,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
  });
  guardsData(block);
  const policy = new s3.BucketPolicy(chart, 'policy', {
    ...aspect,
    // Statements for others are judged by what the block allows.
    after: [bucket, block],
    why: `Refuses everything that does not come by TLS${use.policy === 'nobody' ? '' : '; says who may write logs'}`,
    forProvider: { bucket: name, policy: policyText([tlsOnly(chart, name), ...writers(store)]) },
  });
  return guardsData(policy);
}

function writers({ chart, use, name }: Store): readonly ResourceStatement[] {
  if (use.policy === 'nobody') return [];
  const accessLogs = accessLogWriter(chart, name);
  return use.policy === 'access-logs' ? accessLogs : [...accessLogs, ...logWriters(chart, name)];
}

function encrypt({ chart, spec, use, name, aspect }: Store): void {
  const { keyArn } = spec;
  if ((keyArn === undefined) !== (use.encryption === 's3')) {
    throw new Error(`a bucket of ${spec.use} has ${keyArn === undefined ? 'no key' : 'a key'}.`);
  }
  const encryption = new s3.BucketServerSideEncryptionConfiguration(chart, 'encryption', {
    ...aspect,
    why: `Encrypts with ${keyArn === undefined ? "S3's own keys" : "the environment's key"} what does not say otherwise`,
    forProvider: {
      bucket: name,
      rule: [
        {
          applyServerSideEncryptionByDefault:
            keyArn === undefined ? { sseAlgorithm: 'AES256' } : { sseAlgorithm: 'aws:kms', kmsMasterKeyId: keyArn },
          // One call of KMS for many objects.
          bucketKeyEnabled: keyArn !== undefined,
          // Objects that only a client's own key opens would be lost to us.
          blockedEncryptionTypes: ['SSE-C'],
        },
      ],
    },
  });
  guardsData(encryption);
}

function keepVersions({ chart, spec, name, aspect }: Store): s3.BucketVersioning {
  const { versionsKeptDays, intelligentTieringAfterDays, expireAfterDays, use } = spec;
  const versioning = new s3.BucketVersioning(chart, 'versioning', {
    ...aspect,
    why: 'What is overwritten or deleted can be brought back',
    forProvider: { bucket: name, versioningConfiguration: { status: 'Enabled' } },
  });
  new s3.BucketLifecycleConfiguration(chart, 'lifecycle', {
    ...aspect,
    name,
    why: 'Old versions, unfinished uploads and what has had its time go by themselves',
    forProvider: {
      bucket: name,
      // Smaller objects cost more to move than they save.
      transitionDefaultMinimumObjectSize: 'all_storage_classes_128K',
      rule: lifecycleRules({
        tier: chart.context.tier,
        versionsKeptDays,
        intelligentTieringAfterDays,
        expireAfterDays,
        exports: use === 'files' || use === 'files-replica',
      }),
    },
  });
  return guardsData(versioning);
}

function lock(
  { chart, spec, bucket, name, aspect }: Store,
  versioning: s3.BucketVersioning,
): s3.BucketObjectLockConfiguration | undefined {
  if (spec.objectLockDays === undefined) return undefined;
  const objectLock = new s3.BucketObjectLockConfiguration(chart, 'object-lock', {
    ...aspect,
    why: 'No version can be deleted before its time',
    config: configBelow(chart, 'objectLockDays'),
    after: [bucket, versioning],
    forProvider: {
      bucket: name,
      objectLockEnabled: 'Enabled',
      // Not `COMPLIANCE`: somebody must be able to delete what the law tells us to.
      rule: { defaultRetention: { mode: 'GOVERNANCE', days: spec.objectLockDays } },
    },
  });
  return guardsData(objectLock);
}

function logAccess({ chart, name, aspect }: Store, target: string): void {
  new s3.BucketLogging(chart, 'logging', {
    ...aspect,
    why: 'Says who has read and written what',
    forProvider: {
      bucket: name,
      targetBucket: target,
      targetPrefix: `${ACCESS_LOGS_PREFIX}${name}/`,
      targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: 'EventTime' } },
    },
  });
}

function announce({ chart, use, name, aspect }: Store): void {
  if (!use.events) return;
  new s3.BucketNotification(chart, 'notification', {
    ...aspect,
    why: 'EventBridge hears of each new file, so that it is checked',
    forProvider: { bucket: name, eventbridge: true },
  });
}

function takeUploads({ chart, spec, name, aspect }: Store): void {
  if (spec.uploadOrigins.length === 0) return;
  new s3.BucketCorsConfiguration(chart, 'cors', {
    ...aspect,
    why: "Lets the application's own pages upload",
    config: configBelow(chart, 'extraUploadOrigins'),
    forProvider: {
      bucket: name,
      corsRule: [
        {
          id: 'uploads',
          // Uploads are presigned POST forms; downloads are links, which need no permission.
          allowedMethods: ['POST'],
          allowedOrigins: spec.uploadOrigins,
          exposeHeaders: ['ETag'],
          maxAgeSeconds: 3600,
        },
      ],
    },
  });
}
