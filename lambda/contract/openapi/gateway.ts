import type { FunctionName } from '../function-names.ts';
import { operationList, type Operation } from '../operations/index.ts';
import { problemTexts } from '../messages.ts';
import { problemStatus, type ProblemCode } from '../problems.ts';
import { ACCESS_TOKEN_SCOPES } from '../scopes.ts';
import { preflight } from './preflight.ts';
import { parametersOf } from './parameters.ts';
import { componentSchemas, reference, type Json, type JsonObject } from './schemas.ts';

/** What API Gateway has to be told. Each value may be a token that is known later: none is looked at. */
export interface GatewaySettings {
  readonly release: string;
  /** Address of a function's integration: `arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations`. */
  integrationUri(name: FunctionName): string;
  readonly userPoolArn: string;
  /** Origins whose pages may call the API, the website's first. */
  readonly origins: readonly [string, ...string[]];
}

const DIALECT = 'openapi-3.0';

/** Keywords that API Gateway's models, JSON Schema draft 4, refuse or misread. Handlers check all of them again. */
const LEFT_OUT = new Set([
  'default',
  'nullable',
  'pattern',
  'oneOf',
  'anyOf',
  'format',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minItems',
  'maxItems',
]);

/** A schema as API Gateway takes it: what it does not know is left out, so it admits more than the handlers do. */
function model(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(model);
  if (!isObject(schema)) return schema;
  const kept = Object.entries(schema).filter(([key]) => !LEFT_OUT.has(key));
  return Object.fromEntries(
    kept.map(([key, value]) => [key, key === 'properties' && isObject(value) ? properties(value) : model(value)]),
  );
}

/** Names of fields are no keywords, whatever they are called. */
function properties(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, model(schema)]));
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(operation: Operation & { readonly id: string }, settings: GatewaySettings): JsonObject {
  return {
    operationId: operation.id,
    // API Gateway ignores security at the root of the document.
    ...(operation.permission === 'public' ? {} : { security: [{ accessToken: ACCESS_TOKEN_SCOPES }] }),
    // Headers reach the function anyway; declared, a missing one would be the gateway's to refuse, in words of its own.
    parameters: parametersOf(operation, DIALECT)
      .filter((parameter) => parameter['in'] === 'path')
      .map((parameter) => ({ ...parameter, schema: { type: 'string' } })),
    ...(operation.body && {
      requestBody: { required: true, content: { 'application/json': { schema: reference(operation.body) } } },
    }),
    responses: { [operation.success.status]: { description: operation.summary } },
    'x-amazon-apigateway-integration': {
      type: 'aws_proxy',
      httpMethod: 'POST',
      uri: settings.integrationUri(operation.function),
    },
  };
}

/** What API Gateway answers without asking a function, in the form of every other problem and in Japanese. */
const GATEWAY_PROBLEMS: Readonly<Record<string, ProblemCode>> = {
  UNAUTHORIZED: 'unauthenticated',
  EXPIRED_TOKEN: 'unauthenticated',
  ACCESS_DENIED: 'forbidden',
  // No such path, or no such method of it: the gateway does not tell which.
  MISSING_AUTHENTICATION_TOKEN: 'not-found',
  RESOURCE_NOT_FOUND: 'not-found',
  REQUEST_TOO_LARGE: 'too-large',
  UNSUPPORTED_MEDIA_TYPE: 'unsupported-media-type',
  THROTTLED: 'rate-limited',
  INTEGRATION_FAILURE: 'unavailable',
  INTEGRATION_TIMEOUT: 'unavailable',
  DEFAULT_5XX: 'internal',
};

function gatewayResponse(code: ProblemCode, origin: string): JsonObject {
  const { title, detail } = problemTexts[code].ja;
  const status = problemStatus[code];
  const body = {
    type: `/problems/${code}`,
    title,
    status,
    detail,
    instance: '$context.path',
    code,
    traceId: '$context.requestId',
  };
  return {
    statusCode: status,
    responseParameters: {
      'gatewayresponse.header.X-Correlation-Id': 'context.requestId',
      // A gateway response cannot choose: the website's own origin, whose pages call most.
      'gatewayresponse.header.Access-Control-Allow-Origin': `'${origin}'`,
      'gatewayresponse.header.Content-Type': "'application/problem+json'",
      ...(code === 'rate-limited' ? { 'gatewayresponse.header.Retry-After': "'1'" } : {}),
    },
    responseTemplates: { 'application/json': JSON.stringify(body) },
  };
}

/**
 * The OpenAPI 3.0 document that API Gateway imports: routes, integrations, authorizer, preflight answers. Pure: the same
 * settings give the same document. API Gateway validates nothing: handlers do, and answer in the caller's language.
 */
export function gatewayDocument(settings: GatewaySettings): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const operation of operationList) {
    const { path, method } = operation;
    paths[path] = { ...paths[path], [method.toLowerCase()]: describe(operation, settings) };
  }
  for (const path of Object.keys(paths)) {
    const methods = operationList.filter((operation) => operation.path === path).map(({ method }) => method);
    paths[path] = { ...paths[path], options: preflight(path, methods, settings.origins) };
  }
  return {
    openapi: '3.0.1',
    info: { title: 'OwlNest', version: settings.release },
    paths,
    components: {
      securitySchemes: {
        accessToken: {
          type: 'apiKey',
          name: 'Authorization',
          in: 'header',
          'x-amazon-apigateway-authtype': 'cognito_user_pools',
          'x-amazon-apigateway-authorizer': { type: 'cognito_user_pools', providerARNs: [settings.userPoolArn] },
        },
      },
      schemas: properties(bodySchemas()),
    },
    'x-amazon-apigateway-gateway-responses': Object.fromEntries(
      Object.entries(GATEWAY_PROBLEMS).map(([kind, code]) => [kind, gatewayResponse(code, settings.origins[0])]),
    ),
  };
}

/** The schemas that request bodies are made of. */
function bodySchemas(): JsonObject {
  const all = componentSchemas(DIALECT);
  const used: JsonObject = {};
  const take = (value: Json): void => {
    if (Array.isArray(value)) value.forEach(take);
    if (!isObject(value)) return;
    const id = typeof value['$ref'] === 'string' ? value['$ref'].split('/').at(-1) : undefined;
    const schema = id === undefined ? undefined : all[id];
    if (id !== undefined && schema !== undefined && used[id] === undefined) {
      used[id] = schema;
      take(model(schema));
    }
    Object.values(value).forEach(take);
  };
  for (const { body } of operationList) if (body) take(reference(body));
  return used;
}
