import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { ApiGatewayManagementApiClient, GoneException } from '@aws-sdk/client-apigatewaymanagementapi';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { MiddlewareStack } from '@smithy/types';
import fc from 'fast-check';
import { objectKey, type Discussion } from '../../lambda/contract/entities/index.ts';
import { operationList, parameterNames, type OperationId } from '../../lambda/contract/operations/index.ts';
import { createCleanup } from '../../lambda/functions/cleanup/app.ts';
import { cognitoDirectory, cognitoIdentity } from '../../lambda/functions/clients/cognito.ts';
import { kmsSigner } from '../../lambda/functions/clients/kms.ts';
import { s3Objects } from '../../lambda/functions/clients/s3.ts';
import { createCounters } from '../../lambda/functions/counters/app.ts';
import { createFileScan } from '../../lambda/functions/file-scan/app.ts';
import { s3Objects as s3Looks } from '../../lambda/functions/file-scan/s3.ts';
import { createIdentitySync } from '../../lambda/functions/identity-sync/app.ts';
import { cognitoDirectory as cognitoGroups } from '../../lambda/functions/identity-sync/cognito.ts';
import { createPostConfirmation } from '../../lambda/functions/post-confirmation/app.ts';
import { groupOf } from '../../lambda/functions/post-confirmation/cognito.ts';
import { createPublisher } from '../../lambda/functions/publisher/app.ts';
import { eventBridge } from '../../lambda/functions/publisher/event-bridge.ts';
import { createPush } from '../../lambda/functions/push/app.ts';
import { apiGatewayChannel } from '../../lambda/functions/shared/channel.ts';
import type { ConsumerLog } from '../../lambda/functions/shared/consumer.ts';
import { createWebsocket, hashOfTicket } from '../../lambda/functions/websocket/app.ts';
import { aFile, newId, newUserId } from './data/samples.ts';
import { batchOf, deliver, eventBatch, published, quiet, streamEvent } from './functions/delivery.ts';
import { requestsOf } from './functions/rest/arbitrary.ts';
import { populated } from './functions/rest/populated.ts';
import { walk } from './functions/rest/walk.ts';
import { World } from './functions/rest/world.ts';
import { Recording } from './recording.ts';

const settings = { region: 'ap-northeast-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' }, maxAttempts: 1 };
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const SHA256 = createHash('sha256').update(PNG).digest();

const DAY = 24 * 3_600_000;
/** Requests of each operation, from a seed: the same in every run. */
const REQUESTS = { numRuns: 12, seed: 20261125 };

type Answers = Readonly<Record<string, (input: object) => object>>;

/** The client's calls are recorded, and answered without a network. */
function answering<Input extends object, Output extends object>(
  client: { readonly middlewareStack: MiddlewareStack<Input, Output> },
  recording: Recording,
  answers: Answers,
): void {
  recording.watch(client);
  client.middlewareStack.add(
    (_next, { commandName = '' }) =>
      (args) => {
        const answer = answers[commandName.replace(/Command$/, '')] ?? (() => ({}));
        return Promise.resolve().then(() => ({
          output: { $metadata: {}, ...answer(args.input) } as Output,
          response: undefined,
        }));
      },
    { step: 'initialize', priority: 'low', name: 'answers' },
  );
}

/** The clients that the handlers of functions make, all of them recorded. */
interface Clients {
  readonly s3: S3Client;
  readonly pool: CognitoIdentityProviderClient;
  readonly kms: KMSClient;
  readonly bus: EventBridgeClient;
  readonly sockets: ApiGatewayManagementApiClient;
  /** Connections that have ended without a word. */
  readonly gone: Set<string>;
}

interface Scene extends Clients {
  readonly recording: Recording;
  readonly world: World;
}

