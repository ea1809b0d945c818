import { aspectOf } from '../resources.ts';
import { bucketWith, exampleBucket } from '../example.ts';
import type { Rule } from '../rule.ts';

export const s3AccessLogs: Rule = {
  id: 'OWL-S3-003',
  title: 'A bucket keeps access logs',
  why: 'After a leak nothing else says who has read which object',
  fix: 'Give it a BucketLogging with a target bucket of the same region',
  controls: ['S3.9'],
  kinds: ['Bucket.s3'],
  check: (bucket, rendered) =>
    aspectOf(bucket, 'BucketLogging', rendered)?.['targetBucket'] === undefined ? 'it has no BucketLogging' : undefined,
  cases: {
    good: [{ resources: bucketWith('BucketLogging', { targetBucket: 'logs', targetPrefix: 's3/' }) }],
    bad: [{ resources: [exampleBucket] }],
  },
};
