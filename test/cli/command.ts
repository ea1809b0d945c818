import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

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
}

/** Runs any command in the checkout. */
export function run(
  command: string,
  parameters: readonly string[],
  { root = ROOT, env = {} }: Options = {},
): Promise<Result> {
  const settings = { cwd: root, env: { ...ENVIRONMENT, ...env }, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve) => {
    const child = execFile(command, parameters, settings, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
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
