import { Construct } from 'constructs';
import { about, configBelow } from '../../crossplane/definition/about.ts';
import { contextOf, nameInAws, regionOf } from '../../crossplane/definition/chart.ts';
import * as iam from '../../imports/iam.ts';
import * as s3 from '../../imports/s3.ts';
import { awsName } from '../constructs/naming.ts';
import { policyText } from '../constructs/policy.ts';

interface Side {
  readonly bucketName: string;
  readonly keyArn: string;
}

interface BucketReplicationProps {
  readonly bucket: s3.Bucket;
  /** Key that encrypts the bucket's objects. */
  readonly keyArn: string;
  /** The bucket in the replica region. */
  readonly to: Side;
  /** What the role is named after: `files`. */
  readonly component: string;
  readonly objectLock: boolean;
  /** What AWS wants to be there first. */
  readonly versioning: s3.BucketVersioning;
}

/**
 * Copies every new version to the replica region, markers of deletions too: what a user deletes is gone there as well,
 * and its versions go by the replica's own lifecycle. What was there before is not copied; S3 Batch Replication can do
 * that.
 */
export class BucketReplication extends Construct {
  constructor(scope: Construct, id: string, props: BucketReplicationProps) {
    super(scope, id);
    const { bucket, keyArn, to, component } = props;
    about(this, { config: configBelow(scope, 'replica'), partOf: bucket });
    const from = { bucketName: nameInAws(bucket), keyArn };
    const name = awsName(this, `${component}-replication`);
    const { account, environment } = contextOf(this);
    const role = new iam.Role(this, 'role', {
      why: 'What S3 acts as when it copies objects; it can do nothing else',
      name,
      forProvider: {
        description: `Lets S3 copy ${component} of ${environment} to ${regionOf(this, 'replica')}`,
        assumeRolePolicy: policyText([
          {
            Sid: 'S3',
            Effect: 'Allow',
            Principal: { Service: 's3.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: {
              StringEquals: { 'aws:SourceAccount': account },
              ArnLike: { 'aws:SourceArn': `arn:aws:s3:::${from.bucketName}` },
            },
          },
        ]),
      },
    });
    const policy = new iam.RolePolicy(this, 'policy', {
      why: 'Reading here, writing there, and the two keys: no more',
      name,
      after: [role],
      forProvider: { role: name, policy: this.#policy(from, to, props.objectLock) },
    });
    new s3.BucketReplicationConfiguration(this, 'configuration', {
      why: 'Copies each new version to the replica region',
      name: from.bucketName,
      after: [props.versioning, policy],
      forProvider: {
        bucket: from.bucketName,
        role: `arn:aws:iam::${account}:role/${name}`,
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
    });
  }

  /** Source: Amazon S3 User Guide, "Setting up permissions for live replication", "Replicating encrypted objects". */
  #policy(from: Side, to: Side, objectLock: boolean): string {
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
        Condition: forObjectsOf(source, regionOf(this, 'home')),
      },
      {
        Sid: 'Encrypt',
        Effect: 'Allow',
        Action: ['kms:Encrypt', 'kms:GenerateDataKey'],
        Resource: to.keyArn,
        Condition: forObjectsOf(target, regionOf(this, 'replica')),
      },
    ]);
  }
}
