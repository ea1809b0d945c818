import { describe, expect, it } from '@jest/globals';
import { asObject } from '../../../crossplane/schema/json.ts';
import { ACCESS_TOKEN_SCOPES } from '../../../lambda/contract/scopes.ts';
import { forProvider, HERE } from '../../support/layer.ts';
import { identityWith } from './rendered.ts';

const world = identityWith();
const client = forProvider(world.one('UserPoolClient', 'web-client'));
const poolId = world.inAws('UserPool')[0]?.externalName ?? '';

describe('the client of the application', () => {
  it('has no secret, and signs in by SRP, by the code flow, and through the function auth', () => {
    expect(client).toMatchObject({
      name: 'owlnest-web-production',
      userPoolId: poolId,
      generateSecret: false,
      supportedIdentityProviders: ['COGNITO'],
      allowedOauthFlowsUserPoolClient: true,
      allowedOauthFlows: ['code'],
      callbackUrls: ['https://owlnest.example/auth/callback'],
      logoutUrls: ['https://owlnest.example/'],
    });
    // Neither a password in plain text from a page, nor a refresh token that does not rotate.
    expect(client['explicitAuthFlows']).toEqual(['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH']);
  });

  it('rotates refresh tokens, and can revoke them', () => {
    expect(client).toMatchObject({
      refreshTokenRotation: [{ feature: 'ENABLED', retryGracePeriodSeconds: 10 }],
      enableTokenRevocation: true,
    });
  });

  it('tells nobody who exists', () => {
    expect(client['preventUserExistenceErrors']).toBe('ENABLED');
  });

  it('gives tokens for 15 minutes and 30 days, or what the file says, with units (trap 8)', () => {
    const units = { tokenValidityUnits: [{ accessToken: 'minutes', idToken: 'minutes', refreshToken: 'days' }] };
    expect(client).toMatchObject({ ...units, accessTokenValidity: 15, idTokenValidity: 15, refreshTokenValidity: 30 });
    const other = identityWith({ accessTokenMinutes: 60, refreshTokenDays: 7 });
    expect(forProvider(other.one('UserPoolClient', 'web-client'))).toMatchObject({
      ...units,
      accessTokenValidity: 60,
      idTokenValidity: 60,
      refreshTokenValidity: 7,
    });
  });

  it('may change what people say of themselves, and nothing that says who they are to us', () => {
    expect(client['writeAttributes']).toEqual(['email', 'family_name', 'given_name', 'locale']);
    expect(JSON.stringify(client)).not.toContain('custom:');
  });

  it('asks for the scopes that the API takes, each of them there before: AWS refuses others', () => {
    const servers = world.all('ResourceServer').map((server) => asObject(asObject(server.status)['atProvider']));
    const there = ['openid', 'email', 'profile', 'aws.cognito.signin.user.admin', ...servers.flatMap(scopesOf)];
    const asked = client['allowedOauthScopes'] as readonly string[];
    expect(asked.filter((scope) => !there.includes(scope))).toEqual([]);
    expect(ACCESS_TOKEN_SCOPES.filter((scope) => !asked.includes(scope))).toEqual([]);
    expect(ACCESS_TOKEN_SCOPES).toEqual(['aws.cognito.signin.user.admin', 'owlnest/api']);
    const made = [...world.created];
    expect(made.indexOf('ResourceServer')).toBeLessThan(made.indexOf('UserPoolClient'));
  });
});

describe('the sign-in pages', () => {
  it('have an address of their own in all of AWS, and are those that need no branding', () => {
    const [domain] = world.all('UserPoolDomain').map(forProvider);
    expect(domain).toEqual({
      region: HERE,
      userPoolId: poolId,
      domain: 'owlnest-users-production-123456789012-ap-northeast-1',
      managedLoginVersion: 1,
    });
  });

  it('have an address that Cognito takes in every environment and region, or the build says so', () => {
    const longest = identityWith({}, { environment: 'environment1234' });
    const [domain] = longest.all('UserPoolDomain').map(forProvider);
    expect(String(domain?.['domain']).length).toBeLessThanOrEqual(63);
    expect(() => identityWith({}, { environment: 'environment1234', region: 'ap-southeast-northwest-1' })).toThrow(
      'has 67 characters; Cognito takes 63',
    );
  });
});

describe('what the layer gives', () => {
  it('is what tokens, clients and other layers go by', () => {
    const { outputs } = asObject(world.all('Identity')[0]?.status);
    expect(outputs).toEqual({
      userPoolId: poolId,
      userPoolArn: `arn:aws:cognito-idp:${HERE}:123456789012:userpool/${poolId}`,
      userPoolClientId: world.inAws('UserPoolClient')[0]?.externalName,
      // As a token says in `iss`: Amazon Cognito Developer Guide, "Verifying JSON web tokens".
      issuer: `https://cognito-idp.${HERE}.amazonaws.com/${poolId}`,
      identityPoolId: world.inAws('Pool')[0]?.externalName,
    });
    for (const value of Object.values(asObject(outputs))) expect(value).toMatch(/./);
  });
});

function scopesOf({ scopeIdentifiers }: ReturnType<typeof asObject>): readonly string[] {
  return scopeIdentifiers as readonly string[];
}
