import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateKeyCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand, PutBucketTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import type { KubernetesObject } from '../../imports/base.ts';
import type { OrphanReport } from '../../report/orphans.ts';
import { callOwlnest, removeFolders, temporaryFolder } from '../cli/command.ts';
import { MOTO_ACCOUNT, startMoto } from './harness/moto.ts';

const moto = await startMoto();

const HERE = 'ap-northeast-1';
const THERE = 'ap-northeast-3';
const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
const clients = [HERE, THERE].map((region) => new KMSClient({ region, endpoint: moto.endpoint, credentials }));
const [here, there] = clients as [KMSClient, KMSClient];
const s3 = new S3Client({ region: HERE, endpoint: moto.endpoint, credentials, forcePathStyle: true });

/** GetResources gives 50 at once. */
const MANY = 60;

function tagsOf(kind: string, name: string, environment = 'production'): Readonly<Record<string, string>> {
  return {
    application: 'owlnest',
    environment,
    'crossplane-kind': `${kind}.aws.m.upbound.io`,
    'crossplane-name': name,
    'crossplane-providerconfig': environment,
  };
}

/** Makes a key as the provider does; gives its ARN. */
async function makeKey(client: KMSClient, tags: Readonly<Record<string, string>>): Promise<string> {
  const Tags = Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ Tags }));
  return KeyMetadata?.Arn ?? '';
}

function keyObject(name: string, arn: string, region = HERE): KubernetesObject {
  const id = arn.split('/').at(-1) ?? '';
  return {
    apiVersion: 'kms.aws.m.upbound.io/v1beta1',
    kind: 'Key',
    metadata: {
      name,
      namespace: 'owlnest-production',
      annotations: { 'crossplane.io/external-name': id },
    },
    spec: { forProvider: { region } },
    status: { atProvider: { arn, id } },
  };
}

const bucket: KubernetesObject = {
  apiVersion: 's3.aws.m.upbound.io/v1beta1',
  kind: 'Bucket',
  metadata: {
    name: 'files',
    namespace: 'owlnest-production',
    annotations: { 'crossplane.io/external-name': 'owlnest-files-production' },
  },
  spec: { forProvider: { region: HERE } },
};

async function keysInAws(): Promise<number> {
  const lists = await Promise.all(clients.map((client) => client.send(new ListKeysCommand({ Limit: 1000 }))));
  return lists.reduce((count, { Keys = [] }) => count + Keys.length, 0);
}

/** moto records what it is called for: `start-recording`, `stop-recording`, `download-recording`. */
async function motoApi(what: string): Promise<string> {
  const method = what === 'download-recording' ? 'GET' : 'POST';
  return (await fetch(`${moto.endpoint}/moto-api/recorder/${what}`, { method })).text();
}

/** The action of a recorded call, which is a header in one protocol of AWS and the begin of the body in another. */
function actionOf(line: string): string {
  const { headers, body } = JSON.parse(line) as { readonly headers: Record<string, string>; readonly body: string };
  return headers['X-Amz-Target'] ?? Buffer.from(body, 'base64').toString().split('&')[0] ?? '';
}

/** A file as `kubectl get managed -A -o json` writes it. */
function fileOf(objects: readonly KubernetesObject[]): string {
  const path = join(temporaryFolder(), 'managed.json');
  writeFileSync(
    path,
    JSON.stringify({ apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items: objects }),
  );
  return path;
}

async function reported(objects: readonly KubernetesObject[], env = moto.env) {
  const { code, stdout, stderr } = await callOwlnest(
    ['orphans', 'production', '--objects', fileOf(objects), '-o', 'json'],
    { env },
  );
  return { code, stderr, report: (stdout === '' ? undefined : JSON.parse(stdout)) as OrphanReport | undefined };
}

