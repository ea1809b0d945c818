import { readFileSync } from 'node:fs';
import { parseLockIndex, schemaRegistry, type KindSchema } from '../../crossplane/schema/registry.ts';
import type { GroupVersionKind } from '../../imports/base.ts';

/** The lock of this repository, and which files of it were read. */
export const filesRead: string[] = [];

export function readLock(name: string): string {
  filesRead.push(name);
  return readFileSync(new URL(`../../imports/lock/${name}.json`, import.meta.url), 'utf8');
}

export const index = parseLockIndex(readLock('index'));
export const registry = schemaRegistry(readLock, index, []);

/** The schema of a kind that must be there. */
export function kind(gvk: GroupVersionKind): KindSchema {
  const found = registry.find(gvk);
  if (found === undefined) throw new Error(`The lock has no ${gvk.apiVersion} ${gvk.kind}.`);
  return found;
}
