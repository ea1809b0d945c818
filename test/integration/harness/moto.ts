import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import envPaths from 'env-paths';
import { execa } from 'execa';
import { freePorts } from '../../e2e/harness/ports.ts';
import { Processes } from '../../e2e/harness/processes.ts';

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

const PACKAGES = join(import.meta.dirname, 'moto-requirements.txt');
const PYTHON = 'python3';
/** moto 5.2 and cfn-lint, which it brings. */
const LEAST_PYTHON = [3, 10] as const;

/**
 * Installs the pinned packages into a virtual environment outside the checkout, once for each list of them, and gives the
 * path of its Python. Needs the Python package index the first time.
 * @throws one sentence when this machine has no Python that can
 */
export async function installMoto(): Promise<string> {
  const version = await pythonVersion();
  const hash = createHash('sha256').update(`${version}\n`).update(readFileSync(PACKAGES)).digest('hex').slice(0, 16);
  const folder = join(envPaths('owlnest').cache, 'integration-tools', `moto-${hash}`);
  const python = join(folder, 'bin', 'python');
  if (existsSync(python)) return python;
  const unfinished = `${folder}.${process.pid}.tmp`;
  mkdirSync(dirname(folder), { recursive: true });
  try {
    console.error(`Installing moto's server into ${folder}, once.`);
    await execa(PYTHON, ['-m', 'venv', unfinished]);
    const parameters = ['--quiet', '--disable-pip-version-check', '--no-deps', '--requirement', PACKAGES];
    await execa(join(unfinished, 'bin', 'python'), ['-m', 'pip', 'install', ...parameters]);
    renameSync(unfinished, folder);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw unmet(`it cannot be installed (${reason})`, 'see that pip reaches the Python package index');
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return python;
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

async function pythonVersion(): Promise<string> {
  const remedy = `install Python ${LEAST_PYTHON.join('.')} or newer from python.org`;
  const { stdout, failed } = await execa(PYTHON, ['--version'], { reject: false });
  if (failed) throw unmet('there is no python3 on the PATH', remedy);
  const [major = 0, minor = 0] = (/\d+\.\d+/.exec(stdout)?.[0] ?? '').split('.').map(Number);
  if (major < LEAST_PYTHON[0] || (major === LEAST_PYTHON[0] && minor < LEAST_PYTHON[1])) {
    throw unmet(`${stdout} is too old`, remedy);
  }
  return stdout;
}

/** A sentence without a stack: Jest prints what a file throws. */
function unmet(reason: string, remedy: string): Error {
  const error = new Error(`Skipped, since these tests need moto's server and ${reason}: ${remedy}.`);
  error.stack = error.message;
  return error;
}
