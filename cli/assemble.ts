import { compositeKinds } from '../charts/index.ts';
import { createComposer } from '../crossplane/compose/compose.ts';
import type { Composer } from '../crossplane/compose/types.ts';
import type { CompositeKind } from '../crossplane/definition/definition.ts';
import type { Release } from '../crossplane/definition/release.ts';
import { compositeKindSchema } from '../crossplane/definition/xrd.ts';
import { parseLockIndex, schemaRegistry, type ReadLock, type SchemaRegistry } from '../crossplane/schema/registry.ts';

/** What every command works with: the kinds, their schemas, and the compose step of this release. */
export interface Toolchain {
  readonly kinds: readonly CompositeKind[];
  readonly schemas: SchemaRegistry;
  readonly release: Release;
  readonly composer: Composer;
}

/** Puts the parts together, wherever the schema lock and the release come from. */
export function assembleToolchain(read: ReadLock, release: Release): Toolchain {
  const schemas = schemaRegistry(read, parseLockIndex(read('index')), compositeKinds.map(compositeKindSchema));
  return { kinds: compositeKinds, schemas, release, composer: createComposer(compositeKinds, schemas, release) };
}
