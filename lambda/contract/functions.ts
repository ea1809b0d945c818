import * as z from 'zod';
import { common, variables } from './environment-variables.ts';
import type { EventType } from './events.ts';
import type { FunctionName } from './function-names.ts';

/** What calls a function. */
export type Trigger =
  /** Operations of the REST API that name the function. */
  | { readonly kind: 'rest' }
  /** Every route of the WebSocket API. */
  | { readonly kind: 'websocket' }
  /** The user pool, when somebody has confirmed the address. */
  | { readonly kind: 'user-pool'; readonly on: 'PostConfirmation' }
  /** The table's stream, new and old images. */
  | { readonly kind: 'stream' }
  /** A queue of its own, filled from the event bus with these events. */
  | { readonly kind: 'events'; readonly types: readonly EventType[] }
  /** A queue of its own, filled from the account's default bus: objects of the files bucket, results of the scanner. */
  | { readonly kind: 'files' };

/** What a function acts on. */
export type Target = 'table' | 'files' | 'user-pool' | 'cursor-key' | 'event-bus' | 'websocket';

/** Where Lambda itself fetches what a function is called with. */
export type Source = 'stream' | 'queue';

/**
 * AWS calls that a function makes, by IAM action, on one target. A test sees each of them made, and no other; calls that IAM
 * does not ask about are no uses. What the key of an encrypted target asks for besides follows from the target.
 */
export interface Use {
  readonly call: `${string}:${string}`;
  readonly on: Target;
}

/** One Lambda function. */
export interface FunctionDeclaration {
  readonly what: string;
  readonly trigger: Trigger;
  /** MB; the default, which a configuration file can change. */
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Its environment variables: the chart fills exactly these, the handler parses exactly these. */
  readonly environment: z.ZodObject;
  readonly uses: readonly Use[];
}

const {
  ALLOWED_ORIGINS,
  CURSOR_KEY_ID,
  EVENT_BUS_NAME,
  FILES_BUCKET,
  MALWARE_SCANNER,
  TABLE_NAME,
  USER_POOL_CLIENT_ID,
  USER_POOL_ID,
  WEBSOCKET_ENDPOINT,
} = variables;

/** The API gives up after ten seconds. */
const rest = { trigger: { kind: 'rest' }, memoryMb: 512, timeoutSeconds: 10 } as const;
const consumer = { memoryMb: 512, timeoutSeconds: 60 } as const;
const restEnvironment = { ...common, ALLOWED_ORIGINS, TABLE_NAME };

/** IAM actions on one target. */
function on(target: Target, ...calls: readonly Use['call'][]): readonly Use[] {
  return calls.map((call) => ({ call, on: target }));
}

