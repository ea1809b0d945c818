import { z } from 'zod';

const identity = z.object({
  externalName: z
    .string()
    .max(2048)
    .regex(/^[A-Za-z0-9:/_.,|#=@+*()<>~!?%-]+$/)
    .describe('What AWS calls it: a name, an id or an ARN, as status.identities says it.'),
  mode: z.enum(['adopt', 'owned']).describe('adopt: look only, change nothing. owned: ours.'),
});

/**
 * What AWS calls resources that are there already, by `<Kind>.<group>/<name>`: recorded so that a rebuilt cluster finds
 * them, or so that they are adopted. Part of an Environment's spec.
 */
export const identitiesSchema = z.record(z.string(), identity);

const otherEnvironment = z
  .string()
  .max(15)
  .regex(/^[a-z][a-z0-9]{2,14}$/);

/**
 * A file of its own for each environment, `config/<environment>.identities.json`: identities, and which of them move from
 * one environment to another. Only our own tools read the latter.
 */
export const recordsSchema = z.record(
  z.string(),
  identity.extend({
    movedFrom: otherEnvironment.optional().describe('The environment that had it before and says movedTo.'),
    movedTo: otherEnvironment.optional().describe('The environment that has it from now on and says movedFrom.'),
  }),
);

export type Records = z.infer<typeof recordsSchema>;

/** How resources are named here. */
export const IDENTITY_KEY = /^[A-Z][A-Za-z0-9]{0,62}\.[a-z0-9.-]{1,253}\/[a-z0-9.-]{1,253}$/;

/** The identities as an Environment has them. */
export function identitiesOf(records: Records): z.infer<typeof identitiesSchema> {
  return Object.fromEntries(
    Object.entries(records).map(([key, { externalName, mode }]) => [key, { externalName, mode }]),
  );
}

/** Whether the record says that the resource is another environment's by now. */
export function isMovedAway({ movedTo }: Records[string]): boolean {
  return movedTo !== undefined;
}
