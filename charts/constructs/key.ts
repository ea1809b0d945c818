import { Construct, type IConstruct } from 'constructs';
import { about } from '../../crossplane/definition/about.ts';
import { contextOf, regionOf } from '../../crossplane/definition/chart.ts';
import { holdsData } from '../../crossplane/reference/marks.ts';
import { observed } from '../../crossplane/reference/observed.ts';
import type { EnvironmentRegion } from '../../imports/base.ts';
import * as kms from '../../imports/kms.ts';
import { arnOf, serviceIn } from './arns.ts';
import { awsName } from './naming.ts';
import { allow, policyText, wholeAccount, type ResourceStatement } from './policy.ts';

/** Days between a key's deletion and the end of what it encrypts: KMS's longest. */
const DELETION_WINDOW_DAYS = 30;

/** What looks after a key without ever using it. */
const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:DisableKeyRotation',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:GetPublicKey',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListKeyRotations',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:ReplicateKey',
  'kms:RevokeGrant',
  'kms:RotateKeyOnDemand',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
  'kms:UpdatePrimaryRegion',
] as const;

/** What encrypts and decrypts, in all the ways that services do it. */
const ENCRYPTION = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyPair',
  'kms:GenerateDataKeyPairWithoutPlaintext',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
] as const;

interface KeyProps {
  /** What it is for, in a few words: its description in AWS. */
  readonly purpose: string;
  /** Config path that it follows from. */
  readonly config: string;
  readonly why: string;
  /** Who may use the key in an AWS region. Who may administer it is decided here. */
  readonly uses: (region: string) => readonly ResourceStatement[];
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
    about(this, { config: props.config, component: 'keys' });
    const key = keyWithAlias(this, props, {
      keyUsage: 'ENCRYPT_DECRYPT',
      customerMasterKeySpec: 'SYMMETRIC_DEFAULT',
      // Cannot be changed later, and costs nothing until there is a replica.
      multiRegion: props.multiRegion,
      enableKeyRotation: true,
    });
    this.arn = observed(key, (status) => status.atProvider.arn);
  }

  /**
   * The same key in the replica region: what one encrypts, the other decrypts. Gives its ARN, known once it exists.
   * @param config config path that the replica follows from
   */
  replicate(config: string): string {
    const { purpose, uses } = this.#props;
    const region = regionOf(this, 'replica');
    const replica = new kms.ReplicaKey(this, 'replica-key', {
      why: `Decrypts in ${region} what is replicated there`,
      config,
      region: 'replica',
      forProvider: {
        primaryKeyArn: this.arn,
        description: `OwlNest ${contextOf(this).environment}: ${purpose}, in ${region}`,
        enabled: true,
        deletionWindowInDays: DELETION_WINDOW_DAYS,
        policy: keyPolicy(this, uses(region)),
      },
    });
    holdsData(replica);
    aliasOf(this, 'replica-alias', replica, 'replica');
    return observed(replica, (status) => status.atProvider.arn);
  }
}

/** A KMS key for signing texts that clients bring back (HMAC). With it they lose what they hold, so it holds data. */
export class SigningKey extends Construct {
  /** Known once the key exists. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: KeyProps) {
    super(scope, id);
    about(this, { config: props.config, component: 'keys' });
    const key = keyWithAlias(this, props, {
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
function keyWithAlias(
  construct: Construct,
  { purpose, why, uses }: KeyProps,
  what: Pick<kms.KeyForProvider, 'keyUsage' | 'customerMasterKeySpec' | 'multiRegion' | 'enableKeyRotation'>,
): kms.Key {
  const key = new kms.Key(construct, 'key', {
    why,
    forProvider: {
      description: `OwlNest ${contextOf(construct).environment}: ${purpose}`,
      ...what,
      isEnabled: true,
      deletionWindowInDays: DELETION_WINDOW_DAYS,
      policy: keyPolicy(construct, uses(regionOf(construct, 'home'))),
    },
  });
  holdsData(key);
  aliasOf(construct, 'alias', key, 'home');
  return key;
}

function aliasOf(construct: Construct, id: string, key: kms.Key | kms.ReplicaKey, region: EnvironmentRegion): void {
  new kms.Alias(construct, id, {
    why: 'A name for the key, whose id AWS makes up',
    // The provider puts `alias/` before it.
    name: awsName(construct, construct.node.id),
    partOf: key,
    region,
    // Not the id: a replica has that of its primary.
    forProvider: { targetKeyId: observed(key, (status) => status.atProvider.arn) },
  });
}

/**
 * The account looks after the key by IAM; nobody can use it but as the statements say. No role is named: KMS refuses a
 * policy with a principal that does not exist yet.
 */
function keyPolicy(construct: IConstruct, uses: readonly ResourceStatement[]): string {
  const administration = allow('AccountAdministers', ...ADMINISTRATION)
    .to(wholeAccount(construct))
    .onThisKey();
  return policyText([administration, ...uses]);
}

/**
 * Whoever in the account IAM allows to, but only through these AWS services.
 * @param services such as `s3`, `dynamodb`
 */
export function throughServices(
  construct: IConstruct,
  region: string,
  services: readonly string[],
): readonly ResourceStatement[] {
  const through = {
    ...callers(construct),
    'kms:ViaService': services.map((name) => serviceIn(name, region)),
  };
  return [
    allow('AccountUsesThroughServices', ...ENCRYPTION)
      .to(wholeAccount(construct))
      .when({ StringEquals: through })
      .onThisKey(),
    // DynamoDB works on in the background (replication, TTL, backups) by grants that it makes for itself.
    allow('ServicesGrantThemselves', 'kms:CreateGrant')
      .to(wholeAccount(construct))
      .when({ StringEquals: through, Bool: { 'kms:GrantIsForAWSResource': 'true' } })
      .onThisKey(),
  ];
}

/**
 * CloudWatch Logs, for the log groups of this environment (`…owlnest-<thing>-<environment>`): the context of the encryption
 * is the log group, which has the account in it.
 * Source: CloudWatch Logs User Guide, "Encrypt log data using AWS KMS".
 */
export function forLogGroups(construct: IConstruct, region: string): readonly ResourceStatement[] {
  const logGroups = arnOf(construct, 'logs:log-group', { LogGroupName: `*${awsName(construct, '*')}` });
  return [
    allow('LogGroupsOfThisEnvironment', ...ENCRYPTION)
      .to({ principal: { Service: `logs.${region}.amazonaws.com` } })
      .when({ ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } })
      .onThisKey(),
  ];
}

/** Whoever in the account IAM allows to sign and to check signatures; HMAC is used by functions themselves. */
export function forSigning(construct: IConstruct): readonly ResourceStatement[] {
  return [
    allow('AccountSigns', 'kms:DescribeKey', 'kms:GenerateMac', 'kms:VerifyMac')
      .to(wholeAccount(construct))
      .when({ StringEquals: callers(construct) })
      .onThisKey(),
  ];
}

function callers(construct: IConstruct) {
  return { 'kms:CallerAccount': contextOf(construct).account };
}
