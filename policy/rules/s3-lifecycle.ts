import { entries, lifecycleOf } from '../resources.ts';
import { bucketWith, exampleBucket } from '../example.ts';
import type { Rule } from '../rule.ts';

const lifecycle = (days: number, status = 'Enabled') =>
  bucketWith('BucketLifecycleConfiguration', {
    rule: [{ id: 'old-versions', status, noncurrentVersionExpiration: [{ noncurrentDays: days }] }],
  });

export const s3Lifecycle: Rule = {
  id: 'OWL-S3-008',
  title: 'A bucket lets old versions go',
  why: 'Versions are kept and paid for for ever, and what a user deletes never really goes',
  fix: 'Give it a BucketLifecycleConfiguration with a noncurrentVersionExpiration',
  controls: ['S3.10', 'S3.13'],
  kinds: ['Bucket.s3'],
  check: (bucket, rendered) =>
    lifecycleOf(bucket, rendered).some(
      ({ status, noncurrentVersionExpiration }) =>
        status === 'Enabled' &&
        entries(noncurrentVersionExpiration).some(({ noncurrentDays }) => Number(noncurrentDays) > 0),
    )
      ? undefined
      : 'it keeps them for ever',
  cases: {
    good: [{ resources: lifecycle(30) }],
    bad: [{ resources: [exampleBucket] }, { resources: lifecycle(0) }, { resources: lifecycle(30, 'Disabled') }],
  },
};
