import { randomBytes } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { Secret } from 'otpauth';
import * as z from 'zod';
import type { Invoke } from '../functions.ts';
import { REGION, USER_POOL_CLIENT_ID, USER_POOL_ID } from '../settings.ts';
import { ServiceError, type JsonService } from './service.ts';
import { ACCESS_TOKEN_SECONDS, type TokenIssuer } from './tokens.ts';
import {
  appCode,
  checkAppCode,
  checkPassword,
  PoolUsers,
  sendCode,
  setPassword,
  takeCode,
  type PoolUser,
  type SentCode,
} from './users.ts';

/** Tells the person at the keyboard a code that would have come by e-mail. */
export type Mail = (email: string, sent: SentCode) => void;

/** Between the password and the second factor, in milliseconds. */
const CHALLENGE_MS = 3 * 60 * 1000;

const ClientId = z.literal(USER_POOL_CLIENT_ID);
const UserPoolId = z.literal(USER_POOL_ID);
const Username = z.string().min(1);
const named = z.object({ UserPoolId, Username });
const ofClient = z.object({ ClientId, Username });
const attributeList = z.array(z.object({ Name: z.string(), Value: z.string().default('') })).default([]);

interface Challenge {
  readonly user: PoolUser;
  readonly until: number;
}

/**
 * Cognito's user pool, as far as the functions call it: its protocol, its errors, its trigger after confirmation. A second
 * factor is asked of those who have one. What no function calls is refused by name.
 */
export class UserPool {
  readonly users = new PoolUsers();
  private readonly issuer: TokenIssuer;
  private readonly invoke: Invoke;
  private readonly mail: Mail;
  private readonly challenges = new Map<string, Challenge>();
  private readonly usedRefreshTokens = new Set<string>();

  constructor(issuer: TokenIssuer, invoke: Invoke, mail: Mail) {
    this.issuer = issuer;
    this.invoke = invoke;
    this.mail = mail;
  }

  /** Gives a user an app with a new secret, as the pages of the user pool would. @returns the secret, in base32 */
  setApp(email: string): string {
    const app = new Secret({ size: 20 });
    this.users.get(email).app = app;
    return app.base32;
  }

  /** What somebody would find in the mailbox and on the telephone now. */
  codesOf(email: string): { readonly email?: SentCode; readonly app?: string } {
    const user = this.users.find(email);
    return {
      ...(user?.sent && { email: user.sent }),
      ...(user?.app && { app: appCode(user.app).generate() }),
    };
  }

  readonly service: JsonService = (operation, input) => {
    const run = this.operations[operation];
    if (run === undefined) {
      throw new ServiceError('UnsupportedOperationException', `the local user pool does not know ${operation}`);
    }
    return run(input);
  };

