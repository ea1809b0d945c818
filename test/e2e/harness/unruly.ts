import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  FunctionRunnerServiceService,
  type RunFunctionRequest,
  type RunFunctionResponse,
} from '@crossplane-org/function-sdk-typescript';
import { Server, ServerCredentials, type handleUnaryCall, type status } from '@grpc/grpc-js';
import type { ComposeRequest, Composer } from '../../../crossplane/compose/types.ts';
import { readRequest, writeResponse } from '../../../crossplane/server/codec.ts';

/** What a manner makes of one call. */
export interface UnrulyCall {
  /** The kind of the composite that core asks for. */
  readonly kind: string;
  /** Which call of its namespace under this manner it is, from 1. */
  readonly turn: number;
  /** What the composer answers. */
  readonly good: RunFunctionResponse;
}

/** What a composer is told of a call. */
export type ReadRequest = (request: RunFunctionRequest) => ComposeRequest;

/** How calls are answered: late, wrong, or with an `Unable` error. */
export type Manner = (call: UnrulyCall) => RunFunctionResponse | Promise<RunFunctionResponse>;

/** Thrown by a manner: the call ends with this gRPC status. */
export class Unable extends Error {
  readonly code: status;

  constructor(code: status, message: string) {
    super(message);
    this.code = code;
  }
}

/** A composition function that can be told to answer as ours never does. */
export interface UnrulyFunction {
  /** On this machine. */
  readonly port: string;
  /** From now on composites in the namespace are answered like this; without a manner, well. */
  behave(namespace: string, manner?: Manner): void;
  /** Calls for composites of the namespace under its present manner. */
  turns(namespace: string): number;
  /** Ends at once: calls under way get no answer. */
  stop(): void;
}

/**
 * Starts it on a port of its own. It is no server of ours, since that can neither wait nor answer nonsense; the composer
 * behind it is the real one.
 * @param certificates folder with `ca.crt`, `tls.crt` and `tls.key`
 */
export async function startUnruly(
  composer: Composer,
  certificates: string,
  reads: ReadRequest = readRequest,
): Promise<UnrulyFunction> {
  const manners = new Map<string, { readonly manner: Manner; turns: number }>();
  const runFunction: handleUnaryCall<RunFunctionRequest, RunFunctionResponse> = ({ request }, answer) => {
    const asked = reads(request);
    const { composite } = asked;
    const good = writeResponse(request, composite, composer.compose(asked));
    const told = manners.get(composite.metadata.namespace ?? '');
    if (told === undefined) {
      answer(null, good);
      return;
    }
    told.turns += 1;
    const call = { kind: composite.kind, turn: told.turns, good };
    Promise.resolve(call)
      .then(told.manner)
      .then(
        (response) => {
          answer(null, response);
        },
        (error: unknown) => {
          if (error instanceof Unable) answer({ code: error.code, details: error.message });
          else throw error;
        },
      );
  };
  const server = new Server();
  server.addService({ runFunction: FunctionRunnerServiceService.runFunction }, { runFunction });
  const read = (name: string): Buffer => readFileSync(join(certificates, name));
  const credentials = ServerCredentials.createSsl(
    read('ca.crt'),
    [{ private_key: read('tls.key'), cert_chain: read('tls.crt') }],
    true,
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    port: String(port),
    behave: (namespace, manner) => {
      if (manner === undefined) manners.delete(namespace);
      else manners.set(namespace, { manner, turns: 0 });
    },
    turns: (namespace) => manners.get(namespace)?.turns ?? 0,
    stop: () => {
      server.forceShutdown();
    },
  };
}
