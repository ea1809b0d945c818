import { describe, expect, it } from '@jest/globals';
import { asObject } from '../../../crossplane/schema/json.ts';
import type { JsonObject, KubernetesObject } from '../../../imports/base.ts';
import { EVERYTHING, forProvider, statements, storageWith, type StorageWorld } from './rendered.ts';

/** A control of AWS's own standard (Security Hub, "AWS Foundational Security Best Practices") or S3's own advice. */
interface Control {
  readonly id: string;
  readonly says: string;
  /** Kind of the resources that it is about. */
  readonly kind: string;
  readonly holds: (resource: KubernetesObject, world: StorageWorld) => boolean;
  /** Ends of the names of resources that it does not hold for, each with the reason. */
  readonly but?: Readonly<Record<string, string>>;
}

/** An aspect of a bucket; empty when the bucket has none. */
function aspect(bucket: KubernetesObject, kind: string, world: StorageWorld): JsonObject {
  const name = bucket.metadata.annotations?.['crossplane.io/external-name'];
  const found = world.all(kind).find((one) => forProvider(one)['bucket'] === name);
  return found === undefined ? {} : forProvider(found);
}

const rulesOf = (bucket: KubernetesObject, world: StorageWorld) =>
  aspect(bucket, 'BucketLifecycleConfiguration', world)['rule'] ?? [];

const CONTROLS: readonly Control[] = [
  {
    id: 'S3.2, S3.3, S3.8',
    says: 'block all public access',
    kind: 'Bucket',
    holds: (bucket, world) => {
      const block = aspect(bucket, 'BucketPublicAccessBlock', world);
      return ['blockPublicAcls', 'blockPublicPolicy', 'ignorePublicAcls', 'restrictPublicBuckets'].every(
        (field) => block[field] === true,
      );
    },
  },
  {
    id: 'S3.5',
    says: 'require TLS',
    kind: 'Bucket',
    holds: (bucket, world) => {
      const policy = world
        .all('BucketPolicy')
        .find((one) => forProvider(one)['bucket'] === aspect(bucket, 'BucketVersioning', world)['bucket']);
      return (policy === undefined ? [] : statements(policy)).some(
        ({ Effect, Principal, Action, Condition }) =>
          Effect === 'Deny' &&
          Principal === '*' &&
          Action === 's3:*' &&
          Condition?.['Bool']?.['aws:SecureTransport'] === 'false',
      );
    },
  },
  {
    id: 'S3.9',
    says: 'log access',
    kind: 'Bucket',
    holds: (bucket, world) => aspect(bucket, 'BucketLogging', world)['targetBucket'] !== undefined,
    but: {
      'logs-bucket': 'it would log its own logging',
      'logs-replica-bucket': 'it would log its own logging',
    },
  },
  {
    id: 'S3.12',
    says: 'use no access control lists',
    kind: 'Bucket',
    holds: (bucket, world) =>
      asObject(aspect(bucket, 'BucketOwnershipControls', world)['rule'])['objectOwnership'] === 'BucketOwnerEnforced',
  },
  {
    id: 'S3.13',
    says: 'have a lifecycle',
    kind: 'Bucket',
    holds: (bucket, world) => JSON.stringify(rulesOf(bucket, world)).includes('noncurrentDays'),
  },
  {
    id: 'S3.14',
    says: 'keep versions',
    kind: 'Bucket',
    holds: (bucket, world) =>
      asObject(aspect(bucket, 'BucketVersioning', world)['versioningConfiguration'])['status'] === 'Enabled',
  },
  {
    id: 'S3.17',
    says: "encrypt with a key of one's own",
    kind: 'Bucket',
    holds: (bucket, world) =>
      JSON.stringify(aspect(bucket, 'BucketServerSideEncryptionConfiguration', world)).includes('"aws:kms"'),
    but: {
      'website-bucket': 'anybody may read it through CloudFront; it is encrypted with keys of S3',
      'logs-bucket': 'S3 delivers access logs only to buckets with keys of S3',
      'logs-replica-bucket': 'S3 delivers access logs only to buckets with keys of S3',
    },
  },
  {
    id: 'S3, default encryption',
    says: 'encrypt everything, and take no key that only the client has',
    kind: 'Bucket',
    holds: (bucket, world) => {
      const encryption = JSON.stringify(aspect(bucket, 'BucketServerSideEncryptionConfiguration', world));
      return /"sseAlgorithm":"(aws:kms|AES256)"/.test(encryption) && encryption.includes('"SSE-C"');
    },
  },
  {
    id: 'S3, multipart upload',
    says: 'throw unfinished uploads away',
    kind: 'Bucket',
    holds: (bucket, world) => JSON.stringify(rulesOf(bucket, world)).includes('daysAfterInitiation'),
  },
  {
    id: 'S3, deletion',
    says: 'never be emptied by their deletion',
    kind: 'Bucket',
    holds: (bucket) => forProvider(bucket)['forceDestroy'] === false,
  },
  {
    id: 'DynamoDB.1',
    says: 'scale with demand',
    kind: 'Table',
    holds: (table, world) =>
      forProvider(table)['billingMode'] === 'PAY_PER_REQUEST' ||
      (world.all('Target').length === 6 && world.all('Policy').length === 6),
  },
  {
    id: 'DynamoDB.2',
    says: 'have point-in-time recovery',
    kind: 'Table',
    holds: (table) => asObject(forProvider(table)['pointInTimeRecovery'])['enabled'] === true,
  },
  {
    id: 'DynamoDB.6',
    says: 'be protected against deletion',
    kind: 'Table',
    holds: (table) => forProvider(table)['deletionProtectionEnabled'] === true,
  },
  {
    id: 'DynamoDB, encryption',
    says: "be encrypted with a key of one's own",
    kind: 'Table',
    holds: (table) => {
      const { enabled, kmsKeyArn } = asObject(forProvider(table)['serverSideEncryption']);
      return enabled === true && String(kmsKeyArn).startsWith('arn:aws:kms:');
    },
  },
  {
    id: 'KMS.3',
    says: 'not be deleted by mistake',
    kind: 'Key',
    holds: (key) => forProvider(key)['deletionWindowInDays'] === 30,
  },
  {
    id: 'KMS.4',
    says: 'rotate',
    kind: 'Key',
    holds: (key) => forProvider(key)['enableKeyRotation'] === true,
    but: { 'cursors-key': 'KMS does not rotate HMAC keys' },
  },
  {
    id: 'KMS.1, KMS.2',
    says: 'allow no role to decrypt with every key',
    kind: 'RolePolicy',
    holds: (policy) =>
      statements(policy).every(
        ({ Action, Resource }) => !String(Action).includes('kms:') || !String(Resource).includes('*'),
      ),
  },
  {
    id: 'KMS.5',
    says: 'not be for everybody',
    kind: 'Key',
    holds: (key) => statements(key).every(({ Principal }) => Principal !== '*' && Principal !== undefined),
  },
  {
    id: 'IAM.1, IAM.21',
    says: 'have no wildcard in what they allow',
    kind: 'RolePolicy',
    holds: (policy) => statements(policy).every(({ Action }) => !String(Action).includes('*')),
  },
  {
    id: 'Tagging',
    says: 'be tagged',
    kind: '(anything that can be)',
    holds: (resource) => {
      const tags = asObject(forProvider(resource)['tags']);
      return ['application', 'environment', 'component'].every((key) => typeof tags[key] === 'string');
    },
  },
];

