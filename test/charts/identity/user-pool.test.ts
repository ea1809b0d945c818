import { describe, expect, it } from '@jest/globals';
import { ACCOUNT, forProvider, HERE } from '../../support/layer.ts';
import { asObject } from '../../../crossplane/schema/json.ts';
import { functions } from '../../../lambda/contract/functions.ts';
import { EVERYTHING, identityWith } from './rendered.ts';

const plain = identityWith();
const whole = identityWith(EVERYTHING);

const poolOf = (world: typeof plain) => forProvider(world.one('UserPool', 'users-pool'));

describe('the user pool', () => {
  it('is called as people look for it, and lets anybody sign up by e-mail address, whatever its case', () => {
    expect(poolOf(plain)).toMatchObject({
      name: 'owlnest-users-production',
      region: HERE,
      usernameAttributes: ['email'],
      usernameConfiguration: { caseSensitive: false },
      adminCreateUserConfig: { allowAdminCreateUserOnly: false },
      autoVerifiedAttributes: ['email'],
    });
  });

  it('asks for passwords that are hard to guess, and takes no old one', () => {
    expect(poolOf(plain)['passwordPolicy']).toEqual({
      minimumLength: 12,
      requireLowercase: true,
      requireUppercase: true,
      requireNumbers: true,
      requireSymbols: true,
      passwordHistorySize: 5,
      temporaryPasswordValidityDays: 3,
    });
  });

  it('has a second factor from an app, for whoever wants one or for everybody, and none by message', () => {
    const app = { softwareTokenMfaConfiguration: { enabled: true } };
    expect(poolOf(plain)).toMatchObject({ ...app, mfaConfiguration: 'OPTIONAL' });
    expect(poolOf(whole)).toMatchObject({ ...app, mfaConfiguration: 'ON' });
    for (const pool of [poolOf(plain), poolOf(whole)]) {
      expect(pool).not.toHaveProperty('smsConfiguration');
      expect(pool).not.toHaveProperty('emailMfaConfiguration');
    }
  });

  it('gives an account back by e-mail alone, and keeps an address until the new one is confirmed', () => {
    expect(poolOf(plain)).toMatchObject({
      accountRecoverySetting: { recoveryMechanism: [{ name: 'verified_email', priority: 1 }] },
      userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdate: ['email'] },
    });
  });

  it('calls post-confirmation by an ARN that follows from its name: neither waits for the other (trap 6)', () => {
    expect(functions['post-confirmation'].trigger).toEqual({ kind: 'user-pool', on: 'PostConfirmation' });
    expect(poolOf(plain)['lambdaConfig']).toEqual({
      postConfirmation: `arn:aws:lambda:${HERE}:${ACCOUNT}:function:owlnest-post-confirmation-production:live`,
    });
  });

  it('has no attribute of its own, so none that a client could raise itself with, nor one that loops (trap 1)', () => {
    expect(poolOf(plain)).not.toHaveProperty('schema');
  });

  it('is protected, unless the environment protects nothing', () => {
    expect(poolOf(plain)['deletionProtection']).toBe('ACTIVE');
    const open = identityWith({}, { environment: 'dev', tier: 'development', protectData: false });
    expect(forProvider(open.one('UserPool', 'users-pool'))['deletionProtection']).toBe('INACTIVE');
  });

  it('says what data it keeps', () => {
    expect(asObject(poolOf(plain)['tags'])).toMatchObject({ 'data-class': 'personal' });
  });

  it('has Cognito send its mails as long as there is no mail identity, whatever the file wants', () => {
    const sent = { emailSendingAccount: 'COGNITO_DEFAULT' };
    expect(poolOf(plain)['emailConfiguration']).toEqual(sent);
    const ses = identityWith({ email: { sender: 'ses', from: 'owl@owlnest.example' } });
    expect(poolOf(ses)['emailConfiguration']).toEqual(sent);
  });
});

