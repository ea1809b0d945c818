import type { ProblemCode } from '../../contract/problems.ts';

/** Why the user pool refuses something, as far as the caller may know. */
export type IdentityRefusalReason = Extract<
  ProblemCode,
  'weak-password' | 'invalid-code' | 'code-expired' | 'invalid-credentials' | 'challenge-expired' | 'rate-limited'
>;

/** The user pool refuses something. */
export class IdentityRefusal extends Error {
  override readonly name = 'IdentityRefusal';
  readonly reason: IdentityRefusalReason;

  constructor(reason: IdentityRefusalReason, cause?: unknown) {
    super(`the user pool refuses it: ${reason}`, { cause });
    this.reason = reason;
  }
}

/** Lifetime in seconds. */
export interface IssuedTokens {
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken?: string;
  readonly expiresIn: number;
}

/** Signed in, or asked for more. */
export type SignIn =
  | {
      readonly state: 'signed-in';
      readonly tokens: IssuedTokens;
      readonly userId: string;
      readonly email: string | undefined;
      /** Whether the user has set up a second factor from an app, so that the pool has asked for it. */
      readonly hasSecondFactor: boolean;
    }
  | {
      readonly state: 'challenged';
      readonly challenge: string;
      readonly challengeToken: string;
      /** What an app that is being set up has to be told, in base32. */
      readonly secret?: string;
    };

/**
 * The user pool. Whether an address is known shows in no answer: registering one that is known, and sending a code to one
 * that is not, both do nothing and say nothing. @throws IdentityRefusal; ServiceUnavailable.
 */
export interface IdentityProvider {
  register(input: {
    readonly email: string;
    readonly password: string;
    readonly givenName?: string;
    readonly familyName?: string;
    readonly locale: string;
  }): Promise<void>;
  confirm(email: string, code: string): Promise<void>;
  resendCode(email: string): Promise<void>;
  forgotPassword(email: string): Promise<void>;
  resetPassword(email: string, code: string, newPassword: string): Promise<void>;
  signIn(email: string, password: string): Promise<SignIn>;
  answerChallenge(challenge: string, challengeToken: string, answer: string): Promise<SignIn>;
  refresh(refreshToken: string): Promise<IssuedTokens>;
  /** Ends the session of one refresh token. */
  revoke(refreshToken: string): Promise<void>;
  /** Ends all sessions of the user whose access token it is. */
  signOutEverywhere(accessToken: string): Promise<void>;
  changePassword(accessToken: string, oldPassword: string, newPassword: string): Promise<void>;
}

/** What is known of users besides their profiles. @throws ServiceUnavailable */
export interface Directory {
  email(userId: string): Promise<string | undefined>;
  /** Whether the user has set up a second factor from an app, which each sign-in then asks for. */
  hasSecondFactor(userId: string): Promise<boolean>;
}
