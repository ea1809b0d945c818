import { entries, lifecycleOf } from '../resources.ts';
import { bucketWith, exampleBucket } from '../example.ts';
import type { Rule } from '../rule.ts';

const lifecycle = (status: string) =>
  bucketWith('BucketLifecycleConfiguration', {
    rule: [{ id: 'unfinished', status, abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }] }],
  });

export const s3UnfinishedUploads: Rule = {
  id: 'OWL-S3-009',
  title: 'A bucket throws unfinished uploads away',
  why: 'Their parts are paid for, and no list of objects shows them',
  fix: 'Add an abortIncompleteMultipartUpload to its BucketLifecycleConfiguration',
  controls: [],
  kinds: ['Bucket.s3'],
  check: (bucket, rendered) =>
    lifecycleOf(bucket, rendered).some(
      ({ status, abortIncompleteMultipartUpload }) =>
        status === 'Enabled' && entries(abortIncompleteMultipartUpload).length > 0,
    )
      ? undefined
      : 'it keeps their parts for ever',
  cases: {
    good: [{ resources: lifecycle('Enabled') }],
    bad: [{ resources: [exampleBucket] }, { resources: lifecycle('Disabled') }],
  },
};
