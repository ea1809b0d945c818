import { aspectOf, at } from '../resources.ts';
import { bucketWith, exampleBucket } from '../example.ts';
import type { Rule } from '../rule.ts';

export const s3Ownership: Rule = {
  id: 'OWL-S3-006',
  title: 'A bucket uses no access control lists',
  why: 'Lists of grants on single objects let somebody in whom no policy names',
  fix: 'Give it BucketOwnershipControls with BucketOwnerEnforced',
  controls: ['S3.12'],
  kinds: ['Bucket.s3'],
  check: (bucket, rendered) => {
    const rule = aspectOf(bucket, 'BucketOwnershipControls', rendered)?.['rule'];
    return at(rule, 'objectOwnership') === 'BucketOwnerEnforced' ? undefined : 'its lists of grants are not off';
  },
  cases: {
    good: [{ resources: bucketWith('BucketOwnershipControls', { rule: { objectOwnership: 'BucketOwnerEnforced' } }) }],
    bad: [
      { resources: [exampleBucket] },
      { resources: bucketWith('BucketOwnershipControls', { rule: { objectOwnership: 'ObjectWriter' } }) },
    ],
  },
};
