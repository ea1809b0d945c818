import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { CompositeChart } from '../../crossplane/definition/chart.ts';
import { defineComposite, type Composite } from '../../crossplane/definition/definition.ts';
import { guardsData, holdsData, pointBack } from '../../crossplane/reference/marks.ts';
import { observed } from '../../crossplane/reference/observed.ts';
import {
  Bucket,
  BucketCorsConfiguration,
  BucketLifecycleConfiguration,
  BucketLogging,
  BucketNotification,
  BucketObjectLockConfiguration,
  BucketOwnershipControls,
  BucketPolicy,
  BucketPublicAccessBlock,
  BucketServerSideEncryptionConfiguration,
  BucketVersioning,
} from '../../imports/s3.ts';
import { ACCESS_LOGS_PREFIX, accessLogWriter, logWriters, tlsOnly } from '../constructs/bucket-policy.ts';
import { isOnlyObserved, named, nameInAws } from '../constructs/naming.ts';
import { policyText, type Statement } from '../constructs/policy.ts';
import { dataTagsOf, tagsOf } from '../constructs/tags.ts';
import { lifecycleRules } from './bucket-lifecycle.ts';
import { replicateBucket } from './bucket-replication.ts';
import { bucketUses, type BucketUse } from './bucket-uses.ts';
import { objectStoreSpec, type ObjectStoreSpec } from './object-store-spec.ts';

const SOURCE = 'charts/composites/object-store.ts';

const OUTPUTS = ['bucketName', 'bucketArn', 'bucketDomainName'] as const;

/**
 * One bucket and its aspects: private, encrypted, versioned, reachable by TLS only. AWS knows an aspect by its bucket's
 * name. As long as an adopted bucket is only looked at, it has no aspects: each would change it.
 */
class ObjectStoreChart extends CompositeChart<(typeof OUTPUTS)[number]> {
  readonly outputs;
  readonly #spec: ObjectStoreSpec;
  readonly #use: BucketUse;
  readonly #bucket: Bucket;
  /** AWS name of the bucket. */
  readonly #name: string;

