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
  BucketLifecycleConfiguration: aspect,
  BucketOwnershipControls: aspect,
  BucketPolicy: aspect,
  BucketPublicAccessBlock: aspect,
  BucketServerSideEncryptionConfiguration: aspect,
  BucketVersioning: aspect,
};
