import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import * as z from 'zod';
import type { Invoke } from '../functions.ts';
import { ACCOUNT_ID } from '../settings.ts';

/**
 * Limits of API Gateway's WebSocket APIs. A frame has 32 KiB at most and a message, of several frames, 128 KiB; `ws` tells
 * frames not apart, so here a message has to fit into one frame.
 */
const MOST_FRAME_BYTES = 32 * 1024;
const MOST_MESSAGE_BYTES = 128 * 1024;
const IDLE_MS = 10 * 60 * 1000;
const LONGEST_MS = 2 * 60 * 60 * 1000;

/** Close codes of RFC 6455. */
const GOING_AWAY = 1001;

const answer = z.object({ statusCode: z.int() });

interface Connection {
  readonly socket: WebSocket;
  readonly connectedAt: number;
  activeAt: number;
}

/** Open connections, and the way to them: what `@connections` of the management API does. */
export class WebSocketApi {
  private readonly connections = new Map<string, Connection>();
  private readonly ids = new WeakMap<IncomingMessage, string>();
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: MOST_FRAME_BYTES,
    // Called once the handshake itself is right.
    verifyClient: ({ req }: { req: IncomingMessage }, decide: (ok: boolean, status?: number) => void) => {
      this.connect(req)
        .catch(() => 502)
        .then((status) => {
          decide(status === undefined, status);
        }, decide);
    },
  });
  private readonly invoke: Invoke;
  private readonly path: string;
  private readonly timer: NodeJS.Timeout;

  /** @param path where clients connect */
  constructor(path: string, invoke: Invoke) {
    this.path = path;
    this.invoke = invoke;
    this.timer = setInterval(() => {
      this.endOld(Date.now());
    }, 1000).unref();
  }

  /** Takes over the requests of a server that ask for a WebSocket. */
  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy());
      if (urlOf(request).pathname !== this.path) {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      this.server.handleUpgrade(request, socket, head, (open) => {
        this.opened(this.ids.get(request) ?? '', open);
      });
    });
  }

  /** Sends a message. @returns the status of the management API: 200, 410 (gone), 413 */
  post(connectionId: string, data: Uint8Array): number {
    const connection = this.connections.get(connectionId);
    if (connection === undefined) return 410;
    if (data.byteLength > MOST_MESSAGE_BYTES) return 413;
    connection.activeAt = Date.now();
    connection.socket.send(data, { binary: false });
    return 200;
  }

  /** Ends a connection. @returns the status of the management API: 204, 410 (gone) */
  end(connectionId: string): number {
    const connection = this.connections.get(connectionId);
    if (connection === undefined) return 410;
    connection.socket.close(GOING_AWAY);
    return 204;
  }

  /** Ends connections that have been silent for ten minutes, or open for two hours. @param now milliseconds since 1970 */
  endOld(now: number): void {
    for (const { socket, activeAt, connectedAt } of this.connections.values()) {
      if (now - activeAt >= IDLE_MS || now - connectedAt >= LONGEST_MS) socket.close(GOING_AWAY);
    }
  }

  stop(): void {
    clearInterval(this.timer);
    for (const { socket } of this.connections.values()) socket.terminate();
    this.server.close();
  }

  /** Asks the function, as the route $connect does. @returns the status of a refusal; undefined when it may open. */
  private async connect(request: IncomingMessage): Promise<number | undefined> {
    const url = urlOf(request);
    const connectionId = `${randomBytes(11).toString('base64')}=`;
    const query = Object.fromEntries(url.searchParams);
    const result = await this.invoke('websocket', {
      ...eventOf('CONNECT', '$connect', connectionId),
      headers: request.headers,
      queryStringParameters: Object.keys(query).length === 0 ? null : query,
    });
    const { statusCode } = answer.parse(result);
    if (statusCode >= 300) return statusCode;
    this.ids.set(request, connectionId);
    const disconnected = (): void => {
      this.connections.delete(connectionId);
      this.invoke('websocket', eventOf('DISCONNECT', '$disconnect', connectionId)).catch(() => undefined);
    };
    // Here and not with the WebSocket: a client may go before it is open.
    if (request.socket.destroyed) disconnected();
    else request.socket.once('close', disconnected);
    return undefined;
  }

  private opened(connectionId: string, socket: WebSocket): void {
    const now = Date.now();
    const connection = { socket, connectedAt: now, activeAt: now };
    this.connections.set(connectionId, connection);
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      connection.activeAt = Date.now();
      const event = { ...eventOf('MESSAGE', '$default', connectionId), body: data.toString() };
      this.invoke('websocket', event).catch((error: unknown) => {
        console.error(`websocket: ${error instanceof Error ? error.message : String(error)}`);
        const frame = { message: 'Internal server error', connectionId, requestId: event.requestContext.requestId };
        socket.send(JSON.stringify(frame));
      });
    });
  }
}

function urlOf(request: IncomingMessage): URL {
  return new URL(request.url ?? '/', 'http://localhost');
}

function eventOf(
  eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT',
  routeKey: '$connect' | '$default' | '$disconnect',
  connectionId: string,
): { requestContext: { requestId: string; [name: string]: unknown }; isBase64Encoded: false } {
  const now = Date.now();
  const requestId = randomUUID();
  return {
    requestContext: {
      routeKey,
      eventType,
      connectionId,
      requestId,
      extendedRequestId: requestId,
      accountId: ACCOUNT_ID,
      apiId: 'local',
      stage: 'local',
      requestTimeEpoch: now,
      connectedAt: now,
      messageDirection: 'IN',
      identity: { sourceIp: '127.0.0.1' },
      ...(eventType === 'MESSAGE' && { messageId: randomUUID() }),
    },
    isBase64Encoded: false,
  };
}
