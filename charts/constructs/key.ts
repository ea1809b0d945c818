import { Construct } from 'constructs';
import type { Context } from '../../crossplane/definition/context.ts';
import { holdsData, pointBack } from '../../crossplane/reference/marks.ts';
import { observed } from '../../crossplane/reference/observed.ts';
import { Alias, Key, ReplicaKey, type KeyForProvider } from '../../imports/kms.ts';
import { awsName, named } from './naming.ts';
import { accountPrincipal, policyText, type Statement } from './policy.ts';
import { tagsOf } from './tags.ts';

const SOURCE = 'charts/constructs/key.ts';

/** Days between a key's deletion and the end of what it encrypts: KMS's longest. */
const DELETION_WINDOW_DAYS = 30;

/** What looks after a key without ever using it. */
const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:Describe*',
  'kms:Disable*',
  'kms:Enable*',
  'kms:Get*',
  'kms:List*',
  'kms:Put*',
  'kms:ReplicateKey',
  'kms:RevokeGrant',
  'kms:RotateKeyOnDemand',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:Update*',
];

interface KeyProps {
  readonly context: Context;
  /** What it is for, in a few words: its description in AWS. */
  readonly purpose: string;
  readonly config: string;
  readonly why: string;
  /** Who may use the key in a region. Who may administer it is decided here. */
  readonly uses: (region: string) => readonly Statement[];
}

/**
 * A KMS key with yearly rotation and an alias `alias/owlnest-<id>-<environment>`. What it encrypts is lost with it, so
 * it holds data.
 */
export class EncryptionKey extends Construct {
  /** Known once the key exists. */
  readonly arn: string;
  readonly #props: KeyProps;

  constructor(scope: Construct, id: string, props: KeyProps & { readonly multiRegion: boolean }) {
    super(scope, id);
    this.#props = props;
    const key = makeKey(this, props, {
      keyUsage: 'ENCRYPT_DECRYPT',
      customerMasterKeySpec: 'SYMMETRIC_DEFAULT',
      // Cannot be changed later, and costs nothing until there is a replica.
      multiRegion: props.multiRegion,
      enableKeyRotation: true,
    });
    this.arn = observed(key, (status) => status.atProvider.arn);
  }

