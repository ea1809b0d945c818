import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import envPaths from 'env-paths';
import type { KubernetesObject } from '../../../imports/base.ts';

const CACHE = join(envPaths('owlnest').cache, 'e2e-snapshots');
/** One for each file of the tests and some of the last versions: about 3 MB each. */
const KEPT = 40;

/**
 * etcd's data after everything is installed, kept outside the checkout: installing takes three times as long as starting.
 * It holds neither ports nor certificates: whatever names them is applied again at each start.
 */
export interface Snapshot {
  /** Puts the data into the folder; false when there is no such snapshot yet. */
  restore(folder: string): boolean;
  /** Keeps the data of an etcd that does not run. */
  save(folder: string): void;
}

/** The snapshot for exactly these programs and objects. */
export function snapshotOf(programs: readonly string[], objects: readonly KubernetesObject[]): Snapshot {
  const hash = createHash('sha256').update(JSON.stringify([programs, objects]));
  const kept = join(CACHE, hash.digest('hex').slice(0, 16));
  return {
    restore: (folder) => {
      if (!existsSync(kept)) return false;
      for (const file of filesIn(kept)) {
        mkdirSync(dirname(join(folder, file)), { recursive: true, mode: 0o700 });
        writeFileSync(join(folder, file), gunzipSync(readFileSync(join(kept, file))), { mode: 0o600 });
      }
      utimesSync(kept, new Date(), new Date());
      return true;
    },
    save: (folder) => {
      mkdirSync(CACHE, { recursive: true });
      const unfinished = mkdtempSync(join(CACHE, 'unfinished-'));
      try {
        // What etcd prepares for its next file is made anew.
        for (const file of filesIn(folder).filter((name) => !name.endsWith('.tmp'))) {
          mkdirSync(dirname(join(unfinished, file)), { recursive: true });
          writeFileSync(join(unfinished, file), gzipSync(readFileSync(join(folder, file)), { level: 1 }));
        }
        if (!existsSync(kept)) renameSync(unfinished, kept);
      } finally {
        rmSync(unfinished, { recursive: true, force: true });
      }
      forgetOld();
    },
  };
}

/** Paths of all files below the folder, relative to it. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

function forgetOld(): void {
  const age = (name: string): number => statSync(join(CACHE, name)).mtimeMs;
  const old = readdirSync(CACHE).sort((one, other) => age(other) - age(one));
  for (const name of old.slice(KEPT)) rmSync(join(CACHE, name), { recursive: true, force: true });
}
