import { z } from 'zod';
import { email } from './fields.ts';

/** `identity` of an environment: how people sign in. */
export const identitySection = z.object({
  mfa: z
    .enum(['optional', 'required'])
    .default('optional')
    .describe('Whether every user needs a second factor from an app (TOTP), or only those who have set one up.'),
  // Not lite: refresh tokens rotate on the others only, and so does the history of passwords.
  plan: z
    .enum(['essentials', 'plus'])
    .default('essentials')
    .describe(
      'Feature plan of the user pool, paid for by monthly active user: essentials cost 0.015 US dollars each in Tokyo (2026-09) after the free ones; plus costs more.',
    ),
  threatProtection: z
    .enum(['off', 'audit', 'enforced'])
    .default('off')
    .describe(
      'What happens at a risky sign-in: nothing (off), a log entry (audit), or the second factor is asked for and stolen passwords are refused (enforced). All but off need the plan plus.',
    ),
  accessTokenMinutes: z
    .int()
    .min(5)
    .max(1440)
    .default(15)
    .describe('Minutes that an access token and an ID token are valid.'),
  refreshTokenDays: z
    .int()
    .min(1)
    .max(3650)
    .default(30)
    .describe('Days that somebody stays signed in without a password.'),
  email: z
    .object({
      sender: z
        .enum(['ses', 'cognito'])
        .default('ses')
        .describe(
          'Who sends codes and invitations: the mail identity of domainName, or Cognito itself, which stops after 50 a day in an account.',
        ),
      from: email
        .optional()
        .describe('Sender of these mails, below domainName; no-reply@ domainName unless said otherwise.'),
    })
    .prefault({})
    .describe('Mails of the user pool; Cognito itself sends them as long as there is no layer Domain.'),
});

/** With every default filled in. */
export type IdentitySection = z.infer<typeof identitySection>;
