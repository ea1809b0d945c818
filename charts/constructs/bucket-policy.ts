import type { IConstruct } from 'constructs';
import { allOf, arnOf, type Arn } from './arns.ts';
import { awsName } from './naming.ts';
import { allow, refuseWithoutTls, service, type ResourceStatement } from './policy.ts';

/**
 * S3's own access logs. It is told from others by account alone, since a bucket that was adopted can have any name.
 * Source: Amazon S3 User Guide, "Permissions for server access log delivery".
 */
export function accessLogWriter(construct: IConstruct, bucket: string): readonly ResourceStatement[] {
  return [
    allow('AccessLogs', 's3:PutObject')
      .to(service(construct, 'logging.s3.amazonaws.com'))
      .on(objectsOf(construct, bucket, `${ACCESS_LOGS_PREFIX}*`)),
  ];
}

/** Where access logs lie in the bucket of logs. */
export const ACCESS_LOGS_PREFIX = 's3/';

/** A service that writes to the bucket of logs, and for which of its resources. */
interface LogService {
  readonly sid: string;
  readonly service: `${string}.amazonaws.com`;
  readonly sources: (construct: IConstruct) => string;
}

/**
 * What else of AWS writes logs to a bucket, all below `AWSLogs/`. CloudFront's older logs are not among them: they need
 * access control lists, which the bucket does not take. Sources: CloudFront Developer Guide, "Standard logging (v2)";
 * CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail"; AWS Config Developer Guide, "Permissions for the
 * Amazon S3 bucket".
 */
const LOG_SERVICES: readonly LogService[] = [
  {
    // CloudFront, VPC flow logs and others hand theirs to CloudWatch Logs.
    sid: 'Deliveries',
    service: 'delivery.logs.amazonaws.com',
    sources: (construct) => allOf(construct, 'logs'),
  },
  {
    sid: 'Trails',
    service: 'cloudtrail.amazonaws.com',
    sources: (construct) =>
      arnOf(construct, 'cloudtrail:trail', { TrailName: awsName(construct, '*') }, { region: '*' }),
  },
  {
    sid: 'Configurations',
    service: 'config.amazonaws.com',
    sources: (construct) => allOf(construct, 'config'),
  },
];

/** What AWS's services need for writing their logs: they look at the bucket first. */
export function logWriters(construct: IConstruct, bucket: string): readonly ResourceStatement[] {
  return LOG_SERVICES.flatMap(({ sid, service: name, sources }): ResourceStatement[] => {
    const writer = service(construct, name, sources(construct));
    return [
      allow(`${sid}Look`, 's3:GetBucketAcl', 's3:ListBucket')
        .to(writer)
        .on(arnOf(construct, 's3:bucket', { BucketName: bucket })),
      allow(`${sid}Write`, 's3:PutObject')
        .to(writer)
        .when({ StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } })
        .on(objectsOf(construct, bucket, 'AWSLogs/*')),
    ];
  });
}

/** Nothing but TLS: the statement that every bucket's policy begins with. */
export function tlsOnly(construct: IConstruct, bucket: string): ResourceStatement {
  return refuseWithoutTls(
    's3',
    arnOf(construct, 's3:bucket', { BucketName: bucket }),
    objectsOf(construct, bucket, '*'),
  );
}

function objectsOf(construct: IConstruct, bucket: string, keys: string): Arn<'s3:object'> {
  return arnOf(construct, 's3:object', { BucketName: bucket, ObjectName: keys });
}
