import { isForEverybody, statementsOf } from '../statements.ts';
import { document, example } from '../example.ts';
import type { Rule } from '../rule.ts';

const key = (principal: string | { readonly AWS: string }) => [
  example('Key.kms', {
    policy: document({
      Sid: 'Use',
      Effect: 'Allow',
      Principal: principal,
      Action: 'kms:Decrypt',
      Resource: '*',
      Condition: { StringEquals: { 'kms:CallerAccount': '123456789012' } },
    }),
  }),
];

export const kmsEverybody: Rule = {
  id: 'OWL-KMS-003',
  title: 'The policy of a key names whom it allows',
  why: 'Security Hub reads no condition, and one that is mistyped would open the key to everybody',
  fix: 'Name the account or a service as the principal, also where a condition narrows it',
  controls: ['KMS.5'],
  kinds: ['Key.kms', 'ReplicaKey.kms'],
  check: (resource) => {
    const statements = statementsOf(resource);
    if (statements.length === 0) return 'it has no policy of its own';
    const open = statements.filter(isForEverybody).map(({ sid }) => sid);
    return open.length === 0 ? undefined : `${open.join(', ')} is for everybody`;
  },
  cases: {
    good: [{ resources: key({ AWS: 'arn:aws:iam::123456789012:root' }) }],
    bad: [{ resources: key('*') }, { resources: key({ AWS: '*' }) }, { resources: [example('Key.kms', {})] }],
  },
};
