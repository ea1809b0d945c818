/** The family's function in a process of its own, so that it can be killed. Run by `faults.test.ts`. */
import { startFunctionServer } from '../../crossplane/server/server.ts';
import { spineWorldOf } from './spine-world.ts';

const [file = '', directory = '', port = '0'] = process.argv.slice(2);
const { families } = spineWorldOf(file);
const server = await startFunctionServer(families[1].composer, { address: `127.0.0.1:${port}`, tls: { directory } });
process.send?.({ address: server.address });
