import { createServer, type Server } from 'node:http';
import { S3Client } from '@aws-sdk/client-s3';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { functions } from '../contract/functions.ts';
import { FUNCTION_NAMES } from '../contract/function-names.ts';
import { EVENT_SOURCE } from '../contract/events.ts';
import { Queue } from './delivery/queue.ts';
import { ChangeStream } from './delivery/stream.ts';
import { LocalFunctions, type Invoke } from './functions.ts';
import { cognitoAuthorizer } from './gateway/authorizer.ts';
import { GatewayResponses } from './gateway/gateway-responses.ts';
import { restApi } from './gateway/rest.ts';
import { WebSocketApi } from './gateway/web-socket.ts';
import { busEvent, eventBus, type BusEvent } from './services/event-bus.ts';
import { macKey } from './services/mac-key.ts';
import { objectStore } from './services/object-store.ts';
import { awsServices } from './services/services.ts';
import { tokenIssuer, type TokenIssuer } from './services/tokens.ts';
import { UserPool, type Mail } from './services/user-pool.ts';
import { environmentOf, FILES_BUCKET, newCredentials, REGION, USER_POOL_ID, type Credentials } from './settings.ts';
import type { LocalTable } from './stores/store.ts';
import { viewer } from './viewer.ts';

/** The backend, running on this machine. */
export interface Backend {
  /** `http://127.0.0.1:<port>`: the page at `/`, the REST API below `/v1`, WebSockets at `/ws`. */
  readonly url: string;
  readonly userPool: UserPool;
  readonly issuer: TokenIssuer;
  readonly webSockets: WebSocketApi;
  /** Ends it at once: no port, timer or connection is left. */
  readonly stop: () => Promise<void>;
}

export interface BackendOptions {
  /** 0: any that is free. */
  readonly port: number;
  readonly table: LocalTable;
  readonly mail: Mail;
  readonly logLevel: 'error' | 'info';
}

const HOST = '127.0.0.1';

/**
 * Starts the backend on the loopback address, once in a process: the handlers keep the environment that they are loaded
 * with, and `process.env` has it afterwards. @throws an error with the code EADDRINUSE for a port that is taken
 */
export async function startBackend({ port, table, mail, logLevel }: BackendOptions): Promise<Backend> {
  // What the functions call has to be there before them, and calls them itself.
  const local = new LocalFunctions();
  const { invoke } = local;
  const [api, aws] = [newListener(), newListener()];
  const url = await listen(api.server, port);
  const services = await listen(aws.server, 0).catch(async (error: unknown) => {
    await close(api.server);
    throw error;
  });
  const credentials = newCredentials();
  const origins = [url, url.replace(HOST, 'localhost')] as const;
  const issuerUrl = `${services}/${USER_POOL_ID}`;
  const issuer = await tokenIssuer(issuerUrl);
  const userPool = new UserPool(issuer, invoke, mail);
  const webSockets = new WebSocketApi('/ws', invoke);
  const stream = new ChangeStream(invoke);
  const bus = new Bus(invoke);

  const awsApp = new Hono();
  awsApp.use(`/${FILES_BUCKET}/*`, cors({ origin: [...origins] }));
  awsApp.route(
    '/',
    awsServices({
      json: {
        AWSCognitoIdentityProviderService: userPool.service,
        TrentService: macKey(),
        AWSEvents: eventBus((event) => {
          bus.publish(event);
        }),
      },
      table: table.answer,
      objects: objectStore({
        bucket: FILES_BUCKET,
        credentials,
        client: () => signingClient(services, credentials),
        stored: ({ bucket, key, size }) => {
          bus.objectCreated(bucket, key, size);
        },
      }),
      connections: webSockets,
      issuer,
      credentials,
    }),
  );
  aws.serve(awsApp);

  await local.load(
    environmentOf({
      services,
      table: table.endpoint ?? services,
      webSocket: `${services}/local`,
      origins,
      credentials,
      logLevel,
    }),
  );
  table.follow((records) => {
    stream.add(records);
  });
  const app = new Hono();
  app.route('/', viewer());
  app.get('/local/codes/:email', (context) => context.json(userPool.codesOf(context.req.param('email'))));
  app.route(
    '/',
    restApi({ invoke, authorize: cognitoAuthorizer(issuerUrl), responses: new GatewayResponses(origins) }),
  );
  api.serve(app);
  webSockets.attach(api.server);

  return {
    url,
    userPool,
    issuer,
    webSockets,
    stop: async () => {
      stream.stop();
      bus.stop();
      webSockets.stop();
      await Promise.all([close(api.server), close(aws.server), table.stop()]);
    },
  };
}

/** The event bus of the application and the default bus of the account: a queue for each function that follows events. */
class Bus {
  private readonly queues: ReadonlyMap<string, Queue>;

  constructor(invoke: Invoke) {
    const following = FUNCTION_NAMES.filter((name) => ['events', 'files'].includes(functions[name].trigger.kind));
    this.queues = new Map(following.map((name) => [name, new Queue(name, invoke)]));
  }

  publish(event: BusEvent): void {
    if (event.source !== EVENT_SOURCE) return;
    for (const [name, { trigger }] of Object.entries(functions)) {
      const types: readonly string[] = trigger.kind === 'events' ? trigger.types : [];
      if (types.includes(event['detail-type'])) this.queues.get(name)?.send(event);
    }
  }

  objectCreated(bucket: string, key: string, size: number): void {
    const detail = { version: '0', bucket: { name: bucket }, object: { key, size }, reason: 'PostObject' };
    for (const [name, { trigger }] of Object.entries(functions)) {
      if (trigger.kind === 'files') this.queues.get(name)?.send(busEvent('aws.s3', 'Object Created', detail));
    }
  }

  stop(): void {
    for (const queue of this.queues.values()) queue.stop();
  }
}

function signingClient(endpoint: string, credentials: Credentials): S3Client {
  return new S3Client({ endpoint, region: REGION, credentials });
}

/** A server whose application comes later, for others have to know its address first; requests wait for it. */
function newListener(): { readonly server: Server; readonly serve: (app: Hono) => void } {
  const { promise: ready, resolve: serve } = withResolvers<Hono>();
  const listener = ready.then((app) => getRequestListener(app.fetch));
  const server = createServer((request, response) => {
    void listener.then((answer) => answer(request, response));
  });
  return { server, serve };
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      const address = server.address();
      if (typeof address !== 'object' || address === null) reject(new Error('the server has no port'));
      else resolve(`http://${HOST}:${address.port}`);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
