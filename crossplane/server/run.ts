import type { Composer } from '../compose/types.ts';
import { parseAddress } from './address.ts';
import { startMonitor, type Monitor } from './http.ts';
import { createLog, takeGrpcLog, type Log } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { startFunctionServer, type FunctionServer, type Observer, type Tls } from './server.ts';

export interface RunOptions {
  readonly address: string;
  readonly tls: Tls;
  /** Where Prometheus and the kubelet ask; `undefined` for nowhere. */
  readonly metricsAddress: string | undefined;
  readonly release: string;
  /** How long calls under way may take once the process is asked to end. @default 20 seconds: Kubernetes gives 30 */
  readonly drainMilliseconds?: number;
}

/** What a process is asked by to end. */
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * The life of a function's process: serves until a signal asks it to end, then answers what is under way. A second
 * signal ends it at once. Rejects when it cannot start, and when calls had to be cut off at the end.
 */
export async function runFunction(composer: Composer, options: RunOptions): Promise<void> {
  const log = createLog(options);
  takeGrpcLog(log);
  const metrics = createMetrics(composer.kinds, options.release);
  const { server, monitor } = await start(composer, options, metrics, log);
  log.info('serving', {
    address: server.address,
    metricsAddress: monitor?.address,
    tls: !('insecure' in options.tls),
    kinds: composer.kinds,
  });
  try {
    const signal = await firstSignal();
    log.info('draining', { signal });
    await server.drain(options.drainMilliseconds ?? 20_000);
    log.info('stopped');
  } finally {
    await monitor?.close();
  }
}

/** The monitor comes first and goes last, so that there is always somebody to say how it stands. */
async function start(
  composer: Composer,
  options: RunOptions,
  metrics: Metrics,
  log: Log,
): Promise<{ readonly server: FunctionServer; readonly monitor: Monitor | undefined }> {
  let server: FunctionServer | undefined;
  const monitor =
    options.metricsAddress === undefined
      ? undefined
      : await startMonitor({
          address: parseAddress(options.metricsAddress),
          metrics,
          ready: () => server?.readiness() ?? { ready: false, text: 'not serving' },
        });
  try {
    const { address, tls } = options;
    server = await startFunctionServer(composer, { address, tls, observer: observerOf(metrics, log) });
    return { server, monitor };
  } catch (error) {
    await monitor?.close();
    throw error;
  }
}

function observerOf(metrics: Metrics, log: Log): Observer {
  return {
    call: (record) => {
      metrics.call(record);
      log.call(record);
    },
    loaded: (expires) => {
      metrics.certificateLoaded(expires);
      log.info('certificate loaded', { expires: expires.toISOString() });
    },
    refused: (reason) => {
      metrics.certificateRefused();
      log.warn('certificate refused, the one before it is still served', { reason });
    },
  };
}

function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) {
      process.once(signal, () => {
        for (const again of SIGNALS) process.once(again, () => process.exit(1));
        resolve(signal);
      });
    }
  });
}
