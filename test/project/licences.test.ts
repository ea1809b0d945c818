import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { z } from 'zod';

/** Licences that ask for nothing but their text, by SPDX's names. */
const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
]);

/** Packages under another licence, each with the reason why that is no harm. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'caniuse-lite': 'CC-BY-4.0, for its table of browsers: a tool of the tests reads it, and nothing of it is delivered.',
};

const lockShape = z.object({
  packages: z.record(z.string(), z.looseObject({ license: z.string().optional(), link: z.boolean().optional() })),
});
const { packages } = lockShape.parse(
  JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')),
);
const nameOf = (place: string): string => place.replace(/^.*node_modules\//, '');

/** True if one can follow the expression with permissive licences alone; SPDX's brackets around parts are not used. */
function isPermissive(license: string): boolean {
  const bare = license.replace(/^\((.*)\)$/, '$1');
  return bare.split(' OR ').some((way) => way.split(' AND ').every((id) => PERMISSIVE.has(id)));
}

test('every package of the lock file is under a permissive licence, or has its reason', () => {
  expect(Object.keys(packages).length).toBeGreaterThan(500);
  const others = Object.entries(packages)
    .filter(([place, { license = '' }]) => !isPermissive(license) && EXCEPTIONS[nameOf(place)] === undefined)
    .map(([place, { license }]) => `${nameOf(place)}: ${license ?? 'names no licence'}`);
  expect(others).toEqual([]);
});

test('an exception is one that is there, and nothing of it is in the bundle', () => {
  const needed = Object.entries(packages).filter(([, { license = '' }]) => !isPermissive(license));
  expect(new Set(Object.keys(EXCEPTIONS))).toEqual(new Set(needed.map(([place]) => nameOf(place))));
  const bundled = readFileSync(new URL('../golden/bundled-packages.txt', import.meta.url), 'utf8');
  for (const name of Object.keys(EXCEPTIONS)) expect(bundled).not.toContain(`${name}@`);
});

test.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0-or-later)', true],
  ['(Apache-2.0 AND BSD-3-Clause)', true],
  ['Apache-2.0 AND GPL-3.0-only', false],
  ['AGPL-3.0-only', false],
  ['UNLICENSED', false],
  ['SEE LICENSE IN LICENSE', false],
  ['', false],
])('%s is permissive: %s', (license, expected) => {
  expect(isPermissive(license)).toBe(expected);
});
