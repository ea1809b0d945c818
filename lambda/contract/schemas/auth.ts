import * as z from 'zod';
import { profile } from '../entities/index.ts';
import { component } from './components.ts';

/** An e-mail address, in lower case or not; at most 254 characters (RFC 5321). */
export const email = z.email().max(254);

/** Long enough for any passphrase; what a password must have is for the user pool to say. */
export const password = z.string().min(8).max(256);

/** The six digits that the user pool sends. */
export const code = z.string().regex(/^\d{6}$/);

const token = z.string().min(1).max(8192);

/** Lifetimes in seconds. */
export const tokens = component(
  'Tokens',
  z.strictObject({
    accessToken: token,
    idToken: token,
    refreshToken: token.optional().describe('Absent where the one in use stays good.'),
    expiresIn: z.int().min(1),
  }),
);

export const registration = component(
  'Registration',
  z.strictObject({
    email,
    password,
    givenName: profile.shape.givenName,
    familyName: profile.shape.familyName,
    locale: profile.shape.locale.default('ja'),
  }),
);

/** What somebody who is asked for more than a password has to answer. `MFA_SETUP`: a first code of an app that is new. */
export const CHALLENGES = ['SOFTWARE_TOKEN_MFA', 'MFA_SETUP', 'SMS_MFA', 'EMAIL_OTP', 'NEW_PASSWORD_REQUIRED'] as const;

export const challenge = component(
  'Challenge',
  z.strictObject({
    challenge: z.enum(CHALLENGES),
    challengeToken: token,
    secret: z
      .string()
      .optional()
      .describe('With MFA_SETUP: what the app has to be told (base32) before it gives the code to answer with.'),
  }),
);

export const challengeAnswer = component(
  'ChallengeAnswer',
  z.strictObject({ challenge: z.enum(CHALLENGES), challengeToken: token, answer: z.string().min(1).max(256) }),
);

/** Where a code has been sent, or would have been. */
export const delivery = component('Delivery', z.strictObject({ delivery: z.literal('email') }));

export const refreshToken = token;

export const wsTicket = component(
  'WebSocketTicket',
  z.strictObject({ ticket: z.string(), expiresIn: z.int().min(1).describe('Seconds.') }),
);

export const health = component('Health', z.strictObject({ status: z.literal('ok'), release: z.string() }));
