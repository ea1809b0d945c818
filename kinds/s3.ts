import type { KindFacts, ServiceFacts } from './facts.ts';

/** The aspects of a bucket are known to AWS by the bucket's name: it is their id. */
const aspect: KindFacts = { charges: 'nothing' };

/** Source: Amazon S3 User Guide, bucket names in virtual-hosted-style and regional endpoints. */
export const s3: ServiceFacts = {
  Bucket: {
    shape: {
      atProvider: ({ name, region }) => ({
        id: name,
        arn: `arn:aws:s3:::${name}`,
        bucketDomainName: `${name}.s3.amazonaws.com`,
        bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      }),
    },
    // S3 API reference, DeleteBucket: objects, versions and delete markers go first. With `forceDestroy` the provider
    // deletes them before it deletes the bucket.
    refusesDeletion: ({ externalName, forProvider }, { filled }) =>
      filled.has(externalName) && forProvider['forceDestroy'] !== true
        ? 'BucketNotEmpty: The bucket you tried to delete is not empty'
        : undefined,
    // Policy, versioning, encryption and the like are settings of their bucket.
    partsNameItBy: 'bucket',
    charges: 'nothing',
  },
  BucketCorsConfiguration: aspect,
  BucketLifecycleConfiguration: aspect,
  BucketLogging: aspect,
  BucketNotification: aspect,
  BucketObjectLockConfiguration: aspect,
  BucketOwnershipControls: aspect,
  BucketPolicy: aspect,
  BucketPublicAccessBlock: aspect,
  BucketReplicationConfiguration: aspect,
  BucketServerSideEncryptionConfiguration: aspect,
  BucketVersioning: aspect,
};
