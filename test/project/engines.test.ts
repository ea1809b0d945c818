import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';

const semver: { satisfies(version: string, range: string): boolean } = createRequire(import.meta.url)('semver');

/** The oldest Node that OwlNest installs and passes on, as package.json promises. */
const OLDEST_NODE = '20.19.0';

/** Packages that say they need a newer Node, each with the reason why that does no harm. */
const EXCEPTIONS: ReadonlyMap<string, string> = new Map([]);

interface Package {
  readonly path: string;
  readonly node: string;
  readonly binary: boolean;
}

function lockedPackages(): readonly Package[] {
  const { packages }: { packages: Record<string, LockEntry> } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  return Object.entries(packages).flatMap(([path, { engines, os, cpu, optional }]) => {
    const node = engines instanceof Array ? engines.find((range) => range.startsWith('node')) : engines?.node;
    if (node === undefined) return [];
    // npm installs these only where they fit, and the package beside them falls back.
    const binary = optional === true && (os !== undefined || cpu !== undefined);
    return [{ path: path === '' ? 'owlnest' : path, node: node.replace(/^node\s*/, ''), binary }];
  });
}

interface LockEntry {
  readonly engines?: { readonly node?: string } | readonly string[];
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly optional?: boolean;
}

test(`every locked package admits Node ${OLDEST_NODE}`, () => {
  const packages = lockedPackages();
  expect(packages.length).toBeGreaterThan(200);
  const refusing = packages.filter(({ node, binary }) => !binary && !semver.satisfies(OLDEST_NODE, node));
  const unexplained = refusing.filter(({ path }) => !EXCEPTIONS.has(path)).map(({ path, node }) => `${path}: ${node}`);
  expect(unexplained).toEqual([]);
});

test('no exception has outlived its package', () => {
  const refusing = lockedPackages().filter(({ node }) => !semver.satisfies(OLDEST_NODE, node));
  expect([...EXCEPTIONS.keys()].filter((path) => !refusing.some((one) => one.path === path))).toEqual([]);
});
