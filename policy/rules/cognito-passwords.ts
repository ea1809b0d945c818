import { asObject } from '../../crossplane/schema/json.ts';
import { at, wanted } from '../resources.ts';
import { example } from '../example.ts';
import type { Rule } from '../rule.ts';

const SHORTEST = 8;
const LONGEST_INVITATION_DAYS = 7;
const MUST_HAVE = ['requireLowercase', 'requireNumbers', 'requireSymbols', 'requireUppercase'];

const strong = {
  minimumLength: 12,
  requireLowercase: true,
  requireNumbers: true,
  requireSymbols: true,
  requireUppercase: true,
  temporaryPasswordValidityDays: 7,
};
const pool = (passwordPolicy: Readonly<Record<string, number | boolean>>) => [
  example('UserPool.cognitoidp', { passwordPolicy }),
];

export const cognitoPasswords: Rule = {
  id: 'OWL-COGNITO-001',
  title: `A password has ${SHORTEST} characters of four kinds, and a temporary one holds for ${LONGEST_INVITATION_DAYS} days`,
  why: 'A short one is guessed, and an invitation that nobody took lies in a mailbox',
  fix: 'Say all of it in passwordPolicy',
  controls: ['Cognito.3'],
  kinds: ['UserPool.cognitoidp'],
  check: (resource) => {
    const policy = at(wanted(resource), 'passwordPolicy');
    const { minimumLength, temporaryPasswordValidityDays } = asObject(policy);
    const missing = MUST_HAVE.filter((field) => at(policy, field) !== true);
    if (missing.length > 0) return `it does not say ${missing.join(', ')}`;
    if (typeof minimumLength !== 'number' || minimumLength < SHORTEST) return 'a shorter one will do';
    return typeof temporaryPasswordValidityDays === 'number' && temporaryPasswordValidityDays <= LONGEST_INVITATION_DAYS
      ? undefined
      : 'a temporary one holds for longer';
  },
  cases: {
    good: [{ resources: pool(strong) }],
    bad: [
      { resources: [example('UserPool.cognitoidp', {})] },
      { resources: pool({ ...strong, minimumLength: 7 }) },
      { resources: pool({ ...strong, temporaryPasswordValidityDays: 8 }) },
      ...MUST_HAVE.map((field) => ({ resources: pool({ ...strong, [field]: false }) })),
    ],
  },
};
