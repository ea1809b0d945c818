import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import envPaths from 'env-paths';
import { loadEnvironments } from './environments.ts';
import { UserError } from './errors.ts';
import { openToolchain } from './toolchain.ts';

/** One line of the doctor: `good` is said in words, too, so that it does not hang on colour. */
interface Check {
  readonly name: string;
  readonly state: 'ok' | 'missing' | 'broken';
  readonly found: string;
  /** What to do; absent where nothing needs doing. */
  readonly fix?: string;
}

/** Looks at what this machine has; what `npm start` and `npm test` need and do not find ends with exit code 1. */
export async function doctor(): Promise<void> {
  const checks = [
    node(),
    tool('npm', ['--version'], 'install Node.js from nodejs.org; npm comes with it', true),
    tool('go', ['version'], 'install Go 1.26 or newer; only npm run e2e needs it', false),
    tool('java', ['--version'], 'install Java 17 or newer; only emulators will need it', false),
    tool('python3', ['--version'], 'install Python 3.10 or newer; only npm run test:integration needs it', false),
    cache(),
    await kubectlContext(),
    config(),
  ];
  for (const { name, state, found, fix } of checks) {
    process.stdout.write(`${name.padEnd(16)} ${state.padEnd(8)} ${found}${fix === undefined ? '' : ` → ${fix}`}\n`);
  }
  if (checks.some(({ state }) => state === 'broken')) {
    throw new UserError(['Something that npm start needs is missing or broken; the lines above say what to do.']);
  }
}

function node(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > 20 || (major === 20 && minor >= 19);
  const base = { name: 'Node', found: process.versions.node };
  return enough ? { ...base, state: 'ok' } : { ...base, state: 'broken', fix: 'install Node 20.19 or newer' };
}

function tool(name: string, parameters: readonly string[], fix: string, needed: boolean): Check {
  try {
    const output = execFileSync(name, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return { name, state: 'ok', found: output.split('\n')[0]?.trim() ?? '' };
  } catch {
    return { name, state: needed ? 'broken' : 'missing', found: 'not found', fix };
  }
}

function cache(): Check {
  const folder = envPaths('owlnest').cache;
  return existsSync(folder)
    ? { name: 'caches', state: 'ok', found: folder }
    : {
        name: 'caches',
        state: 'missing',
        found: `${folder} is empty`,
        fix: 'npm run e2e:tools fills it; only npm run e2e needs it',
      };
}

async function kubectlContext(): Promise<Check> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const kubeConfig = new KubeConfig();
  try {
    kubeConfig.loadFromDefault();
  } catch {
    return {
      name: 'kubectl context',
      state: 'missing',
      found: 'kubeconfig cannot be read',
      fix: 'repair it, or set KUBECONFIG',
    };
  }
  const context = kubeConfig.getCurrentContext();
  // The client makes this one up where there is no kubeconfig.
  return context === '' || context === 'loaded-context'
    ? {
        name: 'kubectl context',
        state: 'missing',
        found: 'none',
        fix: 'kubectl config use-context; only a real cluster needs it',
      }
    : { name: 'kubectl context', state: 'ok', found: context };
}

function config(): Check {
  try {
    const { schemas, release } = openToolchain();
    const names = loadEnvironments(schemas, release).map(({ name }) => name);
    return { name: 'config', state: 'ok', found: names.join(', ') };
  } catch (error) {
    const [first = 'it cannot be read', ...more] = error instanceof UserError ? error.sentences : [String(error)];
    const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
    return { name: 'config', state: 'broken', found: `${first}${others}`, fix: 'mend the file' };
  }
}
