import { readFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { join } from 'node:path';
import {
  FunctionRunnerServiceService,
  type RunFunctionRequest,
  type RunFunctionResponse,
} from '@crossplane-org/function-sdk-typescript';
import { Server, ServerCredentials, type handleUnaryCall } from '@grpc/grpc-js';
import type { Composer } from '../compose/types.ts';
import { fatalResponse, readRequest, writeResponse } from './codec.ts';

/** A folder with `tls.crt`, `tls.key` and the `ca.crt` that signed the callers; or none, on loopback only. */
export type Tls = { readonly directory: string } | { readonly insecure: true };

export interface FunctionServerOptions {
  /** `<host>:<port>`; port 0 takes a free one. */
  readonly address: string;
  readonly tls: Tls;
  /** Largest request that is read. @default 64 MiB: an observed resource takes 3 KB and more */
  readonly maxMessageBytes?: number;
}

export interface FunctionServer {
  /** `<host>:<port>` that it listens on. */
  readonly address: string;
  /** Takes no more calls, and resolves when those under way are answered. */
  drain(): Promise<void>;
}

/**
 * Serves the composer as a composition function. Callers need a certificate of the CA; rejects when the address
 * cannot be bound or a certificate cannot be read.
 */
export async function startFunctionServer(composer: Composer, options: FunctionServerOptions): Promise<FunctionServer> {
  const host = hostOf(options.address);
  const credentials = serverCredentials(options.tls, host);
  const server = new Server({
    'grpc.max_receive_message_length': options.maxMessageBytes ?? 64 * 1024 * 1024,
  });
  server.addService(FunctionRunnerServiceService, { runFunction: runFunction(composer) });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(options.address, credentials, (error, bound) => {
      if (error === null) resolve(bound);
      else reject(new Error(`Cannot listen on ${options.address}: ${error.message}`, { cause: error }));
    });
  });
  return {
    address: `${host}:${port}`,
    drain: () =>
      new Promise((resolve, reject) => {
        server.tryShutdown((error) => {
          if (error === undefined) resolve();
          else reject(error);
        });
      }),
  };
}

/** Whatever goes wrong inside concerns this one composite; the process lives on for the others. */
function runFunction(composer: Composer): handleUnaryCall<RunFunctionRequest, RunFunctionResponse> {
  return (call, answer) => {
    answer(null, respond(composer, call.request));
  };
}

function respond(composer: Composer, request: RunFunctionRequest): RunFunctionResponse {
  try {
    return writeResponse(request, composer.compose(readRequest(request)));
  } catch (error) {
    return fatalResponse(request, [error instanceof Error ? error.message : String(error)]);
  }
}

function serverCredentials(tls: Tls, host: string): ServerCredentials {
  if ('insecure' in tls) {
    if (!isLoopback(host)) {
      throw new Error(`Without TLS the function listens on loopback only, not on ${host}.`);
    }
    return ServerCredentials.createInsecure();
  }
  const read = (name: string): Buffer => readFileSync(join(tls.directory, name));
  const pair = { private_key: read('tls.key'), cert_chain: read('tls.crt') };
  return ServerCredentials.createSsl(read('ca.crt'), [pair], true);
}

function hostOf(address: string): string {
  const colon = address.lastIndexOf(':');
  if (colon < 1) throw new Error(`"${address}" is no address of the form <host>:<port>.`);
  return address.slice(0, colon);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}
