import { z } from 'zod';

/** `storage` of an environment: the table, the files and their keys. */
export const storageSection = z.object({
  table: z
    .object({
      billing: z
        .enum(['on-demand', 'provisioned'])
        .optional()
        .describe(
          'How the table is paid for; on-demand unless said otherwise. Provisioned starts with 5 units each way.',
        ),
    })
    .optional()
    .describe('The single table of the application.'),
  files: z
    .object({
      versionsKeptDays: z
        .int()
        .min(1)
        .max(3650)
        .optional()
        .describe('Days that an overwritten or deleted version of a file is kept; 30 unless said otherwise.'),
    })
    .optional()
    .describe('The bucket of files that users upload.'),
});

export type StorageSection = z.infer<typeof storageSection>;
