import { statementsOf } from '../statements.ts';
import { document, example } from '../example.ts';
import type { Rule } from '../rule.ts';

const policy = (effect: string, action: string, kind = 'RolePolicy.iam') => [
  example(kind, { policy: document({ Sid: 'Use', Effect: effect, Action: action, Resource: '*' }) }),
];

export const iamWildcards: Rule = {
  id: 'OWL-IAM-002',
  title: 'A role is allowed actions by their names, without a wildcard',
  why: 'A wildcard also allows what AWS will add to it',
  fix: 'Write each action out',
  controls: ['IAM.1', 'IAM.21'],
  kinds: ['RolePolicy.iam', 'Policy.iam'],
  check: (resource) => {
    const wild = statementsOf(resource)
      .filter(({ effect }) => effect === 'Allow')
      .flatMap(({ actions }) => actions.filter((action) => /[*?]/.test(action)));
    return wild.length === 0 ? undefined : `it allows ${wild.join(', ')}`;
  },
  cases: {
    good: [{ resources: policy('Allow', 's3:GetObject') }, { resources: policy('Deny', 's3:*') }],
    bad: [
      { resources: policy('Allow', '*') },
      { resources: policy('Allow', 's3:Get*') },
      { resources: policy('Allow', 'dynamodb:*', 'Policy.iam') },
    ],
  },
};