  constructor(scope: Construct, composite: Composite<ObjectStoreSpec, never>) {
    super(scope, composite);
    this.#spec = composite.spec;
    this.#use = bucketUses[composite.spec.use];
    this.#bucket = this.#makeBucket();
    this.#name = nameInAws(this.#bucket, composite.spec.bucketName, this.context);
    if (!isOnlyObserved(this.#bucket, this.context)) {
      this.#keepPrivate();
      this.#encrypt();
      const versioning = this.#keepVersions();
      this.#lock(versioning);
      this.#report();
      this.#takeUploads();
      this.#replicate(versioning);
    }
    this.outputs = {
      bucketName: observed(this.#bucket, (status) => status.atProvider.id),
      bucketArn: observed(this.#bucket, (status) => status.atProvider.arn),
      bucketDomainName: observed(this.#bucket, (status) => status.atProvider.bucketRegionalDomainName),
    };
  }

  #makeBucket(): Bucket {
    const { bucketName, region, config } = this.#spec;
    const { component, dataClass, why } = this.#use;
    const tags =
      dataClass === undefined ? tagsOf(this.context, component) : dataTagsOf(this.context, component, dataClass);
    // Where data is not protected, objects do not keep the bucket: AWS deletes only empty ones.
    const forceDestroy = !this.context.protectData;
    // `objectLockEnabled` is left to the aspect: it can be switched on later there, never here.
    const forProvider = { region, forceDestroy, tags };
    const bucket = new Bucket(this, 'bucket', { metadata: named(bucketName), spec: { forProvider } });
    return holdsData(pointBack(bucket, { source: SOURCE, config, why }));
  }

  /** An aspect is made once the bucket is there. */
  #aspect<A extends ApiObject>(aspect: A, why: string, config = this.#spec.config): A {
    aspect.addDependency(this.#bucket);
    return pointBack(aspect, { source: SOURCE, config, why });
  }

  get #metadata() {
    return named(this.#name);
  }

  get #of(): { readonly region: string; readonly bucket: string } {
    return { region: this.#spec.region, bucket: this.#name };
  }

  #keepPrivate(): void {
    const ownership = new BucketOwnershipControls(this, 'ownership', {
      metadata: this.#metadata,
      spec: { forProvider: { ...this.#of, rule: { objectOwnership: 'BucketOwnerEnforced' } } },
    });
    guardsData(this.#aspect(ownership, 'Policies alone decide on access: lists of grants are off'));
    const block = new BucketPublicAccessBlock(this, 'public-access', {
      metadata: this.#metadata,
      spec: {
        forProvider: {
          ...this.#of,
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        },
      },
    });
    guardsData(this.#aspect(block, 'Nothing can make it public'));
    const policy = new BucketPolicy(this, 'policy', {
      metadata: this.#metadata,
      spec: { forProvider: { ...this.#of, policy: policyText([tlsOnly(this.#name), ...this.#writers()]) } },
    });
    const writers = this.#use.policy === 'nobody' ? '' : '; says who may write logs';
    guardsData(this.#aspect(policy, `Refuses everything that does not come by TLS${writers}`));
  }

  #writers(): readonly Statement[] {
    if (this.#use.policy === 'nobody') return [];
    const accessLogs = accessLogWriter(this.context, this.#name);
    return this.#use.policy === 'access-logs' ? accessLogs : [...accessLogs, ...logWriters(this.context, this.#name)];
  }

  #encrypt(): void {
    const { keyArn } = this.#spec;
    if ((keyArn === undefined) !== (this.#use.encryption === 's3')) {
      throw new Error(`a bucket of ${this.#spec.use} has ${keyArn === undefined ? 'no key' : 'a key'}.`);
    }
    const byDefault =
      keyArn === undefined ? { sseAlgorithm: 'AES256' } : { sseAlgorithm: 'aws:kms', kmsMasterKeyId: keyArn };
    const encryption = new BucketServerSideEncryptionConfiguration(this, 'encryption', {
      metadata: this.#metadata,
      spec: {
        forProvider: {
          ...this.#of,
          rule: [
            {
              applyServerSideEncryptionByDefault: byDefault,
              // One call of KMS for many objects.
              bucketKeyEnabled: keyArn !== undefined,
              // Objects that only a client's own key opens would be lost to us.
              blockedEncryptionTypes: ['SSE-C'],
            },
          ],
        },
      },
    });
    const whose = keyArn === undefined ? "S3's own keys" : "the environment's key";
    guardsData(this.#aspect(encryption, `Encrypts with ${whose} what does not say otherwise`));
  }

  #keepVersions(): BucketVersioning {
    const { versionsKeptDays, intelligentTieringAfterDays, expireAfterDays, use } = this.#spec;
    const versioning = new BucketVersioning(this, 'versioning', {
      metadata: this.#metadata,
      spec: { forProvider: { ...this.#of, versioningConfiguration: { status: 'Enabled' } } },
    });
    guardsData(this.#aspect(versioning, 'What is overwritten or deleted can be brought back'));
    const lifecycle = new BucketLifecycleConfiguration(this, 'lifecycle', {
      metadata: this.#metadata,
      spec: {
        forProvider: {
          ...this.#of,
          // Smaller objects cost more to move than they save.
          transitionDefaultMinimumObjectSize: 'all_storage_classes_128K',
          rule: lifecycleRules({
            tier: this.context.tier,
            versionsKeptDays,
            intelligentTieringAfterDays,
            expireAfterDays,
            exports: use === 'files' || use === 'files-replica',
          }),
        },
      },
    });
    this.#aspect(lifecycle, 'Old versions, unfinished uploads and what has had its time go by themselves');
    return versioning;
  }

  #lock(versioning: BucketVersioning): void {
    const { objectLockDays, config } = this.#spec;
    if (objectLockDays === undefined) return;
    const lock = new BucketObjectLockConfiguration(this, 'object-lock', {
      metadata: this.#metadata,
      spec: {
        forProvider: {
          ...this.#of,
          objectLockEnabled: 'Enabled',
          // Not `COMPLIANCE`: somebody must be able to delete what the law tells us to.
          rule: { defaultRetention: { mode: 'GOVERNANCE', days: objectLockDays } },
        },
      },
    });
    guardsData(this.#aspect(lock, 'No version can be deleted before its time', `${config}.objectLockDays`));
    lock.addDependency(versioning);
  }

  #report(): void {
    const { accessLogsBucket } = this.#spec;
    if (accessLogsBucket !== undefined) {
      const logging = new BucketLogging(this, 'logging', {
        metadata: this.#metadata,
        spec: {
          forProvider: {
            ...this.#of,
            targetBucket: accessLogsBucket,
            targetPrefix: `${ACCESS_LOGS_PREFIX}${this.#name}/`,
            targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: 'EventTime' } },
          },
        },
      });
      this.#aspect(logging, 'Says who has read and written what');
    }
    if (!this.#use.events) return;
    const notification = new BucketNotification(this, 'notification', {
      metadata: this.#metadata,
      spec: { forProvider: { ...this.#of, eventbridge: true } },
    });
    this.#aspect(notification, 'EventBridge hears of each new file, so that it is checked');
  }

  #takeUploads(): void {
    const { uploadOrigins, config } = this.#spec;
    if (uploadOrigins.length === 0) return;
    const cors = new BucketCorsConfiguration(this, 'cors', {
      metadata: this.#metadata,
      spec: {
        forProvider: {
          ...this.#of,
          corsRule: [
            {
              id: 'uploads',
              // Uploads are presigned POST forms; downloads are links, which need no permission.
              allowedMethods: ['POST'],
              allowedOrigins: uploadOrigins,
              exposeHeaders: ['ETag'],
              maxAgeSeconds: 3600,
            },
          ],
        },
      },
    });
    this.#aspect(cors, "Lets the application's own pages upload", `${config}.extraUploadOrigins`);
  }

  #replicate(versioning: BucketVersioning): void {
    const { replica, keyArn, region, config, objectLockDays } = this.#spec;
    if (replica === undefined || keyArn === undefined) return;
    replicateBucket(this, {
      context: this.context,
      component: this.#use.component,
      config,
      from: { bucketName: this.#name, keyArn, region },
      to: replica,
      objectLock: objectLockDays !== undefined,
      after: versioning,
    });
  }
}

export const ObjectStore = defineComposite({
  kind: 'ObjectStore',
  plural: 'objectstores',
  shortNames: ['owlstore'],
  description: 'One S3 bucket with everything that keeps it private, encrypted and versioned.',
  schema: objectStoreSpec,
  rules: [],
  transitions: [],
  inputs: [],
  outputs: OUTPUTS,
  stateful: true,
  context: ({ context }) => context,
  chart: (scope, composite) => new ObjectStoreChart(scope, composite),
});
