import { FunctionRunnerServiceService } from '@crossplane-org/function-sdk-typescript';
import { Server, ServerCredentials, status, type handleUnaryCall, type ServiceDefinition } from '@grpc/grpc-js';
import type { Composer } from '../compose/types.ts';
import { formatAddress, isLoopback, parseAddress } from './address.ts';
import { answerCall, type CallRecord } from './call.ts';
import {
  watchCertificates,
  type CertificateFolderOptions,
  type CertificateListener,
  type WatchedCertificates,
} from './certificates.ts';
import { addHealth } from './health.ts';
import type { Readiness } from './http.ts';
import { listen, type ConnectionLimits, type Listener } from './listener.ts';
import { takeTurns, type TurnOptions, type Turns } from './turns.ts';

/** A folder of certificates; or none, and then on loopback only unless `anyAddress` says that this is known. */
export type Tls = CertificateFolderOptions | { readonly insecure: true; readonly anyAddress?: boolean };

/** Who is told what happens; each method at once, and none may throw. */
export interface Observer extends CertificateListener {
  readonly call: (record: CallRecord) => void;
}

export interface FunctionServerOptions {
  /** `<host>:<port>`; without a host every address, and port 0 takes a free one. */
  readonly address: string;
  readonly tls: Tls;
  readonly observer?: Observer;
  /** Largest request that is read. @default 32 MiB: an observed resource takes 3 KB and more */
  readonly maxMessageBytes?: number;
  /** Connections end at this age, so that callers meet new replicas. @default 5 minutes */
  readonly maxConnectionAgeMilliseconds?: number;
  /** Connections without a call end after this time. @default 2 minutes */
  readonly maxConnectionIdleMilliseconds?: number;
  readonly limits?: Partial<ConnectionLimits>;
  readonly turns?: Partial<Omit<TurnOptions, 'method'>>;
}

export interface FunctionServer {
  /** `<host>:<port>` that it listens on. */
  readonly address: string;
  /** True until it drains. */
  readonly serving: boolean;
  /** Whether it is well to call it. */
  readiness(): Readiness;
  /**
   * Takes no more calls, and resolves when those under way are answered; rejects when some are not within the given
   * time, and cuts them off.
   * @param deadlineMilliseconds none by default
   */
  drain(deadlineMilliseconds?: number): Promise<void>;
}

const MINUTE = 60 * 1000;
/** Far more than a call takes. */
const CONNECTION_GRACE = MINUTE;
/** Core has one connection a replica; the rest is for those who are replaced, and for people who look. */
const LIMITS = { connections: 128, handshakes: 32, handshakeMilliseconds: 10_000 };
/**
 * Four requests of 32 MiB fit into the container's 512 MiB beside what one of them becomes when it is read, which is some
 * 165 MB; core itself sends one a composite, some hundred at most.
 */
const TURNS = { atOnce: 4, waiting: 512, milliseconds: 30_000 };
/** How long peers may take to hang up once nothing is under way. */
const LINGER = 1000;

/**
 * Serves the composer as a composition function, with gRPC's own health service. Callers need a certificate of the CA;
 * rejects when the address cannot be bound or a certificate cannot be read.
 */
export async function startFunctionServer(composer: Composer, options: FunctionServerOptions): Promise<FunctionServer> {
  const address = parseAddress(options.address);
  const certificates = certificatesOf(options.tls, address.host);
  const age = options.maxConnectionAgeMilliseconds ?? 5 * MINUTE;
  const turns = takeTurns({ ...TURNS, ...options.turns, method: FunctionRunnerServiceService.runFunction.path });
  const server = new Server({
    'grpc.max_receive_message_length': options.maxMessageBytes ?? 32 * 1024 * 1024,
    'grpc.max_connection_age_ms': age,
    'grpc.max_connection_age_grace_ms': CONNECTION_GRACE,
    'grpc.max_connection_idle_ms': options.maxConnectionIdleMilliseconds ?? 2 * MINUTE,
    interceptors: [turns.interceptor],
  });
  server.addService(bytesService, { runFunction: runFunction(composer, options.observer) });
  const health = addHealth(server);
  // TLS is ours and not gRPC's, so that connections have limits before gRPC knows of them.
  const connections = server.createConnectionInjector(ServerCredentials.createInsecure());
  const listener = await listen({
    address,
    secure: certificates?.secure,
    // gRPC spreads the age by a tenth, and a connection that it has closed waits for its peer to hang up.
    limits: { ...LIMITS, ageMilliseconds: 1.1 * age + CONNECTION_GRACE + MINUTE, ...options.limits },
    accept: (connection) => {
      connections.injectConnection(connection);
    },
  }).catch((error: unknown) => {
    certificates?.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot listen on ${formatAddress(address)}: ${reason}`, { cause: error });
  });
  certificates?.listen({
    loaded: (_, secure) => {
      listener.renew(secure);
    },
    refused: () => undefined,
  });
  if (options.observer !== undefined) certificates?.listen(options.observer);
  health.serve();
  return {
    address: formatAddress({ ...address, port: listener.port }),
    get serving() {
      return health.serving;
    },
    readiness: () =>
      health.serving
        ? (certificates?.readiness() ?? { ready: true, text: 'ok' })
        : { ready: false, text: 'not serving' },
    drain: (deadline) => {
      health.drain();
      certificates?.close();
      return shutDown(server, listener, turns, deadline);
    },
  };
}

/** The SDK's service with its messages as bytes, so that their size is known, and a bad one is ours to answer. */
const asIs = (bytes: Buffer): Buffer => bytes;
const bytesService = {
  runFunction: { ...FunctionRunnerServiceService.runFunction, requestDeserialize: asIs, responseSerialize: asIs },
} satisfies ServiceDefinition;

function runFunction(composer: Composer, observer: Observer | undefined): handleUnaryCall<Buffer, Buffer> {
  return (call, answer) => {
    const { response, record } = answerCall(composer, call.request);
    if ('unreadable' in response) answer({ code: status.INVALID_ARGUMENT, details: response.unreadable });
    else answer(null, response);
    observer?.call(record);
  };
}

/** Resolves when nothing is under way and no connection is left; who does not hang up is not waited for long. */
function shutDown(server: Server, listener: Listener, turns: Turns, deadline: number | undefined): Promise<void> {
  listener.stop();
  const closed = new Promise<void>((resolve) => {
    server.tryShutdown(() => {
      resolve();
    });
  });
  const finished = turns.idle().then(() => Promise.race([closed, after(LINGER)]));
  const cutOff = (): void => {
    server.forceShutdown();
    listener.cutOff();
  };
  if (deadline === undefined) return finished.then(cutOff);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      cutOff();
      reject(new Error(`Calls were still under way after ${deadline} ms, and were cut off.`));
    }, deadline);
    void finished.then(() => {
      clearTimeout(timer);
      cutOff();
      resolve();
    });
  });
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}

function certificatesOf(tls: Tls, host: string): WatchedCertificates | undefined {
  if (!('insecure' in tls)) return watchCertificates(tls);
  if (tls.anyAddress === true || isLoopback(host)) return undefined;
  throw new Error(`Without TLS the function listens on loopback only, not on ${host || 'every address'}.`);
}
