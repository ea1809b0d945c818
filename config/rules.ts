import { COLD_STORAGE_DAYS } from './backup.ts';
import { environmentSchema, TAG_KEY, TIERS } from './environment.ts';
import { SERVICE } from './monitoring.ts';
import { defaultOf, schemaAt } from './schema.ts';

/**
 * A rule over more than one setting, in CEL and written once: for files and for the API server. `self` is the spec as it
 * was written, without defaults. The message says what to do.
 */
export interface ConfigRule {
  readonly rule: string;
  readonly message: string;
  readonly fieldPath: string;
}

/**
 * A rule over a change, for the API server only, since a file does not know what was there before: `oldSelf` is the spec
 * as it stands.
 */
export interface ConfigTransition {
  readonly transition: string;
  readonly message: string;
  readonly fieldPath: string;
}

/** The account that `owlnest new environment` writes where nobody gave one. */
export const PLACEHOLDER_ACCOUNT = '000000000000';

/** Words that a prefix of a domain must not have: Amazon Cognito Developer Guide, "Using the Amazon Cognito domain". */
const RESERVED_BY_COGNITO = ['aws', 'amazon', 'cognito'];

/** AWS takes 50 tags a resource; the rest is for ours and those of AWS services. */
const MAXIMUM_TAGS = 40;

/** CEL: whether all of this path stands there. */
function has(path: string, spec = 'self'): string {
  const keys = path.split('.');
  return keys.map((_, index) => `has(${spec}.${keys.slice(0, index + 1).join('.')})`).join(' && ');
}

/** CEL: the value at the path, its default where nobody wrote one. */
function value(path: string, spec = 'self'): string {
  return `(${has(path, spec)} ? ${spec}.${path} : ${literal(defaultAt(path))})`;
}

/** Throws for a path without a default: then a rule must ask whether there is a value. */
function defaultAt(path: string): unknown {
  const fallback = defaultOf(schemaAt(environmentSchema, path.split('.')));
  if (fallback === undefined) throw new Error(`The setting ${path} has no default.`);
  return fallback;
}

function literal(text: unknown): string {
  return typeof text === 'string' ? `'${text}'` : JSON.stringify(text);
}

const REPLICAS = ['storage.table.replica', 'storage.files.replica'];

const tiers = `[${TIERS.map(literal).join(', ')}]`;
/** CEL: the tier, which follows from the name where nobody wrote one. */
const tierIn = (spec: string): string => `(has(${spec}.tier) ? ${spec}.tier : ${spec}.environment)`;

