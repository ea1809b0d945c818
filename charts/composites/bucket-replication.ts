import { Construct } from 'constructs';
import { about, configBelow } from '../../crossplane/definition/about.ts';
import { contextOf, nameInAws, regionOf } from '../../crossplane/definition/chart.ts';
import type { EnvironmentRegion } from '../../imports/base.ts';
import * as s3 from '../../imports/s3.ts';
import { arnOf, known, serviceIn } from '../constructs/arns.ts';
import { service, type Condition } from '../constructs/policy.ts';
import { ServiceRole } from '../constructs/service-role.ts';

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
    const { environment } = contextOf(this);
    const source = arnOf(this, 's3:bucket', { BucketName: from.bucketName });
    const target = arnOf(this, 's3:bucket', { BucketName: to.bucketName });
    const role = new ServiceRole(this, 'access', {
      thing: `${component}-replication`,
      why: {
        role: 'What S3 acts as when it copies objects; it can do nothing else',
        policy: 'Reading here, writing there, and the two keys: no more',
      },
      description: `Lets S3 copy ${component} of ${environment} to ${regionOf(this, 'replica')}`,
      by: service(this, 's3.amazonaws.com', source),
    });
    this.#allowCopies(role, from, to, props.objectLock);
    new s3.BucketReplicationConfiguration(this, 'configuration', {
      why: 'Copies each new version to the replica region',
      name: from.bucketName,
      after: [props.versioning, role.policy],
      forProvider: {
        bucket: from.bucketName,
        role: role.arn,
        rule: [
          {
            id: 'everything',
            status: 'Enabled',
            priority: 1,
            filter: { prefix: '' },
            deleteMarkerReplication: { status: 'Enabled' },
            sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
            destination: {
              bucket: target,
              encryptionConfiguration: { replicaKmsKeyId: to.keyArn },
            },
          },
        ],
      },
    });
  }

  /** Source: Amazon S3 User Guide, "Setting up permissions for live replication", "Replicating encrypted objects". */
  #allowCopies(role: ServiceRole, from: Side, to: Side, objectLock: boolean): void {
    const bucket = ({ bucketName }: Side) => arnOf(this, 's3:bucket', { BucketName: bucketName });
    const objects = ({ bucketName }: Side) => arnOf(this, 's3:object', { BucketName: bucketName, ObjectName: '*' });
    const forObjectsOf = (side: Side, region: EnvironmentRegion): Condition => ({
      StringEquals: { 'kms:ViaService': serviceIn('s3', regionOf(this, region)) },
      // With a bucket key the context is the bucket, without one the object.
      StringLike: { 'kms:EncryptionContext:aws:s3:arn': [bucket(side), objects(side)] },
    });
    role.allow('Look', 's3:GetReplicationConfiguration', 's3:ListBucket').on(bucket(from));
    role
      .allow(
        'Read',
        's3:GetObjectVersionAcl',
        's3:GetObjectVersionForReplication',
        's3:GetObjectVersionTagging',
        ...(objectLock ? (['s3:GetObjectLegalHold', 's3:GetObjectRetention'] as const) : []),
      )
      .on(objects(from));
    role.allow('Write', 's3:ReplicateDelete', 's3:ReplicateObject', 's3:ReplicateTags').on(objects(to));
    role.allow('Decrypt', 'kms:Decrypt').when(forObjectsOf(from, 'home')).on(known('kms:key', from.keyArn));
    role
      .allow('Encrypt', 'kms:Encrypt', 'kms:GenerateDataKey')
      .when(forObjectsOf(to, 'replica'))
      .on(known('kms:key', to.keyArn));
  }
}
