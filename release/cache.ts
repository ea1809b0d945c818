import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { releaseContent } from './manifest.ts';

/** Folder of the checkout. */
export const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** So many builds are kept: other branches of the same checkout, and runs that still read. */
const KEPT = 4;
/** No build takes as long. */
const LONG_MS = 3_600_000;
const INDEX = 'index.json';

const index = z.strictObject({
  content: releaseContent,
  /** SHA-256 of each file by its path. */
  files: z.record(z.string(), z.string()),
});
export type Index = z.infer<typeof index>;

/** Names a build by all that it depends on: our sources, the packages that are installed, and esbuild among them. */
export function keyOfSources(root: string): string {
  const hash = createHash('sha256');
  const own = ['lambda', 'release'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:ts|json)$/.test(name))
      .map((name) => path.join(folder, name)),
  );
  for (const name of [...own.sort(), 'package.json', 'package-lock.json', 'node_modules/esbuild/package.json']) {
    const content = readFileSync(path.join(root, name));
    hash.update(`${name} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/** Builds of functions in a folder, by their keys. A build comes into it whole, or not at all. */
export class Cache {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** What a build consists of; undefined where there is none, or none that can be read. */
  index(key: string): Index | undefined {
    try {
      return index.parse(JSON.parse(readFileSync(path.join(this.folder, key, INDEX), 'utf8')));
    } catch {
      return undefined;
    }
  }

  /** The files of a build by their paths; undefined where one of them is not what it was. */
  files(key: string): ReadonlyMap<string, Uint8Array> | undefined {
    try {
      const entries = Object.entries(this.index(key)?.files ?? {}).map(([name, digest]): [string, Uint8Array] => {
        const bytes = readFileSync(path.join(this.folder, key, name));
        if (createHash('sha256').update(bytes).digest('hex') !== digest) throw new Error(`${name} has changed.`);
        return [name, bytes];
      });
      return entries.length === 0 ? undefined : new Map(entries);
    } catch {
      return undefined;
    }
  }

  /** Puts a build in the place of any other with its key; of two that do so at once one is left. */
  put(key: string, content: Index['content'], files: ReadonlyMap<string, Uint8Array>): void {
    const target = path.join(this.folder, key);
    const [next, old] = [`${target}.new-${process.pid}`, `${target}.old-${process.pid}`];
    const digests = new Map(
      [...files].map(([name, bytes]) => [name, createHash('sha256').update(bytes).digest('hex')]),
    );
    for (const left of [next, old]) rmSync(left, { recursive: true, force: true });
    for (const [name, bytes] of files) {
      mkdirSync(path.dirname(path.join(next, name)), { recursive: true });
      writeFileSync(path.join(next, name), bytes);
    }
    writeFileSync(
      path.join(next, INDEX),
      JSON.stringify({ content, files: Object.fromEntries(digests) } satisfies Index),
    );
    move(target, old);
    if (!move(next, target)) rmSync(next, { recursive: true });
    rmSync(old, { recursive: true, force: true });
    this.forgetOld();
  }

  /** Builds beyond those that are kept, and what a run left half-way that has long ended. */
  private forgetOld(): void {
    const age = (name: string): number =>
      Date.now() - (statSync(path.join(this.folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0);
    const names = readdirSync(this.folder).sort((a, b) => age(a) - age(b));
    const builds = names.filter((name) => !name.includes('.'));
    const halves = names.filter((name) => name.includes('.') && age(name) > LONG_MS);
    for (const name of [...builds.slice(KEPT), ...halves]) {
      rmSync(path.join(this.folder, name), { recursive: true, force: true });
    }
  }
}

/** @returns false where there is nothing to move, or another run was faster. */
function move(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false;
  }
}
