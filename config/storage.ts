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
        .describe(
          'Billing mode of the table: by request, or by provisioned capacity that follows the load within bounds.',
        ),
      capacity: z
        .object({
          minReadUnits: units('Read units that are always there, and paid for.', 5),
          maxReadUnits: units('Most read units.', 100),
          minWriteUnits: units('Write units that are always there, and paid for.', 5),
          maxWriteUnits: units('Most write units.', 100),
        })
        .prefault({})
        .describe('Capacity bounds of a provisioned table; they apply to the table and to each of its two indexes.'),
      replica: z
        .boolean()
        .default(false)
        .describe('Whether the table is a global table with a replica in replicaRegion.'),
      contributorInsights: z
        .enum(['off', 'throttled-keys', 'all-keys'])
        .default('off')
        .describe(
          'Keys that DynamoDB Contributor Insights counts, to find hot ones; each of its rules has a monthly price.',
        ),
    })
    .prefault({})
    .describe('Table of the application.'),
  files: z
    .object({
      replica: z.boolean().default(false).describe('Whether each new file is copied to a bucket in replicaRegion.'),
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
          'Object lock in governance mode: days in which only principals with a special permission can delete a version of a file. Without it there is no lock; a bucket that has one keeps it.',
        ),
    })
    .prefault({})
    .describe('Bucket of the files that users upload.'),
  logs: z
    .object({
      retentionDays: z.int().min(30).max(3650).default(400).describe('Days that logs in buckets are kept.'),
    })
    .prefault({})
    .describe('Bucket of the logs that AWS services write.'),
});

/** With every default filled in. */
export type StorageSection = z.infer<typeof storageSection>;
