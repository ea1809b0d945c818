import {
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AssociateSoftwareTokenCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  ResendConfirmationCodeCommand,
  RevokeTokenCommand,
  SignUpCommand,
  VerifySoftwareTokenCommand,
  type AdminGetUserCommandOutput,
  type AttributeType,
  type AuthenticationResultType,
  type ChallengeNameType,
  type CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import * as z from 'zod';
import {
  IdentityRefusal,
  type Directory,
  type IdentityProvider,
  type IdentityRefusalReason,
  type IssuedTokens,
  type SignIn,
} from './identity-provider.ts';
import { ServiceUnavailable } from './unavailable.ts';

/** What an error of the user pool means; `ignore`: the caller must not notice. */
type Meanings = Readonly<Record<string, IdentityRefusalReason | 'ignore'>>;

const EVERYWHERE: Meanings = {
  LimitExceededException: 'rate-limited',
  TooManyRequestsException: 'rate-limited',
  TooManyFailedAttemptsException: 'rate-limited',
  InvalidPasswordException: 'weak-password',
  PasswordHistoryPolicyViolationException: 'weak-password',
};
const CODES: Meanings = {
  CodeMismatchException: 'invalid-code',
  ExpiredCodeException: 'code-expired',
  // Unknown, confirmed already, or known under another name: all look like a wrong code.
  UserNotFoundException: 'invalid-code',
  NotAuthorizedException: 'invalid-code',
  AliasExistsException: 'invalid-code',
  InvalidParameterException: 'invalid-code',
};
const SENDING: Meanings = {
  UserNotFoundException: 'ignore',
  InvalidParameterException: 'ignore',
  NotAuthorizedException: 'ignore',
  UsernameExistsException: 'ignore',
};
const SIGNING_IN: Meanings = {
  UserNotFoundException: 'invalid-credentials',
  NotAuthorizedException: 'invalid-credentials',
  UserNotConfirmedException: 'invalid-credentials',
  PasswordResetRequiredException: 'invalid-credentials',
  CodeMismatchException: 'invalid-credentials',
  RefreshTokenReuseException: 'invalid-credentials',
  InvalidParameterException: 'invalid-credentials',
};
const CHALLENGED: Meanings = {
  ...SIGNING_IN,
  NotAuthorizedException: 'challenge-expired',
  ExpiredCodeException: 'challenge-expired',
};
const SETTING_UP: Meanings = {
  ...CHALLENGED,
  // A code that is no code of the app.
  EnableSoftwareTokenMFAException: 'invalid-credentials',
};
const REVOKING: Meanings = {
  UnauthorizedException: 'ignore',
  UnsupportedTokenTypeException: 'ignore',
  InvalidParameterException: 'ignore',
};
const PASSING = new Set(['InternalErrorException', 'TimeoutError', 'NetworkingError', 'ECONNREFUSED', 'ECONNRESET']);

/** Calls the user pool and says in our words why it refuses. @returns undefined for what must go unnoticed. */
async function call<T>(send: () => Promise<T>, meanings: Meanings): Promise<T | undefined> {
  try {
    return await send();
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    const meaning = meanings[name] ?? EVERYWHERE[name];
    if (meaning === 'ignore') return undefined;
    if (meaning !== undefined) throw new IdentityRefusal(meaning, error);
    if (PASSING.has(name)) throw new ServiceUnavailable('the user pool does not answer', { cause: error });
    throw error;
  }
}

/** What a challenge needs besides the user's answer: the pool asks for the name again. */
const challengeToken = z.strictObject({ username: z.string(), session: z.string() });

function packed(username: string, session: string): string {
  return Buffer.from(JSON.stringify({ username, session })).toString('base64url');
}

/** @throws IdentityRefusal for a token that is none of ours. */
function unpacked(token: string): z.output<typeof challengeToken> {
  try {
    return challengeToken.parse(JSON.parse(Buffer.from(token, 'base64url').toString()));
  } catch (error) {
    throw new IdentityRefusal('challenge-expired', error);
  }
}

/** What each challenge calls the answer. */
const ANSWER_NAMES = {
  SOFTWARE_TOKEN_MFA: 'SOFTWARE_TOKEN_MFA_CODE',
  SMS_MFA: 'SMS_MFA_CODE',
  EMAIL_OTP: 'EMAIL_OTP_CODE',
  NEW_PASSWORD_REQUIRED: 'NEW_PASSWORD',
} as const satisfies Partial<Record<ChallengeNameType, string>>;

function isChallenge(name: string): name is keyof typeof ANSWER_NAMES | 'MFA_SETUP' {
  return name === 'MFA_SETUP' || Object.hasOwn(ANSWER_NAMES, name);
}

function usesApp(settings: readonly string[] = []): boolean {
  return settings.includes('SOFTWARE_TOKEN_MFA');
}

function issued(result: AuthenticationResultType): IssuedTokens {
  const { AccessToken: accessToken, IdToken: idToken, RefreshToken: refreshToken, ExpiresIn: expiresIn } = result;
  if (accessToken === undefined || idToken === undefined || expiresIn === undefined) {
    throw new Error('the user pool signed somebody in without giving tokens');
  }
  return { accessToken, idToken, expiresIn, ...(refreshToken === undefined ? {} : { refreshToken }) };
}

function attribute(attributes: readonly AttributeType[] = [], name: string): string | undefined {
  return attributes.find((one) => one.Name === name)?.Value;
}

/** What the pool answers to somebody who signs in. */
interface PoolAnswer {
  readonly AuthenticationResult?: AuthenticationResultType | undefined;
  readonly ChallengeName?: string | undefined;
  readonly Session?: string | undefined;
}

/**
 * The user pool of Cognito, by its client without a secret. A browser could make most of these calls, too; those that sign
 * somebody in by a password need a right, so that no page sends one past the limits of the API.
 */
export function cognitoIdentity(
  client: CognitoIdentityProviderClient,
  { clientId: ClientId, userPoolId: UserPoolId }: { readonly clientId: string; readonly userPoolId: string },
): IdentityProvider {
  const signedIn = async (answer: PoolAnswer | undefined, username: string): Promise<SignIn> => {
    const { AuthenticationResult: result, ChallengeName: challenge, Session: session } = answer ?? {};
    if (result === undefined) {
      if (challenge === undefined || session === undefined) throw new Error('the user pool neither signs in nor asks');
      if (challenge === 'MFA_SETUP') return settingUp(session, username);
      return { state: 'challenged', challenge, challengeToken: packed(username, session) };
    }
    const tokens = issued(result);
    // The pool says who that is; nothing is read out of a token whose signature nobody has checked.
    const user = await client.send(new GetUserCommand({ AccessToken: tokens.accessToken }));
    const userId = attribute(user.UserAttributes, 'sub');
    if (userId === undefined) throw new Error('a user of the pool has no sub');
    const hasSecondFactor = usesApp(user.UserMFASettingList);
    return { state: 'signed-in', tokens, userId, email: attribute(user.UserAttributes, 'email'), hasSecondFactor };
  };

  /** The pool wants a second factor, and the user has none: the app is told a secret, and proves that it knows it. */
  const settingUp = async (Session: string, username: string): Promise<SignIn> => {
    const app = await call(() => client.send(new AssociateSoftwareTokenCommand({ Session })), SETTING_UP);
    const { SecretCode: secret, Session: next } = app ?? {};
    if (secret === undefined || next === undefined) throw new Error('the user pool gives no secret for an app');
    return { state: 'challenged', challenge: 'MFA_SETUP', challengeToken: packed(username, next), secret };
  };

  /** @returns the session in which the pool knows that the app is right */
  const verified = async (Session: string, UserCode: string): Promise<string> => {
    const answer = await call(() => client.send(new VerifySoftwareTokenCommand({ Session, UserCode })), SETTING_UP);
    if (answer?.Session === undefined) throw new Error('the user pool verifies an app without a session');
    return answer.Session;
  };

  return {
    register: async ({ email, password, givenName, familyName, locale }) => {
      const attributes = { email, given_name: givenName, family_name: familyName, locale };
      const UserAttributes = Object.entries(attributes).flatMap(([Name, Value]) =>
        Value === undefined ? [] : [{ Name, Value }],
      );
      const command = new SignUpCommand({ ClientId, Username: email, Password: password, UserAttributes });
      await call(() => client.send(command), { UsernameExistsException: 'ignore' });
    },
    confirm: async (Username, ConfirmationCode) => {
      await call(() => client.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode })), CODES);
    },
    resendCode: async (Username) => {
      await call(() => client.send(new ResendConfirmationCodeCommand({ ClientId, Username })), SENDING);
    },
    forgotPassword: async (Username) => {
      await call(() => client.send(new ForgotPasswordCommand({ ClientId, Username })), SENDING);
    },
    resetPassword: async (Username, ConfirmationCode, Password) => {
      const command = new ConfirmForgotPasswordCommand({ ClientId, Username, ConfirmationCode, Password });
      await call(() => client.send(command), CODES);
    },
    signIn: async (email, password) => {
      const AuthParameters = { USERNAME: email, PASSWORD: password };
      const AuthFlow = 'ADMIN_USER_PASSWORD_AUTH';
      const command = new AdminInitiateAuthCommand({ UserPoolId, ClientId, AuthFlow, AuthParameters });
      return signedIn(await call(() => client.send(command), SIGNING_IN), email);
    },
    answerChallenge: async (challenge, token, answer) => {
      if (!isChallenge(challenge)) throw new IdentityRefusal('challenge-expired');
      const { username, session } = unpacked(token);
      const isNew = challenge === 'MFA_SETUP';
      const command = new AdminRespondToAuthChallengeCommand({
        UserPoolId,
        ClientId,
        ChallengeName: challenge,
        Session: isNew ? await verified(session, answer) : session,
        ChallengeResponses: { USERNAME: username, ...(isNew ? {} : { [ANSWER_NAMES[challenge]]: answer }) },
      });
      return signedIn(await call(() => client.send(command), CHALLENGED), username);
    },
    refresh: async (RefreshToken) => {
      // With rotation switched on this is the only call that takes a refresh token.
      const command = new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken });
      const answer = await call(() => client.send(command), SIGNING_IN);
      return issued(answer?.AuthenticationResult ?? {});
    },
    revoke: async (Token) => {
      await call(() => client.send(new RevokeTokenCommand({ ClientId, Token })), REVOKING);
    },
    signOutEverywhere: async (AccessToken) => {
      await call(() => client.send(new GlobalSignOutCommand({ AccessToken })), SIGNING_IN);
    },
    changePassword: async (AccessToken, PreviousPassword, ProposedPassword) => {
      const command = new ChangePasswordCommand({ AccessToken, PreviousPassword, ProposedPassword });
      await call(() => client.send(command), SIGNING_IN);
    },
  };
}

/** What the user pool knows of users. A user's id is the `sub`, which the pool takes for a name. */
export function cognitoDirectory(client: CognitoIdentityProviderClient, userPoolId: string): Directory {
  const user = (userId: string): Promise<AdminGetUserCommandOutput | undefined> => {
    const command = new AdminGetUserCommand({ UserPoolId: userPoolId, Username: userId });
    return call(() => client.send(command), { UserNotFoundException: 'ignore' });
  };

  return {
    email: async (userId) => attribute((await user(userId))?.UserAttributes, 'email'),
    hasSecondFactor: async (userId) => usesApp((await user(userId))?.UserMFASettingList),
  };
}
