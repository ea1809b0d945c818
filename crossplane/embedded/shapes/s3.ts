import type { Shape } from './shape.ts';

/** The aspects of a bucket are known to AWS by the bucket's name. */
const aspect: Shape = { atProvider: ({ name }) => ({ id: name }) };

/** Source: Amazon S3 User Guide, bucket names in virtual-hosted-style and regional endpoints. */
export const s3Shapes: Readonly<Record<string, Shape>> = {
  Bucket: {
    atProvider: ({ name, region }) => ({
      id: name,
      arn: `arn:aws:s3:::${name}`,
      bucketDomainName: `${name}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    }),
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