describe('texts of the user pool', () => {
  const texts = [
    asObject(poolOf(plain)['verificationMessageTemplate']),
    asObject(asObject(poolOf(plain)['adminCreateUserConfig'])['inviteMessageTemplate']),
  ];

  it.each(texts)('are in Japanese and English, with what Cognito fills in for each: %j', (template) => {
    const { emailMessage = '', emailSubject = '' } = template as Readonly<Record<string, string>>;
    // What Cognito takes: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerificationMessageTemplateType.html
    expect(emailSubject.length).toBeLessThanOrEqual(140);
    expect(emailMessage.length).toBeLessThanOrEqual(20_000);
    const [, japanese = '', english = ''] =
      /^<p lang="ja">(.*)<\/p><hr><p lang="en">(.*)<\/p>$/.exec(emailMessage) ?? [];
    for (const text of [emailSubject, japanese]) expect(text).toMatch(/[\p{Script=Hiragana}\p{Script=Katakana}]/u);
    expect(english).toMatch(/^[\x20-\x7e]+$/);
    for (const text of [japanese, english]) expect(text).toContain('{####}');
    if (template === texts[1]) for (const text of [japanese, english]) expect(text).toContain('{username}');
  });

  it('say a code, not a link: what a link does, a scanner of mails does, too', () => {
    expect(texts[0]).toMatchObject({ defaultEmailOption: 'CONFIRM_WITH_CODE' });
  });
});

describe('threat protection', () => {
  it('is off, said in words: the provider would leave in AWS what is no longer said', () => {
    expect(poolOf(plain)).toMatchObject({
      userPoolTier: 'ESSENTIALS',
      userPoolAddOns: { advancedSecurityMode: 'OFF' },
    });
    expect(plain.all('RiskConfiguration')).toEqual([]);
  });

  it('only counts in audit', () => {
    const audit = identityWith({ plan: 'plus', threatProtection: 'audit' });
    expect(poolOf(audit)).toMatchObject({ userPoolTier: 'PLUS', userPoolAddOns: { advancedSecurityMode: 'AUDIT' } });
    expect(audit.all('RiskConfiguration')).toEqual([]);
  });

  it('enforced, asks for the second factor, and refuses stolen passwords', () => {
    expect(poolOf(whole)['userPoolAddOns']).toEqual({
      advancedSecurityMode: 'ENFORCED',
      advancedSecurityAdditionalFlows: { customAuthMode: 'ENFORCED' },
    });
    const [risks] = whole.all('RiskConfiguration').map(forProvider);
    expect(risks).toMatchObject({
      userPoolId: whole.inAws('UserPool')[0]?.externalName,
      accountTakeoverRiskConfiguration: { actions: { highAction: { eventAction: 'MFA_REQUIRED' } } },
      compromisedCredentialsRiskConfiguration: { actions: { eventAction: 'BLOCK' } },
    });
  });

  it('switched off again, is off in the pool', () => {
    expect(whole.apply({})).toEqual([]);
    expect(whole.inAws('UserPool')).toMatchObject([
      { forProvider: { userPoolTier: 'ESSENTIALS', userPoolAddOns: { advancedSecurityMode: 'OFF' } } },
    ]);
    expect(whole.all('RiskConfiguration')).toEqual([]);
  });
});

describe('groups', () => {
  it('are the roles, the highest of which goes first', () => {
    const groups = plain.all('UserGroup').map(forProvider);
    const byPrecedence = [...groups].sort((one, other) => Number(one['precedence']) - Number(other['precedence']));
    expect(byPrecedence.map(({ name }) => name)).toEqual(['admin', 'creator', 'contributor', 'viewer']);
    expect(new Set(groups.map(({ precedence }) => precedence)).size).toBe(4);
    for (const { userPoolId } of groups) expect(userPoolId).toBe(plain.inAws('UserPool')[0]?.externalName);
    // A role of AWS for a group would be a right that nobody declared.
    for (const group of groups) expect(group).not.toHaveProperty('roleArn');
  });
});
