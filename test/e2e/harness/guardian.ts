/**
 * A process between the tests and the programs that they start. It ends when its channel to the tests closes, for
 * whatever reason (also a crash or SIGKILL), and stops what it started, last started first. Run by `processes.ts`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';

export interface Launch {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly log: string;
}

export type Order =
  | { readonly order: 'start'; readonly launch: Launch }
  | { readonly order: 'stop'; readonly name: string }
  /** At once, as a machine that fails does it. */
  | { readonly order: 'kill'; readonly name: string }
  | { readonly order: 'finish'; readonly keepFolder: boolean };

export type Notice =
  | { readonly notice: 'started'; readonly name: string; readonly pid: number }
  | { readonly notice: 'exited'; readonly name: string; readonly text: string };

/** Time between asking a program to stop and killing it. */
const patience = 3_000;
const running = new Map<string, ChildProcess>();

function start({ name, command, args, env, log }: Launch): void {
  const file = openSync(log, 'a');
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', file, file] });
  closeSync(file);
  running.set(name, child);
  const gone = (text: string): void => {
    if (running.get(name) === child) running.delete(name);
    tell({ notice: 'exited', name, text });
  };
  child.once('spawn', () => {
    tell({ notice: 'started', name, pid: child.pid ?? 0 });
  });
  child.once('error', (error) => {
    gone(error.message);
  });
  child.once('exit', (code, signal) => {
    gone(signal === null ? `exit code ${String(code)}` : `signal ${signal}`);
  });
}

async function stop(name: string): Promise<void> {
  const child = running.get(name);
  if (child === undefined) return;
  await new Promise<void>((resolve) => {
    const kill = setTimeout(() => child.kill('SIGKILL'), patience);
    child.once('exit', () => {
      clearTimeout(kill);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

async function finish(keepFolder: boolean): Promise<never> {
  for (const name of [...running.keys()].reverse()) await stop(name);
  const [folder] = process.argv.slice(2);
  if (!keepFolder && folder !== undefined) rmSync(folder, { recursive: true, force: true });
  process.exit(0);
}

function tell(notice: Notice): void {
  if (process.connected) process.send?.(notice);
}

process.on('message', (order: Order) => {
  if (order.order === 'start') start(order.launch);
  else if (order.order === 'stop') void stop(order.name);
  else if (order.order === 'kill') running.get(order.name)?.kill('SIGKILL');
  else void finish(order.keepFolder);
});
process.once('disconnect', () => void finish(false));
// Ctrl-C reaches the tests; when they end, the channel closes.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
