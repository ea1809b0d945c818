import * as z from 'zod';
import { connection, serverMessage, type Connection } from '../../contract/entities/index.ts';
import { retentionClasses } from '../../contract/retention.ts';
import type { Change } from '../stores/index.ts';
import { DAY, HOUR, kind, MINUTE, shardOf } from './row.ts';

const text = z.string();
const after =
  (milliseconds: number) =>
  (_: unknown, { at }: Change): number =>
    Date.parse(at) + milliseconds;

/** API Gateway ends a connection after two hours. */
const CONNECTION_LIFE = 130 * MINUTE;
const ROOM_SHARDS = 8;

export const connectionPartition = (connectionId: string): string => `CONNECTION#${connectionId}`;
export const connectionsPartition = (userId: string): string => `CONNECTIONS#${userId}`;
export const roomShards = { partition: (discussionId: string): string => `ROOM#${discussionId}`, shards: ROOM_SHARDS };

export const connections = kind(connection.extend({ rooms: z.int() }), {
  type: 'connection',
  class: 'transient',
  key: ({ connectionId }: { connectionId: string }) => ({ PK: connectionPartition(connectionId), SK: 'META' }),
  expires: ({ connectedAt }: Connection) => Date.parse(connectedAt) + CONNECTION_LIFE,
});

export const connectionLinks = kind(connection, {
  type: 'connection-link',
  class: 'transient',
  key: ({ userId, connectionId }: { userId: string; connectionId: string }) => ({
    PK: connectionsPartition(userId),
    SK: connectionId,
  }),
  expires: ({ connectedAt }: Connection) => Date.parse(connectedAt) + CONNECTION_LIFE,
});

interface InRoom {
  readonly connectionId: string;
  readonly discussionId: string;
}

export const roomsOfConnections = kind(z.object({ connectionId: text, discussionId: text }), {
  type: 'room-of-connection',
  class: 'transient',
  key: ({ connectionId, discussionId }: InRoom) => ({
    PK: connectionPartition(connectionId),
    SK: `ROOM#${discussionId}`,
  }),
  expires: after(CONNECTION_LIFE),
});

export const roomMembers = kind(z.object({ connectionId: text, discussionId: text, userId: text }), {
  type: 'room-member',
  class: 'transient',
  key: ({ discussionId, connectionId }: InRoom) => ({
    PK: `${roomShards.partition(discussionId)}#${shardOf(connectionId, ROOM_SHARDS)}`,
    SK: connectionId,
  }),
  expires: after(CONNECTION_LIFE),
});

export const changesPartition = (discussionId: string): string => `CHANGES#${discussionId}`;

export const changes = kind(z.object({ discussionId: text, eventId: text, message: serverMessage }), {
  type: 'change',
  class: 'transient',
  key: ({ discussionId, eventId }: { discussionId: string; eventId: string }) => ({
    PK: changesPartition(discussionId),
    SK: eventId,
  }),
  expires: after(HOUR),
});

export const TICKET_SECONDS = 60;

export const tickets = kind(z.object({ hash: text, userId: text }), {
  type: 'ticket',
  class: 'transient',
  key: ({ hash }: { hash: string }) => ({ PK: `TICKET#${hash}`, SK: 'META' }),
  expires: after(TICKET_SECONDS * 1000),
});

const answer = z.object({ status: z.int(), headers: z.record(text, text), body: text });

export const idempotencyRecords = kind(
  z.object({
    userId: text,
    key: text,
    bodyHash: text,
    state: z.enum(['running', 'done']),
    /** Milliseconds since 1970. */
    startedAt: z.int(),
    answer: answer.optional(),
  }),
  {
    type: 'idempotency',
    class: 'transient',
    key: ({ userId, key }: { userId: string; key: string }) => ({ PK: `IDEM#${userId}#${key}`, SK: 'META' }),
    expires: after(DAY),
  },
);

export const rateCounters = kind(
  z.object({ subject: text, action: text, window: z.int(), seconds: z.int(), count: z.int() }),
  {
    type: 'rate',
    class: 'transient',
    key: ({ subject, action, window }: { subject: string; action: string; window: number }) => ({
      PK: `RATE#${subject}#${action}#${window}`,
      SK: 'META',
    }),
    // Two windows: this one and the next.
    expires: ({ window, seconds }) => (window + 2) * seconds * 1000,
  },
);

export const processedEvents = kind(z.object({ consumer: text, eventId: text }), {
  type: 'processed-event',
  class: 'transient',
  key: ({ consumer, eventId }: { consumer: string; eventId: string }) => ({
    PK: `EVENT#${consumer}#${eventId}`,
    SK: 'META',
  }),
  expires: after(retentionClasses.transient.days * DAY),
});

/** `name` with its shard, such as `PostsCreated#3`. */
export const dailyMetrics = kind(z.object({ date: text, name: text, count: z.int() }), {
  type: 'daily-metric',
  class: 'statistics',
  key: ({ date, name }: { date: string; name: string }) => ({ PK: `METRICS#${date}`, SK: name }),
  expires: ({ date }) => Date.parse(date) + retentionClasses.statistics.days * DAY,
});
