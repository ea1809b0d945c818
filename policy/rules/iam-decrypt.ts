import { statementsOf } from '../statements.ts';
import { document, example } from '../example.ts';
import type { Rule } from '../rule.ts';

const KEY = 'arn:aws:kms:ap-northeast-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const policy = (action: string, resource: string, kind = 'RolePolicy.iam') => [
  example(kind, { policy: document({ Sid: 'Use', Effect: 'Allow', Action: action, Resource: resource }) }),
];

/** Actions that open what a key has encrypted. */
const OPENS = /^(\*|kms:(\*|Decrypt.*|ReEncrypt.*|D.*\*|R.*\*))$/i;

export const iamDecrypt: Rule = {
  id: 'OWL-IAM-001',
  title: 'A role opens only what named keys have encrypted',
  why: 'Whoever gets hold of the role would read all encrypted data of the account; a condition does not count here',
  fix: 'Name the keys by their ARNs',
  controls: ['KMS.1', 'KMS.2'],
  kinds: ['RolePolicy.iam', 'Policy.iam'],
  check: (resource) => {
    const wide = statementsOf(resource).filter(
      ({ effect, actions, resources }) =>
        effect === 'Allow' &&
        actions.some((action) => OPENS.test(action)) &&
        resources.some((arn) => arn === '*' || /^arn:[^:]+:kms:.*\*/.test(arn)),
    );
    return wide.length === 0 ? undefined : `${wide.map(({ sid }) => sid).join(', ')} is for every key`;
  },
  cases: {
    good: [{ resources: policy('kms:Decrypt', KEY) }, { resources: policy('kms:GenerateMac', '*') }],
    bad: [
      { resources: policy('kms:Decrypt', '*') },
      { resources: policy('kms:ReEncryptFrom', 'arn:aws:kms:*:123456789012:key/*') },
      { resources: policy('kms:*', '*', 'Policy.iam') },
      { resources: policy('kms:De*', '*') },
    ],
  },
};
