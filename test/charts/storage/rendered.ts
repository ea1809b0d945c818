import type { z } from 'zod';
import { Storage } from '../../../charts/storage/storage.ts';
import { storageSection } from '../../../config/storage.ts';
import type { Context } from '../../../crossplane/definition/context.ts';
import { layerAtRest, type LayerWorld, type TestedLayer } from '../../support/layer.ts';

export type Section = z.input<typeof storageSection>;

/** Everything that can be switched on. */
export const EVERYTHING = {
  table: { replica: true, billing: 'provisioned', contributorInsights: 'throttled-keys' },
  files: { replica: true, objectLockDays: 30, extraUploadOrigins: ['http://localhost:5173'] },
} satisfies Section;

export const storage: TestedLayer<typeof storageSection> = {
  kind: Storage,
  section: storageSection,
  everything: EVERYTHING,
};

/** The layer at rest; throws when anything is wrong with it. */
export function storageWith(section?: Section, more?: Partial<Context>): LayerWorld<typeof storageSection> {
  return layerAtRest(storage, section, more);
}
