import { createHash } from 'node:crypto';
import type { APIGatewayProxyResult } from 'aws-lambda';
import * as z from 'zod';
import { clientMessage, type ClientMessage, type ServerMessage } from '../../contract/entities/index.ts';
import { Refusal, type Stores } from '../../data/stores/index.ts';
import { fanOut, type Channel } from '../shared/channel.ts';
import { mayHear } from '../shared/reading.ts';

/** What API Gateway sends for a WebSocket API, as far as it is used here. */
const socketEvent = z.object({
  requestContext: z.object({ routeKey: z.string(), connectionId: z.string().min(1) }),
  queryStringParameters: z.object({ ticket: z.string().max(128).optional() }).nullish(),
  body: z.string().nullish(),
});
export type SocketEvent = z.input<typeof socketEvent>;

export interface WebsocketDeps {
  readonly stores: Pick<Stores, 'realtime' | 'requests' | 'users' | 'discussions'>;
  readonly channel: Channel;
  readonly now: () => Date;
  readonly newId: () => string;
}

const MOST_CONNECTIONS = 5;
const MOST_ROOMS = 10;
const MOST_REPLAYED = 100;
const MOST_BYTES = 4 * 1024;
const MESSAGES = { limit: 20, windowSeconds: 10 };

type Answer = Pick<APIGatewayProxyResult, 'statusCode' | 'body'>;
const ok: Answer = { statusCode: 200, body: '' };
const refused: Answer = { statusCode: 401, body: '' };

/** Connections of clients: they come with a ticket, join rooms and hear; they cannot publish. */
export function createWebsocket(deps: WebsocketDeps): (event: SocketEvent) => Promise<Answer> {
  return async (event) => {
    const { requestContext, queryStringParameters, body } = socketEvent.parse(event);
    const { routeKey, connectionId } = requestContext;
    if (routeKey === '$connect') return connect(deps, connectionId, queryStringParameters?.ticket);
    if (routeKey === '$disconnect') {
      await deps.stores.realtime.disconnect(connectionId);
      return ok;
    }
    await onMessage(deps, connectionId, body ?? '');
    return ok;
  };
}

/** A ticket is kept by its hash, so that nobody who reads the table can use it. */
export function hashOfTicket(ticket: string): string {
  return createHash('sha256').update(ticket).digest('hex');
}

async function connect(deps: WebsocketDeps, connectionId: string, ticket: string | undefined): Promise<Answer> {
  const { stores, channel } = deps;
  if (ticket === undefined) return refused;
  const userId = await stores.requests.takeTicket(hashOfTicket(ticket), deps.now());
  if (userId === undefined) return refused;
  const profile = await stores.users.profile(userId, 'strong');
  if (profile === undefined || ['banned', 'closed'].includes(profile.standing.state)) return refused;

  const at = deps.now().toISOString();
  const over = await stores.realtime.connect({ connectionId, userId, connectedAt: at }, MOST_CONNECTIONS);
  for (const old of over) {
    await channel.close(old.connectionId);
    await stores.realtime.disconnect(old.connectionId);
  }
  await stores.users.touch({ userId, activeAt: at });
  return ok;
}

async function onMessage(deps: WebsocketDeps, connectionId: string, body: string): Promise<void> {
  const { stores, channel } = deps;
  const say = async (
    type: ServerMessage['type'],
    rest: Pick<ServerMessage, 'data'> & { discussionId?: string },
  ): Promise<void> => {
    const message = { v: 1 as const, type, id: deps.newId(), at: deps.now().toISOString(), ...rest };
    if ((await channel.post(connectionId, message)) === 'gone') await stores.realtime.disconnect(connectionId);
  };
  const connection = await stores.realtime.connection(connectionId);
  if (connection === undefined) return;
  const use = { subject: connectionId, action: 'socket', now: deps.now(), ...MESSAGES };
  const { allowed, retryAfterSeconds } = await stores.requests.use(use);
  if (!allowed) return say('error', { data: { code: 'rate-limited', retryAfterSeconds } });
  const message = read(body);
  if (message === undefined) return say('error', { data: { code: 'invalid-input' } });
  const context = { ...deps, connectionId, userId: connection.userId, say };
  switch (message.action) {
    case 'ping':
      return say('pong', { data: {} });
    case 'unsubscribe':
      await stores.realtime.leave(connectionId, message.discussionId);
      return say('unsubscribed', { discussionId: message.discussionId, data: {} });
    case 'typing':
      return typing(context, message);
    case 'subscribe':
      return subscribe(context, message);
  }
}

function read(body: string): ClientMessage | undefined {
  if (Buffer.byteLength(body) > MOST_BYTES) return undefined;
  try {
    return clientMessage.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

type Say = (
  type: ServerMessage['type'],
  rest: Pick<ServerMessage, 'data'> & { discussionId?: string },
) => Promise<void>;
type Context = WebsocketDeps & { readonly connectionId: string; readonly userId: string; readonly say: Say };
type Message<Action extends ClientMessage['action']> = Extract<ClientMessage, { action: Action }>;

async function subscribe(context: Context, { discussionId, since }: Message<'subscribe'>): Promise<void> {
  const { stores, say, connectionId, userId, channel } = context;
  const [profile, standpoint] = await Promise.all([
    stores.users.profile(userId, 'strong'),
    stores.discussions.standpoint(discussionId, userId),
  ]);
  // The same answer whether it is not there or not for this user.
  if (!mayHear(profile, standpoint)) return say('error', { discussionId, data: { code: 'not-found' } });
  try {
    await stores.realtime.join(connectionId, discussionId, MOST_ROOMS, context.now());
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const code = error.reason === 'limit' ? 'limit' : 'not-found';
    return say('error', { discussionId, data: { code } });
  }
  const members = await stores.realtime.members(discussionId);
  const presence = new Set(members.map((member) => member.userId)).size;
  await say('subscribed', { discussionId, data: {} });
  await say('presence', { discussionId, data: { count: presence } });
  if (since === undefined) return;
  const missed = await stores.realtime.changesSince(discussionId, since, MOST_REPLAYED, context.now());
  if (missed.state === 'resync') return say('resync', { discussionId, data: {} });
  for (const message of missed.messages) await channel.post(connectionId, message);
}

/** Tells the others in the room; only from within it. */
async function typing(context: Context, { discussionId, on }: Message<'typing'>): Promise<void> {
  const { stores, channel, connectionId, userId, now, newId } = context;
  const members = await stores.realtime.members(discussionId);
  if (!members.some((member) => member.connectionId === connectionId)) {
    return context.say('error', { discussionId, data: { code: 'not-subscribed' } });
  }
  const others = members.filter((member) => member.userId !== userId);
  const data = { userId, on };
  const message = { v: 1 as const, type: 'typing' as const, discussionId, id: newId(), at: now().toISOString(), data };
  await fanOut({ channel, realtime: stores.realtime }, others, message);
}
