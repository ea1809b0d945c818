import { z } from 'zod';
import { email } from './fields.ts';

/** `identity` of an environment: how people sign in. */
export const identitySection = z.object({
  mfa: z
    .enum(['optional', 'required'])
    .default('optional')
    .describe('Whether everybody needs a second factor. Administrators always do.'),
  plan: z
    .enum(['lite', 'essentials', 'plus'])
    .default('essentials')
    .describe('Feature plan of the user pool; its price is for each monthly active user.'),
  threatProtection: z
    .enum(['off', 'audit', 'enforced'])
    .default('off')
    .describe('What happens at a risky sign-in: nothing, a log entry, or a challenge. All but off need the plan plus.'),
  accessTokenMinutes: z.int().min(5).max(1440).default(15).describe('Minutes that an access token is valid.'),
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
          'Who sends codes and invitations: the mail identity of domainName, or Cognito itself, which stops after 50 a day.',
        ),
      from: email
        .optional()
        .describe('Sender of these mails, below domainName; no-reply@ domainName unless said otherwise.'),
    })
    .prefault({})
    .describe('Mails of the user pool.'),
});