  /** The same key in another region: what one encrypts, the other decrypts. Gives its ARN, once it exists. */
  replicate(region: string, config: string): string {
    const { context, purpose, uses } = this.#props;
    const replica = new ReplicaKey(this, 'replica-key', {
      spec: {
        forProvider: {
          region,
          primaryKeyArn: this.arn,
          description: `OwlNest ${context.environment}: ${purpose}, in ${region}`,
          enabled: true,
          deletionWindowInDays: DELETION_WINDOW_DAYS,
          policy: keyPolicy(context, uses(region)),
          tags: tagsOf(context, 'keys'),
        },
      },
    });
    holdsData(replica);
    pointBack(replica, { source: SOURCE, config, why: `Decrypts in ${region} what is replicated there` });
    aliasOf(this, 'replica-alias', replica, this.#props, region);
    return observed(replica, (status) => status.atProvider.arn);
  }
}

/** A KMS key for signing texts that clients bring back (HMAC). With it they lose what they hold, so it holds data. */
export class SigningKey extends Construct {
  /** Known once the key exists. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: KeyProps) {
    super(scope, id);
    const key = makeKey(this, props, {
      keyUsage: 'GENERATE_VERIFY_MAC',
      customerMasterKeySpec: 'HMAC_256',
      multiRegion: false,
      // KMS does not rotate keys of this kind.
      enableKeyRotation: false,
    });
    this.arn = observed(key, (status) => status.atProvider.arn);
  }
}

/** The key of a construct, with its alias. */
function makeKey(
  construct: Construct,
  props: KeyProps,
  what: Pick<KeyForProvider, 'keyUsage' | 'customerMasterKeySpec' | 'multiRegion' | 'enableKeyRotation'>,
): Key {
  const { context, purpose, config, why } = props;
  const key = new Key(construct, 'key', {
    spec: {
      forProvider: {
        description: `OwlNest ${context.environment}: ${purpose}`,
        ...what,
        isEnabled: true,
        deletionWindowInDays: DELETION_WINDOW_DAYS,
        policy: keyPolicy(context, props.uses(context.region)),
        tags: tagsOf(context, 'keys'),
      },
    },
  });
  holdsData(key);
  pointBack(key, { source: SOURCE, config, why });
  aliasOf(construct, 'alias', key, props);
  return key;
}

function aliasOf(
  construct: Construct,
  id: string,
  key: Key | ReplicaKey,
  { context, config }: KeyProps,
  region: string = context.region,
): void {
  const alias = new Alias(construct, id, {
    // The provider puts `alias/` before it.
    metadata: named(awsName(construct.node.id, context)),
    // Not the id: a replica has that of its primary.
    spec: { forProvider: { region, targetKeyId: observed(key, (status) => status.atProvider.arn) } },
  });
  pointBack(alias, { source: SOURCE, config, why: 'A name for the key, whose id AWS makes up' });
}

/**
 * The account looks after the key by IAM; nobody can use it but as the statements say. No role is named: KMS refuses a
 * policy with a principal that does not exist yet.
 */
function keyPolicy(context: Context, uses: readonly Statement[]): string {
  const administration: Statement = {
    Sid: 'AccountAdministers',
    Effect: 'Allow',
    Principal: accountPrincipal(context.account),
    Action: ADMINISTRATION,
    Resource: '*',
  };
  return policyText([administration, ...uses]);
}

/**
 * Whoever in the account IAM allows to, but only through these AWS services.
 * @param services such as `s3`, `dynamodb`
 */
export function throughServices(context: Context, region: string, services: readonly string[]): readonly Statement[] {
  const viaService = services.map((service) => `${service}.${region}.amazonaws.com`);
  const account = { 'kms:CallerAccount': context.account };
  return [
    {
      Sid: 'AccountUsesThroughServices',
      Effect: 'Allow',
      Principal: accountPrincipal(context.account),
      Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      Resource: '*',
      Condition: { StringEquals: { ...account, 'kms:ViaService': viaService } },
    },
    {
      // DynamoDB works on in the background (replication, TTL, backups) by grants that it makes for itself.
      Sid: 'ServicesGrantThemselves',
      Effect: 'Allow',
      Principal: accountPrincipal(context.account),
      Action: 'kms:CreateGrant',
      Resource: '*',
      Condition: {
        StringEquals: { ...account, 'kms:ViaService': viaService },
        Bool: { 'kms:GrantIsForAWSResource': 'true' },
      },
    },
  ];
}

/**
 * CloudWatch Logs, for the log groups of this environment (`…owlnest-<thing>-<environment>`).
 * Source: CloudWatch Logs User Guide, "Encrypt log data using AWS KMS".
 */
export function forLogGroups(context: Context, region: string): readonly Statement[] {
  const logGroups = `arn:aws:logs:${region}:${context.account}:log-group:*${awsName('*', context)}`;
  return [
    {
      Sid: 'LogGroupsOfThisEnvironment',
      Effect: 'Allow',
      Principal: { Service: `logs.${region}.amazonaws.com` },
      Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      Resource: '*',
      Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
    },
  ];
}

/** Whoever in the account IAM allows to sign and to check signatures; HMAC is used by functions themselves. */
export function forSigning(context: Context): readonly Statement[] {
  return [
    {
      Sid: 'AccountSigns',
      Effect: 'Allow',
      Principal: accountPrincipal(context.account),
      Action: ['kms:DescribeKey', 'kms:GenerateMac', 'kms:VerifyMac'],
      Resource: '*',
      Condition: { StringEquals: { 'kms:CallerAccount': context.account } },
    },
  ];
}
