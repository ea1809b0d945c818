import { z } from 'zod';
import { email } from './fields.ts';

/** `identity` of an environment: how people sign in. */
export const identitySection = z.object({
  mfa: z
    .enum(['optional', 'required'])
    .default('optional')
    .describe(
      'Whether every user must sign in with a second factor from an authenticator app (TOTP), or only users who have set one up.',
    ),
  // Not lite: refresh tokens rotate on the others only, and so does the history of passwords.
  plan: z
    .enum(['essentials', 'plus'])
    .default('essentials')
    .describe(
      'Feature plan of the user pool, priced per monthly active user: essentials costs 0.015 US dollars per user in Tokyo (2026-09) beyond the free tier, and plus costs more.',
    ),
  threatProtection: z
    .enum(['off', 'audit', 'enforced'])
    .default('off')
    .describe(
      'Response to a risky sign-in: none (off), a log entry (audit), or a request for the second factor and a refusal of passwords known to be stolen (enforced). Modes other than off need the plan plus.',
    ),
  accessTokenMinutes: z
    .int()
    .min(5)
    .max(1440)
    .default(15)
    .describe('Validity of an access token and of an ID token in minutes.'),
  refreshTokenDays: z
    .int()
    .min(1)
    .max(3650)
    .default(30)
    .describe(
      'Validity of a refresh token in days; a user stays signed in that long without entering the password again.',
    ),
  email: z
    .object({
      sender: z
        .enum(['ses', 'cognito'])
        .default('ses')
        .describe(
          'Service that sends codes and invitations: Amazon SES (ses) from domainName, or Cognito itself, which sends at most 50 e-mails per day and account.',
        ),
      from: email
        .optional()
        .describe('E-mail address of the sender, at domainName or below it. The default is no-reply@ domainName.'),
    })
    .prefault({})
    .describe(
      'Settings of the e-mails that the user pool sends. Cognito itself sends them until the Domain layer exists.',
    ),
});

/** With every default filled in. */
export type IdentitySection = z.infer<typeof identitySection>;
