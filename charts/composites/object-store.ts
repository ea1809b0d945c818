import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { z } from 'zod';
import { CompositeChart } from '../../crossplane/definition/chart.ts';
import { contextSchema } from '../../crossplane/definition/context.ts';
import { defineComposite, type Composite } from '../../crossplane/definition/definition.ts';
import { holdsData, pointBack } from '../../crossplane/reference/marks.ts';
import { observed } from '../../crossplane/reference/observed.ts';
import {
  Bucket,
  BucketLifecycleConfiguration,
  BucketOwnershipControls,
  BucketPolicy,
  BucketPublicAccessBlock,
  BucketServerSideEncryptionConfiguration,
  BucketVersioning,
} from '../../imports/s3.ts';
import { named, tagsOf } from '../constructs/naming.ts';

const specSchema = z.object({
  context: contextSchema,
  bucketName: z.string().describe('AWS name of the bucket.'),
  versionsKeptDays: z.int().min(1).describe('Days that an overwritten or deleted version is kept.'),
  config: z.string().describe('Config path that the bucket comes from.'),
});

type Spec = z.infer<typeof specSchema>;

/** Days after which the parts of an upload that nobody finished are thrown away. */
const UNFINISHED_UPLOAD_DAYS = 7;

/** One bucket and its aspects: private, encrypted with the given key, versioned, reachable by TLS only. */
class ObjectStoreChart extends CompositeChart<'bucketArn' | 'bucketName' | 'bucketDomainName'> {
  readonly outputs;

  constructor(scope: Construct, composite: Composite<Spec, 'keyArn'>) {
    super(scope, composite);
    const { spec, context } = composite;
    const name = spec.bucketName;
    const bucket = new Bucket(this, 'bucket', {
      metadata: named(name),
      spec: {
        // Where data is not protected, files do not keep the bucket: AWS deletes only empty ones.
        forProvider: { forceDestroy: !context.protectData, objectLockEnabled: false, tags: tagsOf(context) },
      },
    });
    holdsData(bucket);
    /** Aspects are known to AWS by the bucket's name, and are made once the bucket is there. */
    const aspect = <A extends ApiObject>(made: A): A => {
      made.addDependency(bucket);
      return made;
    };
    const metadata = named(name);
    const objects: readonly ApiObject[] = [
      bucket,
      aspect(
        new BucketOwnershipControls(this, 'ownership', {
          metadata,
          spec: { forProvider: { bucket: name, rule: { objectOwnership: 'BucketOwnerEnforced' } } },
        }),
      ),
      aspect(
        new BucketPublicAccessBlock(this, 'public-access', {
          metadata,
          spec: {
            forProvider: {
              bucket: name,
              blockPublicAcls: true,
              blockPublicPolicy: true,
              ignorePublicAcls: true,
              restrictPublicBuckets: true,
            },
          },
        }),
      ),
      aspect(
        new BucketServerSideEncryptionConfiguration(this, 'encryption', {
          metadata,
          spec: {
            forProvider: {
              bucket: name,
              rule: [
                {
                  applyServerSideEncryptionByDefault: {
                    sseAlgorithm: 'aws:kms',
                    kmsMasterKeyId: composite.input('keyArn'),
                  },
                  bucketKeyEnabled: true,
                },
              ],
            },
          },
        }),
      ),
      aspect(
        new BucketVersioning(this, 'versioning', {
          metadata,
          spec: { forProvider: { bucket: name, versioningConfiguration: { status: 'Enabled' } } },
        }),
      ),
      aspect(
        new BucketLifecycleConfiguration(this, 'lifecycle', {
          metadata,
          spec: {
            forProvider: {
              bucket: name,
              rule: [
                {
                  id: 'old-versions',
                  status: 'Enabled',
                  filter: [{ prefix: '' }],
                  noncurrentVersionExpiration: [{ noncurrentDays: spec.versionsKeptDays }],
                  abortIncompleteMultipartUpload: [{ daysAfterInitiation: UNFINISHED_UPLOAD_DAYS }],
                },
              ],
            },
          },
        }),
      ),
      aspect(
        new BucketPolicy(this, 'policy', {
          metadata,
          spec: { forProvider: { bucket: name, policy: tlsOnlyPolicy(name) } },
        }),
      ),
    ];
    for (const object of objects) {
      pointBack(object, { source: 'charts/composites/object-store.ts', config: spec.config });
    }
    this.outputs = {
      bucketName: name,
      bucketArn: observed(bucket, (status) => status.atProvider.arn),
      bucketDomainName: observed(bucket, (status) => status.atProvider.bucketRegionalDomainName),
    };
  }
}

export const ObjectStore = defineComposite({
  kind: 'ObjectStore',
  plural: 'objectstores',
  shortNames: ['owlstore'],
  description: 'One S3 bucket with everything that keeps it private, encrypted and versioned.',
  schema: specSchema,
  rules: [],
  inputs: ['keyArn'],
  outputs: ['bucketName', 'bucketArn', 'bucketDomainName'],
  stateful: true,
  context: ({ context }) => context,
  chart: (scope, composite) => new ObjectStoreChart(scope, composite),
});

function tlsOnlyPolicy(bucket: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'TlsOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });
}
