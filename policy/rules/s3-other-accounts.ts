import { statementsOf } from '../statements.ts';
import { document, example, EXAMPLE_ACCOUNT } from '../example.ts';
import type { Rule } from '../rule.ts';

const policy = (principal: string) =>
  example('BucketPolicy.s3', {
    bucket: 'example',
    policy: document({ Sid: 'Read', Effect: 'Allow', Principal: { AWS: principal }, Action: 's3:GetObject' }),
  });

export const s3OtherAccounts: Rule = {
  id: 'OWL-S3-011',
  title: 'The policy of a bucket lets no other account in',
  why: 'Nobody here decides who in the other account may come',
  fix: 'Name principals of this account only; for a service of AWS name the service',
  controls: ['S3.6'],
  kinds: ['BucketPolicy.s3'],
  check: (resource, { account }) => {
    const named = statementsOf(resource)
      .filter(({ effect }) => effect === 'Allow')
      .flatMap(({ principals = {} }) => (principals === '*' ? ['*'] : (principals['AWS'] ?? [])));
    const others = named.filter((principal) => principal !== account && !principal.includes(`::${account}:`));
    return others.length === 0 ? undefined : `it allows ${others.join(', ')}`;
  },
  cases: {
    good: [{ resources: [policy(`arn:aws:iam::${EXAMPLE_ACCOUNT}:root`)] }, { resources: [policy(EXAMPLE_ACCOUNT)] }],
    bad: [{ resources: [policy('arn:aws:iam::210987654321:root')] }, { resources: [policy('*')] }],
  },
};
