import { describe, expect, it } from '@jest/globals';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { S3Client } from '@aws-sdk/client-s3';
import { cognitoDirectory, cognitoIdentity } from '../../../../lambda/functions/clients/cognito.ts';
import { s3Objects } from '../../../../lambda/functions/clients/s3.ts';
import { ServiceUnavailable } from '../../../../lambda/functions/clients/unavailable.ts';

const settings = { region: 'ap-northeast-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' }, maxAttempts: 1 };

describe('the form for an upload', () => {
  it('signs key, type, exact size and checksum, and names no encryption key of AWS', async () => {
    const objects = s3Objects(new S3Client(settings), 'files-bucket');
    const object = { key: 'files/1', contentType: 'image/png', size: 1000, sha256: '00'.repeat(32), seconds: 900 };
    const { url, fields } = await objects.uploadForm(object);
    expect(url).toContain('files-bucket');
    const policy = JSON.parse(Buffer.from(fields['Policy'] ?? '', 'base64').toString());
    expect(policy.conditions).toEqual(
      expect.arrayContaining([
        ['content-length-range', 1000, 1000],
        { key: 'files/1' },
        { bucket: 'files-bucket' },
        { 'Content-Type': 'image/png' },
        { 'x-amz-checksum-sha256': Buffer.alloc(32).toString('base64') },
      ]),
    );
    expect(JSON.stringify(policy)).not.toContain('starts-with');
    expect(JSON.stringify(fields)).not.toContain('encryption');
    const left = Date.parse(policy.expiration) - Date.now();
    expect(left).toBeGreaterThan(800_000);
    expect(left).toBeLessThanOrEqual(901_000);
  });

  it('is downloaded under its own name, percent-encoded, unless a browser shows it', async () => {
    const objects = s3Objects(new S3Client(settings), 'files-bucket');
    const object = { key: 'files/1', contentType: 'application/pdf', seconds: 300 };
    const saved = new URL(await objects.downloadUrl({ ...object, attachment: "議事録'(1).pdf" })).searchParams;
    expect(saved.get('response-content-disposition')).toBe(
      "attachment; filename*=UTF-8''%E8%AD%B0%E4%BA%8B%E9%8C%B2%27%281%29.pdf",
    );
    expect(saved.get('X-Amz-Expires')).toBe('300');
    const shown = new URL(await objects.downloadUrl({ ...object, attachment: undefined })).searchParams;
    expect(shown.has('response-content-disposition')).toBe(false);
  });
});

/** A client that answers each call by the given object, or throws an error of that name. */
function pool(answers: Readonly<Record<string, object | string>>) {
  const client = new CognitoIdentityProviderClient(settings);
  const sent: { name: string; input: object }[] = [];
  client.middlewareStack.add(
    (_next, context) => (args) => {
      const name = String(context.commandName).replace(/Command$/, '');
      sent.push({ name, input: args.input });
      const answer = answers[name] ?? {};
      if (typeof answer === 'string')
        return Promise.reject(Object.assign(new Error('in the words of AWS'), { name: answer }));
      return Promise.resolve({ output: { $metadata: {}, ...answer }, response: undefined });
    },
    { step: 'initialize', priority: 'high' },
  );
  return {
    identity: cognitoIdentity(client, { clientId: 'client', userPoolId: 'pool' }),
    directory: cognitoDirectory(client, 'pool'),
    sent,
  };
}

const reasonOf = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'none',
    (error: unknown) => (error instanceof Error && 'reason' in error ? String(error.reason) : String(error)),
  );

