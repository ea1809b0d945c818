import { AsyncLocalStorage } from 'node:async_hooks';
import type { MiddlewareStack } from '@smithy/types';
import type { FunctionName } from '../../lambda/contract/function-names.ts';
import { functions, type Target, type Use } from '../../lambda/contract/functions.ts';

/** Prefix among IAM actions, and what is acted on, by the SDK's client. */
const SERVICES: Readonly<Record<string, { readonly prefix: string; readonly on: Target }>> = {
  DynamoDBClient: { prefix: 'dynamodb', on: 'table' },
  S3Client: { prefix: 's3', on: 'files' },
  CognitoIdentityProviderClient: { prefix: 'cognito-idp', on: 'user-pool' },
  KMSClient: { prefix: 'kms', on: 'cursor-key' },
  EventBridgeClient: { prefix: 'events', on: 'event-bus' },
  ApiGatewayManagementApiClient: { prefix: 'execute-api', on: 'websocket' },
};

/**
 * IAM actions of operations that are not called like their action. S3 answers 403 instead of 404 for an object that is not
 * there to somebody who may not list the bucket. From AWS's Service Authorization Reference, and S3's and API Gateway's pages.
 */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  's3:HeadObject': ['GetObject', 'ListBucket'],
  'execute-api:PostToConnection': ['ManageConnections'],
  'execute-api:DeleteConnection': ['ManageConnections'],
};

/** Operations of a user pool that IAM does not ask about: a browser may call them, too. From the API reference of Cognito. */
const OPEN = new Set([
  'cognito-idp:AssociateSoftwareToken',
  'cognito-idp:ChangePassword',
  'cognito-idp:ConfirmForgotPassword',
  'cognito-idp:ConfirmSignUp',
  'cognito-idp:ForgotPassword',
  'cognito-idp:GetTokensFromRefreshToken',
  'cognito-idp:GetUser',
  'cognito-idp:GlobalSignOut',
  'cognito-idp:InitiateAuth',
  'cognito-idp:ResendConfirmationCode',
  'cognito-idp:RespondToAuthChallenge',
  'cognito-idp:RevokeToken',
  'cognito-idp:SignUp',
  'cognito-idp:VerifySoftwareToken',
]);

/** A transaction asks for the action of each of its parts, and has none of its own. */
const PARTS: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

/** What IAM asks about a call, or that it does not ask at all. */
export type Asked = { readonly uses: readonly Use[] } | { readonly open: string };

/** @throws Error for a client that nobody has said anything about. */
export function askedBy(clientName: string, commandName: string, input: object): Asked {
  const service = SERVICES[clientName];
  if (service === undefined) throw new Error(`${clientName} is no client of which it is known what IAM asks.`);
  const { prefix, on } = service;
  const operation = commandName.replace(/Command$/, '');
  const call = `${prefix}:${operation}`;
  if (OPEN.has(call)) return { open: call };
  const actions = operation === 'TransactWriteItems' ? partsOf(input) : (ACTIONS[call] ?? [operation]);
  return { uses: actions.map((action) => ({ call: `${prefix}:${action}`, on })) };
}

function partsOf(input: object): string[] {
  const { TransactItems: items = [] } = input as { TransactItems?: readonly object[] };
  return items.flatMap((item) => Object.keys(item)).map((part) => PARTS[part] ?? part);
}

/** What one function asked for: each once, sorted. */
export interface Recorded {
  readonly uses: readonly Use[];
  /** Calls that IAM does not ask about. */
  readonly open: readonly string[];
}

/**
 * Sees every call that functions make by clients of the SDK. A call that the contract does not declare is refused, as IAM
 * would refuse it; what nobody calls on behalf of a function passes unseen.
 */
export class Recording {
  private readonly current = new AsyncLocalStorage<FunctionName>();
  private readonly seen = new Map<FunctionName, { uses: Map<string, Use>; open: Set<string> }>();

  /** From now on the calls of the client are seen. */
  watch<Input extends object, Output extends object>(client: {
    readonly middlewareStack: MiddlewareStack<Input, Output>;
  }): void {
    client.middlewareStack.add(
      (next, { clientName = '', commandName = '' }) =>
        async (args) => {
          this.see(askedBy(clientName, commandName, args.input));
          return next(args);
        },
      { step: 'initialize', priority: 'high', name: 'recording' },
    );
  }

  /** All that is called while `handle` works is called by the function. */
  as<Parameters extends readonly unknown[], Answer>(
    name: FunctionName,
    handle: (...parameters: Parameters) => Answer,
  ): (...parameters: Parameters) => Answer {
    return (...parameters) => this.current.run(name, () => handle(...parameters));
  }

  /** For what is signed without a call: whoever uses the signature later acts with the rights of the function. */
  see(asked: Asked): void {
    const name = this.current.getStore();
    if (name === undefined) return;
    const seen = this.seen.get(name) ?? { uses: new Map<string, Use>(), open: new Set<string>() };
    this.seen.set(name, seen);
    if ('open' in asked) seen.open.add(asked.open);
    else
      for (const use of asked.uses) {
        seen.uses.set(`${use.call} ${use.on}`, use);
        if (!isDeclared(name, use)) throw new AccessDenied(name, use);
      }
  }

  of(name: FunctionName): Recorded {
    const { uses, open } = this.seen.get(name) ?? { uses: new Map<string, Use>(), open: new Set<string>() };
    return { uses: [...uses.keys()].sort().flatMap((key) => uses.get(key) ?? []), open: [...open].sort() };
  }
}

class AccessDenied extends Error {
  override readonly name = 'AccessDeniedException';

  constructor(name: FunctionName, { call, on }: Use) {
    super(`${name} is not authorized to perform ${call} on ${on}: lambda/contract/functions.ts does not declare it.`);
  }
}

function isDeclared(name: FunctionName, { call, on }: Use): boolean {
  const declared: readonly Use[] = functions[name].uses;
  return declared.some((use) => use.call === call && use.on === on);
}
