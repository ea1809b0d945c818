import { randomBytes, randomInt, randomUUID, scryptSync, timingSafeEqual } from 'node:crypto';
import type { Secret } from 'otpauth';
import { TOTP } from 'otpauth';
import { ServiceError } from './service.ts';

/** A code that would have come by e-mail. */
export interface SentCode {
  readonly purpose: 'sign-up' | 'password';
  readonly code: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface PoolUser {
  readonly sub: string;
  readonly email: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly groups: Set<string>;
  readonly refreshTokens: Set<string>;
  confirmed: boolean;
  password: HashedPassword;
  sent: SentCode | undefined;
  /** Wrong codes since the last one was sent. */
  wrongCodes: number;
  /** The secret of an app that gives second factors. */
  app: Secret | undefined;
  /** Access tokens that were issued before are worth nothing to the pool; seconds since 1970. */
  signedOutAt: number;
}

interface HashedPassword {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** Codes are good for a day after signing up and an hour for a password. */
const CODE_MS = { 'sign-up': 24 * 60 * 60 * 1000, password: 60 * 60 * 1000 };
const MOST_WRONG_CODES = 5;

/** The users of the pool, by `sub` and by e-mail address, which is the same in capitals. */
export class PoolUsers {
  private readonly bySub = new Map<string, PoolUser>();

  /** @throws ServiceError `UsernameExistsException`, `InvalidPasswordException`. */
  add(email: string, password: string, attributes: Readonly<Record<string, string>>): PoolUser {
    if (this.find(email) !== undefined) {
      throw new ServiceError('UsernameExistsException', 'An account with the given email already exists.');
    }
    const user: PoolUser = {
      sub: randomUUID(),
      email,
      attributes,
      groups: new Set(),
      refreshTokens: new Set(),
      confirmed: false,
      password: hashed(accepted(password)),
      sent: undefined,
      wrongCodes: 0,
      app: undefined,
      signedOutAt: 0,
    };
    this.bySub.set(user.sub, user);
    return user;
  }

  find(name: string): PoolUser | undefined {
    const wanted = name.toLowerCase();
    return this.bySub.get(name) ?? [...this.bySub.values()].find(({ email }) => email.toLowerCase() === wanted);
  }

  /** @throws ServiceError `UserNotFoundException`. */
  get(name: string): PoolUser {
    const user = this.find(name);
    if (user === undefined) throw new ServiceError('UserNotFoundException', 'User does not exist.');
    return user;
  }

  ofRefreshToken(token: string): PoolUser | undefined {
    return [...this.bySub.values()].find(({ refreshTokens }) => refreshTokens.has(token));
  }

  remove({ sub }: PoolUser): void {
    this.bySub.delete(sub);
  }
}

/** A new code, in place of the one before. */
export function sendCode(user: PoolUser, purpose: SentCode['purpose']): SentCode {
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  user.sent = { purpose, code, expiresAt: Date.now() + CODE_MS[purpose] };
  user.wrongCodes = 0;
  return user.sent;
}

/** Takes the code. @throws ServiceError `CodeMismatchException`, `ExpiredCodeException`, `TooManyFailedAttemptsException`. */
export function takeCode(user: PoolUser, purpose: SentCode['purpose'], code: string): void {
  const { sent } = user;
  if (sent?.purpose !== purpose || Date.now() > sent.expiresAt) {
    throw new ServiceError('ExpiredCodeException', 'Invalid code provided, please request a code again.');
  }
  if (user.wrongCodes >= MOST_WRONG_CODES) {
    throw new ServiceError('TooManyFailedAttemptsException', 'Attempt limit exceeded, please try after some time.');
  }
  if (sent.code !== code) {
    user.wrongCodes++;
    throw new ServiceError('CodeMismatchException', 'Invalid verification code provided, please try again.');
  }
  user.sent = undefined;
}

export function setPassword(user: PoolUser, password: string): void {
  user.password = hashed(accepted(password));
}

/** @throws ServiceError `NotAuthorizedException`. */
export function checkPassword({ password: { salt, hash } }: PoolUser, password: string): void {
  if (!timingSafeEqual(scrypt(password, salt), hash)) {
    throw new ServiceError('NotAuthorizedException', 'Incorrect username or password.');
  }
}

/** The code that an app of this secret shows now: RFC 6238 with six digits and 30 seconds. */
export function appCode(secret: Secret): TOTP {
  return new TOTP({ secret, digits: 6, period: 30 });
}

/** @throws ServiceError `CodeMismatchException`; a code of the window before or after is right, too. */
export function checkAppCode({ app }: PoolUser, code: string): void {
  if (app === undefined || appCode(app).validate({ token: code, window: 1 }) === null) {
    throw new ServiceError('CodeMismatchException', 'Invalid code received for user.');
  }
}

/** The shortest password that the Identity layer's pool takes. */
const LEAST_CHARACTERS = 12;

function accepted(password: string): string {
  const wanted = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/];
  if (password.length >= LEAST_CHARACTERS && wanted.every((pattern) => pattern.test(password))) return password;
  throw new ServiceError('InvalidPasswordException', 'Password did not conform with policy.');
}

function hashed(password: string): HashedPassword {
  const salt = randomBytes(16);
  return { salt, hash: scrypt(password, salt) };
}

function scrypt(password: string, salt: Buffer): Buffer {
  // Cheap: these passwords live as long as the process.
  return scryptSync(password, salt, 32, { N: 1024 });
}