const readTable = on('table', 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query');
/** Parts of transactions among them; `TransactWriteItems` itself is no IAM action. */
const writeTable = on('table', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem');
const signCursors = on('cursor-key', 'kms:GenerateMac', 'kms:VerifyMac');

/** What Lambda itself calls with the role of a function, by what triggers it: AWS Lambda Developer Guide, event source mappings. */
export function callsOfTrigger({ kind }: Trigger): readonly { readonly call: Use['call']; readonly on: Source }[] {
  const polls = (source: Source, ...calls: readonly Use['call'][]): { call: Use['call']; on: Source }[] =>
    calls.map((call) => ({ call, on: source }));
  switch (kind) {
    case 'stream':
      return polls(
        'stream',
        'dynamodb:DescribeStream',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
      );
    case 'events':
    case 'files':
      return polls('queue', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage');
    case 'rest':
    case 'websocket':
    case 'user-pool':
      return [];
  }
}

/** Every function once. */
export const functions = {
  auth: {
    ...rest,
    what: 'signs people up and in, gives WebSocket tickets, answers the health check',
    environment: z.object({ ...restEnvironment, USER_POOL_CLIENT_ID, USER_POOL_ID }),
    // SignUp, ForgotPassword and the others that a browser could call, too, ask for no permission. A password it takes for
    // somebody by a flow that the client leaves to those with a right to it.
    uses: [
      ...on('table', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'),
      ...on('user-pool', 'cognito-idp:AdminInitiateAuth', 'cognito-idp:AdminRespondToAuthChallenge'),
    ],
  },
  user: {
    ...rest,
    what: 'profiles, preferences, roles',
    environment: z.object({ ...restEnvironment, CURSOR_KEY_ID, USER_POOL_ID }),
    uses: [
      ...readTable,
      ...writeTable,
      ...on('table', 'dynamodb:ConditionCheckItem'),
      ...signCursors,
      ...on('user-pool', 'cognito-idp:AdminGetUser'),
    ],
  },
  discussion: {
    ...rest,
    what: 'discussions, points, knowledge, access lists, moderators',
    environment: z.object({ ...restEnvironment, CURSOR_KEY_ID }),
    uses: [...readTable, ...writeTable, ...signCursors],
  },
  post: {
    ...rest,
    what: 'posts, replies, reactions',
    environment: z.object({ ...restEnvironment, CURSOR_KEY_ID }),
    uses: [...readTable, ...writeTable, ...signCursors],
  },
  file: {
    ...rest,
    what: 'forms for uploads, addresses for downloads',
    environment: z.object({ ...restEnvironment, CURSOR_KEY_ID, FILES_BUCKET }),
    // The form and the address are signed with the rights of the function: it needs what they allow.
    uses: [...readTable, ...writeTable, ...signCursors, ...on('files', 's3:PutObject', 's3:GetObject')],
  },
  websocket: {
    trigger: { kind: 'websocket' },
    memoryMb: 512,
    timeoutSeconds: 10,
    what: 'connections, rooms, typing, catching up',
    environment: z.object({ ...common, TABLE_NAME, WEBSOCKET_ENDPOINT }),
    uses: [
      ...readTable,
      ...on('table', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem'),
      ...on('websocket', 'execute-api:ManageConnections'),
    ],
  },
  'post-confirmation': {
    trigger: { kind: 'user-pool', on: 'PostConfirmation' },
    memoryMb: 512,
    // The user pool waits no longer.
    timeoutSeconds: 5,
    what: 'makes profile and preferences of somebody who has confirmed the address, and the group viewer',
    environment: z.object({ ...common, TABLE_NAME }),
    uses: [...on('table', 'dynamodb:PutItem'), ...on('user-pool', 'cognito-idp:AdminAddUserToGroup')],
  },
  publisher: {
    ...consumer,
    trigger: { kind: 'stream' },
    what: 'turns changes of the table into domain events',
    environment: z.object({ ...common, EVENT_BUS_NAME }),
    uses: on('event-bus', 'events:PutEvents'),
  },
  'identity-sync': {
    ...consumer,
    trigger: { kind: 'events', types: ['user.updated', 'user.removed'] },
    what: 'copies roles to groups of the user pool, signs out, erases closed accounts',
    environment: z.object({ ...common, TABLE_NAME, USER_POOL_ID }),
    uses: [
      ...on('table', 'dynamodb:GetItem', 'dynamodb:PutItem'),
      ...on(
        'user-pool',
        'cognito-idp:AdminAddUserToGroup',
        'cognito-idp:AdminRemoveUserFromGroup',
        'cognito-idp:AdminUserGlobalSignOut',
        'cognito-idp:AdminDeleteUser',
      ),
    ],
  },
  counters: {
    ...consumer,
    trigger: {
      kind: 'events',
      types: [
        'user.created',
        'discussion.created',
        'participant.created',
        'post.created',
        'post.updated',
        'reaction.created',
        'reaction.updated',
        'reaction.removed',
      ],
    },
    what: 'statistics of posts, discussions, users and days; lists of top posts',
    environment: z.object({ ...common, TABLE_NAME }),
    uses: [...readTable, ...on('table', 'dynamodb:PutItem', 'dynamodb:UpdateItem')],
  },
  push: {
    ...consumer,
    trigger: {
      kind: 'events',
      types: [
        'discussion.updated',
        'access.created',
        'access.removed',
        'post.created',
        'post.updated',
        'reaction.created',
        'reaction.updated',
        'reaction.removed',
      ],
    },
    what: 'tells open connections what has changed in their rooms',
    environment: z.object({ ...common, TABLE_NAME, WEBSOCKET_ENDPOINT }),
    uses: [
      ...readTable,
      ...on('table', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem'),
      ...on('websocket', 'execute-api:ManageConnections'),
    ],
  },
  cleanup: {
    ...consumer,
    trigger: {
      kind: 'events',
      types: ['discussion.removed', 'post.removed', 'user.removed', 'file.updated', 'file.removed'],
    },
    what: 'deletes what belonged to something that is gone, objects of files included',
    environment: z.object({ ...common, TABLE_NAME, FILES_BUCKET }),
    uses: [
      ...on(
        'table',
        'dynamodb:GetItem',
        'dynamodb:Query',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'dynamodb:BatchWriteItem',
      ),
      ...on('files', 's3:DeleteObject'),
    ],
  },
  'file-scan': {
    ...consumer,
    trigger: { kind: 'files' },
    what: 'checks uploaded files and awaits the scanner',
    environment: z.object({ ...common, TABLE_NAME, FILES_BUCKET, MALWARE_SCANNER }),
    uses: [
      ...on('table', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'),
      // Who may not list the bucket is told 403 of an object that is not there, and not 404.
      ...on('files', 's3:GetObject', 's3:ListBucket'),
    ],
  },
} as const satisfies Readonly<Record<FunctionName, FunctionDeclaration>>;

/** The parsed environment of a function. */
export type EnvironmentOf<Name extends FunctionName> = z.output<(typeof functions)[Name]['environment']>;

/** What the chart has to fill in for a function: text by variable. */
export type VariablesOf<Name extends FunctionName> = z.input<(typeof functions)[Name]['environment']>;
