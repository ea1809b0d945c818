import type { z } from 'zod';
import { Identity } from '../../../charts/identity/identity.ts';
import { identitySection } from '../../../config/identity.ts';
import type { Context } from '../../../crossplane/definition/context.ts';
import { layerAtRest, type LayerWorld, type TestedLayer } from '../../support/layer.ts';

export type Section = z.input<typeof identitySection>;

/** Everything that can be switched on. */
export const EVERYTHING = { mfa: 'required', plan: 'plus', threatProtection: 'enforced' } satisfies Section;

export const identity: TestedLayer<typeof identitySection> = {
  kind: Identity,
  section: identitySection,
  everything: EVERYTHING,
};

/** The layer at rest; throws when anything is wrong with it. */
export function identityWith(section?: Section, more?: Partial<Context>): LayerWorld<typeof identitySection> {
  return layerAtRest(identity, section, more);
}
