import { z } from 'zod';
import { retentionClasses } from '../lambda/contract/retention.ts';
import { origin } from './fields.ts';

/** What DynamoDB's default quotas give one table, in units. */
const MOST_UNITS = 40000;

const units = (what: string, fallback: number) => z.int().min(1).max(MOST_UNITS).default(fallback).describe(what);

/** `storage` of an environment: the table, the buckets and their keys. */
export const storageSection = z.object({
  table: z
    .object({
      billing: z
        .enum(['on-demand', 'provisioned'])
        .default('on-demand')
        .describe('How the table is paid for: by request, or by capacity that follows the load within bounds.'),
      capacity: z
        .object({
          minReadUnits: units('Read units that are always there, and paid for.', 5),
          maxReadUnits: units('Most read units.', 100),
          minWriteUnits: units('Write units that are always there, and paid for.', 5),
          maxWriteUnits: units('Most write units.', 100),
        })
        .prefault({})
        .describe('Bounds of a provisioned table; they hold for the table and for each of its two indexes.'),
      replica: z
        .boolean()
        .default(false)
        .describe('Whether replicaRegion has a second copy of the table (a global table).'),
      contributorInsights: z
        .enum(['off', 'throttled-keys', 'all-keys'])
        .default('off')
        .describe('Which keys DynamoDB counts, so that hot ones are found; each of its rules has a monthly price.'),
    })
    .prefault({})
    .describe('The single table of the application.'),
  files: z
    .object({
      replica: z
        .boolean()
        .default(false)
        .describe('Whether a bucket in replicaRegion has a copy of each file from now on.'),
      versionsKeptDays: z
        .int()
        .min(7)
        .max(retentionClasses.public.days)
        .default(30)
        .describe('Days that an overwritten or deleted version of a file is kept; users are promised no more.'),
      intelligentTieringAfterDays: z
        .int()
        .min(0)
        .max(365)
        .default(30)
        .describe('Days after which a file moves to S3 Intelligent-Tiering.'),
      extraUploadOrigins: z
        .array(origin)
        .max(20)
        .default([])
        .describe('Origins besides https:// domainName whose pages may upload, such as http://localhost:5173.'),
      objectLockDays: z
        .int()
        .min(1)
        .max(365)
        .optional()
        .describe(
          'Days in which no version of a file can be deleted, but by who has a special right (governance mode). Left out, there is no lock; a bucket that has one keeps it.',
        ),
    })
    .prefault({})
    .describe('The bucket of files that users upload.'),
  logs: z
    .object({
      retentionDays: z.int().min(30).max(3650).default(400).describe('Days that logs in buckets are kept.'),
    })
    .prefault({})
    .describe('The bucket of logs that AWS services write.'),
});

/** With every default filled in. */
export type StorageSection = z.infer<typeof storageSection>;
