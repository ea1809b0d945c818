import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { ROLES } from '../../lambda/contract/entities/index.ts';
import { decodeCursor, encodeCursor } from '../../lambda/data/cursor.ts';
import { kmsSigner } from '../../lambda/functions/clients/kms.ts';
import { s3Objects } from '../../lambda/functions/file-scan/s3.ts';
import { cognitoDirectory } from '../../lambda/functions/identity-sync/cognito.ts';
import { EVENT_SOURCE } from '../../lambda/contract/events.ts';
import { eventBridge } from '../../lambda/functions/publisher/event-bridge.ts';
import { readEvents } from '../../lambda/functions/shared/consumer.ts';
import { aProfile, changeBy, newUserId, somePreferences } from '../lambda/data/samples.ts';
import { twinStores } from '../lambda/data/twin-stores.ts';
import { batchOf, published } from '../lambda/functions/delivery.ts';
import { startMoto } from './harness/moto.ts';

const moto = await startMoto();
afterAll(() => moto.stop());

const config = {
  region: 'ap-northeast-1',
  endpoint: moto.endpoint,
  credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
};

describe('the functions on the services of AWS, as moto plays them', () => {
  it('Cognito: a user is in the group of the role and no other, and may be gone', async () => {
    const client = new CognitoIdentityProviderClient(config);
    const { UserPool: pool } = await client.send(new CreateUserPoolCommand({ PoolName: 'owlnest' }));
    const UserPoolId = pool?.Id ?? '';
    for (const GroupName of ROLES) await client.send(new CreateGroupCommand({ UserPoolId, GroupName }));
    await client.send(new AdminCreateUserCommand({ UserPoolId, Username: 'hanako' }));
    const directory = cognitoDirectory(client, UserPoolId);
    const groups = async (): Promise<unknown> => {
      const command = new AdminListGroupsForUserCommand({ UserPoolId, Username: 'hanako' });
      return (await client.send(command)).Groups?.map(({ GroupName }) => GroupName);
    };
    for (const role of ['viewer', 'creator', 'creator', 'contributor'] as const) {
      await directory.setRole('hanako', role);
      expect(await groups()).toEqual([role]);
    }
    await directory.setRole('hanako', undefined);
    expect(await groups()).toEqual([]);
    await directory.signOut('hanako');
    await directory.remove('hanako');
    const get = client.send(new AdminGetUserCommand({ UserPoolId, Username: 'hanako' }));
    await expect(get).rejects.toMatchObject({ name: 'UserNotFoundException' });
    await directory.setRole('hanako', 'viewer');
    await directory.signOut('hanako');
    await directory.remove('hanako');
  });

  it('EventBridge and SQS: what is published arrives in the queue of its type, as a consumer reads it', async () => {
    const [events, queues] = [new EventBridgeClient(config), new SQSClient(config)];
    const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: 'counters' }));
    const attributes = { QueueUrl, AttributeNames: ['QueueArn' as const] };
    const { Attributes: found } = await queues.send(new GetQueueAttributesCommand(attributes));
    await events.send(new CreateEventBusCommand({ Name: 'owlnest' }));
    const rule = { Name: 'counters', EventBusName: 'owlnest' };
    const pattern = { source: [EVENT_SOURCE], 'detail-type': ['user.created'] };
    await events.send(new PutRuleCommand({ ...rule, EventPattern: JSON.stringify(pattern) }));
    await events.send(
      new PutTargetsCommand({
        Rule: rule.Name,
        EventBusName: rule.EventBusName,
        Targets: [{ Id: 'queue', Arn: found?.QueueArn }],
      }),
    );

    const { stores, clock, twin } = twinStores();
    const profile = aProfile();
    const change = changeBy(profile.userId, clock);
    await stores.users.create(profile, somePreferences(profile.userId), change);
    await stores.users.update(profile, change);
    const made = await published(twin.records);
    expect(made.map(({ type }) => type)).toEqual(['user.created', 'user.updated']);
    expect(await eventBridge(events, 'owlnest').publish(made)).toEqual(new Set());

    const receive = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 };
    const { Messages: messages = [] } = await queues.send(new ReceiveMessageCommand(receive));
    const { deliveries, unreadable } = readEvents(batchOf(messages.map(({ Body: body }) => body ?? '')));
    expect(unreadable).toEqual([]);
    expect(deliveries.map(({ event }) => event)).toEqual([made[0]]);
  });

  it('S3: a form takes exactly the file that was announced, and its facts can be read', async () => {
    const client = new S3Client({ ...config, forcePathStyle: true });
    const Bucket = 'owlnest-files';
    const CreateBucketConfiguration = { LocationConstraint: 'ap-northeast-1' as const };
    await client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    const content = Buffer.from('夜行バス');
    const checksum = createHash('sha256').update(content).digest();
    const Key = `files/${newUserId()}`;
    const fields = {
      'Content-Type': 'text/plain',
      'x-amz-checksum-algorithm': 'SHA256',
      'x-amz-checksum-sha256': checksum.toString('base64'),
    };
    const form = await createPresignedPost(client, {
      Bucket,
      Key,
      Fields: fields,
      Conditions: [['content-length-range', content.length, content.length]],
      Expires: 900,
    });
    const body = new FormData();
    for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
    body.append('file', new Blob([content]));
    const answer = await fetch(form.url, { method: 'POST', body });
    expect(answer.ok).toBe(true);

    const lookAt = s3Objects(client, Bucket);
    const facts = await lookAt(Key);
    expect(facts?.size).toBe(content.length);
    expect(Buffer.from(facts?.start ?? []).toString()).toBe('夜行バス');
    expect(await lookAt('files/none')).toBeUndefined();
  });

  it('KMS: signs cursors with a key that nobody can read', async () => {
    const client = new KMSClient(config);
    const command = new CreateKeyCommand({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    const { KeyMetadata: key } = await client.send(command);
    const signer = kmsSigner(client, key?.KeyId ?? '');
    const now = new Date();
    const cursor = await encodeCursor(signer, { position: 'p', filter: 'f', now });
    expect(await decodeCursor(signer, { cursor, filter: 'f', now })).toBe('p');
    const forged = `${cursor.slice(0, -43)}${'A'.repeat(43)}`;
    expect(await decodeCursor(signer, { cursor: forged, filter: 'f', now })).toBeUndefined();
  });
});