  private readonly operations: Readonly<Record<string, (input: unknown) => unknown>> = {
    SignUp: (input) => {
      const call = ofClient.extend({ Password: z.string(), UserAttributes: attributeList }).parse(input);
      const attributes = Object.fromEntries(call.UserAttributes.map(({ Name, Value }) => [Name, Value]));
      const user = this.users.add(call.Username, call.Password, attributes);
      return { UserConfirmed: false, UserSub: user.sub, ...this.send(user, 'sign-up') };
    },
    ResendConfirmationCode: (input) => {
      const user = this.users.get(ofClient.parse(input).Username);
      if (user.confirmed) throw new ServiceError('InvalidParameterException', 'User is already confirmed.');
      return this.send(user, 'sign-up');
    },
    ConfirmSignUp: async (input) => {
      const call = ofClient.extend({ ConfirmationCode: z.string() }).parse(input);
      const user = this.users.get(call.Username);
      if (user.confirmed) {
        throw new ServiceError('NotAuthorizedException', 'User cannot be confirmed. Current status is CONFIRMED');
      }
      takeCode(user, 'sign-up', call.ConfirmationCode);
      user.confirmed = true;
      await this.trigger(user, 'PostConfirmation_ConfirmSignUp');
      return {};
    },
    ForgotPassword: (input) => {
      const user = this.users.get(ofClient.parse(input).Username);
      if (!user.confirmed) {
        throw new ServiceError(
          'InvalidParameterException',
          'Cannot reset password for the user as there is no verified email',
        );
      }
      return this.send(user, 'password');
    },
    ConfirmForgotPassword: async (input) => {
      const call = ofClient.extend({ ConfirmationCode: z.string(), Password: z.string() }).parse(input);
      const user = this.users.get(call.Username);
      takeCode(user, 'password', call.ConfirmationCode);
      setPassword(user, call.Password);
      await this.trigger(user, 'PostConfirmation_ConfirmForgotPassword');
      return {};
    },
    AdminInitiateAuth: async (input) => {
      const parameters = z.object({ USERNAME: Username, PASSWORD: z.string() });
      const flow = z.literal('ADMIN_USER_PASSWORD_AUTH');
      const call = z.object({ UserPoolId, ClientId, AuthFlow: flow, AuthParameters: parameters }).parse(input);
      const user = this.users.get(call.AuthParameters.USERNAME);
      checkPassword(user, call.AuthParameters.PASSWORD);
      if (!user.confirmed) throw new ServiceError('UserNotConfirmedException', 'User is not confirmed.');
      if (user.app === undefined) return this.signedIn(user, seconds());
      const Session = randomBytes(48).toString('base64url');
      this.challenges.set(Session, { user, until: Date.now() + CHALLENGE_MS });
      return { ChallengeName: 'SOFTWARE_TOKEN_MFA', Session, ChallengeParameters: { USER_ID_FOR_SRP: user.sub } };
    },
    AdminRespondToAuthChallenge: async (input) => {
      const responses = z.object({ USERNAME: Username, SOFTWARE_TOKEN_MFA_CODE: z.string() });
      const ChallengeName = z.literal('SOFTWARE_TOKEN_MFA');
      const call = z
        .object({ UserPoolId, ClientId, ChallengeName, Session: z.string(), ChallengeResponses: responses })
        .parse(input);
      const challenge = this.challenges.get(call.Session);
      if (challenge === undefined || Date.now() > challenge.until) {
        throw new ServiceError('NotAuthorizedException', 'Invalid session for the user, session is expired.');
      }
      checkAppCode(challenge.user, call.ChallengeResponses.SOFTWARE_TOKEN_MFA_CODE);
      this.challenges.delete(call.Session);
      return this.signedIn(challenge.user, seconds());
    },
    GetTokensFromRefreshToken: async (input) => {
      const { RefreshToken } = z.object({ ClientId, RefreshToken: z.string() }).parse(input);
      if (this.usedRefreshTokens.has(RefreshToken)) {
        throw new ServiceError('RefreshTokenReuseException', 'Refresh token has been used already.');
      }
      const user = this.users.ofRefreshToken(RefreshToken);
      if (user === undefined) throw new ServiceError('NotAuthorizedException', 'Invalid Refresh Token');
      user.refreshTokens.delete(RefreshToken);
      this.usedRefreshTokens.add(RefreshToken);
      return this.signedIn(user, seconds());
    },
    RevokeToken: (input) => {
      const { Token } = z.object({ ClientId, Token: z.string() }).parse(input);
      this.users.ofRefreshToken(Token)?.refreshTokens.delete(Token);
      return {};
    },
    GetUser: async (input) => {
      const user = await this.byAccessToken(input);
      return { Username: user.sub, UserAttributes: attributesOf(user), ...factorsOf(user) };
    },
    GlobalSignOut: async (input) => {
      signOut(await this.byAccessToken(input));
      return {};
    },
    ChangePassword: async (input) => {
      const call = z.object({ PreviousPassword: z.string(), ProposedPassword: z.string() }).parse(input);
      const user = await this.byAccessToken(input);
      checkPassword(user, call.PreviousPassword);
      setPassword(user, call.ProposedPassword);
      return {};
    },
    AdminGetUser: (input) => {
      const user = this.users.get(named.parse(input).Username);
      const UserStatus = user.confirmed ? 'CONFIRMED' : 'UNCONFIRMED';
      return { Username: user.sub, UserStatus, Enabled: true, UserAttributes: attributesOf(user), ...factorsOf(user) };
    },
    AdminAddUserToGroup: (input) => {
      const { Username: name, GroupName } = named.extend({ GroupName: z.string() }).parse(input);
      this.users.get(name).groups.add(GroupName);
      return {};
    },
    AdminRemoveUserFromGroup: (input) => {
      const { Username: name, GroupName } = named.extend({ GroupName: z.string() }).parse(input);
      this.users.get(name).groups.delete(GroupName);
      return {};
    },
    AdminUserGlobalSignOut: (input) => {
      signOut(this.users.get(named.parse(input).Username));
      return {};
    },
    AdminDeleteUser: (input) => {
      this.users.remove(this.users.get(named.parse(input).Username));
      return {};
    },
  };

