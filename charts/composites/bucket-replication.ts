import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Context } from '../../crossplane/definition/context.ts';
import { pointBack } from '../../crossplane/reference/marks.ts';
import { Role, RolePolicy } from '../../imports/iam.ts';
import { BucketReplicationConfiguration } from '../../imports/s3.ts';
import { awsName, named } from '../constructs/naming.ts';
import { policyText } from '../constructs/policy.ts';
import { tagsOf } from '../constructs/tags.ts';

const SOURCE = 'charts/composites/bucket-replication.ts';

interface Side {
  readonly bucketName: string;
  readonly keyArn: string;
  readonly region: string;
}

/**
 * Copies every new version to another region, markers of deletions too: what a user deletes is gone there as well, and
 * its versions go by the replica's own lifecycle. What was there before is not copied; S3 Batch Replication can do that.
 * @param component what the role is named after: `files`
 * @param after what AWS wants to be there first: versioning
 */
export function replicateBucket(
  scope: Construct,
  props: {
    readonly context: Context;
    readonly component: string;
    readonly config: string;
    readonly from: Side;
    readonly to: Side;
    readonly objectLock: boolean;
    readonly after: ApiObject;
  },
): void {
  const { context, component, from, to } = props;
  const name = awsName(`${component}-replication`, context);
  const config = `${props.config}.replica`;
  const role = new Role(scope, 'replication-role', {
    metadata: named(name),
    spec: {
      forProvider: {
        description: `Lets S3 copy ${component} of ${context.environment} to ${to.region}`,
        assumeRolePolicy: policyText([
          {
            Sid: 'S3',
            Effect: 'Allow',
            Principal: { Service: 's3.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: {
              StringEquals: { 'aws:SourceAccount': context.account },
              ArnLike: { 'aws:SourceArn': `arn:aws:s3:::${from.bucketName}` },
            },
          },
        ]),
        tags: tagsOf(context, component),
      },
    },
  });
  pointBack(role, { source: SOURCE, config, why: 'What S3 acts as when it copies objects; it can do nothing else' });
  const policy = new RolePolicy(scope, 'replication-policy', {
    metadata: named(name),
    spec: { forProvider: { role: name, policy: rolePolicy(from, to, props.objectLock) } },
  });
  policy.addDependency(role);
  pointBack(policy, { source: SOURCE, config, why: 'Reading here, writing there, and the two keys: no more' });
  const replication = new BucketReplicationConfiguration(scope, 'replication', {
    metadata: named(from.bucketName),
    spec: {
      forProvider: {
        region: from.region,
        bucket: from.bucketName,
        role: `arn:aws:iam::${context.account}:role/${name}`,
        rule: [
          {
            id: 'everything',
            status: 'Enabled',
            priority: 1,
            filter: { prefix: '' },
            deleteMarkerReplication: { status: 'Enabled' },
            sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
            destination: {
              bucket: `arn:aws:s3:::${to.bucketName}`,
              encryptionConfiguration: { replicaKmsKeyId: to.keyArn },
            },
          },
        ],
      },
    },
  });
  replication.addDependency(props.after);
  replication.addDependency(policy);
  pointBack(replication, { source: SOURCE, config, why: 'Copies each new version to the replica region' });
}

/** Source: Amazon S3 User Guide, "Setting up permissions for live replication", "Replicating encrypted objects". */
function rolePolicy(from: Side, to: Side, objectLock: boolean): string {
  const [source, target] = [`arn:aws:s3:::${from.bucketName}`, `arn:aws:s3:::${to.bucketName}`];
  const forObjectsOf = (bucket: string, region: string) => ({
    StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` },
    // With a bucket key the context is the bucket, without one the object.
    StringLike: { 'kms:EncryptionContext:aws:s3:arn': [bucket, `${bucket}/*`] },
  });
  return policyText([
    { Sid: 'Look', Effect: 'Allow', Action: ['s3:GetReplicationConfiguration', 's3:ListBucket'], Resource: source },
    {
      Sid: 'Read',
      Effect: 'Allow',
      Action: [
        's3:GetObjectVersionAcl',
        's3:GetObjectVersionForReplication',
        's3:GetObjectVersionTagging',
        ...(objectLock ? ['s3:GetObjectLegalHold', 's3:GetObjectRetention'] : []),
      ],
      Resource: `${source}/*`,
    },
    {
      Sid: 'Write',
      Effect: 'Allow',
      Action: ['s3:ReplicateDelete', 's3:ReplicateObject', 's3:ReplicateTags'],
      Resource: `${target}/*`,
    },
    {
      Sid: 'Decrypt',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: from.keyArn,
      Condition: forObjectsOf(source, from.region),
    },
    {
      Sid: 'Encrypt',
      Effect: 'Allow',
      Action: ['kms:Encrypt', 'kms:GenerateDataKey'],
      Resource: to.keyArn,
      Condition: forObjectsOf(target, to.region),
    },
  ]);
}
