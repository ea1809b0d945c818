import * as z from 'zod';
import { parameterNames, pathParameters, type Operation } from '../operations/index.ts';
import { inlineSchema, type Dialect, type JsonObject } from './schemas.ts';

/** A parameter as both documents describe it. */
function parameter(
  place: 'path' | 'query' | 'header',
  name: string,
  schema: z.ZodType,
  dialect: Dialect,
  required: boolean,
): JsonObject {
  const { description, ...rest } = inlineSchema(schema, dialect);
  return { name, in: place, required, ...(description === undefined ? {} : { description }), schema: rest };
}

/** `"<version>"`: the entity tag of an entity. */
export const entityTag = z.string().regex(/^"[1-9]\d{0,8}"$/);

/** Any text of printable ASCII that a client makes up once for a request. */
export const idempotencyKey = z.string().regex(/^[\x21-\x7e]{16,64}$/);

/** Accepted as it is, when well-formed; else a new one is made. */
export const correlationId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/);

/** Parameters in path, query and headers that an operation takes. */
export function parametersOf(operation: Operation, dialect: Dialect): readonly JsonObject[] {
  const query = Object.entries<z.ZodType>(operation.query?.shape ?? {});
  return [
    ...parameterNames(operation.path).map((name) => parameter('path', name, pathParameters[name], dialect, true)),
    ...query.map(([name, schema]) => parameter('query', name, schema, dialect, !schema.safeParse(undefined).success)),
    ...(operation.idempotent ? [parameter('header', 'Idempotency-Key', idempotencyKey, dialect, true)] : []),
    ...(operation.version === 'required' ? [parameter('header', 'If-Match', entityTag, dialect, true)] : []),
    parameter('header', 'X-Correlation-Id', correlationId, dialect, false),
    parameter('header', 'Accept-Language', z.string(), dialect, false),
  ];
}
