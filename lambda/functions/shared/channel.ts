import {
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
  type ApiGatewayManagementApiClient,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { ServerMessage } from '../../contract/entities/index.ts';
import type { RoomMember, Stores } from '../../data/stores/index.ts';

/** The way to open connections. */
export interface Channel {
  /** @returns `gone` when the connection has ended. */
  post(connectionId: string, message: ServerMessage): Promise<'sent' | 'gone'>;
  /** Ends a connection; one that has ended already is no error. */
  close(connectionId: string): Promise<void>;
}

/** The WebSocket API's own way; its endpoint has the stage in the path. */
export function apiGatewayChannel(client: ApiGatewayManagementApiClient): Channel {
  const unlessGone = async (call: () => Promise<unknown>): Promise<'sent' | 'gone'> => {
    try {
      await call();
      return 'sent';
    } catch (error) {
      if (error instanceof GoneException) return 'gone';
      throw error;
    }
  };
  return {
    post: (ConnectionId, message) =>
      unlessGone(() => client.send(new PostToConnectionCommand({ ConnectionId, Data: JSON.stringify(message) }))),
    close: async (ConnectionId) => {
      await unlessGone(() => client.send(new DeleteConnectionCommand({ ConnectionId })));
    },
  };
}

const CONCURRENCY = 50;

/** Sends a message to members of a room, fifty at a time; who is gone is removed. */
export async function fanOut(
  deps: { readonly channel: Channel; readonly realtime: Pick<Stores['realtime'], 'disconnect'> },
  members: readonly RoomMember[],
  message: ServerMessage,
): Promise<void> {
  const waiting = [...members];
  const worker = async (): Promise<void> => {
    for (let member = waiting.pop(); member !== undefined; member = waiting.pop()) {
      const outcome = await deps.channel.post(member.connectionId, message);
      if (outcome === 'gone') await deps.realtime.disconnect(member.connectionId);
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, members.length) }, worker));
}
