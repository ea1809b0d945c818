/** Statements: what they say, and that nothing can be allowed on what it cannot be on. */
import { describe, expect, it } from '@jest/globals';
import { App } from 'cdk8s';
import { accountArn, arnOf, functionArn, known, partitionOf, serviceIn } from '../../../charts/constructs/arns.ts';
import {
  allow,
  assumableBy,
  policyText,
  refuseWithoutTls,
  service,
  wholeAccount,
} from '../../../charts/constructs/policy.ts';
import { ServiceRole } from '../../../charts/constructs/service-role.ts';
import { CompositeChart } from '../../../crossplane/definition/chart.ts';
import { releaseOf } from '../../support/release.ts';

function chartIn(region: string): CompositeChart {
  return new CompositeChart(new App(), {
    name: 'production-api',
    namespace: 'owlnest-production',
    release: releaseOf('1.0.0'),
    context: {
      environment: 'production',
      tier: 'production',
      account: '123456789012',
      region,
      replicaRegion: 'ap-northeast-3',
      domainName: 'owlnest.example',
      tags: {},
      protectData: true,
      allowRemoval: [],
      identities: {},
    },
  });
}

const chart = chartIn('ap-northeast-1');
const table = arnOf(chart, 'dynamodb:table', { TableName: 'main' });
const bucket = arnOf(chart, 's3:bucket', { BucketName: 'files' });

const worker = {
  thing: 'worker',
  why: { role: 'For a test', policy: 'For a test' },
  description: 'For a test',
  by: service(chart, 'lambda.amazonaws.com'),
};

describe('an ARN', () => {
  it('follows from the form that AWS gives it, in the partition of the region', () => {
    expect(table).toBe('arn:aws:dynamodb:ap-northeast-1:123456789012:table/main');
    expect(bucket).toBe('arn:aws:s3:::files');
    expect(functionArn(chart, 'auth')).toBe(
      'arn:aws:lambda:ap-northeast-1:123456789012:function:owlnest-auth-production:live',
    );
    const china = chartIn('cn-north-1');
    expect(arnOf(china, 'sqs:queue', { QueueName: 'work' })).toBe('arn:aws-cn:sqs:cn-north-1:123456789012:work');
    expect(accountArn(chartIn('us-gov-west-1'))).toBe('arn:aws-us-gov:iam::123456789012:root');
    expect(arnOf(chart, 'kms:key', { KeyId: '*' }, { region: 'replica' })).toBe(
      'arn:aws:kms:ap-northeast-3:123456789012:key/*',
    );
  });

  it.each([
    ['eu-west-1', 'aws', 's3.eu-west-1.amazonaws.com'],
    ['cn-northwest-1', 'aws-cn', 's3.cn-northwest-1.amazonaws.com.cn'],
    ['us-gov-east-1', 'aws-us-gov', 's3.us-gov-east-1.amazonaws.com'],
  ])('in %s is of the partition %s', (region, partition, endpoint) => {
    expect(partitionOf(region)).toBe(partition);
    expect(serviceIn('s3', region)).toBe(endpoint);
  });
});

