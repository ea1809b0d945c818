import { asObject } from '../../crossplane/schema/json.ts';
import { at, wanted } from '../resources.ts';
import { example } from '../example.ts';
import type { Rule } from '../rule.ts';

const MINUTES: Readonly<Record<string, number>> = { seconds: 1 / 60, minutes: 1, hours: 60, days: 24 * 60 };
const DAY = MINUTES['days'] ?? 0;

/** What Cognito takes, in minutes: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html */
const BOUNDS = { accessToken: [5, DAY], idToken: [5, DAY], refreshToken: [60, 3650 * DAY] } as const;

const client = (accessTokenValidity: number, units: Readonly<Record<string, string>> = {}) => [
  example('UserPoolClient.cognitoidp', {
    accessTokenValidity,
    idTokenValidity: 15,
    refreshTokenValidity: 30,
    tokenValidityUnits: [{ accessToken: 'minutes', idToken: 'minutes', refreshToken: 'days', ...units }],
  }),
];

export const cognitoLifetimes: Rule = {
  id: 'OWL-COGNITO-005',
  title: 'The lifetimes of tokens are said with their units, and Cognito takes them',
  why: 'Without a unit 15 are hours for one token and days for another',
  fix: 'Set tokenValidityUnits for each, and a lifetime within its bounds',
  controls: [],
  kinds: ['UserPoolClient.cognitoidp'],
  check: (resource) => {
    const units = asObject(at(wanted(resource), 'tokenValidityUnits', 0));
    const wrong = Object.entries(BOUNDS).filter(([token, [least, most]]) => {
      const minutes = Number(wanted(resource)[`${token}Validity`]) * (MINUTES[String(units[token])] ?? NaN);
      return !(minutes >= least && minutes <= most);
    });
    return wrong.length === 0 ? undefined : `that of ${wrong.map(([token]) => token).join(', ')} is none`;
  },
  cases: {
    good: [{ resources: client(15) }, { resources: client(1, { accessToken: 'days' }) }],
    bad: [
      { resources: client(4) },
      { resources: client(25, { accessToken: 'hours' }) },
      { resources: client(15, { refreshToken: 'seconds' }) },
      { resources: [example('UserPoolClient.cognitoidp', { accessTokenValidity: 15 })] },
    ],
  },
};
