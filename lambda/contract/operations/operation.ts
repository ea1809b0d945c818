import type * as z from 'zod';
import { id, userId } from '../entities/index.ts';
import type { FunctionName } from '../function-names.ts';
import type { RateLimitName } from '../limits.ts';
import type { Action } from '../permissions.ts';
import type { ProblemCode } from '../problems.ts';

/** What latency aims and metrics are grouped by. */
export const ROUTE_CLASSES = ['read', 'list', 'write', 'search', 'auth', 'analytics'] as const;
export type RouteClass = (typeof ROUTE_CLASSES)[number];

/** Names in paths: each means the same everywhere, so each has one schema. */
export const pathParameters = { userId, discussionId: id, postId: id, fileId: id } as const;
export type PathParameter = keyof typeof pathParameters;

/** What an operation answers when all is well. */
export interface Success {
  readonly status: 200 | 201 | 202 | 204;
  readonly body?: z.ZodType;
}

/** One operation of the REST API: router, checks, both OpenAPI documents and client types follow from it. */
export interface Operation {
  /** The Lambda function that serves it. */
  readonly function: FunctionName;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/v1`; `{name}` is one of the path parameters. */
  readonly path: string;
  readonly summary: string;
  readonly routeClass: RouteClass;
  /** Row of the permission table, or `public`: works without a token. */
  readonly permission: 'public' | Action;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  readonly success: Success;
  /** What it can answer besides the common problems and those that `idempotent` and `version` bring along. */
  readonly problems?: readonly ProblemCode[];
  /** Needs an `Idempotency-Key`: the same request, sent twice, is done once. */
  readonly idempotent?: true;
  /** `sent`: answers with an `ETag`. `required`: also needs `If-Match`, and is refused when somebody else has written since. */
  readonly version?: 'sent' | 'required';
  /** Counts against this limit. */
  readonly rateLimit?: RateLimitName;
}

type NamesIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;

/** The path parameters of an operation, parsed. */
export type ParamsOf<O extends Operation> = {
  readonly [Name in NamesIn<O['path']> & PathParameter]: z.output<(typeof pathParameters)[Name]>;
};

/** The query of an operation, parsed, with its defaults. */
export type QueryOf<O extends Operation> = O extends { readonly query: infer S extends z.ZodObject }
  ? z.output<S>
  : undefined;

/** The body of an operation, parsed, with its defaults. */
export type BodyOf<O extends Operation> = O extends { readonly body: infer S extends z.ZodObject }
  ? z.output<S>
  : undefined;

/** What an operation answers with. */
export type AnswerOf<O extends Operation> = O['success'] extends { readonly body: infer S extends z.ZodType }
  ? z.input<S>
  : undefined;

/** Names of the parameters in a path, in their order. */
export function parameterNames(path: string): readonly PathParameter[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => {
    if (name === undefined || !isPathParameter(name)) throw new Error(`${path}: no path parameter is called ${name}`);
    return name;
  });
}

function isPathParameter(name: string): name is PathParameter {
  return name in pathParameters;
}
