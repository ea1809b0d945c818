import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { Cache, keyOfSources, ROOT, type Index } from './cache.ts';
import type { ReleaseContent } from './manifest.ts';

const cache = new Cache(path.join(ROOT, 'node_modules/.cache/owlnest/functions'));
let knownKey: string | undefined;

/** The key of the sources as they are; they are read once a process. */
function keyOfCheckout(): string {
  knownKey ??= keyOfSources(ROOT);
  return knownKey;
}

/** Whether the functions of this checkout have been bundled as they are now. */
export function isBundled(): boolean {
  return cache.index(keyOfCheckout()) !== undefined;
}

/** What the functions of this checkout are; bundles them first where nobody has. @throws Error when they cannot be. */
export function functionCode(): ReleaseContent {
  return bundled((key) => cache.index(key)).content;
}

/** What `functionCode()` tells of, by path below `dist/`. @throws Error when it cannot be bundled. */
export function functionFiles(): ReadonlyMap<string, Uint8Array> {
  return bundled((key) => cache.files(key));
}

/** In a process of its own: nobody else has to load esbuild. */
function bundled<T>(read: (key: string) => T | undefined): T {
  const key = keyOfCheckout();
  const found = read(key);
  if (found !== undefined) return found;
  const program = path.join(ROOT, 'release/main.ts');
  const { stderr } = spawnSync(process.execPath, ['--import', 'tsx', program], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  const made = read(key);
  if (made !== undefined) return made;
  throw new Error(`The functions in lambda/ cannot be bundled; see npm run bundle:functions. ${stderr.trim()}`);
}

/** Bundles anew, whatever was there. */
export function putCode(content: Index['content'], files: ReadonlyMap<string, Uint8Array>): void {
  cache.put(keyOfCheckout(), content, files);
}
