import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { ROOT } from '../../cli/command.ts';

const START_MS = 180_000;

/** The local backend as a process of its own, as a person starts it. */
export class LocalBackend {
  readonly url: string;
  private readonly child: ChildProcess;
  private readonly text: () => string;

  private constructor(child: ChildProcess, url: string, text: () => string) {
    this.child = child;
    this.url = url;
    this.text = text;
  }

  /** Resolves when it says how to end it; rejects with what it says when it ends before. */
  static async start(parameters: readonly string[]): Promise<LocalBackend> {
    const child = spawn(process.execPath, ['--import', 'tsx', 'lambda/local/main.ts', ...parameters], { cwd: ROOT });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (text += data.toString()));
    const end = Date.now() + START_MS;
    while (!text.includes('Ctrl-C ends it')) {
      if (child.exitCode !== null || Date.now() > end) {
        child.kill('SIGKILL');
        throw new Error(`the backend does not start (${child.exitCode}): ${text}`);
      }
      await setTimeout(50);
    }
    return new LocalBackend(child, /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0] ?? '', () => text);
  }

  /** What it has printed. */
  output(): string {
    return this.text();
  }

  /** Ctrl-C. @returns the exit code */
  async interrupt(): Promise<number | null> {
    this.child.kill('SIGINT');
    if (this.child.exitCode === null) await once(this.child, 'exit');
    return this.child.exitCode;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) await this.interrupt();
  }
}
