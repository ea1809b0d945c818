/** What tests of every layer are given: a new layer adds a line here, and a file like `storage/data.ts`. */
import type { z } from 'zod';
import type { TestedLayer } from '../support/layer.ts';
import { identityData } from './identity/data.ts';
import { identity } from './identity/rendered.ts';
import type { LayerData } from './layer-data.ts';
import { storageData } from './storage/data.ts';
import { storage } from './storage/rendered.ts';

/** Every layer that exists: how it is rendered, and what it keeps. */
export const layers: Readonly<
  Record<string, { readonly rendered: TestedLayer<z.ZodType<object>>; readonly data: LayerData }>
> = {
  storage: { rendered: storage, data: storageData },
  identity: { rendered: identity, data: identityData },
};
