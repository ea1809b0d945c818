import { z } from 'zod';

/**
 * What AWS calls resources that are there already, by `<Kind>.<group>/<name>`: recorded so that a rebuilt cluster finds
 * them, or so that they are adopted. A file of its own for each environment: `config/<environment>.identities.json`.
 */
export const identitiesSchema = z.record(
  z.string(),
  z.object({
    externalName: z
      .string()
      .max(2048)
      .regex(/^[A-Za-z0-9:/_.,|#=@+*()<>~!?%-]+$/)
      .describe('What AWS calls it: a name, an id or an ARN, as status.identities says it.'),
    mode: z.enum(['adopt', 'owned']).describe('adopt: look only, change nothing. owned: ours.'),
  }),
);

/** How resources are named here. */
export const IDENTITY_KEY = /^[A-Z][A-Za-z0-9]{0,62}\.[a-z0-9.-]{1,253}\/[a-z0-9.-]{1,253}$/;
