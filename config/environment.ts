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
  technicalLead: email.optional().describe('E-mail address of the technical lead.'),
  operations: email.optional().describe('E-mail address of the operations team.'),
  onCall: email.optional().describe('E-mail address of the person on call.'),
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
  alertEmail: email.describe('E-mail address that receives alarms and budget warnings.'),
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
      'Whether this environment has the resources that AWS gives once per account and region (GuardDuty, Config, …). Exactly one environment has them.',
    ),
  tier: z
    .enum(TIERS)
    .optional()
    .describe(
      'Tier of the environment. It follows from the names development, staging and production; other environments must state it.',
    ),
  release: z
    .string()
    .max(64)
    .regex(/^[0-9]+\.[0-9]+\.[0-9]+(-[0-9a-z.-]+)?$/)
    .optional()
    .describe('Release that the environment is pinned to, such as 1.4.0. The default is the release of the checkout.'),
  contacts: contacts.optional().describe('E-mail addresses of the people who are responsible for the environment.'),
  tags: z.record(tagKey, tagValue).default({}).describe('Tags that every AWS resource carries, at most 40.'),
  protectData: z
    .boolean()
    .default(true)
    .describe('Whether resources that hold data are protected from deletion. In production they always are.'),
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
      'Protected resources that may be removed nevertheless: a resource as <layer>/<Kind>/<name>, a part of one with .<part> after it.',
    ),
  storage: storageSection.prefault({}).describe('Settings of the Storage layer: table, buckets and keys.'),
  domain: domainSection.prefault({}).describe('Settings of the Domain layer: hosted zone and certificates.'),
  identity: identitySection.prefault({}).describe('Settings of the Identity layer: user pool and sign-in.'),
  api: apiSection
    .prefault({})
    .describe('Settings of the Api layer: REST API, WebSocket API and the functions behind them.'),
  edge: edgeSection.prefault({}).describe('Settings of the Edge layer: distribution and web application firewall.'),
  monitoring: monitoringSection
    .prefault({})
    .describe('Settings of the Monitoring layer: alarms, dashboards, budgets and notifications.'),
  security: securitySection
    .prefault({})
    .describe('Settings of the Security layer: detection in the account and the response to findings.'),
  backup: backupSection
    .prefault({})
    .describe('Settings of the Backup layer: backups, their copies and recovery drills.'),
});

/** The spec of an Environment. */
export const environmentSchema = shared.extend({
  identities: identitiesSchema.default({}).describe('AWS names of existing resources, by <Kind>.<group>/<name>.'),
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
    .describe('Path of the JSON schema of the file, for editors. OwlNest does not read it.'),
  security: securitySection
    .extend({ suppressions })
    .optional()
    .describe(shared.shape.security.description ?? ''),
  usage: usageSection
    .optional()
    .describe('Monthly usage that the cost estimate assumes. It never reaches the cluster.'),
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
