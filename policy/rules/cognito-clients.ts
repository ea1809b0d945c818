import { isList } from '../../crossplane/schema/json.ts';
import type { JsonObject } from '../../imports/base.ts';
import { wanted } from '../resources.ts';
import { example } from '../example.ts';
import type { Rule } from '../rule.ts';

/** What people may say of themselves: none of it gives anybody a right. */
const HARMLESS = new Set(['email', 'family_name', 'given_name', 'locale', 'name', 'picture', 'zoneinfo']);

const client = (changed: JsonObject) => [
  example('UserPoolClient.cognitoidp', {
    writeAttributes: ['email', 'locale'],
    preventUserExistenceErrors: 'ENABLED',
    enableTokenRevocation: true,
    ...changed,
  }),
];

export const cognitoClients: Rule = {
  id: 'OWL-COGNITO-006',
  title: 'A client of a user pool can raise nobody, tells nobody who exists, and its tokens can be revoked',
  why: 'Left open, a client may write every attribute, a role among them, and its errors tell which addresses are known',
  fix: 'List writeAttributes, set preventUserExistenceErrors to ENABLED and enableTokenRevocation to true',
  controls: [],
  kinds: ['UserPoolClient.cognitoidp'],
  check: (resource) => {
    const { writeAttributes, preventUserExistenceErrors, enableTokenRevocation } = wanted(resource);
    if (!isList(writeAttributes)) return 'it may write every attribute';
    const dangerous = writeAttributes.filter((name) => !HARMLESS.has(String(name)));
    if (dangerous.length > 0) return `it may write ${dangerous.map(String).join(', ')}`;
    if (preventUserExistenceErrors !== 'ENABLED') return 'it tells whether somebody exists';
    return enableTokenRevocation === true ? undefined : 'its tokens cannot be revoked';
  },
  cases: {
    good: [{ resources: client({}) }],
    bad: [
      { resources: [example('UserPoolClient.cognitoidp', { preventUserExistenceErrors: 'ENABLED' })] },
      { resources: client({ writeAttributes: ['email', 'custom:role'] }) },
      { resources: client({ preventUserExistenceErrors: 'LEGACY' }) },
      { resources: client({ enableTokenRevocation: false }) },
    ],
  },
};
