import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Release } from '../crossplane/definition/release.ts';

/** Folder of the checkout, ending with a slash. */
export const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** The release that this checkout is. */
export function checkoutRelease(): Release {
  const manifest: unknown = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
  const version: unknown =
    typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'version') : undefined;
  if (typeof version !== 'string') throw new Error('package.json has no version.');
  return { version };
}
