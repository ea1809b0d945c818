import { readFileSync } from 'node:fs';
import { assembleToolchain, type Toolchain } from './assemble.ts';
import { checkoutRelease, ROOT } from './project.ts';

export type { Toolchain };

/** Puts the parts together from the checkout; schemas of a service are read from the lock when first asked for. */
export function openToolchain(): Toolchain {
  return assembleToolchain((name) => readFileSync(`${ROOT}imports/lock/${name}.json`, 'utf8'), checkoutRelease());
}