  private send(user: PoolUser, purpose: SentCode['purpose']): object {
    this.mail(user.email, sendCode(user, purpose));
    return { CodeDeliveryDetails: { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: '***' } };
  }

  private async signedIn(user: PoolUser, authTime: number): Promise<object> {
    const { sub, email, groups } = user;
    const { accessToken, idToken } = await this.issuer.issue({ sub, email, groups: [...groups], authTime });
    const RefreshToken = randomBytes(64).toString('base64url');
    user.refreshTokens.add(RefreshToken);
    const tokens = { AccessToken: accessToken, IdToken: idToken, RefreshToken };
    return { AuthenticationResult: { ...tokens, ExpiresIn: ACCESS_TOKEN_SECONDS, TokenType: 'Bearer' } };
  }

  /** @throws ServiceError `NotAuthorizedException` for a token that is forged, expired, or signed out. */
  private async byAccessToken(input: unknown): Promise<PoolUser> {
    const { AccessToken } = z.object({ AccessToken: z.string() }).parse(input);
    const refused = new ServiceError('NotAuthorizedException', 'Invalid Access Token');
    const keys = createLocalJWKSet(this.issuer.keys);
    const { payload } = await jwtVerify(AccessToken, keys, { algorithms: ['RS256'] }).catch(() => {
      throw refused;
    });
    const user = payload['token_use'] === 'access' ? this.users.find(payload.sub ?? '') : undefined;
    if (user === undefined || (payload.iat ?? 0) < user.signedOutAt) throw refused;
    return user;
  }

  private async trigger(user: PoolUser, triggerSource: string): Promise<void> {
    const userAttributes = Object.fromEntries(attributesOf(user).map(({ Name, Value }) => [Name, Value]));
    const event = {
      version: '1',
      region: REGION,
      userPoolId: USER_POOL_ID,
      userName: user.sub,
      callerContext: { awsSdkVersion: 'local', clientId: USER_POOL_CLIENT_ID },
      triggerSource,
      request: { userAttributes },
      response: {},
    };
    await this.invoke('post-confirmation', event).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ServiceError('UserLambdaValidationException', `PostConfirmation failed with error ${reason}.`);
    });
  }
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

function signOut(user: PoolUser): void {
  user.refreshTokens.clear();
  // A token of the same second is one that somebody got after this.
  user.signedOutAt = seconds();
}

function attributesOf({ sub, email, attributes, confirmed }: PoolUser): { Name: string; Value: string }[] {
  const all = { ...attributes, sub, email, email_verified: String(confirmed) };
  return Object.entries(all).map(([Name, Value]) => ({ Name, Value }));
}

function factorsOf({ app }: PoolUser): object {
  return app === undefined
    ? {}
    : { UserMFASettingList: ['SOFTWARE_TOKEN_MFA'], PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA' };
}
