import { FunctionRunnerServiceService } from '@crossplane-org/function-sdk-typescript';
import { Server, ServerCredentials, status, type handleUnaryCall, type ServiceDefinition } from '@grpc/grpc-js';
import type { Composer } from '../compose/types.ts';
import { formatAddress, hostsToTry, isAbsentFamily, isLoopback, parseAddress, type Address } from './address.ts';
import { answerCall, type CallRecord } from './call.ts';
import { watchCertificates, type CertificateFolderOptions, type CertificateListener } from './certificates.ts';
import { addHealth } from './health.ts';

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
  /** Largest request that is read. @default 64 MiB: an observed resource takes 3 KB and more */
  readonly maxMessageBytes?: number;
  /** Connections end at this age, so that callers meet new replicas. @default 5 minutes */
  readonly maxConnectionAgeMilliseconds?: number;
}

export interface FunctionServer {
  /** `<host>:<port>` that it listens on. */
  readonly address: string;
  /** True until it drains. */
  readonly serving: boolean;
  /**
   * Takes no more calls, and resolves when those under way are answered; rejects when some are not within the given
   * time, and cuts them off.
   * @param deadlineMilliseconds none by default
   */
  drain(deadlineMilliseconds?: number): Promise<void>;
}

const FIVE_MINUTES = 5 * 60 * 1000;
/** Far more than a call takes. */
const CONNECTION_GRACE = 60 * 1000;

/**
 * Serves the composer as a composition function, with gRPC's own health service. Callers need a certificate of the CA;
 * rejects when the address cannot be bound or a certificate cannot be read.
 */
export async function startFunctionServer(composer: Composer, options: FunctionServerOptions): Promise<FunctionServer> {
  const address = parseAddress(options.address);
  const { credentials, release } = serverCredentials(options.tls, address.host, options.observer);
  const server = new Server({
    'grpc.max_receive_message_length': options.maxMessageBytes ?? 64 * 1024 * 1024,
    'grpc.max_connection_age_ms': options.maxConnectionAgeMilliseconds ?? FIVE_MINUTES,
    'grpc.max_connection_age_grace_ms': CONNECTION_GRACE,
  });
  server.addService(bytesService, { runFunction: runFunction(composer, options.observer) });
  const health = addHealth(server);
  try {
    const port = await bind(server, address, credentials);
    health.serve();
    return {
      address: formatAddress({ ...address, port }),
      get serving() {
        return health.serving;
      },
      drain: (deadline) => {
        health.drain();
        release();
        return shutDown(server, deadline);
      },
    };
  } catch (error) {
    release();
    server.forceShutdown();
    throw error;
  }
}

/** The SDK's service with its messages as bytes, so that their size is known, and a bad one is ours to answer. */
const asIs = (bytes: Buffer): Buffer => bytes;
const bytesService = {
  runFunction: { ...FunctionRunnerServiceService.runFunction, requestDeserialize: asIs, responseSerialize: asIs },
} satisfies ServiceDefinition;

function runFunction(composer: Composer, observer: Observer | undefined): handleUnaryCall<Buffer, Buffer> {
  return (call, answer) => {
    const { response, record } = answerCall(composer, call.request);
    if (response === undefined)
      answer({ code: status.INVALID_ARGUMENT, details: 'These bytes are no RunFunctionRequest.' });
    else answer(null, response);
    observer?.call(record);
  };
}

async function bind(server: Server, address: Address, credentials: ServerCredentials): Promise<number> {
  const [first, ...others] = hostsToTry(address.host);
  const listen = (host: string): Promise<number> =>
    new Promise((resolve, reject) => {
      server.bindAsync(formatAddress({ ...address, host }), credentials, (error, port) => {
        if (error === null) resolve(port);
        else reject(error);
      });
    });
  try {
    return await listen(first ?? '').catch((error: unknown) => {
      const [other] = others;
      if (other !== undefined && error instanceof Error && isAbsentFamily(error)) return listen(other);
      throw error;
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot listen on ${formatAddress(address)}: ${reason}`, { cause: error });
  }
}

function shutDown(server: Server, deadline: number | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const cutOff = (): void => {
      server.forceShutdown();
      reject(new Error(`Calls were still under way after ${deadline} ms, and were cut off.`));
    };
    const timer = deadline === undefined ? undefined : setTimeout(cutOff, deadline);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function serverCredentials(
  tls: Tls,
  host: string,
  observer: Observer | undefined,
): { readonly credentials: ServerCredentials; readonly release: () => void } {
  if ('insecure' in tls) {
    if (tls.anyAddress !== true && !isLoopback(host)) {
      throw new Error(`Without TLS the function listens on loopback only, not on ${host || 'every address'}.`);
    }
    return { credentials: ServerCredentials.createInsecure(), release: () => undefined };
  }
  const certificates = watchCertificates(tls);
  if (observer !== undefined) certificates.listen(observer);
  return {
    credentials: certificates.credentials,
    release: () => {
      certificates.close();
    },
  };
}
