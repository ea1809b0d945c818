import { readFileSync } from 'node:fs';
import { compositeKinds } from '../charts/index.ts';
import { createComposer } from '../crossplane/compose/compose.ts';
import type { Composer } from '../crossplane/compose/types.ts';
import type { CompositeKind } from '../crossplane/definition/definition.ts';
import type { Release } from '../crossplane/definition/release.ts';
import { compositeKindSchema } from '../crossplane/definition/xrd.ts';
import { parseLockIndex, schemaRegistry, type SchemaRegistry } from '../crossplane/schema/registry.ts';
import { checkoutRelease, ROOT } from './project.ts';

/** What every command works with: the kinds, their schemas, and the compose step of this release. */
export interface Workshop {
  readonly kinds: readonly CompositeKind[];
  readonly schemas: SchemaRegistry;
  readonly release: Release;
  readonly composer: Composer;
}

/** Puts the parts together; schemas of a service are read from the lock when first asked for. */
export function openWorkshop(): Workshop {
  const read = (name: string): string => readFileSync(`${ROOT}imports/lock/${name}.json`, 'utf8');
  const schemas = schemaRegistry(read, parseLockIndex(read('index')), compositeKinds.map(compositeKindSchema));
  const release = checkoutRelease();
  return { kinds: compositeKinds, schemas, release, composer: createComposer(compositeKinds, schemas, release) };
}
