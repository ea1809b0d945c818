import type { IConstruct } from 'constructs';
import { contextOf } from '../../crossplane/definition/chart.ts';
import { awsName } from './naming.ts';
import type { Statement } from './policy.ts';

/** Nothing but TLS: the statement that every bucket's policy begins with. */
export function tlsOnly(bucket: string): Statement {
  return {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [arnOf(bucket), `${arnOf(bucket)}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

/**
 * S3's own access logs. It is told from others by account alone, since a bucket that was adopted can have any name.
 * Source: Amazon S3 User Guide, "Permissions for server access log delivery".
 */
export function accessLogWriter(construct: IConstruct, bucket: string): readonly Statement[] {
  return [
    {
      Sid: 'AccessLogs',
      Effect: 'Allow',
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: `${arnOf(bucket)}/${ACCESS_LOGS_PREFIX}*`,
      Condition: { StringEquals: { 'aws:SourceAccount': contextOf(construct).account } },
    },
  ];
}

/** Where access logs lie in the bucket of logs. */
export const ACCESS_LOGS_PREFIX = 's3/';

/** A service that writes to the bucket of logs, and for which of its resources. */
interface LogService {
  readonly sid: string;
  readonly service: string;
  readonly sourceArn: (account: string, construct: IConstruct) => string;
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
    sourceArn: (account) => `arn:aws:logs:*:${account}:*`,
  },
  {
    sid: 'Trails',
    service: 'cloudtrail.amazonaws.com',
    sourceArn: (account, construct) => `arn:aws:cloudtrail:*:${account}:trail/${awsName(construct, '*')}`,
  },
  {
    sid: 'Configurations',
    service: 'config.amazonaws.com',
    sourceArn: (account) => `arn:aws:config:*:${account}:*`,
  },
];

/** What AWS's services need for writing their logs: they look at the bucket first. */
export function logWriters(construct: IConstruct, bucket: string): readonly Statement[] {
  const { account } = contextOf(construct);
  return LOG_SERVICES.flatMap(({ sid, service, sourceArn }): Statement[] => {
    const source = {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: { 'aws:SourceArn': sourceArn(account, construct) },
    };
    return [
      {
        Sid: `${sid}Look`,
        Effect: 'Allow',
        Principal: { Service: service },
        Action: ['s3:GetBucketAcl', 's3:ListBucket'],
        Resource: arnOf(bucket),
        Condition: source,
      },
      {
        Sid: `${sid}Write`,
        Effect: 'Allow',
        Principal: { Service: service },
        Action: 's3:PutObject',
        Resource: `${arnOf(bucket)}/AWSLogs/*`,
        Condition: {
          ...source,
          StringEquals: { ...source.StringEquals, 's3:x-amz-acl': 'bucket-owner-full-control' },
        },
      },
    ];
  });
}

function arnOf(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}
