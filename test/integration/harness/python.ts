import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import envPaths from 'env-paths';
import { execa } from 'execa';

/** A program in Python that tests need, with everything that it needs itself. */
export interface PythonProgram {
  /** As a sentence calls it: `moto's server`. */
  readonly what: string;
  /** Name of its folder, and of `<name>-requirements.txt` beside this file. */
  readonly name: string;
}

const PYTHON = 'python3';
/** moto 5.2 and cfn-lint, which it brings. */
const LEAST_PYTHON = [3, 10] as const;

/**
 * Installs the pinned packages of a program into a virtual environment outside the checkout, once for each list of them, and
 * gives the path of its Python. Needs the Python package index the first time.
 * @throws one sentence when this machine has no Python that can
 */
export async function installPython(program: PythonProgram): Promise<string> {
  const { name, what } = program;
  const packages = join(import.meta.dirname, `${name}-requirements.txt`);
  const version = await pythonVersion(program);
  const hash = createHash('sha256').update(`${version}\n`).update(readFileSync(packages)).digest('hex').slice(0, 16);
  const folder = join(envPaths('owlnest').cache, 'integration-tools', `${name}-${hash}`);
  const python = join(folder, 'bin', 'python');
  if (existsSync(python)) return python;
  const unfinished = `${folder}.${process.pid}.tmp`;
  mkdirSync(dirname(folder), { recursive: true });
  try {
    console.error(`Installing ${what} into ${folder}, once.`);
    await execa(PYTHON, ['-m', 'venv', unfinished]);
    const parameters = ['--quiet', '--disable-pip-version-check', '--no-deps', '--requirement', packages];
    await execa(join(unfinished, 'bin', 'python'), ['-m', 'pip', 'install', ...parameters]);
    renameSync(unfinished, folder);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw unmet(program, `it cannot be installed (${reason})`, 'see that pip reaches the Python package index');
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return python;
}

async function pythonVersion(program: PythonProgram): Promise<string> {
  const remedy = `install Python ${LEAST_PYTHON.join('.')} or newer from python.org`;
  const { stdout, failed } = await execa(PYTHON, ['--version'], { reject: false });
  if (failed) throw unmet(program, 'there is no python3 on the PATH', remedy);
  const [major = 0, minor = 0] = (/\d+\.\d+/.exec(stdout)?.[0] ?? '').split('.').map(Number);
  if (major < LEAST_PYTHON[0] || (major === LEAST_PYTHON[0] && minor < LEAST_PYTHON[1])) {
    throw unmet(program, `${stdout} is too old`, remedy);
  }
  return stdout;
}

/** A sentence without a stack: Jest prints what a file throws. */
function unmet({ what }: PythonProgram, reason: string, remedy: string): Error {
  const error = new Error(`Skipped, since these tests need ${what} and ${reason}: ${remedy}.`);
  error.stack = error.message;
  return error;
}
