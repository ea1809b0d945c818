import * as z from 'zod';
import {
  activity,
  logEntry,
  preferences,
  profile,
  roleRequest,
  userCounters,
  type Activity,
  type LogEntry,
  type Profile,
  type RoleRequest,
} from '../../contract/entities/index.ts';
import { retentionClasses } from '../../contract/retention.ts';
import { DAY, kind, shardOf, type IndexKeys } from './row.ts';

const USER_SHARDS = 8;
export const roleShards = { partition: (role: string): string => `ROLE#${role}`, shards: USER_SHARDS };

interface OfUser {
  readonly userId: string;
}

const user = ({ userId }: OfUser): string => `USER#${userId}`;

export const profiles = kind(profile, {
  type: 'profile',
  class: 'personal',
  key: (id: OfUser) => ({ PK: user(id), SK: 'PROFILE' }),
  indexes: ({ role, userId }: Profile) => ({
    GSI1PK: `${roleShards.partition(role)}#${shardOf(userId, USER_SHARDS)}`,
    GSI1SK: userId,
  }),
  expires: ({ standing }: Profile) =>
    standing.state === 'closed' ? Date.parse(standing.since) + retentionClasses.personal.days * DAY : undefined,
});

export const preferencesOf = kind(preferences, {
  type: 'preferences',
  class: 'personal',
  key: (id: OfUser) => ({ PK: user(id), SK: 'PREFERENCES' }),
});

export const countersOf = kind(userCounters, {
  type: 'user-counters',
  class: 'statistics',
  key: (id: OfUser) => ({ PK: user(id), SK: 'COUNTERS' }),
});

/** The hour of a moment, as `2026-11-25T05`. */
export const hourOf = (moment: string): string => moment.slice(0, 13);

export const activities = kind(activity, {
  type: 'activity',
  class: 'behavioural',
  key: (id: OfUser) => ({ PK: user(id), SK: 'ACTIVITY' }),
  indexes: ({ userId, activeAt, contributedAt }: Activity): IndexKeys => {
    const shard = shardOf(userId, USER_SHARDS);
    return {
      GSI1PK: `ACTIVE#${hourOf(activeAt)}#${shard}`,
      GSI1SK: userId,
      ...(contributedAt === undefined ? {} : { GSI2PK: `CONTRIB#${hourOf(contributedAt)}#${shard}`, GSI2SK: userId }),
    };
  },
  expires: ({ activeAt }: Activity) => Date.parse(activeAt) + retentionClasses.behavioural.days * DAY,
});

export const ROLE_REQUESTS = 'ROLEREQUESTS';
const ROLE_REQUEST_DAYS = 90;

/** Pending ones are in the index; a decided one stays to be read by its user. */
export const roleRequests = kind(roleRequest, {
  type: 'role-request',
  class: 'personal',
  key: (id: OfUser) => ({ PK: user(id), SK: 'ROLEREQUEST' }),
  indexes: ({ state, createdAt, userId }: RoleRequest): IndexKeys =>
    state === 'pending' ? { GSI1PK: ROLE_REQUESTS, GSI1SK: `${createdAt}#${userId}` } : {},
  expires: ({ createdAt }: RoleRequest) => Date.parse(createdAt) + ROLE_REQUEST_DAYS * DAY,
});

export const logEntries = kind(logEntry, {
  type: 'log-entry',
  class: 'audit',
  key: ({ scope, logId, createdAt }: { scope: string; logId: string; createdAt: string }) => ({
    PK: `LOG#${scope}#${createdAt.slice(0, 7)}`,
    SK: logId,
  }),
  indexes: ({ actorId, logId, createdAt }: LogEntry) => ({
    GSI1PK: `LOGDAY#${createdAt.slice(0, 10)}`,
    GSI1SK: logId,
    GSI2PK: `MODERATOR#${actorId}`,
    GSI2SK: logId,
  }),
  expires: ({ createdAt }: LogEntry) => Date.parse(createdAt) + retentionClasses.audit.days * DAY,
});

/** Posts of an author, by id and so by time. */
export const authorReferences = kind(z.object({ userId: z.string(), postId: z.string() }), {
  type: 'author-reference',
  class: 'public',
  key: ({ userId, postId }: { userId: string; postId: string }) => ({ PK: `${user({ userId })}#POSTS`, SK: postId }),
});
