import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../e2e/harness/ports.ts';
import { Processes } from '../../e2e/harness/processes.ts';
import { installPython } from './python.ts';

/** moto's server, which plays many services of AWS over HTTP and keeps everything in memory. */
export interface Moto {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  /** What the SDK reads: credentials that mean nothing, and this server in place of AWS. */
  readonly env: Readonly<Record<string, string>>;
  /** Stops it and removes its folder. */
  readonly stop: () => Promise<void>;
}

/** The account that moto plays unless a call assumes a role of another. */
export const MOTO_ACCOUNT = '123456789012';

/** Installs moto's server, and gives the path of the Python that runs it. */
export function installMoto(): Promise<string> {
  return installPython({ what: "moto's server", name: 'moto' });
}

/**
 * Starts a server of its own on the loopback address. Called at the top of a test file: what is missing is then told once.
 * @throws one sentence when it cannot be installed or does not start
 */
export async function startMoto(): Promise<Moto> {
  const python = await installMoto();
  const [port = 0] = await freePorts(1);
  const endpoint = `http://127.0.0.1:${port}`;
  const folder = mkdtempSync(join(tmpdir(), 'owlnest-moto-'));
  const processes = new Processes(folder);
  await processes.start({
    name: 'moto',
    command: python,
    args: ['-m', 'moto.server', '--host', '127.0.0.1', '--port', String(port)],
    // What it records upon request lies in the checkout otherwise.
    env: { MOTO_RECORDER_FILEPATH: join(folder, 'recording') },
    ready: async () => {
      const answer = await fetch(`${endpoint}/moto-api/`).catch(() => undefined);
      return answer?.ok === true;
    },
  });
  return {
    endpoint,
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_EC2_METADATA_DISABLED: 'true',
      // Nothing of the person at the keyboard.
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    },
    stop: () => processes.finish({ keepFolder: false }),
  };
}
