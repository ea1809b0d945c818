import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Context as LambdaContext } from 'aws-lambda';
import * as z from 'zod';
import { functions } from '../contract/functions.ts';
import { FUNCTION_NAMES, type FunctionName } from '../contract/function-names.ts';
import { ACCOUNT_ID, REGION } from './settings.ts';

/** Calls a function as Lambda does. @throws FunctionTimeout, and whatever the function throws. */
export type Invoke = (name: FunctionName, event: unknown) => Promise<unknown>;

/** The function took longer than it may. */
export class FunctionTimeout extends Error {
  override readonly name = 'FunctionTimeout';
}

/** What Lambda tells besides the event; the callbacks of old are left out. */
type Context = Omit<LambdaContext, 'done' | 'fail' | 'succeed'>;
type Handler = (event: unknown, context: Context) => Promise<unknown>;

/** A handler, which parses what it reads of an event, whatever it says of its type: events come as JSON. */
const handlerModule = z.object({ handler: z.custom<Handler>((value) => typeof value === 'function') });

/** The module that AWS would load; it reads its environment and makes its clients when it is loaded. */
const moduleOf = (name: FunctionName): Promise<unknown> => import(`../functions/${name}/handler.ts`);

/** Every function. They are loaded once in a process: a handler keeps the environment that it was loaded with. */
export class LocalFunctions {
  private readonly handlers = new Map<FunctionName, Handler>();

  /** @param environment what `process.env` gets before */
  async load(environment: Readonly<Record<string, string>>): Promise<void> {
    Object.assign(process.env, environment);
    for (const name of FUNCTION_NAMES) this.handlers.set(name, handlerModule.parse(await moduleOf(name)).handler);
  }

  readonly invoke: Invoke = async (name, event) => {
    const handler = this.handlers.get(name);
    if (handler === undefined) throw new Error(`${name} is called before the functions are loaded`);
    const seconds = functions[name].timeoutSeconds;
    const timer = new AbortController();
    const late = setTimeout(seconds * 1000, undefined, { signal: timer.signal, ref: false }).then(() => {
      throw new FunctionTimeout(`${name} took longer than ${seconds} s`);
    });
    // Events are JSON on the way.
    const sent: unknown = JSON.parse(JSON.stringify(event));
    try {
      return await Promise.race([handler(sent, contextOf(name, seconds)), late]);
    } finally {
      late.catch(() => undefined);
      timer.abort();
    }
  };
}

function contextOf(name: FunctionName, seconds: number): Context {
  const end = Date.now() + seconds * 1000;
  const functionName = `owlnest-${name}-local`;
  return {
    functionName,
    functionVersion: '1',
    invokedFunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${functionName}:live`,
    memoryLimitInMB: String(functions[name].memoryMb),
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, end - Date.now()),
  };
}
