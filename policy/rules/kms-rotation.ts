import { wanted } from '../resources.ts';
import { example } from '../example.ts';
import type { Rule } from '../rule.ts';

const key = (fields: Readonly<Record<string, string | boolean>>) => [example('Key.kms', fields)];

export const kmsRotation: Rule = {
  id: 'OWL-KMS-002',
  title: 'A key that encrypts gets new key material every year',
  why: 'What leaks of one year opens nothing of another',
  fix: 'Set enableKeyRotation',
  controls: ['KMS.4'],
  kinds: ['Key.kms'],
  check: (resource) => {
    const { customerMasterKeySpec = 'SYMMETRIC_DEFAULT', enableKeyRotation } = wanted(resource);
    // KMS rotates no HMAC key and no asymmetric one.
    if (customerMasterKeySpec !== 'SYMMETRIC_DEFAULT') return undefined;
    return enableKeyRotation === true ? undefined : 'it keeps the same for ever';
  },
  cases: {
    good: [
      { resources: key({ enableKeyRotation: true }) },
      { resources: key({ customerMasterKeySpec: 'HMAC_256', enableKeyRotation: false }) },
    ],
    bad: [
      { resources: key({}) },
      { resources: key({ customerMasterKeySpec: 'SYMMETRIC_DEFAULT', enableKeyRotation: false }) },
    ],
  },
};
