import * as z from 'zod';
import { count, id, moment, role, text, userId, written } from './values.ts';

export const privacy = z.object({
  profileVisible: z.boolean(),
  emailVisible: z.boolean(),
  activityVisible: z.boolean(),
});

/** What a user may do at all; moderation derives it from the sanctions in force and writes it here. */
export const standing = z.discriminatedUnion('state', [
  z.object({ state: z.literal('good') }),
  z.object({ state: z.literal('suspended'), until: moment }),
  z.object({ state: z.literal('banned') }),
  z.object({ state: z.literal('closed'), since: moment }),
]);
export type Standing = z.infer<typeof standing>;

/** A user: the truth about role and standing. The e-mail address is in the user pool only. */
export const profile = z.object({
  userId,
  role,
  standing,
  displayName: text(1, 50),
  bio: text(0, 500).optional(),
  avatarFileId: id.optional(),
  givenName: text(1, 50).optional(),
  familyName: text(1, 50).optional(),
  locale: z.enum(['ja', 'en']),
  /** IANA name, such as `Asia/Tokyo`. */
  timezone: z.string().min(1).max(64),
  privacy,
  ...written,
});
export type Profile = z.infer<typeof profile>;

export const NOTIFICATION_TYPES = [
  'post_reply',
  'post_mention',
  'discussion_post',
  'user_follow',
  'discussion_update',
  'moderation_action',
  'case_assigned',
  'sanction',
  'appeal_result',
  'role_changed',
  'system_announcement',
] as const;

/** `HH:MM` in the user's time zone. */
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** How a user wants to be told and shown things. A notification type that is absent is on in both channels. */
export const preferences = z.object({
  userId,
  channels: z.partialRecord(z.enum(NOTIFICATION_TYPES), z.object({ inApp: z.boolean(), email: z.boolean() })),
  emailFrequency: z.enum(['immediate', 'hourly', 'daily', 'weekly', 'never']),
  /** E-mail waits between `start` and `end`; `days` are 0 (Sunday) to 6. */
  quietHours: z.object({ start: timeOfDay, end: timeOfDay, days: z.array(z.int().min(0).max(6)).max(7) }).optional(),
  theme: z.enum(['system', 'light', 'dark']),
  ...written,
});
export type Preferences = z.infer<typeof preferences>;

/** What a user has stored and done. `files`, `fileBytes` and `pendingFiles` guard the quota and are exact. */
export const userCounters = z.object({
  userId,
  files: count,
  fileBytes: count,
  pendingFiles: count,
  posts: count,
  discussions: count,
  reactionsReceived: count,
});
export type UserCounters = z.infer<typeof userCounters>;

/** A user's latest activity: touched at most every 15 minutes. */
export const activity = z.object({ userId, activeAt: moment, contributedAt: moment.optional() });
export type Activity = z.infer<typeof activity>;

/** A user's wish for a higher role; one open at a time. */
export const roleRequest = z.object({
  userId,
  role,
  reason: text(1, 500),
  state: z.enum(['pending', 'granted', 'denied']),
  decidedBy: userId.optional(),
  notes: text(0, 500).optional(),
  ...written,
});
export type RoleRequest = z.infer<typeof roleRequest>;

/** One line of the log of what admins, owners and moderators have done. */
export const logEntry = z.object({
  logId: id,
  /** A discussion's id, or `platform`. */
  scope: z.union([id, z.literal('platform')]),
  actorId: userId,
  action: z.string().min(1).max(64),
  /** What was acted on, such as `user/<id>`. */
  target: z.string().min(1).max(128),
  reason: text(0, 500).optional(),
  before: z.string().max(64).optional(),
  after: z.string().max(64).optional(),
  createdAt: moment,
});
export type LogEntry = z.infer<typeof logEntry>;
