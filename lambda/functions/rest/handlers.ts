import type { AnswerOf, BodyOf, Operation, ParamsOf, QueryOf } from '../../contract/operations/index.ts';
import type { Change, PageRequest } from '../../data/stores/index.ts';
import type { Actor, Reader } from '../../domain/permissions.ts';

/** Nobody where an operation is public; else a reader, and where something changes one whose profile was just read. */
export type CallerOf<O extends Operation> = O['permission'] extends 'public'
  ? undefined
  : O['method'] extends 'GET'
    ? Reader
    : Actor;

/** A request that is well-formed, from somebody whose role could admit it. */
export interface RestRequest<O extends Operation> {
  readonly params: ParamsOf<O>;
  readonly query: QueryOf<O>;
  readonly body: BodyOf<O>;
  readonly caller: CallerOf<O>;
  /** The page that is asked for, where the operation answers with one. */
  readonly page: QueryOf<O> extends { readonly limit: number } ? PageRequest : undefined;
  /** The version that the caller has read. */
  readonly ifMatch: O extends { readonly version: 'required' } ? number : undefined;
  /** As it came: only the user pool reads it. */
  readonly accessToken: string;
  readonly change: Change;
  readonly now: Date;
}

/** What a handler answers; the adapter adds status, headers and the signed cursor. */
export interface RestAnswer<Body> {
  readonly body: Body;
  /** Version of the entity, for its `ETag`. */
  readonly version?: number;
  /** Path of what was made. */
  readonly location?: string;
  /** Position at which the list goes on. */
  readonly next?: string | undefined;
  /** Seconds for which the client may keep the answer to itself. */
  readonly cacheSeconds?: number;
}

interface HandlerMethod<O extends Operation> {
  handle(request: RestRequest<O>): Promise<RestAnswer<AnswerOf<O>>>;
}

/** A handler. As the type of a method it also stands for the handler of any operation, which the adapter calls. */
export type Handler<O extends Operation> = HandlerMethod<O>['handle'];

/** One handler for each operation. */
export type Handlers<Operations extends Readonly<Record<string, Operation>>> = {
  readonly [Id in keyof Operations]: Handler<Operations[Id]>;
};

/** A request whose operation is not known to the compiler: what the adapter has checked by the operation's schemas. */
export interface CheckedRequest {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>> | undefined;
  readonly body: unknown;
  readonly caller: Reader | Actor | undefined;
  readonly page: PageRequest | undefined;
  readonly ifMatch: number | undefined;
  readonly accessToken: string;
  readonly change: Change;
  readonly now: Date;
}

/** Any handler, as the adapter calls it. */
export type AnyHandler = {
  handle(request: CheckedRequest): Promise<RestAnswer<unknown>>;
}['handle'];
