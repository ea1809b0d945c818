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
    .describe('The daily backup.'),
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
          `Days after which a backup moves to cold storage, where it must stay ${COLD_STORAGE_DAYS} days; left out, it stays warm.`,
        ),
    })
    .prefault({})
    .describe('The weekly backup.'),
  copyTo: z
    .object({
      plans: z
        .array(z.enum(['daily', 'weekly']))
        .min(1)
        .max(2)
        .describe('Which backups are copied.'),
      region: region.optional().describe('AWS region of the copies; replicaRegion unless said otherwise.'),
    })
    .optional()
    .describe('Copies in another region; left out, there are none.'),
  lock: z
    .enum(['off', 'governance', 'compliance'])
    .default('governance')
    .describe(
      'Who can delete a backup before its time: whoever may, only who may lift the lock, or nobody, AWS included.',
    ),
  drill: z
    .object({
      dayOfMonth: z.int().min(1).max(28).default(5).describe('Day of the month.'),
      rtoHours: z
        .int()
        .min(1)
        .max(168)
        .default(4)
        .describe('Hours in which everything must be there again (recovery time objective).'),
      rpoHours: z
        .int()
        .min(1)
        .max(168)
        .default(1)
        .describe('Hours of work that may be lost at most (recovery point objective).'),
    })
    .optional()
    .describe('A monthly restore that is checked and thrown away; left out, there is none.'),
});
