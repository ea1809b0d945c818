import { aspectOf, at } from '../resources.ts';
import { bucketWith, exampleBucket } from '../example.ts';
import type { Rule } from '../rule.ts';

const encryptedBy = (byDefault: Readonly<Record<string, string>>) =>
  bucketWith('BucketServerSideEncryptionConfiguration', {
    rule: [{ applyServerSideEncryptionByDefault: byDefault }],
  });
const KEY = 'arn:aws:kms:ap-northeast-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';

export const s3OwnKey: Rule = {
  id: 'OWL-S3-004',
  title: 'A bucket encrypts with a key of its environment',
  why: 'Keys of S3 open for everybody who may read the bucket; a key of our own has a policy and a trail of its own',
  fix: 'Name the key in its BucketServerSideEncryptionConfiguration (aws:kms, kmsMasterKeyId)',
  controls: ['S3.17'],
  kinds: ['Bucket.s3'],
  check: (bucket, rendered) => {
    const rules = aspectOf(bucket, 'BucketServerSideEncryptionConfiguration', rendered)?.['rule'];
    const algorithm = at(rules, 0, 'applyServerSideEncryptionByDefault', 'sseAlgorithm');
    if (algorithm !== 'aws:kms') return 'it does not encrypt with a key of KMS';
    const key = at(rules, 0, 'applyServerSideEncryptionByDefault', 'kmsMasterKeyId');
    return key === undefined ? "it encrypts with AWS's own key of the account" : undefined;
  },
  cases: {
    good: [{ resources: encryptedBy({ sseAlgorithm: 'aws:kms', kmsMasterKeyId: KEY }) }],
    bad: [
      { resources: [exampleBucket] },
      { resources: encryptedBy({ sseAlgorithm: 'AES256' }) },
      { resources: encryptedBy({ sseAlgorithm: 'aws:kms' }) },
    ],
  },
};