export const environmentRules: readonly ConfigRule[] = [
  {
    rule: `self.account != '${PLACEHOLDER_ACCOUNT}'`,
    message: 'write the id of your AWS account',
    fieldPath: '.account',
  },
  {
    rule: `!(self.environment in ${tiers}) || !has(self.tier) || self.tier == self.environment`,
    message: 'the tier of development, staging and production follows from the name, so remove it',
    fieldPath: '.tier',
  },
  {
    rule: `self.environment in ${tiers} || has(self.tier)`,
    message: `an environment with this name must state its tier: one of ${TIERS.join(', ')}`,
    fieldPath: '.tier',
  },
  {
    rule: `${tierIn('self')} != 'production' || !has(self.protectData) || self.protectData`,
    message: 'production always protects its data, so remove it',
    fieldPath: '.protectData',
  },
  {
    rule: `!has(self.replicaRegion) || self.replicaRegion != ${value('region')}`,
    message: 'the replicas must be in another region',
    fieldPath: '.replicaRegion',
  },
  {
    rule: `!has(self.tags) || self.tags.all(key, key.matches('${TAG_KEY}') && !key.startsWith('aws:'))`,
    message: 'AWS takes keys of 1 to 128 letters, digits, spaces and _.:/=+@- that do not begin with aws:',
    fieldPath: '.tags',
  },
  {
    rule: `!has(self.tags) || size(self.tags) <= ${MAXIMUM_TAGS}`,
    message: `write at most ${MAXIMUM_TAGS} tags`,
    fieldPath: '.tags',
  },
  ...REPLICAS.map((replica) => ({
    rule: `!${value(replica)} || has(self.replicaRegion)`,
    message: 'a replica needs a replicaRegion, so write one or leave the replica out',
    fieldPath: `.${replica}`,
  })),
  ...['Read', 'Write'].map((way) => ({
    rule: `${value(`storage.table.capacity.min${way}Units`)} <= ${value(`storage.table.capacity.max${way}Units`)}`,
    message: `min${way}Units must not be more than max${way}Units`,
    fieldPath: `.storage.table.capacity.min${way}Units`,
  })),
  {
    rule: `!self.environment.matches('${RESERVED_BY_COGNITO.join('|')}')`,
    message: `Cognito accepts no sign-in domain with ${RESERVED_BY_COGNITO.join(', ')} in it, and the name is part of that domain, so choose another name`,
    fieldPath: '.environment',
  },
  {
    rule: `${value('identity.threatProtection')} == 'off' || ${value('identity.plan')} == 'plus'`,
    message: 'threat protection needs the plan plus',
    fieldPath: '.identity.threatProtection',
  },
  {
    rule: `!(${has('identity.email.from')}) || ${value('identity.email.sender')} == 'ses'`,
    message: 'Cognito sends from its own address only, so remove it or set the sender to ses',
    fieldPath: '.identity.email.from',
  },
  {
    rule: `!(${has('identity.email.from')}) || self.identity.email.from.endsWith('@' + self.domainName) || self.identity.email.from.endsWith('.' + self.domainName)`,
    message: 'only addresses below domainName can send',
    fieldPath: '.identity.email.from',
  },
  {
    rule: `${value('edge.waf.signInRequestsPer5Minutes')} <= ${value('edge.waf.requestsPer5Minutes')}`,
    message: 'the limit of sign-in requests must not be above requestsPer5Minutes, which counts them as well',
    fieldPath: '.edge.waf.signInRequestsPer5Minutes',
  },
  {
    rule: `!(${has('monitoring.serviceBudgets')}) || self.monitoring.serviceBudgets.all(name, name.matches('${SERVICE}'))`,
    message: 'write services as Cost Explorer does: 1 to 100 letters, digits, spaces and ()./&-',
    fieldPath: '.monitoring.serviceBudgets',
  },
  {
    rule: `!(${has('monitoring.serviceBudgets')}) || size(self.monitoring.serviceBudgets) <= 50`,
    message: 'write at most 50 budgets',
    fieldPath: '.monitoring.serviceBudgets',
  },
  {
    rule: `!(${has('backup.weekly.coldAfterDays')}) || ${value('backup.weekly.retentionDays')} >= self.backup.weekly.coldAfterDays + ${COLD_STORAGE_DAYS}`,
    message: `a backup stays ${COLD_STORAGE_DAYS} days in cold storage, so retentionDays must be that much longer`,
    fieldPath: '.backup.weekly.coldAfterDays',
  },
  {
    rule: `!(${has('backup.copyTo')}) || has(self.backup.copyTo.region) || has(self.replicaRegion)`,
    message: 'write the region of the copies, or a replicaRegion for the whole environment',
    fieldPath: '.backup.copyTo',
  },
  {
    rule: `!(${has('backup.copyTo.region')}) || self.backup.copyTo.region != ${value('region')}`,
    message: 'the copies must be in another region',
    fieldPath: '.backup.copyTo.region',
  },
];

/**
 * What says where the data of an environment is cannot change once it is there, whether it protects its data or not:
 * everything would be made anew elsewhere, and nobody would see what is there already.
 */
export const environmentTransitions: readonly ConfigTransition[] = [
  {
    transition: 'self.environment == oldSelf.environment',
    message:
      'the name of an environment cannot change, since its data carries the name: make a new environment and move the data',
    fieldPath: '.environment',
  },
  {
    transition: 'self.account == oldSelf.account',
    message:
      'the account of an environment cannot change, since its data is there: make a new environment and move the data',
    fieldPath: '.account',
  },
  {
    // Writing down the region that held all along is no change.
    transition: `${value('region')} == ${value('region', 'oldSelf')}`,
    message:
      'the region of an environment cannot change, since its data is there: make a new environment and move the data',
    fieldPath: '.region',
  },
  {
    // Else two commits would do what one may not: of another tier, and then without protection.
    transition: `${tierIn('oldSelf')} != 'production' || ${tierIn('self')} == 'production'`,
    message: 'the tier production of an environment cannot change, since its data is protected: make a new environment',
    fieldPath: '.tier',
  },
];
