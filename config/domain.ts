import { z } from 'zod';

/** `domain` of an environment: the DNS zone of `domainName`, and what proves that it is ours. */
export const domainSection = z.object({
  zone: z
    .object({
      adopt: z
        .string()
        .max(32)
        .regex(/^Z[A-Z0-9]{1,31}$/)
        .optional()
        .describe('Id of the hosted zone that is there already, such as Z0123456789ABCDEFGHIJ; left out, one is made.'),
    })
    .prefault({})
    .describe('The hosted zone of domainName.'),
  dnssec: z
    .boolean()
    .default(false)
    .describe('Whether the zone is signed. The key costs some 1 US dollar a month, and the registrar must be told.'),
});
