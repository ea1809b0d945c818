/** The function as a process of its own, so that its processor time is not that of its caller. */
import { startFunctionServer } from '../../crossplane/server/server.ts';
import { composer } from './synthetic.ts';

const server = await startFunctionServer(composer, { address: '127.0.0.1:0', tls: { insecure: true } });
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu: (user + system) / 1000, rss: process.memoryUsage.rss() });
});
process.send?.({ address: server.address });
