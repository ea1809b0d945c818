import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Release, ReleaseVersion } from '../crossplane/definition/release.ts';
import { functionCode } from '../release/code.ts';

/** Folder of the checkout, ending with a slash. */
export const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** The release that this checkout is. Bundles the functions where nobody has since they changed: some seconds, once. */
export function checkoutRelease(): Release {
  const code = Object.entries(functionCode().functions);
  const functions = Object.fromEntries(code.map(([name, { sha256 }]) => [name, sha256]));
  return { ...checkoutVersion(), functions };
}

/** What `package.json` calls it. */
export function checkoutVersion(): ReleaseVersion {
  const manifest: unknown = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
  const version: unknown =
    typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'version') : undefined;
  if (typeof version !== 'string') throw new Error('package.json has no version.');
  return { version };
}
