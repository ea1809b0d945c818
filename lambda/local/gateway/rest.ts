import { randomUUID } from 'node:crypto';
import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as z from 'zod';
import { operationList, type Operation } from '../../contract/operations/index.ts';
import { FunctionTimeout, type Invoke } from '../functions.ts';
import { ACCOUNT_ID } from '../settings.ts';
import type { Authorizer, Claims } from './authorizer.ts';
import type { GatewayResponses } from './gateway-responses.ts';

/** Bytes of a request that API Gateway takes; the functions take less. */
const MOST_BYTES = 10 * 1024 * 1024;
/** The base path of the API's domain. */
const BASE = '/v1';

const answer = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
});

/** The REST API: what API Gateway does before and after it calls a function, by the document that it would import. */
export function restApi({
  invoke,
  authorize,
  responses,
}: {
  readonly invoke: Invoke;
  readonly authorize: Authorizer;
  readonly responses: GatewayResponses;
}): Hono {
  const api = new Hono();
  const refuse = (context: Context, type: Parameters<GatewayResponses['of']>[0]): Response =>
    responses.of(type, { path: context.req.path, requestId: randomUUID() });

  api.use(`${BASE}/*`, bodyLimit({ maxSize: MOST_BYTES, onError: (context) => refuse(context, 'REQUEST_TOO_LARGE') }));
  for (const operation of operationList) {
    const path = `${BASE}${operation.path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
    api.on(operation.method, path, async (context) => {
      const isPublic = operation.permission === 'public';
      const claims = isPublic ? undefined : await authorize(context.req.header('Authorization'));
      if (!isPublic && claims === undefined) return refuse(context, 'UNAUTHORIZED');
      const event = await proxyEvent(operation, context, claims);
      try {
        const { statusCode, headers, body } = answer.parse(await invoke(operation.function, event));
        return new Response(statusCode === 204 ? undefined : body, { status: statusCode, headers });
      } catch (error) {
        console.error(`${operation.function}: ${error instanceof Error ? error.message : String(error)}`);
        return refuse(context, error instanceof FunctionTimeout ? 'INTEGRATION_TIMEOUT' : 'INTEGRATION_FAILURE');
      }
    });
    api.options(path, (context) => responses.preflight(operation.path, context.req.header('Origin')));
  }
  api.all(`${BASE}/*`, (context) => refuse(context, 'MISSING_AUTHENTICATION_TOKEN'));
  return api;
}

/** The event of a Lambda proxy integration, payload version 1.0, as API Gateway sends it. */
async function proxyEvent(operation: Operation, context: Context, claims: Claims | undefined): Promise<object> {
  const { req } = context;
  const url = new URL(req.url);
  const body = await req.text();
  const headers = [...req.raw.headers];
  const queries = [...new Set(url.searchParams.keys())].map((name) => [name, url.searchParams.getAll(name)] as const);
  const requestId = randomUUID();
  const now = new Date();
  return {
    resource: operation.path,
    path: url.pathname,
    httpMethod: operation.method,
    headers: Object.fromEntries(headers),
    multiValueHeaders: Object.fromEntries(headers.map(([name, value]) => [name, [value]])),
    queryStringParameters: orNull(queries.map(([name, values]) => [name, values.at(-1)])),
    multiValueQueryStringParameters: orNull(queries),
    pathParameters: orNull(Object.entries(req.param())),
    stageVariables: null,
    requestContext: {
      accountId: ACCOUNT_ID,
      apiId: 'local',
      authorizer: claims === undefined ? undefined : { claims },
      domainName: url.hostname,
      extendedRequestId: requestId,
      httpMethod: operation.method,
      identity: { sourceIp: getConnInfo(context).remote.address ?? '127.0.0.1', userAgent: req.header('User-Agent') },
      path: url.pathname,
      protocol: 'HTTP/1.1',
      requestId,
      requestTime: now.toUTCString(),
      requestTimeEpoch: now.getTime(),
      resourceId: operation.path,
      resourcePath: operation.path,
      stage: 'local',
    },
    body: body === '' ? null : body,
    isBase64Encoded: false,
  };
}

/** API Gateway sends null for what a request has none of. */
function orNull(entries: readonly (readonly [string, unknown])[]): object | null {
  return entries.length === 0 ? null : Object.fromEntries(entries);
}
