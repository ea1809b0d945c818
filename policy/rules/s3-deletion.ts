import { wanted } from '../resources.ts';
import { example } from '../example.ts';
import type { Rule } from '../rule.ts';

const forced = [example('Bucket.s3', { forceDestroy: true })];

export const s3Deletion: Rule = {
  id: 'OWL-S3-010',
  title: 'A bucket is never emptied by its deletion, where the environment protects its data',
  why: 'AWS deletes no bucket with objects in it, unless it is told to throw them away first',
  fix: 'Set forceDestroy to false',
  controls: [],
  kinds: ['Bucket.s3'],
  check: (bucket, { protectsData }) =>
    protectsData && wanted(bucket)['forceDestroy'] !== false ? 'forceDestroy is not false' : undefined,
  cases: {
    good: [{ resources: [example('Bucket.s3', { forceDestroy: false })] }, { resources: forced, protectsData: false }],
    bad: [{ resources: forced }, { resources: [example('Bucket.s3', {})] }],
  },
};