const TAGGED = ['Bucket', 'Key', 'ReplicaKey', 'Role', 'Table', 'Target'];

function subjects(control: Control, world: StorageWorld): readonly KubernetesObject[] {
  const kinds = control.id === 'Tagging' ? TAGGED : [control.kind];
  return kinds.flatMap((kind) => world.all(kind));
}

describe('no default is weaker than what AWS itself recommends', () => {
  const worlds = [
    ['by default', storageWith()],
    ['with everything switched on', storageWith(EVERYTHING)],
    ['outside production', storageWith({}, { environment: 'staging', tier: 'staging' })],
  ] as const;

  it.each(CONTROLS.map((control) => [control.id, control.kind, control.says, control] as const))(
    '%s: every %s must %s',
    (_, __, ___, control) => {
      const exceptions = Object.keys(control.but ?? {});
      for (const [when, world] of worlds) {
        const broken = subjects(control, world)
          .filter((resource) => !control.holds(resource, world))
          .map(({ metadata }) => metadata.name.replace(/^[a-z]+-storage-/, ''))
          .filter((name) => !exceptions.includes(name));
        expect([when, broken]).toEqual([when, []]);
      }
      // A control about nothing would hold, too; so would an exception that none needs.
      const [, whole] = worlds[1];
      expect(subjects(control, whole).length).toBeGreaterThan(0);
      for (const exception of exceptions) {
        const resource = subjects(control, whole).find(({ metadata }) =>
          metadata.name.endsWith(`storage-${exception}`),
        );
        expect([exception, resource !== undefined && control.holds(resource, whole)]).toEqual([exception, false]);
        expect(resource).toBeDefined();
      }
    },
  );
});
