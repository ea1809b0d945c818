import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { checkoutRelease } from '../../../cli/project.ts';
import { bundle, functionEntry } from '../../../tools/bundle/bundle.ts';
import { freePorts } from '../harness/ports.ts';

/** The function as its container runs it: one bundle, in a process of its own. */
export interface FunctionProcess {
  readonly id: number;
  readonly port: string;
  /** Its metrics, in the text format of Prometheus. */
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Bundles the checkout and serves it with the certificates of the folder. */
export async function startFunctionProcess(certificates: string): Promise<FunctionProcess> {
  const folder = join(root, 'build/scale');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'owlnest.mjs');
  writeFileSync(file, (await bundle(root, functionEntry(root, checkoutRelease()))).code);
  const [port, metricsPort] = await freePorts(2);
  const flags = ['--tls-dir', certificates, '--address', `127.0.0.1:${port}`];
  const child = spawn(
    process.execPath,
    [file, 'serve', ...flags, '--metrics-address', `127.0.0.1:${metricsPort}`],
    // Its log is a line a call.
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(createInterface({ input: child.stdout }), 'line');
  child.stdout.resume();
  return {
    id: child.pid ?? 0,
    port: String(port),
    metrics: async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text(),
    stop: async () => {
      const ended = once(child, 'close');
      child.kill();
      await ended;
    },
  };
}
