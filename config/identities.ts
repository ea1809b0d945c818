import { z } from 'zod';

const identity = z.object({
  externalName: z
    .string()
    .max(2048)
    .regex(/^[A-Za-z0-9:/_.,|#=@+*()<>~!?%-]+$/)
    .describe('Name of the resource in AWS: a name, an id or an ARN, as status.identities shows it.'),
  mode: z
    .enum(['adopt', 'owned'])
    .describe('Management of the resource: adopt only looks at it and changes nothing, owned manages it.'),
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
    movedFrom: otherEnvironment.optional().describe('Environment that had the resource before and says movedTo.'),
    movedTo: otherEnvironment.optional().describe('Environment that has the resource from now on and says movedFrom.'),
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
