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
        .describe('Id of an existing hosted zone, such as Z0123456789ABCDEFGHIJ. Without it a hosted zone is created.'),
    })
    .prefault({})
    .describe('Hosted zone of domainName.'),
  dnssec: z
    .boolean()
    .default(false)
    .describe(
      'Whether the hosted zone is signed (DNSSEC). The key costs some 1 US dollar a month, and the registrar needs its DS record.',
    ),
});