describe('owlnest orphans, against moto', () => {
  let first: string;
  let again: string;
  let left: string;
  const many: KubernetesObject[] = [];

  beforeAll(async () => {
    first = await makeKey(here, tagsOf('key.kms', 'data'));
    again = await makeKey(here, tagsOf('key.kms', 'data'));
    left = await makeKey(there, tagsOf('replicakey.kms', 'gone'));
    await makeKey(here, tagsOf('key.kms', 'data', 'staging'));
    await makeKey(here, { application: 'another' });
    await s3.send(
      new CreateBucketCommand({
        Bucket: 'owlnest-files-production',
        CreateBucketConfiguration: { LocationConstraint: HERE },
      }),
    );
    const TagSet = Object.entries(tagsOf('bucket.s3', 'files')).map(([Key, Value]) => ({ Key, Value }));
    await s3.send(new PutBucketTaggingCommand({ Bucket: 'owlnest-files-production', Tagging: { TagSet } }));
    for (let i = 0; i < MANY; i++) {
      many.push(keyObject(`many-${i}`, await makeKey(here, tagsOf('key.kms', `many-${i}`))));
    }
  });

  afterAll(async () => {
    for (const client of [...clients, s3]) client.destroy();
    await moto.stop();
    removeFolders();
  });

  it('names what was made twice and what has no object, in all regions, and nothing of another environment', async () => {
    const { code, report } = await reported([keyObject('data', first), bucket, ...many]);
    expect(code).toBe(1);
    expect(report?.orphans.map(({ arn, state, region }) => ({ arn, state, region }))).toEqual([
      { arn: again, state: 'doubled', region: HERE },
      { arn: left, state: 'left', region: THERE },
    ]);
    expect(report).toMatchObject({
      account: MOTO_ACCOUNT,
      regions: [HERE, THERE, 'us-east-1'],
      objects: MANY + 2,
      resources: MANY + 4,
    });
  });

  it('ends with 0 where every resource has its object', async () => {
    const all = [keyObject('data', first), keyObject('data', again), keyObject('gone', left, THERE), bucket, ...many];
    const { code, report } = await reported(all);
    expect(report?.orphans).toEqual([]);
    expect(code).toBe(0);
  });

  it('only reads: two actions are all that it calls', async () => {
    const before = await keysInAws();
    await motoApi('reset-recording');
    await motoApi('start-recording');
    await reported([]);
    await motoApi('stop-recording');
    const actions = (await motoApi('download-recording')).trim().split('\n').map(actionOf);
    expect([...new Set(actions)].sort()).toEqual([
      'Action=GetCallerIdentity',
      'ResourceGroupsTaggingAPI_20170126.GetResources',
    ]);
    expect(await keysInAws()).toBe(before);
  });

  it('prints a table of at most 80 columns, and each ARN whole', async () => {
    const { stdout } = await callOwlnest(
      ['orphans', 'production', '--objects', fileOf([keyObject('data', first), bucket, ...many])],
      { env: moto.env },
    );
    const lines = stdout.split('\n').filter((line) => !line.includes('arn:'));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).toContain(`1 ${again}\n2 ${left}\n`);
    expect(stdout).toContain('which is key/');
  });

  it('does not look into another account', async () => {
    const { code, stderr, report } = await reported([], {
      ...moto.env,
      AWS_ACCESS_KEY_ID: await keyOfAnotherAccount(),
    });
    expect(stderr).toBe(
      'The AWS credentials are of account 210987654321, and production is in 123456789012; sign in there, or name its profile in AWS_PROFILE.\n',
    );
    expect([code, report]).toEqual([2, undefined]);
  });
});

/** moto takes an access key for the account for which it gave it out. */
async function keyOfAnotherAccount(): Promise<string> {
  const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts');
  const sts = new STSClient({ region: HERE, endpoint: moto.endpoint, credentials });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::210987654321:role/any', RoleSessionName: 'test' }),
  );
  sts.destroy();
  return Credentials?.AccessKeyId ?? '';
}
