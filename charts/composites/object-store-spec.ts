import { z } from 'zod';
import { BUCKET_USE_NAMES } from './bucket-uses.ts';

/** What an `ObjectStore` is told. Optional parts are there or not; nothing follows from what has arrived. */
export const objectStoreSpec = z.object({
  use: z
    .enum(BUCKET_USE_NAMES)
    .describe('What the bucket is for: region, encryption, policy, class and events follow from it.'),
  bucketName: z.string().describe('AWS name of the bucket.'),
  keyArn: z.string().optional().describe('Key that encrypts the objects; S3 uses its own without one.'),
  versionsKeptDays: z.int().min(1).describe('Days that an overwritten or deleted version is kept.'),
  intelligentTieringAfterDays: z
    .int()
    .min(0)
    .optional()
    .describe('Days after which an object moves to S3 Intelligent-Tiering.'),
  expireAfterDays: z.int().min(1).optional().describe('Days after which an object goes.'),
  uploadOrigins: z.array(z.string()).default([]).describe('Origins whose pages may upload.'),
  objectLockDays: z.int().min(1).optional().describe('Days in which no version can be deleted (governance mode).'),
  accessLogs: z.boolean().default(false).describe('Whether access is logged, to the bucket that the parent names.'),
  replica: z
    .object({ keyArn: z.string().describe('Key that encrypts the copies.') })
    .optional()
    .describe('Whether each new version is copied to the replica region, to the bucket that the parent names.'),
});

export type ObjectStoreSpec = z.infer<typeof objectStoreSpec>;
