import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Summary } from '../../report/summary.ts';

/** What one `npm start` takes and writes. */
export interface Start {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly megabytes: number;
  readonly files: number;
  readonly bytes: number;
  readonly passes: Readonly<Record<string, number>>;
}

export function measureStart(): Start {
  const folder = mkdtempSync(join(tmpdir(), 'owlnest-bench-'));
  try {
    const usageFile = join(folder, 'usage.json');
    const out = join(folder, 'dist');
    const start = performance.now();
    const parameters = ['--import', local('usage.js'), local('../../cli/owlnest.js'), 'render', '--out', out];
    const { status, stderr } = spawnSync(process.execPath, parameters, {
      env: { ...process.env, OWLNEST_BENCH_USAGE: usageFile },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`npm start fails: ${stderr.trim().split('\n').at(-1) ?? ''}`);
    const seconds = (performance.now() - start) / 1000;
    const usage: NodeJS.ResourceUsage = JSON.parse(readFileSync(usageFile, 'utf8'));
    const summary: Summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'));
    return {
      seconds,
      cpuSeconds: (usage.userCPUTime + usage.systemCPUTime) / 1e6,
      megabytes: (usage.maxRSS * 1024) / 1e6,
      ...sizeOf(out),
      passes: Object.fromEntries(Object.entries(summary.environments).map(([name, { passes }]) => [name, passes])),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
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
