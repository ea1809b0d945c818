import { z } from 'zod';
import { storageRules, storageSection } from './storage.ts';

/** A rule over more than one field, written once: for files and for the API server. `self` is the spec. */
export interface ConfigRule {
  readonly rule: string;
  readonly message: string;
  readonly fieldPath: string;
}

/** Region of an environment that names none. */
export const DEFAULT_REGION = 'ap-northeast-1';

const domain = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const email = /^[^@\s]{1,64}@[^@\s]{1,190}$/;
const region = /^[a-z]{2}(-[a-z]+)+-[0-9]$/;

/** What a person says of an environment: `config/<environment>.json`, and the spec of the Environment one to one. */
export const environmentSchema = z.object({
  environment: z
    .string()
    .regex(/^[a-z][a-z0-9]{2,14}$/)
    .describe('Name of the environment: 3 to 15 lower-case letters and digits.'),
  domainName: z
    .string()
    .max(253)
    .regex(domain)
    .describe('Domain name of the environment, such as dev.owlnest.example.'),
  alertEmail: z.string().regex(email).describe('Where alarms and budget warnings go.'),
  budgetLimit: z.number().min(1).max(1000000).describe('Monthly budget in US dollars.'),
  account: z
    .string()
    .regex(/^[0-9]{12}$/)
    .describe('AWS account id: 12 digits.'),
  region: z.string().regex(region).optional().describe(`AWS region; ${DEFAULT_REGION} unless said otherwise.`),
  replicaRegion: z.string().regex(region).optional().describe('AWS region of the replicas; must differ from region.'),
  release: z
    .string()
    .regex(/^[0-9]+\.[0-9]+\.[0-9]+(-[0-9a-z.-]+)?$/)
    .optional()
    .describe('Release that the environment is pinned to; that of the checkout unless said otherwise.'),
  tags: z.record(z.string(), z.string().max(256)).optional().describe('Tags of every AWS resource.'),
  protectData: z
    .boolean()
    .optional()
    .describe('false lets this environment delete what holds data; production always protects it.'),
  allowRemoval: z
    .array(z.string().regex(/^[a-z-]+\/[A-Za-z]+\/[a-z0-9.-]+$/))
    .optional()
    .describe('Resources holding data that may be removed although protected, as <layer>/<Kind>/<name>.'),
  storage: storageSection.optional().describe('Table, files and keys.'),
});

export type EnvironmentConfig = z.infer<typeof environmentSchema>;

/** Rules over more than one field. Each holds in files and in the cluster, from this one text. */
export const environmentRules: readonly ConfigRule[] = [
  {
    rule: "self.environment != 'production' || !has(self.protectData) || self.protectData",
    message: 'production always protects its data',
    fieldPath: '.protectData',
  },
  {
    rule: `!has(self.replicaRegion) || self.replicaRegion != (has(self.region) ? self.region : '${DEFAULT_REGION}')`,
    message: 'the replicas must be in another region',
    fieldPath: '.replicaRegion',
  },
  {
    rule: "!has(self.tags) || self.tags.all(key, key.matches('^[A-Za-z0-9 _.:/=+@-]{1,128}$') && !key.startsWith('aws:'))",
    message:
      'AWS takes tag keys of letters, digits, spaces and _.:/=+@- only, at most 128 characters, not beginning with aws:',
    fieldPath: '.tags',
  },
  ...storageRules,
];