/** What every function calls, from the first user to the last event; the same in every run. */
export async function recordedWalk(): Promise<Recording> {
  const scene = newScene();
  await walk(scene.world);
  const discussion = await requests(scene);
  await secondFactor(scene);
  await pages(scene);
  await attachments(scene);
  await rooms(scene, discussion);
  await uploads(scene);
  await confirmation(scene);
  await events(scene);
  scene.world.clock.pass(31 * DAY);
  scene.world.test.twin.expire();
  await events(scene);
  return scene.recording;
}

function newScene(): Scene {
  const recording = new Recording();
  const gone = new Set<string>();
  const s3 = new S3Client({ ...settings, requestHandler: objects });
  const pool = new CognitoIdentityProviderClient(settings);
  const kms = new KMSClient(settings);
  const bus = new EventBridgeClient(settings);
  const sockets = new ApiGatewayManagementApiClient({ ...settings, endpoint: 'https://sockets.invalid/test' });
  recording.watch(s3);
  answering(kms, recording, { GenerateMac: () => ({ Mac: Buffer.alloc(32) }), VerifyMac: () => ({ MacValid: true }) });
  answering(bus, recording, {});
  answering(sockets, recording, {
    PostToConnection: (input) => {
      if (!gone.has(String(Reflect.get(input, 'ConnectionId')))) return {};
      throw new GoneException({ message: 'gone', $metadata: {} });
    },
  });
  const files = s3Objects(s3, 'files');
  const world = new World(
    {
      signer: kmsSigner(kms, 'key'),
      identity: cognitoIdentity(pool, { clientId: 'client', userPoolId: 'pool' }),
      directory: cognitoDirectory(pool, 'pool'),
      objects: {
        ...files,
        // Nothing is sent for a form: who uploads by it puts the object with the rights of the function.
        uploadForm: (object) => {
          recording.see({ uses: [{ call: 's3:PutObject', on: 'files' }] });
          return files.uploadForm(object);
        },
      },
    },
    recording,
  );
  answering(pool, recording, poolAnswers(world));
  return { recording, world, s3, pool, kms, bus, sockets, gone };
}

/** A bucket in which every object is there, and the same. */
const objects = {
  metadata: { handlerProtocol: 'http/1.1' },
  handle: () => {
    const headers = { 'content-length': `${PNG.length}`, 'x-amz-checksum-sha256': SHA256.toString('base64') };
    return Promise.resolve({ response: { statusCode: 200, headers, body: Readable.from([PNG]) } });
  },
  destroy: () => undefined,
  updateHttpClientConfig: () => undefined,
  httpHandlerConfigs: () => ({}),
};

/** The user pool knows whom the world names, and asks for a second factor until it is given. */
function poolAnswers(world: World): Answers {
  const known = (): object => {
    if (world.pool === undefined || world.pool instanceof Error || world.pool.state !== 'signed-in') return {};
    const attributes = { sub: world.pool.userId, email: world.pool.email };
    return {
      UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
      UserMFASettingList: ['SOFTWARE_TOKEN_MFA'],
    };
  };
  const tokens = { AuthenticationResult: { AccessToken: 'a', IdToken: 'i', RefreshToken: 'r', ExpiresIn: 900 } };
  const asks = { ChallengeName: 'SOFTWARE_TOKEN_MFA', Session: 'session' };
  return {
    AdminInitiateAuth: () => (world.pool instanceof Error ? asks : tokens),
    AdminRespondToAuthChallenge: () => tokens,
    GetTokensFromRefreshToken: () => tokens,
    GetUser: known,
    AdminGetUser: known,
  };
}

