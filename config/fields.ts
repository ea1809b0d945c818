import { z } from 'zod';

// What several sections are made of. Forms are written in the syntax that RE2 (the API server), JavaScript and editors
// share. Each leaves out `$`, `{`, quotes and backslashes: what has a form may come to stand in a policy document.

/** A host name in lower case, at most 253 characters. */
export const DOMAIN = '([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}';

export const domain = z
  .string()
  .max(253)
  .regex(new RegExp(`^${DOMAIN}$`));

/** An origin as a browser sends it: scheme, host and, if it is not the usual one, port. Without TLS only on one's own. */
export const origin = z
  .string()
  .max(300)
  .regex(new RegExp(`^(https://${DOMAIN}(:[0-9]{1,5})?|http://localhost(:[0-9]{1,5})?)$`));

/** 254 characters are what SMTP can carry (RFC 5321, erratum 1690). */
export const email = z
  .string()
  .max(254)
  .regex(new RegExp(`^[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@${DOMAIN}$`));

export const region = z
  .string()
  .max(64)
  .regex(/^[a-z]{2}(-[a-z]+)+-[0-9]$/);

/** Time of day on a 24 hour clock. */
export const timeOfDay = z
  .string()
  .max(5)
  .regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/);

/** Retention times that CloudWatch Logs takes, in days. */
export const logRetentionDays = z.literal([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);
