import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { ZodError } from 'zod';
import type { WebSocketApi } from '../gateway/web-socket.ts';
import { USER_POOL_ID, type Credentials } from '../settings.ts';
import { isFunction } from './object-store.ts';
import { ServiceError, type JsonService } from './service.ts';
import type { TokenIssuer } from './tokens.ts';

/** Services that speak JSON, by what `X-Amz-Target` begins with. */
export type JsonServices = Readonly<Record<string, JsonService>>;

/** Operations of the user pool that a browser may call, too: nobody signs them. */
const UNSIGNED = /^AWSCognitoIdentityProviderService\.(?!Admin)/;

/** What the functions call instead of AWS, over HTTP and by their own SDK clients. */
export function awsServices({
  json,
  table,
  objects,
  connections,
  issuer,
  credentials,
}: {
  readonly json: JsonServices;
  /** DynamoDB, where it is one of these services. */
  readonly table: ((headers: Readonly<Record<string, string>>, body: Uint8Array) => Promise<Response>) | undefined;
  readonly objects: Hono;
  readonly connections: Pick<WebSocketApi, 'post' | 'end'>;
  readonly issuer: TokenIssuer;
  readonly credentials: Credentials;
}): Hono {
  const aws = new Hono();

  aws.post('/', async (context) => {
    const target = context.req.header('X-Amz-Target') ?? '';
    if (!UNSIGNED.test(target) && !isFunction(context, credentials)) {
      return failed(new ServiceError('UnrecognizedClientException', 'The security token in the request is invalid.'));
    }
    if (table !== undefined && target.startsWith('DynamoDB_')) {
      return table(context.req.header(), new Uint8Array(await context.req.arrayBuffer()));
    }
    const [prefix = '', operation = ''] = target.split('.');
    const service = json[prefix];
    if (service === undefined)
      return failed(new ServiceError('UnknownOperationException', `nothing answers ${target}`));
    try {
      return answered(await service(operation, await context.req.json()));
    } catch (error) {
      return failed(error);
    }
  });

  aws.get(`/${USER_POOL_ID}/.well-known/jwks.json`, (context) => context.json(issuer.keys));

  aws.post('/local/@connections/:id', async (context) => {
    if (!isFunction(context, credentials)) return context.json({ message: 'Forbidden' }, 403);
    return managed(connections.post(context.req.param('id'), new Uint8Array(await context.req.arrayBuffer())));
  });
  aws.delete('/local/@connections/:id', (context) => {
    if (!isFunction(context, credentials)) return context.json({ message: 'Forbidden' }, 403);
    return managed(connections.end(context.req.param('id')));
  });

  aws.route('/', objects);
  return aws;
}

function answered(content: unknown): Response {
  return new Response(JSON.stringify(content), {
    headers: { 'Content-Type': 'application/x-amz-json-1.1', 'x-amzn-RequestId': randomUUID() },
  });
}

/** @throws what is no error of a service or of its input: a fault of the local server */
function failed(error: unknown): Response {
  if (error instanceof ZodError) return failed(new ServiceError('InvalidParameterException', error.message));
  if (!(error instanceof ServiceError)) throw error;
  const body = JSON.stringify({ __type: error.name, message: error.message });
  return new Response(body, { status: 400, headers: { 'Content-Type': 'application/x-amz-json-1.1' } });
}

const EXCEPTIONS: Readonly<Record<number, string>> = { 410: 'GoneException', 413: 'PayloadTooLargeException' };

/** An answer of API Gateway's management API. */
function managed(status: number): Response {
  const exception = EXCEPTIONS[status];
  if (exception === undefined) return new Response(undefined, { status });
  return new Response('{}', { status, headers: { 'Content-Type': 'application/json', 'x-amzn-ErrorType': exception } });
}
