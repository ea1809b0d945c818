import { aspectOf } from '../resources.ts';
import { bucketWith, exampleBucket } from '../example.ts';
import type { Rule } from '../rule.ts';

const BLOCKS = ['blockPublicAcls', 'blockPublicPolicy', 'ignorePublicAcls', 'restrictPublicBuckets'];
const all = Object.fromEntries(BLOCKS.map((block) => [block, true]));

export const s3PublicAccess: Rule = {
  id: 'OWL-S3-001',
  title: 'A bucket blocks all public access',
  why: 'One wrong policy or access list would show every object to the whole internet',
  fix: 'Give it a BucketPublicAccessBlock with all four blocks on',
  controls: ['S3.2', 'S3.3', 'S3.8'],
  kinds: ['Bucket.s3'],
  check: (bucket, rendered) => {
    const aspect = aspectOf(bucket, 'BucketPublicAccessBlock', rendered);
    if (aspect === undefined) return 'it has no BucketPublicAccessBlock';
    const open = BLOCKS.filter((block) => aspect[block] !== true);
    return open.length === 0 ? undefined : `${open.join(', ')} ${open.length === 1 ? 'is' : 'are'} not on`;
  },
  cases: {
    good: [{ resources: bucketWith('BucketPublicAccessBlock', all) }],
    bad: [
      { resources: [exampleBucket] },
      ...BLOCKS.map((block) => ({ resources: bucketWith('BucketPublicAccessBlock', { ...all, [block]: false }) })),
    ],
  },
};
