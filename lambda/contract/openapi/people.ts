import { operationList, problemsOf, type Operation } from '../operations/index.ts';
import { permissions } from '../permissions.ts';
import { problemStatus } from '../problems.ts';
import { rateLimits } from '../limits.ts';
import { problem } from '../schemas/problem.ts';
import { parametersOf } from './parameters.ts';
import { componentSchemas, reference, type JsonObject } from './schemas.ts';

const DIALECT = 'draft-2020-12';

/** What an operation asks of its caller, in words. */
function description(operation: Operation): string {
  const who =
    operation.permission === 'public' ? 'Without a token.' : `Permission: ${permissions[operation.permission].what}.`;
  const windows = operation.rateLimit === undefined ? [] : rateLimits[operation.rateLimit];
  const limits = windows.map(({ count, seconds }) => `At most ${count} in ${seconds} seconds.`);
  return [who, ...limits].join(' ');
}

/** Headers that an answer carries. */
function headers(operation: Operation): JsonObject {
  const text = { schema: { type: 'string' } };
  return {
    'X-Correlation-Id': text,
    ...(operation.version === undefined || operation.success.body === undefined ? {} : { ETag: text }),
    ...(operation.success.status === 201 ? { Location: text } : {}),
  };
}

function success(operation: Operation): JsonObject {
  const { status, body } = operation.success;
  const content = body && { 'application/json': { schema: reference(body) } };
  return {
    [status]: { description: operation.summary, headers: headers(operation), ...(content && { content }) },
  };
}

/** One answer for each status, with the codes that it can have. */
function failures(operation: Operation): JsonObject {
  const codes = problemsOf(operation);
  const statuses = [...new Set(codes.map((code) => problemStatus[code]))].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: codes.filter((code) => problemStatus[code] === status).join(', '),
        ...(status === 429 ? { headers: { 'Retry-After': { schema: { type: 'string' } } } } : {}),
        content: { 'application/problem+json': { schema: reference(problem) } },
      },
    ]),
  );
}

function describe(operation: Operation & { readonly id: string }): JsonObject {
  return {
    operationId: operation.id,
    summary: operation.summary,
    description: description(operation),
    tags: [operation.function],
    security: operation.permission === 'public' ? [] : [{ accessToken: [] }],
    parameters: parametersOf(operation, DIALECT),
    ...(operation.body && {
      requestBody: { required: true, content: { [mediaType(operation)]: { schema: reference(operation.body) } } },
    }),
    responses: { ...success(operation), ...failures(operation) },
  };
}

/** A PATCH is a merge patch of RFC 7396; plain JSON is taken for one as well. */
function mediaType(operation: Operation): string {
  return operation.method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
}

/** The OpenAPI 3.1 document, for people and for the types of clients. */
export function openApiDocument(release: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const operation of operationList) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: describe(operation) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'OwlNest', version: release, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/v1' }],
    paths,
    components: {
      securitySchemes: { accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { ...componentSchemas(DIALECT) },
    },
  };
}
