import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Summary } from '../../report/summary.ts';

/** What a process took, from its start to its end. */
export interface Spent {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

/** What one `npm start` takes and writes. */
export interface Start extends Spent {
  readonly files: number;
  readonly bytes: number;
  readonly passes: Readonly<Record<string, number>>;
}

export function measureStart(): Start {
  const folder = mkdtempSync(join(tmpdir(), 'owlnest-bench-'));
  try {
    const out = join(folder, 'dist');
    const { spent } = run(folder, [local('../../cli/owlnest.js'), 'render', '--out', out]);
    const summary: Summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'));
    return {
      ...spent,
      ...sizeOf(out),
      passes: Object.fromEntries(Object.entries(summary.environments).map(([name, { passes }]) => [name, passes])),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What `wide.ts` takes, and what it says of each environment. */
export function measureWide(): { readonly spent: Spent; readonly environments: readonly WideEnvironment[] } {
  const folder = mkdtempSync(join(tmpdir(), 'owlnest-bench-'));
  try {
    const { spent, stdout } = run(folder, ['--import', 'tsx', local('wide.ts')]);
    const { environments } = JSON.parse(stdout) as { readonly environments: readonly WideEnvironment[] };
    return { spent, environments };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** An environment of `wide.ts` at rest. */
export interface WideEnvironment {
  readonly ready: boolean;
  readonly passes: number;
  readonly composites: number;
  /** Managed ones. */
  readonly resources: number;
}

/** Runs a program of Node's until its end; throws where it fails. */
function run(folder: string, parameters: readonly string[]): { readonly spent: Spent; readonly stdout: string } {
  const usageFile = join(folder, 'usage.json');
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', local('usage.js'), ...parameters], {
    env: { ...process.env, OWLNEST_BENCH_USAGE: usageFile },
    encoding: 'utf8',
  });
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${parameters.join(' ')} fails: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  const usage: NodeJS.ResourceUsage = JSON.parse(readFileSync(usageFile, 'utf8'));
  const cpuSeconds = (usage.userCPUTime + usage.systemCPUTime) / 1e6;
  return { spent: { seconds, cpuSeconds, megabytes: (usage.maxRSS * 1024) / 1e6 }, stdout };
}

/** Files and bytes below a folder. */
export function sizeOf(folder: string): { readonly files: number; readonly bytes: number } {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const sizes = files.map((entry) => statSync(join(entry.parentPath, entry.name)).size);
  return { files: files.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

function local(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
