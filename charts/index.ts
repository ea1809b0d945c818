import type { CompositeKind } from '../crossplane/definition/definition.ts';
import { ObjectStore } from './composites/object-store.ts';
import { Environment } from './environment/environment.ts';
import { Storage } from './storage/storage.ts';

/** Every composite kind of OwlNest: the only list. */
export const compositeKinds: readonly CompositeKind[] = [Environment, Storage, ObjectStore];
