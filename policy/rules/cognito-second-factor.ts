import { at, wanted } from '../resources.ts';
import { example } from '../example.ts';
import type { Rule } from '../rule.ts';

const pool = (mfaConfiguration: string, enabled: boolean) => [
  example('UserPool.cognitoidp', { mfaConfiguration, softwareTokenMfaConfiguration: { enabled } }),
];

export const cognitoSecondFactor: Rule = {
  id: 'OWL-COGNITO-002',
  title: 'Everybody can have a second factor from an app',
  why: 'A password alone is stolen once and works everywhere; a code by message can be stolen with the telephone number',
  fix: 'Set mfaConfiguration to OPTIONAL or ON, and switch softwareTokenMfaConfiguration on',
  controls: [],
  kinds: ['UserPool.cognitoidp'],
  check: (resource) => {
    const { mfaConfiguration } = wanted(resource);
    if (mfaConfiguration !== 'ON' && mfaConfiguration !== 'OPTIONAL') return 'mfaConfiguration is off';
    return at(wanted(resource), 'softwareTokenMfaConfiguration', 'enabled') === true
      ? undefined
      : 'none comes from an app';
  },
  cases: {
    good: [{ resources: pool('ON', true) }, { resources: pool('OPTIONAL', true) }],
    bad: [
      { resources: pool('OFF', true) },
      { resources: pool('ON', false) },
      { resources: [example('UserPool.cognitoidp', {})] },
    ],
  },
};
