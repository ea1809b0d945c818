import { correlationIdOf, checkInput, type CheckedInput } from './check.ts';
import { callerOf } from './caller.ts';
import type { PagingDependencies, RestDependencies } from './dependencies.ts';
import { header, restEvent, verifiedUser, type RestEvent, type RestResponse } from './event.ts';
import type { AnyHandler, CheckedRequest, Handlers } from './handlers.ts';
import { once } from './idempotency.ts';
import { filterHash, nextCursor, pageRequest } from './pages.ts';
import { countRequest } from './rate.ts';
import { failure, problemOf, success, withCommonHeaders } from './response.ts';
import { errorEntry, hashed } from './telemetry.ts';
import { idsFrom } from '../../domain/ids.ts';
import { languageOf, Problem } from '../../domain/problem.ts';
import type { Operation } from '../../contract/operations/index.ts';
import type { StoredAnswer } from '../../data/stores/index.ts';

/** What API Gateway calls: the event as it comes, the answer as it wants it. It throws only at what is no such event. */
export type RestHandler = (event: unknown) => Promise<RestResponse>;

interface Route {
  readonly id: string;
  readonly operation: Operation;
  readonly handle: AnyHandler;
}

interface Context {
  readonly event: RestEvent;
  readonly correlationId: string;
  readonly now: Date;
}

/** Serves operations by their handlers: everything about a request that is the same for all of them happens here. */
export function restHandler<Operations extends Readonly<Record<string, Operation>>>(
  operations: Operations,
  handlers: Handlers<Operations>,
  dependencies: RestDependencies | PagingDependencies,
): RestHandler {
  const routes = routesOf(operations, handlers);
  const ids = idsFrom(dependencies.now, dependencies.random);
  const touched = new Map<string, number>();

  return async (input) => {
    const started = dependencies.now();
    const event = restEvent.parse(input);
    const context = { event, correlationId: correlationIdOf(event) ?? ids(), now: started };
    const { response, problem, route } = await answer(context);
    report(context, route, response, problem);
    return withCommonHeaders(response, context.correlationId, header(event, 'Origin'), dependencies.origins);
  };

  async function answer(context: Context): Promise<{
    response: StoredAnswer;
    problem?: { readonly problem: Problem; readonly error: unknown };
    route?: Route;
  }> {
    let route: Route | undefined;
    try {
      route = routeOf(routes, context.event);
      return { response: await serve(route, context), route };
    } catch (error) {
      const problem = problemOf(error);
      const { event, correlationId } = context;
      const place = {
        language: languageOf(header(event, 'Accept-Language')),
        instance: event.path,
        traceId: correlationId,
      };
      return { response: failure(problem, place), problem: { problem, error }, ...(route && { route }) };
    }
  }

  async function serve(route: Route, context: Context): Promise<StoredAnswer> {
    const { operation } = route;
    const { event, correlationId, now } = context;
    const { stores, random } = dependencies;
    const change = { correlationId, at: now.toISOString() };
    const caller = await callerOf(operation, event, { stores, random, change, now });
    const input = checkInput(operation, event);
    if (caller !== undefined) await touch(caller.userId, now);
    const filter = filterHash(`${route.id} ${event.path}`, input.query ?? {}, caller?.userId ?? '');
    const request: CheckedRequest = {
      ...input,
      caller,
      page: await pageOf(operation, input, filter, now),
      accessToken: (header(event, 'Authorization') ?? '').replace(/^Bearer /i, ''),
      change: { ...change, actorId: caller?.userId ?? 'nobody' },
      now,
    };
    const run = async (): Promise<StoredAnswer> => {
      const subject = {
        userId: caller?.userId,
        email: emailOf(input.body),
        networkAddress: event.requestContext.identity.sourceIp,
      };
      await countRequest(operation, stores.requests, subject, now);
      const { next, ...rest } = await route.handle(request);
      const cursor = 'signer' in dependencies ? await nextCursor(dependencies.signer, next, filter, now) : undefined;
      return success(operation, rest, cursor);
    };
    if (input.idempotencyKey === undefined || caller === undefined) return run();
    const sent = `${operation.method} ${event.path}\n${event.body ?? ''}`;
    return once(stores.requests, { userId: caller.userId, key: input.idempotencyKey, request: sent, now }, run);
  }

  async function pageOf(
    operation: Operation,
    { query }: CheckedInput,
    filter: string,
    now: Date,
  ): Promise<CheckedRequest['page']> {
    if (query === undefined || operation.query?.shape['limit'] === undefined || !('signer' in dependencies)) {
      return undefined;
    }
    return pageRequest(dependencies.signer, query, filter, now);
  }

  /** Notes that the user is active; the store writes at most every 15 minutes, and is asked no more often either. */
  async function touch(userId: string, now: Date): Promise<void> {
    const last = touched.get(userId) ?? 0;
    if (now.getTime() - last < TOUCH_EVERY_MS) return;
    if (touched.size >= MOST_TOUCHED) touched.clear();
    touched.set(userId, now.getTime());
    await dependencies.stores.users.touch({ userId, activeAt: now.toISOString() });
  }

  function report(
    { event, correlationId, now }: Context,
    route: Route | undefined,
    { status }: StoredAnswer,
    failed: { readonly problem: Problem; readonly error: unknown } | undefined,
  ): void {
    const user = verifiedUser(event);
    dependencies.telemetry.request({
      route: route === undefined ? 'none' : `${route.operation.method} ${route.operation.path}`,
      routeClass: route?.operation.routeClass ?? 'read',
      status,
      durationMs: dependencies.now().getTime() - now.getTime(),
      correlationId,
      requestId: event.requestContext.requestId,
      ...(user && { userIdHash: hashed(user.userId) }),
      ...(failed && { problem: failed.problem.code }),
      ...(failed && status >= 500 && { error: errorEntry(failed.error) }),
    });
  }
}

const TOUCH_EVERY_MS = 15 * 60 * 1000;
const MOST_TOUCHED = 10_000;

function routesOf<Operations extends Readonly<Record<string, Operation>>>(
  operations: Operations,
  handlers: Handlers<Operations>,
): readonly Route[] {
  return Object.entries(operations).map(([id, operation]) => {
    const handle: AnyHandler | undefined = handlers[id];
    if (handle === undefined) throw new Error(`${id} has no handler`);
    return { id, operation, handle };
  });
}

/** @throws Problem `not-found`, `method-not-allowed`. */
function routeOf(routes: readonly Route[], { resource, httpMethod }: RestEvent): Route {
  const atPath = routes.filter(({ operation }) => operation.path === resource);
  const route = atPath.find(({ operation }) => operation.method === httpMethod);
  if (route === undefined) throw new Problem(atPath.length === 0 ? 'not-found' : 'method-not-allowed');
  return route;
}

function emailOf(body: unknown): string | undefined {
  const hasEmail = typeof body === 'object' && body !== null && 'email' in body;
  return hasEmail && typeof body.email === 'string' ? body.email : undefined;
}
