import type { Language } from '../../contract/messages.ts';
import type { Operation } from '../../contract/operations/index.ts';
import { problemStatus } from '../../contract/problems.ts';
import { Refusal, StoreUnavailable, type StoredAnswer } from '../../data/stores/index.ts';
import { Problem, problemDocument } from '../../domain/problem.ts';
import { ServiceUnavailable } from '../clients/unavailable.ts';
import type { RestResponse } from './event.ts';

/** The answer of an operation that went well. */
export function success(
  operation: Operation,
  answer: {
    readonly body: unknown;
    readonly version?: number;
    readonly location?: string;
    readonly cacheSeconds?: number;
  },
  cursor: string | undefined,
): StoredAnswer {
  const { body, version, location, cacheSeconds } = answer;
  const whole = cursor === undefined || typeof body !== 'object' ? body : { ...body, nextCursor: cursor };
  return {
    status: operation.success.status,
    headers: {
      'Cache-Control': cacheSeconds === undefined ? 'no-store' : `private, max-age=${cacheSeconds}`,
      ...(whole === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
      ...(version === undefined ? {} : { ETag: `"${version}"` }),
      ...(location === undefined ? {} : { Location: location }),
    },
    body: whole === undefined ? '' : JSON.stringify(whole),
  };
}

/** The answer to a request that failed. */
export function failure(
  problem: Problem,
  place: { language: Language; instance: string; traceId: string },
): StoredAnswer {
  const seconds = problem.retryAfterSeconds;
  return {
    status: problemStatus[problem.code],
    headers: {
      'Cache-Control': 'no-store',
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Content-Language': place.language,
      ...(seconds === undefined ? {} : { 'Retry-After': String(Math.max(1, Math.ceil(seconds))) }),
    },
    body: JSON.stringify(problemDocument(problem, place)),
  };
}

/** What the caller is told of an error; of a mistake of ours nothing but that there was one. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof StoreUnavailable || error instanceof ServiceUnavailable) {
    return new Problem('unavailable', { retryAfterSeconds: 1, cause: error });
  }
  if (error instanceof Refusal && error.reason === 'version') return new Problem('version-conflict', { cause: error });
  if (error instanceof Refusal && error.reason === 'missing') return new Problem('not-found', { cause: error });
  return new Problem('internal', { cause: error });
}

/** Headers of every answer. A page of another origin gets no leave to read it. */
export function withCommonHeaders(
  { status, headers, body }: StoredAnswer,
  correlationId: string,
  origin: string | undefined,
  allowed: readonly string[],
): RestResponse {
  const open = origin !== undefined && allowed.includes(origin);
  return {
    statusCode: status,
    headers: {
      ...headers,
      'X-Correlation-Id': correlationId,
      'X-Content-Type-Options': 'nosniff',
      'Strict-Transport-Security': 'max-age=63072000',
      Vary: 'Origin, Accept-Language',
      ...(open && {
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Expose-Headers': 'ETag, Location, Retry-After, X-Correlation-Id',
      }),
    },
    body,
  };
}
