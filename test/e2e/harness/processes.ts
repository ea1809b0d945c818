import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Launch, Notice, Order } from './guardian.ts';
import { until } from './until.ts';

export interface Program extends Omit<Launch, 'log' | 'env'> {
  readonly env?: Readonly<Record<string, string>>;
  /** Resolves to true once the program serves; asked again and again until then. */
  readonly ready: () => Promise<boolean>;
  /** Milliseconds that it may take. @default 60 s */
  readonly timeout?: number;
}

/** The programs of one control plane, each with a log file `<name>.log` in the folder. */
export class Processes {
  readonly #folder: string;
  readonly #guardian: ChildProcess;
  readonly #exits = new Map<string, string>();
  readonly #ids = new Map<string, number>();

  /** `folder` is removed when the tests end without `finish`. */
  constructor(folder: string) {
    this.#folder = folder;
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
    this.#guardian = fork(join(import.meta.dirname, 'guardian.ts'), [folder], {
      execArgv: ['--import', tsx],
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#guardian.on('message', (notice: Notice) => {
      if (notice.notice === 'started') this.#ids.set(notice.name, notice.pid);
      else this.#exits.set(notice.name, notice.text);
    });
  }

  /** Starts the program and waits until it is ready; rejects with the end of its log when it exits or is too slow. */
  async start({ name, command, args, env = {}, ready, timeout = 60_000 }: Program): Promise<void> {
    this.#exits.delete(name);
    this.#order({ order: 'start', launch: { name, command, args, env, log: this.log(name) } });
    await until(`${name} is ready`, timeout, async () => {
      const exit = this.#exits.get(name);
      if (exit !== undefined) throw new Error(`${name} ended (${exit}):\n${this.tail(name)}`);
      return (await ready()) ? true : undefined;
    });
  }

  /** Stops one program; resolves when it is gone. */
  async stop(name: string): Promise<void> {
    this.#exits.delete(name);
    this.#order({ order: 'stop', name });
    await until(`${name} has stopped`, 10_000, () => Promise.resolve(this.#exits.get(name)));
  }

  /** Kills one program (SIGKILL); resolves when it is gone. */
  async kill(name: string): Promise<void> {
    this.#exits.delete(name);
    this.#order({ order: 'kill', name });
    await until(`${name} is killed`, 10_000, () => Promise.resolve(this.#exits.get(name)));
  }

  /** Whether the program has ended, by itself or not. */
  ended(name: string): boolean {
    return this.#exits.has(name);
  }

  /** Process ids of the programs by name, as last started. */
  get ids(): ReadonlyMap<string, number> {
    return this.#ids;
  }

  /** Stops all programs, last started first, and removes the folder unless its logs are wanted. */
  async finish({ keepFolder }: { readonly keepFolder: boolean }): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#guardian.once('exit', () => {
        resolve();
      });
      if (this.#guardian.connected) this.#order({ order: 'finish', keepFolder });
      else resolve();
    });
  }

  /** Path of a program's log file. */
  log(name: string): string {
    return join(this.#folder, `${name}.log`);
  }

  /** The last lines of a program's log. */
  tail(name: string, lines = 15): string {
    const path = this.log(name);
    return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').slice(-lines).join('\n') : '';
  }

  #order(order: Order): void {
    this.#guardian.send(order);
  }
}
