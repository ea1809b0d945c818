import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { keepCrds } from './crds.ts';
import { ImportError } from './error.ts';
import { readFolder } from './folder.ts';
import { makeLock, readSelection, select } from './import.ts';
import { readUpstream, type UpstreamOptions } from './upstream.ts';

/** Puts `files` in the place of `folder`: written beside it first, so that nobody ever sees half of them. */
export function replaceFolder(folder: string, files: ReadonlyMap<string, string>): void {
  mkdirSync(path.dirname(folder), { recursive: true });
  const work = mkdtempSync(`${folder}.`);
  try {
    const [fresh, old] = [path.join(work, 'new'), path.join(work, 'old')];
    mkdirSync(fresh);
    for (const [name, text] of files) writeFileSync(path.join(fresh, name), text);
    mkdirSync(folder, { recursive: true });
    renameSync(folder, old);
    renameSync(fresh, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Runs the import into the folder `lock`, and keeps the CRDs in `crds` beside it, from where it takes them when no other
 * source is named; the exit code.
 */
export async function main(args: readonly string[], lock: string, upstream: UpstreamOptions = {}): Promise<number> {
  try {
    const options = { from: { type: 'string' }, version: { type: 'string' } } as const;
    const { from, version } = parseArgs({ args: [...args], options }).values;
    const selection = readSelection();
    const crds = path.join(path.dirname(lock), 'crds');
    if (from !== undefined && version !== undefined) {
      throw new ImportError('Say where the CRDs are, in one way: --from <folder>, or --version <v2.6.0> for upstream.');
    }
    const source =
      version === undefined
        ? readFolder(from ?? crds)
        : await readUpstream(version, new Set(Object.keys(selection)), upstream);
    const files = makeLock(source, selection);
    keepCrds(crds, source.version, [...select(source.definitions, selection).values()].flat());
    replaceFolder(lock, files);
    const bytes = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    console.log(`Wrote ${files.size} files, ${bytes} bytes, to ${path.relative(process.cwd(), lock)}.`);
    return 0;
  } catch (error) {
    if (!(error instanceof ImportError) && !isUsage(error)) throw error;
    console.error(error.message);
    return 1;
  }
}

/** `parseArgs` explains itself in one sentence too. */
function isUsage(error: unknown): error is Error {
  return (
    typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2), fileURLToPath(new URL('../../imports/lock', import.meta.url)));
}