describe('a statement', () => {
  it('says what is allowed on what', () => {
    expect(
      allow('Read', 'dynamodb:Query', 'dynamodb:GetItem').on(table, known('dynamodb:index', `${table}/index/*`)),
    ).toEqual({
      Sid: 'Read',
      Effect: 'Allow',
      Action: ['dynamodb:Query', 'dynamodb:GetItem'],
      Resource: [table, `${table}/index/*`],
    });
    expect(allow('Trace', 'xray:PutTraceSegments').on('*').Resource).toBe('*');
  });

  it('cannot be about what its actions do not act on, nor about an action that AWS does not have', () => {
    // @ts-expect-error a query is on a table
    expect(allow('Wrong', 'dynamodb:Query').on(bucket)).toBeDefined();
    // @ts-expect-error any text is no ARN
    expect(allow('Wrong', 'dynamodb:Query').on('arn:aws:dynamodb:::table/main')).toBeDefined();
    // @ts-expect-error not everything
    expect(allow('Wrong', 'dynamodb:Query').on('*')).toBeDefined();
    // @ts-expect-error AWS has no such action
    expect(allow('Wrong', 'dynamodb:Qery')).toBeDefined();
    // @ts-expect-error no wildcards
    expect(allow('Wrong', 'dynamodb:*')).toBeDefined();
    // @ts-expect-error a table has a name
    expect(() => arnOf(chart, 'dynamodb:table', {})).toThrow('nothing says what TableName of');
  });

  it('is about something for each of its actions, and about everything only where AWS knows nothing narrower', () => {
    const objects = arnOf(chart, 's3:object', { BucketName: 'files', ObjectName: '*' });
    expect(allow('Both', 's3:ListBucket', 's3:GetObject').on(bucket, objects).Resource).toEqual([bucket, objects]);
    // @ts-expect-error objects have no list of objects
    expect(allow('Wrong', 's3:GetObject', 's3:ListBucket').on(objects)).toBeDefined();
    // @ts-expect-error a bucket is not got
    expect(allow('Wrong', 's3:GetObject', 's3:ListBucket').on(bucket)).toBeDefined();
    // @ts-expect-error every stream of logs would be written to
    expect(allow('Wrong', 'xray:PutTraceSegments', 'logs:PutLogEvents').on('*')).toBeDefined();
    const stream = arnOf(chart, 'logs:log-stream', { LogGroupName: 'group', LogStreamName: '*' });
    // @ts-expect-error every stream of logs, whatever else is said
    expect(allow('Wrong', 'xray:PutTraceSegments', 'logs:PutLogEvents').on('*', stream)).toBeDefined();
    const either = (isBucket: boolean) => (isBucket ? bucket : objects);
    // @ts-expect-error nobody knows which of both
    expect(allow('Wrong', 's3:GetObject', 's3:ListBucket').on(either(true))).toBeDefined();
    const calls: ('s3:GetObject' | 's3:ListBucket')[] = ['s3:ListBucket'];
    // @ts-expect-error actions that are chosen later could be for a bucket
    expect(allow('Wrong', 's3:GetObject', ...calls).on(objects)).toBeDefined();
    // @ts-expect-error an action on tables in the policy of a key
    expect(allow('Wrong', 'kms:Decrypt', 'dynamodb:Query').to(wholeAccount(chart)).onThisKey()).toBeDefined();
  });

  it('says whom it is about in the policy of a resource, and not in that of a role', () => {
    const own = allow('Own', 'dynamodb:Query').on(table);
    const others = allow('Others', 'dynamodb:Query').to(wholeAccount(chart)).on(table);
    const trust = assumableBy('Lambda', service(chart, 'lambda.amazonaws.com'));
    // @ts-expect-error a policy is of a role or of a resource
    expect(policyText([own, others])).toContain('Principal');
    // @ts-expect-error trust stands by itself
    expect(policyText([others, trust])).toContain('Principal');
    const role = new ServiceRole(chartIn('ap-northeast-1'), 'worker', worker);
    // @ts-expect-error the role is the principal
    expect(role.allow('Read', 'dynamodb:Query').to).toBeDefined();
    // @ts-expect-error a role's policy names no principal
    expect(() => role.add([others])).not.toThrow();
  });

  it('has conditions on keys that AWS has, and that calls of its actions can have', () => {
    const begun = allow('Read', 'dynamodb:Query');
    expect(begun.when({ StringEquals: { 'aws:PrincipalTag/team': 'a', 'dynamodb:Select': 'COUNT' } })).toBeDefined();
    // @ts-expect-error no such key
    expect(begun.when({ StringEquals: { 'aws:SourceAcount': '123456789012' } })).toBeDefined();
    // @ts-expect-error a key of another service, which is never there
    expect(begun.when({ StringEquals: { 'kms:ViaService': 's3' } })).toBeDefined();
    // @ts-expect-error no such operator
    expect(begun.when({ StringIs: { 'aws:SourceAccount': '123456789012' } })).toBeDefined();
  });

  it('cannot be made to forget what must hold', () => {
    const read = allow('Read', 'dynamodb:Query').to(service(chart, 'lambda.amazonaws.com'));
    expect(() => read.when({ StringEquals: { 'aws:SourceAccount': '210987654321' } })).toThrow(
      'StringEquals says twice what aws:SourceAccount must be.',
    );
  });

  it('adds up what must hold', () => {
    const { Condition } = allow('Write', 's3:PutObject')
      .to(service(chart, 'config.amazonaws.com', 'arn:x'))
      .when({ StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } })
      .on(arnOf(chart, 's3:object', { BucketName: 'logs', ObjectName: '*' }));
    expect(Condition).toEqual({
      StringEquals: { 'aws:SourceAccount': '123456789012', 's3:x-amz-acl': 'bucket-owner-full-control' },
      ArnLike: { 'aws:SourceArn': 'arn:x' },
    });
  });

  it('lets a service in for this account only, whatever else is said', () => {
    const trust = assumableBy('Lambda', service(chart, 'lambda.amazonaws.com'));
    expect(trust).toEqual({
      Sid: 'Lambda',
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
    });
    expect(wholeAccount(chart).principal).toEqual({ AWS: 'arn:aws:iam::123456789012:root' });
  });

  it('refuses what does not come by TLS', () => {
    expect(refuseWithoutTls('sqs', arnOf(chart, 'sqs:queue', { QueueName: 'work' }))).toMatchObject({
      Effect: 'Deny',
      Principal: '*',
      Action: 'sqs:*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  });
});

describe('a policy', () => {
  it.each([
    ['says nothing', [], 'a policy says nothing'],
    ['has a name twice', ['Read', 'Read'], 'the statement "Read" of a policy needs a name of its own'],
    ['has a name that AWS does not take', ['Read it'], 'the statement "Read it" of a policy needs a name'],
  ])('that %s is refused', (_, sids, sentence) => {
    expect(() => policyText(sids.map((sid) => allow(sid, 'dynamodb:Query').on(table)))).toThrow(sentence);
  });
});

describe('a role of a service', () => {
  const roleIn = () => new ServiceRole(chartIn('ap-northeast-1'), 'worker', worker);

  it('has one policy with everything that is allowed to it, in order', () => {
    const role = roleIn();
    const read = role.allow('Read', 'dynamodb:Query').on(table);
    const { policy } = role;
    const trace = role.allow('Trace', 'xray:PutTraceSegments').on('*');
    expect(role.policy).toBe(policy);
    expect(policy.toJson().spec).toEqual({
      forProvider: { role: 'owlnest-worker-production', policy: policyText([read, trace]) },
    });
    expect(role.arn).toBe('arn:aws:iam::123456789012:role/owlnest-worker-production');
  });

  it('keeps statements that were made elsewhere', () => {
    const role = roleIn();
    const read = allow('Read', 'dynamodb:Query').on(table);
    role.add([read]);
    expect(role.policy.toJson().spec).toMatchObject({ forProvider: { policy: policyText([read]) } });
  });

  it('refuses a statement that was begun and is about nothing', () => {
    const role = roleIn();
    role.allow('Trace', 'xray:PutTraceSegments').on('*');
    const begun = role.allow('Read', 'dynamodb:Query').when({ StringEquals: { 'aws:RequestedRegion': 'a' } });
    expect(() => role.policy.toJson()).toThrow(
      'production-api-worker-role is allowed "Read" on nothing: end the statement with .on(…).',
    );
    begun.on(table);
    expect(JSON.stringify(role.policy.toJson())).toContain('aws:RequestedRegion');
  });

  it('has no policy where nothing is allowed to it', () => {
    expect(() => roleIn().policy).toThrow('nothing is allowed to the role');
  });
});
