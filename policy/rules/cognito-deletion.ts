import { wanted } from '../resources.ts';
import { example } from '../example.ts';
import type { Rule } from '../rule.ts';

const pool = (deletionProtection: string) => [example('UserPool.cognitoidp', { deletionProtection })];

export const cognitoDeletion: Rule = {
  id: 'OWL-COGNITO-003',
  title: 'A user pool cannot be deleted, where the environment protects its data',
  why: 'All users are gone with it, and nobody has their passwords to make them again',
  fix: 'Set deletionProtection to ACTIVE',
  controls: ['Cognito.6'],
  kinds: ['UserPool.cognitoidp'],
  check: (resource, { protectsData }) =>
    protectsData && wanted(resource)['deletionProtection'] !== 'ACTIVE'
      ? 'deletionProtection is not ACTIVE'
      : undefined,
  cases: {
    good: [{ resources: pool('ACTIVE') }, { resources: pool('INACTIVE'), protectsData: false }],
    bad: [{ resources: pool('INACTIVE') }, { resources: [example('UserPool.cognitoidp', {})] }],
  },
};
