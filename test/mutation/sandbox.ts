import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A copy of the checkout in which files may be broken; the checkout itself is never touched. */
export interface Sandbox {
  write(path: string, text: string): void;
  /** Runs these test files one after the other, up to the first that fails. */
  test(
    patterns: readonly string[],
    options: { readonly timeout: number; readonly signal: AbortSignal },
  ): Promise<Outcome>;
  remove(): void;
}

export type Outcome = 'passed' | 'failed' | 'timeout';

/** What neither the code nor its tests read; `node_modules` is linked. */
const LEFT_OUT = new Set(['.git', 'node_modules', 'dist', 'build', 'coverage']);
/** The model takes long, and these say nothing of single lines. */
const LONG_TESTS = ['/test/compose/model.test.ts', '/test/e2e/', '/test/bench/', '/test/mutation/'];

/** Copies the checkout beside all others in the folder for temporary files. */
export function openSandbox(checkout: string): Sandbox {
  const folder = mkdtempSync(join(tmpdir(), 'owlnest-mutation-'));
  for (const name of readdirSync(checkout)) {
    if (!LEFT_OUT.has(name)) cpSync(join(checkout, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(checkout, 'node_modules'), join(folder, 'node_modules'), 'dir');
  mkdirSync(join(folder, 'build'));
  return {
    write: (path, text) => {
      writeFileSync(join(folder, path), text);
    },
    test: (patterns, options) => runJest(folder, patterns, options),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function runJest(
  folder: string,
  patterns: readonly string[],
  { timeout, signal }: { readonly timeout: number; readonly signal: AbortSignal },
): Promise<Outcome> {
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const options = ['--bail', '--runInBand', '--silent', '--testPathIgnorePatterns', ...LONG_TESTS];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...jest, ...patterns, ...options], { cwd: folder, stdio: 'ignore', signal });
    let late = false;
    const clock = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeout);
    child.once('error', (error) => {
      clearTimeout(clock);
      reject(error);
    });
    child.once('exit', (code) => {
      clearTimeout(clock);
      resolve(late ? 'timeout' : code === 0 ? 'passed' : 'failed');
    });
  });
}
