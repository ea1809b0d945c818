import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { formatAddress, listenOn, type Address } from './address.ts';
import type { Metrics } from './metrics.ts';

/** Far more than Prometheus and the kubelet open. */
const CONNECTIONS = 64;
/** How long a request may take to arrive; the answers are short. */
const REQUEST_MILLISECONDS = 10_000;

/** Plain HTTP for those who have no certificate of the CA: Prometheus and the kubelet. */
export interface Monitor {
  readonly address: string;
  close(): Promise<void>;
}

export interface MonitorOptions {
  readonly address: Address;
  readonly metrics: Metrics;
  readonly ready: () => Readiness;
}

/** Whether calls are welcome, and a sentence for people. */
export interface Readiness {
  readonly ready: boolean;
  readonly text: string;
}

interface Page {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Serves `/metrics`, `/livez` and `/readyz`; rejects when the address cannot be bound. */
export async function startMonitor({ address, metrics, ready }: MonitorOptions): Promise<Monitor> {
  const limits = { headersTimeout: REQUEST_MILLISECONDS, requestTimeout: REQUEST_MILLISECONDS };
  const server = createServer({ ...limits, connectionsCheckingInterval: 1_000 }, (request, response) => {
    void respond(request, response, { metrics, ready });
  });
  server.maxConnections = CONNECTIONS;
  const port = await listenOn(server, address).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot serve metrics on ${formatAddress(address)}: ${reason}`, { cause: error });
  });
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
        return plain(ready().ready ? 200 : 503, `${ready().text}\n`);
      default:
        return plain(404, '/metrics, /livez, /readyz\n');
    }
  };
  const { status, type, text } = await page().catch(() => plain(500, 'no metrics\n'));
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : text);
}
