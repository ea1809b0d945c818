import { wanted } from '../resources.ts';
import { example } from '../example.ts';
import type { Rule } from '../rule.ts';

const pool = (allowUnauthenticatedIdentities: boolean, allowClassicFlow: boolean) => [
  example('Pool.cognitoidentity', { allowUnauthenticatedIdentities, allowClassicFlow }),
];

export const cognitoGuests: Rule = {
  id: 'OWL-COGNITO-007',
  title: 'Nobody gets credentials of AWS without having signed in, nor chooses their role',
  why: 'The whole internet would have credentials of the account',
  fix: 'Set allowUnauthenticatedIdentities and allowClassicFlow to false',
  controls: ['Cognito.2'],
  kinds: ['Pool.cognitoidentity'],
  check: (resource) => {
    const open = ['allowUnauthenticatedIdentities', 'allowClassicFlow'].filter(
      (field) => wanted(resource)[field] !== false,
    );
    return open.length === 0 ? undefined : `${open.join(' and ')} is not false`;
  },
  cases: {
    good: [{ resources: pool(false, false) }],
    bad: [
      { resources: pool(true, false) },
      { resources: pool(false, true) },
      { resources: [example('Pool.cognitoidentity', {})] },
    ],
  },
};