describe('the user pool', () => {
  const tokens = { AccessToken: 'a', IdToken: 'i', RefreshToken: 'r', ExpiresIn: 900 };
  const user = {
    UserAttributes: [
      { Name: 'sub', Value: 'u' },
      { Name: 'email', Value: 'owl@example.com' },
    ],
  };

  it('signs in, and asks who that is', async () => {
    const { identity, sent } = pool({ AdminInitiateAuth: { AuthenticationResult: tokens }, GetUser: user });
    expect(await identity.signIn('owl@example.com', 'x')).toEqual({
      state: 'signed-in',
      tokens: { accessToken: 'a', idToken: 'i', refreshToken: 'r', expiresIn: 900 },
      userId: 'u',
      email: 'owl@example.com',
      hasSecondFactor: false,
    });
    expect(sent.map(({ name }) => name)).toEqual(['AdminInitiateAuth', 'GetUser']);
    // The only flow with a password that the client of the user pool lets pass (charts/identity/web-client.ts).
    expect(sent[0]?.input).toMatchObject({
      UserPoolId: 'pool',
      ClientId: 'client',
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
    });
  });

  it('asks for a second factor, and remembers for whom', async () => {
    const asked = pool({ AdminInitiateAuth: { ChallengeName: 'SOFTWARE_TOKEN_MFA', Session: 's' } });
    const result = await asked.identity.signIn('owl@example.com', 'x');
    if (result.state !== 'challenged') throw new Error('not asked');
    const answered = pool({ AdminRespondToAuthChallenge: { AuthenticationResult: tokens }, GetUser: user });
    await answered.identity.answerChallenge(result.challenge, result.challengeToken, '123456');
    expect(answered.sent[0]?.input).toMatchObject({
      Session: 's',
      ChallengeResponses: { USERNAME: 'owl@example.com', SOFTWARE_TOKEN_MFA_CODE: '123456' },
    });
    expect(await reasonOf(answered.identity.answerChallenge('SMS_MFA', 'forged', '1'))).toBe('challenge-expired');
  });

  it('leads somebody who needs a second factor through setting up an app', async () => {
    const asked = pool({
      AdminInitiateAuth: { ChallengeName: 'MFA_SETUP', Session: 'one' },
      AssociateSoftwareToken: { SecretCode: 'BASE32', Session: 'two' },
    });
    const result = await asked.identity.signIn('owl@example.com', 'x');
    if (result.state !== 'challenged') throw new Error('not asked');
    expect(result).toMatchObject({ challenge: 'MFA_SETUP', secret: 'BASE32' });
    const answered = pool({
      VerifySoftwareToken: { Status: 'SUCCESS', Session: 'three' },
      AdminRespondToAuthChallenge: { AuthenticationResult: tokens },
      GetUser: { ...user, UserMFASettingList: ['SOFTWARE_TOKEN_MFA'] },
    });
    const done = await answered.identity.answerChallenge('MFA_SETUP', result.challengeToken, '123456');
    expect(done).toMatchObject({ state: 'signed-in', hasSecondFactor: true });
    expect(answered.sent.slice(0, 2)).toMatchObject([
      { name: 'VerifySoftwareToken', input: { Session: 'two', UserCode: '123456' } },
      {
        name: 'AdminRespondToAuthChallenge',
        input: { ChallengeName: 'MFA_SETUP', Session: 'three', ChallengeResponses: { USERNAME: 'owl@example.com' } },
      },
    ]);
    const wrong = pool({ VerifySoftwareToken: 'EnableSoftwareTokenMFAException' });
    expect(await reasonOf(wrong.identity.answerChallenge('MFA_SETUP', result.challengeToken, '1'))).toBe(
      'invalid-credentials',
    );
  });

  it.each([
    'UserNotFoundException',
    'NotAuthorizedException',
    'UserNotConfirmedException',
    'PasswordResetRequiredException',
  ])('has one text for all causes: %s', async (name) => {
    const { identity } = pool({ AdminInitiateAuth: name });
    expect(await reasonOf(identity.signIn('a@example.com', 'x'))).toBe('invalid-credentials');
  });

  it('tells nobody which addresses are known', async () => {
    const known = pool({ SignUp: 'UsernameExistsException' });
    const registration = { email: 'a@example.com', password: 'x', locale: 'ja' };
    expect(await reasonOf(known.identity.register(registration))).toBe('none');
    const unknown = pool({ ForgotPassword: 'UserNotFoundException', ResendConfirmationCode: 'UserNotFoundException' });
    expect(await reasonOf(unknown.identity.forgotPassword('a@example.com'))).toBe('none');
    expect(await reasonOf(unknown.identity.resendCode('a@example.com'))).toBe('none');
    const wrong = pool({ ConfirmForgotPassword: 'UserNotFoundException' });
    expect(await reasonOf(wrong.identity.resetPassword('a@example.com', '123456', 'x'))).toBe('invalid-code');
  });

  it.each([
    ['SignUp', 'InvalidPasswordException', 'weak-password'],
    ['SignUp', 'TooManyRequestsException', 'rate-limited'],
  ])('%s: %s is %s', async (call, name, reason) => {
    const { identity } = pool({ [call]: name });
    const registration = { email: 'a@example.com', password: 'x', locale: 'ja' };
    expect(await reasonOf(identity.register(registration))).toBe(reason);
  });

  it('rotates refresh tokens, and takes none twice', async () => {
    const { identity, sent } = pool({ GetTokensFromRefreshToken: { AuthenticationResult: tokens } });
    expect(await identity.refresh('r')).toMatchObject({ refreshToken: 'r' });
    expect(sent[0]?.name).toBe('GetTokensFromRefreshToken');
    const reused = pool({ GetTokensFromRefreshToken: 'RefreshTokenReuseException' });
    expect(await reasonOf(reused.identity.refresh('r'))).toBe('invalid-credentials');
  });

  it('does not answer: that is no mistake of the caller', async () => {
    const { identity } = pool({ AdminInitiateAuth: 'InternalErrorException' });
    await expect(identity.signIn('a@example.com', 'x')).rejects.toBeInstanceOf(ServiceUnavailable);
  });

  it('knows whether somebody has a second factor from an app: one by message is none', async () => {
    const found = async (UserMFASettingList?: readonly string[]) =>
      pool({ AdminGetUser: { ...user, UserMFASettingList } }).directory.hasSecondFactor('u');
    expect(await found(['SOFTWARE_TOKEN_MFA'])).toBe(true);
    expect(await found(['SMS_MFA'])).toBe(false);
    expect(await found()).toBe(false);
    expect(await pool({ AdminGetUser: 'UserNotFoundException' }).directory.hasSecondFactor('u')).toBe(false);
  });

  it('knows addresses by user id', async () => {
    expect(await pool({ AdminGetUser: user }).directory.email('u')).toBe('owl@example.com');
    expect(await pool({ AdminGetUser: 'UserNotFoundException' }).directory.email('u')).toBeUndefined();
  });
});
