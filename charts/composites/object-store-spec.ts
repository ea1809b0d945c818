import { z } from 'zod';
import { BUCKET_USE_NAMES } from './bucket-uses.ts';

/** What an `ObjectStore` is told. Optional parts are there or not; nothing follows from what has arrived. */
export const objectStoreSpec = z.object({
  use: z
    .enum(BUCKET_USE_NAMES)
    .describe('Use of the bucket, which decides on its region, encryption, policy, storage class and events.'),
  bucketName: z.string().describe('AWS name of the bucket.'),
  keyArn: z
    .string()
    .optional()
    .describe('ARN of the KMS key that encrypts the objects. Without it S3 encrypts them with a key of its own.'),
  versionsKeptDays: z.int().min(1).describe('Days that an overwritten or deleted version is kept.'),
  intelligentTieringAfterDays: z
    .int()
    .min(0)
    .optional()
    .describe('Days after which an object moves to S3 Intelligent-Tiering.'),
  expireAfterDays: z.int().min(1).optional().describe('Days after which an object expires.'),
  uploadOrigins: z.array(z.string()).default([]).describe('Origins whose pages may upload.'),
  objectLockDays: z
    .int()
    .min(1)
    .optional()
    .describe(
      'Object lock in governance mode: days in which only principals with a special permission can delete a version.',
    ),
  accessLogs: z.boolean().default(false).describe('Whether requests are logged, to the bucket in the inputs.'),
  replica: z
    .object({ keyArn: z.string().describe('ARN of the KMS key that encrypts the copies.') })
    .optional()
    .describe(
      'Replication of each new version to the bucket in the inputs, in replicaRegion. Without this section there is none.',
    ),
});

export type ObjectStoreSpec = z.infer<typeof objectStoreSpec>;
