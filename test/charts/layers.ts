/** What tests of every layer are given: a new layer adds a line here, and a file like `storage/data.ts`. */
import { storageData } from './storage/data.ts';
import { storage } from './storage/rendered.ts';

/** Every layer that exists: how it is rendered, and what it keeps. */
export const layers = { storage: { rendered: storage, data: storageData } } as const;
