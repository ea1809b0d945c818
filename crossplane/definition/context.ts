import { z } from 'zod';
import type { EnvironmentRegion } from '../../imports/base.ts';

/** What the Environment chart stamps into every layer: names, law 4 and external names follow from it. */
export const contextSchema = z.object({
  environment: z.string().describe('Name of the environment.'),
  tier: z.enum(['development', 'staging', 'production']).describe('Tier of the environment.'),
  account: z.string().describe('AWS account id, 12 digits.'),
  region: z.string().describe('AWS region of the environment.'),
  replicaRegion: z.string().optional().describe('AWS region that holds the replicas.'),
  domainName: z.string().describe('Domain name of the environment.'),
  tags: z.record(z.string(), z.string()).default({}).describe('Tags of every AWS resource.'),
  protectData: z.boolean().describe('Whether resources that hold data are protected from deletion (law 4).'),
  allowRemoval: z
    .array(z.string())
    .describe('Protected resources that may be removed nevertheless, as <layer>/<Kind>/<name>.'),
  identities: z
    .record(
      z.string(),
      z.object({
        externalName: z.string().describe('External name: the name or id of the resource in AWS.'),
        mode: z
          .enum(['adopt', 'owned'])
          .describe('Mode of the resource: adopt only observes it, owned lets OwlNest change it.'),
      }),
    )
    .default({})
    .describe('Recorded external names, by resource as <Kind>.<group>/<name>.'),
});

export type Context = z.infer<typeof contextSchema>;

/** The AWS region that one of the environment's regions is; throws a sentence where it has none. */
export function regionIn(context: Context, region: EnvironmentRegion): string {
  if (region === 'home') return context.region;
  if (context.replicaRegion === undefined) throw new Error(`${context.environment} has no replicaRegion.`);
  return context.replicaRegion;
}

/** Every object of an environment lives in one namespace. */
export function namespaceOf(environment: string): string {
  return `owlnest-${environment}`;
}
