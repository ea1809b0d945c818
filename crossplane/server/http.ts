import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { formatAddress, hostsToTry, isAbsentFamily, type Address } from './address.ts';
import type { Metrics } from './metrics.ts';

/** Plain HTTP for those who have no certificate of the CA: Prometheus and the kubelet. */
export interface Monitor {
  readonly address: string;
  close(): Promise<void>;
}

export interface MonitorOptions {
  readonly address: Address;
  readonly metrics: Metrics;
  /** Whether calls are welcome. */
  readonly ready: () => boolean;
}

interface Page {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Serves `/metrics`, `/livez` and `/readyz`; rejects when the address cannot be bound. */
export async function startMonitor({ address, metrics, ready }: MonitorOptions): Promise<Monitor> {
  const server = createServer((request, response) => {
    void respond(request, response, { metrics, ready });
  });
  const listen = (host: string): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port: address.port }, () => {
        server.off('error', reject);
        resolve();
      });
    });
  const [first, ...others] = hostsToTry(address.host);
  try {
    await listen(first ?? '').catch(async (error: unknown) => {
      const [other] = others;
      if (other === undefined || !(error instanceof Error && isAbsentFamily(error))) throw error;
      await listen(other);
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot serve metrics on ${formatAddress(address)}: ${reason}`, { cause: error });
  }
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : address.port;
  return {
    address: formatAddress({ ...address, port }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { metrics, ready }: Pick<MonitorOptions, 'metrics' | 'ready'>,
): Promise<void> {
  const plain = (status: number, text: string): Page => ({ status, type: 'text/plain; charset=utf-8', text });
  const page = async (): Promise<Page> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'GET only\n');
    switch (request.url?.split('?')[0]) {
      case '/metrics':
        return { status: 200, type: metrics.contentType, text: await metrics.text() };
      case '/livez':
        return plain(200, 'ok\n');
      case '/readyz':
        return ready() ? plain(200, 'ok\n') : plain(503, 'not serving\n');
      default:
        return plain(404, '/metrics, /livez, /readyz\n');
    }
  };
  const { status, type, text } = await page().catch(() => plain(500, 'no metrics\n'));
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : text);
}
