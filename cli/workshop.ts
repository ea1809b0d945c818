import { readFileSync } from 'node:fs';
import { assembleWorkshop, type Workshop } from './assemble.ts';
import { checkoutRelease, ROOT } from './project.ts';

export type { Workshop };

/** Puts the parts together from the checkout; schemas of a service are read from the lock when first asked for. */
export function openWorkshop(): Workshop {
  return assembleWorkshop((name) => readFileSync(`${ROOT}imports/lock/${name}.json`, 'utf8'), checkoutRelease());
}