/** Requests that fit the schemas of every operation, from all kinds of users. */
async function requests({ world }: Scene): Promise<Discussion> {
  const { people, ids, all } = await populated(world);
  for (const operation of operationList) {
    const params = fc.record(
      Object.fromEntries(parameterNames(operation.path).map((name) => [name, fc.constantFrom(...(ids[name] ?? []))])),
    );
    const calls = fc.tuple(fc.constantFrom(...people), params, requestsOf(operation, all));
    for (const [as, given, { body, query }] of fc.sample(calls, REQUESTS)) {
      const ifMatch = operation.version === 'required' ? 1 : undefined;
      const answer = await world.call(operation.id as OperationId, { as, params: given, query, body, ifMatch });
      if (answer.problem?.code === 'internal')
        throw new Error(`${operation.id} fails: ${JSON.stringify(world.entries.at(-1))}`);
      world.clock.pass(3_600_000);
    }
  }
  // The requests have closed accounts and deleted what there was.
  const owner = await world.user('creator');
  const { discussion } = await world.discussion(owner);
  return discussion;
}

async function secondFactor({ world }: Scene): Promise<void> {
  const before = world.pool;
  world.pool = new Error('asks for a second factor');
  const email = 'owl@example.com';
  const { body } = await world.call('login', { body: { email, password: 'correct horse battery' } });
  world.pool = before;
  const { challenge, challengeToken } = body;
  await world.call('answerChallenge', { body: { challenge, challengeToken, answer: '123456' } });
}

/** The second page of every kind of list, for which a cursor is signed and verified, and an account that is closed. */
async function pages({ world }: Scene): Promise<void> {
  const [admin, owner] = [await world.user('admin'), await world.user('creator')];
  for (const _ of [1, 2]) {
    await world.discussion(owner);
    await world.cleanFile(owner, now(world));
    await world.user('viewer');
  }
  const lists = [
    { id: 'listUsers', as: admin, query: { role: 'viewer' } },
    { id: 'listDiscussions', as: owner, query: { mine: 'owner' } },
    { id: 'listFiles', as: owner, query: {} },
  ] as const;
  for (const { id, as, query } of lists) {
    const { body } = await world.call(id, { as, query: { ...query, limit: 1 } });
    await world.call(id, { as, query: { ...query, limit: 1, cursor: body.nextCursor } });
  }
  const leaving = await world.user('viewer');
  await world.call('closeMe', { as: leaving, ifMatch: 1 });
}

/** A file of a post, which its owner and somebody else download. */
async function attachments({ world }: Scene): Promise<void> {
  const [owner, reader] = [await world.user('creator'), await world.user('viewer')];
  const { discussion, point } = await world.discussion(owner);
  const { fileId } = await world.cleanFile(owner, now(world));
  await world.call('createPost', {
    as: owner,
    params: { discussionId: discussion.discussionId },
    body: { pointId: point.pointId, text: 'See there.', attachments: [fileId] },
  });
  for (const as of [owner, reader]) await world.call('getFile', { as, params: { fileId } });
}

function now({ clock }: World): { readonly createdAt: string; readonly updatedAt: string } {
  return { createdAt: clock.at, updatedAt: clock.at };
}

/** Six connections of one user, of which the first is closed and another ends without a word. */
async function rooms({ world, recording, sockets, gone }: Scene, { discussionId }: Discussion): Promise<void> {
  const { stores, now } = { stores: world.stores, now: world.clock.now };
  const channel = apiGatewayChannel(sockets);
  const websocket = recording.as('websocket', createWebsocket({ stores, channel, now, newId }));
  const { userId } = await world.user('viewer');
  const call = (routeKey: string, connectionId: string, rest: object = {}): Promise<unknown> =>
    websocket({ requestContext: { routeKey, connectionId }, ...rest });
  for (const connectionId of ['c1', 'c2', 'c3', 'c4', 'c5', 'c6']) {
    world.clock.pass(1000);
    await stores.requests.putTicket(hashOfTicket(connectionId), userId, now());
    await call('$connect', connectionId, { queryStringParameters: { ticket: connectionId } });
    for (const action of ['subscribe', 'unsubscribe', 'subscribe']) {
      await call('$default', connectionId, { body: JSON.stringify({ action, discussionId }) });
    }
    await call('$default', connectionId, { body: JSON.stringify({ action: 'typing', discussionId, on: true }) });
  }
  await call('$disconnect', 'c2');
  const since = newId(now().getTime());
  await call('$default', 'c3', { body: JSON.stringify({ action: 'subscribe', discussionId, since }) });
  gone.add('c4');
  const whole = await stores.discussions.whole(discussionId);
  const [point] = whole?.points ?? [];
  if (whole === undefined || point === undefined) throw new Error('The discussion of the rooms has no point.');
  const author = await world.user('creator');
  const post = await world.post(point, author);
  await stores.posts.react(
    { postId: post.postId, userId, kind: 'like', createdAt: world.clock.at },
    world.change(userId),
  );
  const { discussion } = whole;
  await stores.discussions.update(
    { discussion: { ...discussion, visibility: 'restricted', accessMode: 'allowlist' }, listings: [] },
    world.change(discussion.ownerId),
  );
}

