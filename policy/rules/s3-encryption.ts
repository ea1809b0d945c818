import type { JsonObject } from '../../imports/base.ts';
import { aspectOf, at } from '../resources.ts';
import { bucketWith, exampleBucket } from '../example.ts';
import type { Rule } from '../rule.ts';

const rule = {
  applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' },
  blockedEncryptionTypes: ['SSE-C'],
};
const encrypted = (entry: JsonObject) => bucketWith('BucketServerSideEncryptionConfiguration', { rule: [entry] });

export const s3Encryption: Rule = {
  id: 'OWL-S3-005',
  title: 'A bucket encrypts every object, and takes none that only the client can open',
  why: 'What is encrypted with the key of a client (SSE-C) is lost to us with that key',
  fix: 'Set sseAlgorithm and blockedEncryptionTypes: [SSE-C] in its BucketServerSideEncryptionConfiguration',
  controls: [],
  kinds: ['Bucket.s3'],
  check: (bucket, rendered) => {
    const rules = aspectOf(bucket, 'BucketServerSideEncryptionConfiguration', rendered)?.['rule'];
    const algorithm = at(rules, 0, 'applyServerSideEncryptionByDefault', 'sseAlgorithm');
    if (algorithm !== 'aws:kms' && algorithm !== 'AES256') return 'it does not say how objects are encrypted';
    const blocked = at(rules, 0, 'blockedEncryptionTypes');
    return Array.isArray(blocked) && blocked.includes('SSE-C') ? undefined : 'it takes objects encrypted by SSE-C';
  },
  cases: {
    good: [{ resources: encrypted(rule) }],
    bad: [
      { resources: [exampleBucket] },
      { resources: encrypted({ ...rule, blockedEncryptionTypes: [] }) },
      { resources: encrypted({ blockedEncryptionTypes: ['SSE-C'] }) },
    ],
  },
};
