import { jest } from '@jest/globals';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as Main from '../../cli/main.ts';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of the tests without what asks for colours or forbids them. */
const { NO_COLOR: _, FORCE_COLOR: __, CI: ___, CDK8S_OUTDIR: ____, ...ENVIRONMENT } = process.env;

const folders: string[] = [];

/** A new folder; `removeFolders()` takes all of them away. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'owlnest-test-'));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

/**
 * A checkout with other environment files: `cli/` and `config/` are copied, for the command looks for its files around
 * itself; all else is the real thing.
 */
export function project(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  const copied = ['cli', 'config'];
  const left = ['.git', 'dist', 'build', 'coverage'];
  for (const name of readdirSync(ROOT).filter((one) => !left.includes(one))) {
    if (copied.includes(name)) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
    else symlinkSync(join(ROOT, name), join(folder, name));
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Runs the real command as a person would, from the checkout. */
export function owlnest(parameters: readonly string[], options: Options = {}): Promise<Result> {
  return run(process.execPath, [join(options.root ?? ROOT, 'cli/owlnest.js'), ...parameters], options);
}

export interface Options {
  readonly root?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the process reads from stdin. */
  readonly input?: string;
}

/**
 * The same command line without a process for it, which takes two seconds to start: for what depends on files and
 * parameters. What a process has for itself (its real exit code and streams, signals, variables that are read at the
 * start) is for `owlnest()`.
 */
export async function callOwlnest(
  parameters: readonly string[],
  { root = ROOT, env = {} }: Options = {},
): Promise<Result> {
  const { main } = (await import(join(root, 'cli/main.ts'))) as typeof Main;
  const written = { stdout: '', stderr: '' };
  const undo = (['stdout', 'stderr'] as const).map((name) => capture(name, (text) => (written[name] += text)));
  const before = { env: process.env, folder: process.cwd(), exitCode: process.exitCode };
  process.env = { ...ENVIRONMENT, ...env };
  process.exitCode = undefined;
  process.chdir(root);
  try {
    await main([process.execPath, 'owlnest', ...parameters]);
    return { code: exitCode(), ...written };
  } finally {
    process.env = before.env;
    process.exitCode = before.exitCode;
    process.chdir(before.folder);
    for (const one of undo) one();
  }
}

/** What this process would end with. */
function exitCode(): number {
  return Number(process.exitCode ?? 0);
}

/** Takes what is written to the stream, until the returned function is called. */
function capture(name: 'stdout' | 'stderr', take: (text: string) => void): () => void {
  const stream = process[name];
  const listeners = stream.listeners('error');
  const write = jest.spyOn(stream, 'write').mockImplementation((text) => {
    take(String(text));
    return true;
  });
  return () => {
    write.mockRestore();
    for (const one of stream.listeners('error')) {
      if (!listeners.includes(one)) stream.off('error', one as () => void);
    }
  };
}

/** Runs any command in the checkout. */
export function run(
  command: string,
  parameters: readonly string[],
  { root = ROOT, env = {}, input }: Options = {},
): Promise<Result> {
  const settings = { cwd: root, env: { ...ENVIRONMENT, ...env }, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve) => {
    const child = execFile(command, parameters, settings, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
    if (input !== undefined) child.stdin?.end(input);
  });
}

/** The command, running. */
export function started(parameters: readonly string[], root = ROOT): ChildProcess {
  return spawn(process.execPath, [join(root, 'cli/owlnest.js'), ...parameters], {
    cwd: root,
    env: ENVIRONMENT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** Every file below the folder with its text, by path. */
export function treeOf(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(names.sort().map((name) => [name.slice(folder.length + 1), readFileSync(name, 'utf8')]));
}

/** One environment file of the checkout with changes. */
export function changedConfig(
  name: string,
  changes: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  const path = `config/${name}.json`;
  const before = JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as object;
  return { [path]: JSON.stringify({ ...before, ...changes }, null, 2) };
}