/** A file that is what it was announced as, and one that is not. */
async function uploads({ world, recording, s3 }: Scene): Promise<void> {
  const scan = recording.as(
    'file-scan',
    createFileScan({
      files: world.stores.files,
      lookAt: s3Looks(s3, 'files'),
      scanner: 'none',
      now: world.clock.now,
      log: throwing,
    }),
  );
  const { userId } = await world.user('creator');
  for (const name of ['x.png', 'y.png']) {
    const size = name === 'x.png' ? PNG.length : 5;
    const file = aFile(userId, { name, contentType: 'image/png', size, sha256: SHA256.toString('hex'), ...now(world) });
    await world.stores.files.create(file, { files: 9, bytes: 99_999, pending: 9 }, world.change(userId));
    await scan(batchOf([{ 'detail-type': 'Object Created', detail: { object: { key: objectKey(file.fileId) } } }]));
  }
}

async function confirmation({ world, recording, pool }: Scene): Promise<void> {
  const confirm = createPostConfirmation({
    users: world.stores.users,
    addToGroup: groupOf(pool),
    now: world.clock.now,
    random: (bytes) => Buffer.alloc(bytes, 1),
  });
  const userName = newUserId();
  await recording.as(
    'post-confirmation',
    confirm,
  )({
    version: '1',
    region: 'local',
    userPoolId: 'pool',
    userName,
    triggerSource: 'PostConfirmation_ConfirmSignUp',
    callerContext: { awsSdkVersion: '', clientId: '' },
    request: { userAttributes: { sub: userName } },
    response: {},
  });
}

/** All that has changed in the table goes through the publisher to every consumer, until nothing changes any more. */
async function events({ world, recording, bus, pool, s3, sockets }: Scene): Promise<void> {
  const { stores } = world;
  const { now } = world.clock;
  const log = throwing;
  const publish = createPublisher({ bus: eventBridge(bus, 'bus'), log: quiet });
  const consumers = [
    recording.as('counters', createCounters({ stores, now, log })),
    recording.as('push', createPush({ stores, channel: apiGatewayChannel(sockets), log })),
    recording.as('identity-sync', createIdentitySync({ stores, directory: cognitoGroups(pool, 'pool'), now, log })),
    recording.as(
      'cleanup',
      createCleanup({
        purge: stores.purge,
        deleteObject: async (Key) => {
          await s3.send(new DeleteObjectCommand({ Bucket: 'files', Key }));
        },
        now,
        log,
      }),
    ),
  ];
  for (let seen = 0; seen < world.test.twin.records.length;) {
    const records = world.test.twin.records.slice(seen);
    seen = world.test.twin.records.length;
    await recording.as('publisher', publish)(streamEvent(records));
    const made = await published(records);
    for (const consume of consumers) await deliver(consume, made, eventBatch, 10);
  }
}

/** A consumer that fails would be silent about a call that it may not make. */
const throwing: ConsumerLog = {
  error: (message, { error }) => {
    throw new Error(message, { cause: error });
  },
};
