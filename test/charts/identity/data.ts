import fc from 'fast-check';
import { asObject } from '../../../crossplane/schema/json.ts';
import type { Json } from '../../../imports/base.ts';
import type { LayerData } from '../layer-data.ts';

/** What Identity keeps, for the test that production loses none of it by any edit. */
export const identityData: LayerData = {
  home: 'UserPool',
  guarded: {
    UserPool: ['deletionProtection', 'usernameAttributes', 'usernameConfiguration'],
    UserGroup: ['name', 'userPoolId'],
    UserPoolClient: ['userPoolId', 'generateSecret'],
    Pool: ['identityPoolName', 'allowUnauthenticatedIdentities'],
    // Stays when threat protection is switched off, though the pool does not ask it any more.
    RiskConfiguration: ['userPoolId'],
  },
  isProductions: ({ kind, forProvider: { tags, name, description } }) =>
    asObject(tags)['environment'] === 'production' ||
    (kind === 'UserPoolClient' && name === 'owlnest-web-production') ||
    (kind === 'UserGroup' && String(description).startsWith('OwlNest production:')),
  entries: {},
  removals: [],
  allowRemoval: [
    'identity/UserPool/production-identity-users-pool',
    'identity/UserPoolClient/production-identity-web-client',
    'identity/UserGroup/production-identity-groups-admin',
    'identity/Pool/production-identity-identities-pool',
    'identity/Identity/production-identity',
  ],
  settings: [
    ['identity', fc.constantFrom<Json>({}, { mfa: 'required' }, { plan: 'plus' })],
    ['identity.mfa', fc.constantFrom('optional', 'required', 'off')],
    ['identity.plan', fc.constantFrom('essentials', 'plus')],
    ['identity.threatProtection', fc.constantFrom('off', 'audit', 'enforced')],
    ['identity.accessTokenMinutes', fc.constantFrom(1, 5, 60)],
    ['identity.refreshTokenDays', fc.constantFrom(1, 30, 5000)],
  ],
  recorded: {
    resources: [
      'UserPool.cognitoidp/users-pool',
      'UserPoolClient.cognitoidp/web-client',
      'Pool.cognitoidentity/identities-pool',
    ],
    names: [
      'ap-northeast-1_another',
      'abcdefghijklmnopqrstuvwxyz',
      'ap-northeast-1:00000000-0000-4000-8000-000000000000',
    ],
    // AWS makes these names up, so none of them says whose it is.
    productions: {},
  },
};
