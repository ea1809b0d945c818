import { conditionKeys, statementsOf } from '../statements.ts';
import { document, example } from '../example.ts';
import type { Rule } from '../rule.ts';

/** Keys of conditions that say for whom a service acts. An encryption context holds an ARN, which has the account. */
const SAYS_FOR_WHOM = /^(aws:source(account|arn|orgid)|kms:(calleraccount|encryptioncontext:.*arn)|sts:externalid)$/;

const role = (condition: Readonly<Record<string, Readonly<Record<string, string>>>>, service = 's3.amazonaws.com') => [
  example('Role.iam', {
    assumeRolePolicy: document({
      Sid: 'Service',
      Effect: 'Allow',
      Principal: { Service: service },
      Action: 'sts:AssumeRole',
      Condition: condition,
    }),
  }),
];

export const iamConfusedDeputy: Rule = {
  id: 'OWL-IAM-003',
  title: 'A service of AWS is let in for this account only',
  why: 'Another customer of AWS could have the service act here on his behalf (the confused deputy)',
  fix: 'Add a condition on aws:SourceAccount, and on aws:SourceArn where it is known for what the service comes',
  controls: [],
  check: (resource) => {
    const open = statementsOf(resource).filter(
      (statement) =>
        statement.effect === 'Allow' &&
        typeof statement.principals === 'object' &&
        statement.principals['Service'] !== undefined &&
        !conditionKeys(statement).some((key) => SAYS_FOR_WHOM.test(key)),
    );
    return open.length === 0 ? undefined : `${open.map(({ sid }) => sid).join(', ')} does not say for whom`;
  },
  cases: {
    good: [
      { resources: role({ StringEquals: { 'aws:SourceAccount': '123456789012' } }) },
      { resources: role({ ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::example' } }) },
    ],
    bad: [{ resources: role({}) }, { resources: role({ StringEquals: { 'aws:RequestedRegion': 'ap-northeast-1' } }) }],
  },
};
