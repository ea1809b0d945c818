import { aspectOf, at } from '../resources.ts';
import { bucketWith, exampleBucket } from '../example.ts';
import type { Rule } from '../rule.ts';

const versioning = (status: string) => bucketWith('BucketVersioning', { versioningConfiguration: { status } });

export const s3Versions: Rule = {
  id: 'OWL-S3-007',
  title: 'A bucket keeps versions',
  why: 'What is overwritten or deleted by mistake cannot be brought back otherwise',
  fix: 'Give it a BucketVersioning that is Enabled',
  controls: ['S3.14'],
  kinds: ['Bucket.s3'],
  check: (bucket, rendered) => {
    const status = at(aspectOf(bucket, 'BucketVersioning', rendered), 'versioningConfiguration', 'status');
    return status === 'Enabled' ? undefined : 'its versioning is not on';
  },
  cases: {
    good: [{ resources: versioning('Enabled') }],
    bad: [{ resources: [exampleBucket] }, { resources: versioning('Suspended') }],
  },
};
