import { readFileSync } from 'node:fs';
import type { Release, ReleaseVersion } from '../crossplane/definition/release.ts';
import type { SchemaRegistry } from '../crossplane/schema/registry.ts';
import { assembleSchemas, assembleToolchain, type Toolchain } from './assemble.ts';
import { checkoutRelease, checkoutVersion, ROOT } from './project.ts';

export type { Toolchain };

/** Schemas of a service are read from the lock when first asked for. */
const readLock = (name: string): string => readFileSync(`${ROOT}imports/lock/${name}.json`, 'utf8');

/** Puts the parts together from the checkout. */
export function openToolchain(release: Release = checkoutRelease()): Toolchain {
  return assembleToolchain(readLock, release);
}

/** For what looks at files and objects, and runs no chart: it needs no code of functions. */
export function openSchemas(): { readonly schemas: SchemaRegistry; readonly release: ReleaseVersion } {
  return { schemas: assembleSchemas(readLock), release: checkoutVersion() };
}
