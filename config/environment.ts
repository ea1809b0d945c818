import { z } from 'zod';
import { apiSection } from './api.ts';
import { backupSection } from './backup.ts';
import { domainSection } from './domain.ts';
import { edgeSection } from './edge.ts';
import { domain, email, region } from './fields.ts';
import { identitiesSchema } from './identities.ts';
import { identitySection } from './identity.ts';
import { monitoringSection } from './monitoring.ts';
import { securitySection, suppressions } from './security.ts';
import { storageSection } from './storage.ts';
import { usageSection } from './usage.ts';

/** Tiers, and at the same time the environments whose tier follows from their name. */
export const TIERS = ['development', 'staging', 'production'] as const;

/** Layers of an environment, each with a section of this name. */
export const LAYERS = ['storage', 'domain', 'identity', 'api', 'edge', 'monitoring', 'security', 'backup'] as const;

/**
 * Settings, as paths, that nothing depends on yet, since the layer or tool that will read them does not exist: they are
 * checked, and part of the Environment.
 */
export const NOT_YET_USED = [
  'alertEmail',
  'budgetLimit',
  'accountScope',
  'contacts',
  'domain',
  'identity.email',
  'api',
  'edge',
  'monitoring',
  'security',
  'backup',
  'usage',
] as const;

const contacts = z.object({
  technicalLead: email.optional().describe('Mail address of who decides on the platform.'),
  operations: email.optional().describe('Mail address of who looks after it day by day.'),
  onCall: email.optional().describe('Mail address of who is called at night.'),
});

/** What AWS takes as the key of a tag; those beginning with aws: are its own. */
export const TAG_KEY = '^[A-Za-z0-9 _.:/=+@-]{1,128}$';

const tagKey = z.string().regex(new RegExp(TAG_KEY)).describe('1 to 128 letters, digits, spaces and _.:/=+@-.');

/** What AWS takes as the value of a tag. */
const tagValue = z
  .string()
  .max(256)
  .regex(/^[\p{L}\p{M}\p{N} _.:/=+@-]*$/u)
  .describe('Letters of any script, digits, spaces and _.:/=+@- only.');

/**
 * What a person says of an environment and the cluster gets, one to one. All is optional but six keys. A default stands
 * here once: charts see it filled in, the XRD and `kubectl explain` say it and never apply it.
 * No `refine` and no unions of objects: the XRD could not say them. Rules over several keys are in `rules.ts`.
 */
const shared = z.object({
  environment: z
    .string()
    .max(15)
    .regex(/^[a-z][a-z0-9]{2,14}$/)
    .describe('Name of the environment and of its file: 3 to 15 lower-case letters and digits, a letter first.'),
  domainName: domain.describe('Domain name of the environment, such as dev.owlnest.example.'),
  alertEmail: email.describe('Mail address that alarms and budget warnings go to.'),
  budgetLimit: z.number().min(1).max(1000000).describe('Monthly budget in US dollars.'),
  account: z
    .string()
    .max(12)
    .regex(/^[0-9]{12}$/)
    .describe('AWS account id: 12 digits.'),
  // No later release may have another default: who never wrote a region has data in this one.
  region: region.default('ap-northeast-1').describe('AWS region, such as ap-northeast-1.'),
  replicaRegion: region.optional().describe('AWS region of the replicas; must differ from region.'),
  accountScope: z
    .enum(['owner', 'member'])
    .default('owner')
    .describe(
      'Whether this environment has what AWS gives once an account and region (GuardDuty, Config, …); one environment has it.',
    ),
  tier: z
    .enum(TIERS)
    .optional()
    .describe(
      'What the environment is for. Follows from the names development, staging and production; others say it.',
    ),
  release: z
    .string()
    .max(64)
    .regex(/^[0-9]+\.[0-9]+\.[0-9]+(-[0-9a-z.-]+)?$/)
    .optional()
    .describe('Release that the environment is pinned to, such as 1.4.0; that of the checkout unless said otherwise.'),
  contacts: contacts.optional().describe('People to turn to.'),
  tags: z.record(tagKey, tagValue).default({}).describe('Tags of every AWS resource, at most 40.'),
  protectData: z
    .boolean()
    .default(true)
    .describe('false lets this environment delete what holds data; production always protects it.'),
  allowRemoval: z
    .array(
      z
        .string()
        .max(200)
        .regex(new RegExp(`^(${LAYERS.join('|')})/[A-Za-z]+/[a-z0-9.-]+(\\.[A-Za-z0-9_.-]+)?$`)),
    )
    .max(100)
    .default([])
    .describe(
      'What holds data and may be removed although protected: a resource as <layer>/<Kind>/<name>, a part of one with .<part> after it.',
    ),
  storage: storageSection.prefault({}).describe('Table, files and keys.'),
  domain: domainSection.prefault({}).describe('DNS zone and certificates.'),
  identity: identitySection.prefault({}).describe('User pool: how people sign in.'),
  api: apiSection.prefault({}).describe('REST and WebSocket APIs and the functions behind them.'),
  edge: edgeSection.prefault({}).describe('Distribution and web application firewall.'),
  monitoring: monitoringSection.prefault({}).describe('Alarms, dashboards, budgets and who is told.'),
  security: securitySection.prefault({}).describe('What watches the account, and what happens then.'),
  backup: backupSection.prefault({}).describe('Backups, their copies and drills.'),
});

/** The spec of an Environment. */
export const environmentSchema = shared.extend({
  identities: identitiesSchema
    .default({})
    .describe('What AWS calls resources that are there already, by <Kind>.<group>/<name>.'),
});

/** What the chart of an environment sees: defaults filled in. */
export type EnvironmentSpec = z.infer<typeof environmentSchema>;

/** `config/<environment>.json`: the spec, and what only our own tools read. */
export const fileSchema = shared.extend({
  $schema: z
    .string()
    .max(200)
    .regex(/^[A-Za-z0-9:/._-]+$/)
    .optional()
    .describe('Where editors find what a file may say; OwlNest does not read it.'),
  security: securitySection
    .extend({ suppressions })
    .optional()
    .describe(shared.shape.security.description ?? ''),
  usage: usageSection.optional().describe('What the estimate of cost reckons with. It never reaches the cluster.'),
});

/** A file as the person wrote it. */
export type EnvironmentFile = z.input<typeof fileSchema>;

/** The part of a file that the cluster gets. */
export function specOf(file: EnvironmentFile): z.input<typeof shared> {
  const { $schema: _, usage: __, security, ...spec } = file;
  if (security === undefined) return spec;
  const { suppressions: ___, ...forCluster } = security;
  return { ...spec, security: forCluster };
}
