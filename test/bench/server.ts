/** The function as a process of its own, so that its processor time is not that of its caller. */
import { createLog } from '../../crossplane/server/log.ts';
import { createMetrics } from '../../crossplane/server/metrics.ts';
import { startFunctionServer } from '../../crossplane/server/server.ts';
import { composer } from './synthetic.ts';

const log = createLog({ release: 'bench', stream: { write: () => undefined } });
const metrics = createMetrics(composer.kinds, 'bench');
const server = await startFunctionServer(composer, {
  address: '127.0.0.1:0',
  tls: { insecure: true },
  observer: {
    call: (record) => {
      metrics.call(record);
      log.call(record);
    },
    loaded: () => undefined,
    refused: () => undefined,
  },
});
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  // With --expose-gc: what is left once nobody uses the rest.
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  // Node gives it in kilobytes.
  const peak = process.resourceUsage().maxRSS * 1024;
  process.send?.({ cpu: (user + system) / 1000, rss, heapUsed, peak });
});
process.send?.({ address: server.address });
