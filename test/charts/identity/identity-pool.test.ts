import { describe, expect, it } from '@jest/globals';
import { conditionsHold } from '../../../policy/access/conditions.ts';
import { statementsOf } from '../../../policy/statements.ts';
import { forProvider, HERE } from '../../support/layer.ts';
import { EVERYTHING, identityWith } from './rendered.ts';

const world = identityWith(EVERYTHING);
const pool = forProvider(world.one('Pool', 'identities-pool'));
const id = world.inAws('Pool')[0]?.externalName ?? '';

describe('the identity pool', () => {
  it('takes tokens of the user pool for its own client, asks whether they were revoked, and knows no guests', () => {
    expect(pool).toMatchObject({
      identityPoolName: 'owlnest-users-production',
      allowUnauthenticatedIdentities: false,
      allowClassicFlow: false,
      cognitoIdentityProviders: [
        {
          clientId: world.inAws('UserPoolClient')[0]?.externalName,
          providerName: `cognito-idp.${HERE}.amazonaws.com/${world.inAws('UserPool')[0]?.externalName ?? ''}`,
          serverSideTokenCheck: true,
        },
      ],
    });
  });

  it('has one place for its roles, and one role, for those who have signed in (trap 7)', () => {
    expect(world.all('PoolRolesAttachment').map(forProvider)).toEqual([
      {
        region: HERE,
        identityPoolId: id,
        roles: { authenticated: 'arn:aws:iam::123456789012:role/owlnest-signed-in-production' },
      },
    ]);
  });
});

describe('the role of signed-in users', () => {
  const role = world.one('Role', 'identities-role');

  it('is taken by users of this pool who have signed in, and by nobody else', () => {
    const trust = statementsOf(role);
    expect(trust).toMatchObject([
      {
        effect: 'Allow',
        principals: { Federated: ['cognito-identity.amazonaws.com'] },
        actions: ['sts:AssumeRoleWithWebIdentity'],
      },
    ]);
    const { conditions } = trust[0] ?? { conditions: {} };
    const [aud, amr] = ['cognito-identity.amazonaws.com:aud', 'cognito-identity.amazonaws.com:amr'];
    const provider = `cognito-idp.${HERE}.amazonaws.com/pool`;
    expect(conditionsHold(conditions, { [aud]: id, [amr]: ['authenticated', provider] })).toBe(true);
    expect(conditionsHold(conditions, { [aud]: id, [amr]: ['unauthenticated'] })).toBe(false);
    expect(conditionsHold(conditions, { [aud]: `${HERE}:another`, [amr]: ['authenticated', provider] })).toBe(false);
    expect(conditionsHold(conditions, {})).toBe(false);
  });

  it('may do nothing: no feature has declared anything yet', () => {
    const attached = world.plane.apiServer.list().filter(({ kind }) => kind.includes('Policy'));
    expect(attached).toEqual([]);
    for (const field of ['inlinePolicy', 'managedPolicyArns']) expect(forProvider(role)).not.toHaveProperty(field);
  });
});
