import { z } from 'zod';
import { region, timeOfDay } from './fields.ts';

/** 100 years, which is what AWS Backup takes. */
const retentionDays = z.int().min(1).max(36500);

/** Days between moving a backup to cold storage and its end: AWS charges them in any case (AWS Backup, Lifecycle). */
export const COLD_STORAGE_DAYS = 90;

/** `backup` of an environment: what is copied when, for how long, and whether it can be brought back. */
export const backupSection = z.object({
  daily: z
    .object({
      at: timeOfDay.default('02:00').describe('Time of day in Japan (Asia/Tokyo), such as 02:00.'),
      retentionDays: retentionDays.default(35).describe('Days that a daily backup is kept.'),
    })
    .prefault({})
    .describe('Settings of the daily backup.'),
  weekly: z
    .object({
      on: z
        .enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])
        .default('sunday')
        .describe('Day of the week.'),
      at: timeOfDay.default('03:00').describe('Time of day in Japan (Asia/Tokyo), such as 03:00.'),
      retentionDays: retentionDays.default(365).describe('Days that a weekly backup is kept.'),
      coldAfterDays: z
        .int()
        .min(1)
        .max(36410)
        .optional()
        .describe(
          `Days after which a backup moves to cold storage, where it must stay ${COLD_STORAGE_DAYS} days. Without it the backup stays in warm storage.`,
        ),
    })
    .prefault({})
    .describe('Settings of the weekly backup.'),
  copyTo: z
    .object({
      plans: z
        .array(z.enum(['daily', 'weekly']))
        .min(1)
        .max(2)
        .describe('Backups that are copied.'),
      region: region.optional().describe('AWS region of the copies. The default is replicaRegion.'),
    })
    .optional()
    .describe('Copies of backups in another region. Without this section there are none.'),
  lock: z
    .enum(['off', 'governance', 'compliance'])
    .default('governance')
    .describe(
      'Lock of the vaults, which decides who can delete a backup before its time: anyone with the permission, only principals that may lift the lock, or no one, AWS included.',
    ),
  drill: z
    .object({
      dayOfMonth: z.int().min(1).max(28).default(5).describe('Day of the month.'),
      rtoHours: z
        .int()
        .min(1)
        .max(168)
        .default(4)
        .describe('Recovery time objective: hours within which a restore must be complete.'),
      rpoHours: z
        .int()
        .min(1)
        .max(168)
        .default(1)
        .describe('Recovery point objective: hours of changes that a failure may lose at most.'),
    })
    .optional()
    .describe(
      'Monthly recovery drill: a backup is restored, checked and deleted again. Without this section there is none.',
    ),
});
