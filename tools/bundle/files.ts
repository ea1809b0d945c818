import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Bundle } from './bundle.ts';
import { bundledPackages, noticesText } from './notices.ts';

/** The bundle's own name. */
export const BUNDLE = 'owlnest.mjs';
/** The licences of the packages that are in it. */
export const NOTICES = 'THIRD-PARTY-NOTICES.txt';
/** Our own licence. */
export const LICENSE = 'LICENSE';

/** What is delivered together, by name: in the folder of `npm run bundle` and in the image. */
export function functionFiles(root: string, { code, inputs }: Bundle): ReadonlyMap<string, Uint8Array> {
  const notices = noticesText(bundledPackages(root, Object.keys(inputs)));
  return new Map([
    [BUNDLE, code],
    [LICENSE, readFileSync(path.join(root, LICENSE))],
    [NOTICES, Buffer.from(notices)],
  ]);
}
