import * as z from 'zod';
import { id, moment, userId } from './values.ts';

/** A WebSocket connection, by the id that API Gateway gives. */
export const connection = z.object({ connectionId: z.string().min(1).max(128), userId, connectedAt: moment });
export type Connection = z.infer<typeof connection>;

export const SERVER_MESSAGES = [
  'subscribed',
  'unsubscribed',
  'post.created',
  'post.updated',
  'post.deleted',
  'post.visibility',
  'post.reactions',
  'discussion.updated',
  'presence',
  'typing',
  'notification',
  'resync',
  'error',
  'pong',
] as const;

/** What the server sends. Delivery is at least once and unordered; clients drop a lower `version`. */
export const serverMessage = z.object({
  v: z.literal(1),
  type: z.enum(SERVER_MESSAGES),
  discussionId: id.optional(),
  /** Of the message; for a change, the event's. */
  id: z.string().min(1).max(128),
  version: z.int().min(1).optional(),
  at: moment,
  data: z.record(z.string(), z.json()),
});
export type ServerMessage = z.infer<typeof serverMessage>;

/** What the client sends, by `action`. */
export const clientMessage = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('subscribe'),
    discussionId: id,
    /** Id of the last change that the client has seen. */
    since: z.string().min(1).max(128).optional(),
  }),
  z.strictObject({ action: z.literal('unsubscribe'), discussionId: id }),
  z.strictObject({ action: z.literal('typing'), discussionId: id, on: z.boolean() }),
  z.strictObject({ action: z.literal('ping') }),
]);
export type ClientMessage = z.infer<typeof clientMessage>;
