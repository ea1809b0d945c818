import { withSources, type CompositeKind } from '../crossplane/definition/definition.ts';
import { ObjectStore } from './composites/object-store.ts';
import { Environment } from './environment/environment.ts';
import { Identity } from './identity/identity.ts';
import { sources } from './sources.ts';
import { Storage } from './storage/storage.ts';

/** Every composite kind of OwlNest: the only list. */
export const compositeKinds: readonly CompositeKind[] = withSources(
  [Environment, Storage, ObjectStore, Identity],
  sources,
);
