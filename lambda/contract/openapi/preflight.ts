import { parameterNames } from '../operations/index.ts';
import type { JsonObject } from './schemas.ts';

/** Headers that pages may send. */
export const REQUEST_HEADERS = [
  'Accept-Language',
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'X-Correlation-Id',
] as const;

const MAX_AGE_SECONDS = 600;

/** Lets the browser of an allowed origin go on, and says nothing to others. Written in API Gateway's template language. */
function originTemplate(origins: readonly string[]): string {
  return [
    '#set($origin = $input.params("Origin"))',
    `#set($allowed = ${JSON.stringify(origins)})`,
    '#if($allowed.contains($origin))',
    '#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)',
    '#end',
  ].join('\n');
}

/** The `OPTIONS` operation of a path, which API Gateway answers by itself. */
export function preflight(path: string, methods: readonly string[], origins: readonly string[]): JsonObject {
  const answered = {
    'Access-Control-Allow-Methods': [...methods, 'OPTIONS'].join(','),
    'Access-Control-Allow-Headers': REQUEST_HEADERS.join(','),
    'Access-Control-Max-Age': `${MAX_AGE_SECONDS}`,
    Vary: 'Origin',
  };
  const text = { schema: { type: 'string' } };
  return {
    parameters: parameterNames(path).map((name) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    responses: {
      204: {
        description: 'What the page may send.',
        headers: Object.fromEntries(
          [...Object.keys(answered), 'Access-Control-Allow-Origin'].map((name) => [name, text]),
        ),
      },
    },
    'x-amazon-apigateway-integration': {
      type: 'mock',
      requestTemplates: { 'application/json': '{"statusCode": 204}' },
      passthroughBehavior: 'when_no_match',
      responses: {
        default: {
          statusCode: '204',
          responseParameters: Object.fromEntries(
            Object.entries(answered).map(([name, value]) => [`method.response.header.${name}`, `'${value}'`]),
          ),
          responseTemplates: { 'application/json': originTemplate(origins) },
        },
      },
    },
  };
}
