import { createHmac, timingSafeEqual } from 'node:crypto';
import { expect } from '@jest/globals';
import type { z } from 'zod';
import type { Discussion, File, Point, Post, Profile, Role } from '../../../../lambda/contract/entities/index.ts';
import type { FunctionName } from '../../../../lambda/contract/function-names.ts';
import {
  operations,
  problemsOf,
  type Operation,
  type OperationId,
} from '../../../../lambda/contract/operations/index.ts';
import { problem as problemSchema, type Problem } from '../../../../lambda/contract/schemas/problem.ts';
import type { Change } from '../../../../lambda/data/stores/index.ts';
import type { CursorSigner } from '../../../../lambda/data/cursor.ts';
import { listingsOf } from '../../../../lambda/domain/discussion.ts';
import type { Verdict } from '../../../../lambda/functions/content-filter.ts';
import { createAuth } from '../../../../lambda/functions/auth/app.ts';
import {
  IdentityRefusal,
  type Directory,
  type IdentityProvider,
  type SignIn,
} from '../../../../lambda/functions/clients/identity-provider.ts';
import type { FileObjects } from '../../../../lambda/functions/clients/file-objects.ts';
import { createDiscussion } from '../../../../lambda/functions/discussion/app.ts';
import { createFile } from '../../../../lambda/functions/file/app.ts';
import { createPost } from '../../../../lambda/functions/post/app.ts';
import type { RestHandler } from '../../../../lambda/functions/rest/adapter.ts';
import type { restEvent } from '../../../../lambda/functions/rest/event.ts';
import type { RequestEntry } from '../../../../lambda/functions/rest/telemetry.ts';
import { createUser } from '../../../../lambda/functions/user/app.ts';
import {
  aDiscussion,
  aFile,
  aPoint,
  aPost,
  aProfile,
  changeBy,
  newUserId,
  somePreferences,
} from '../../data/samples.ts';
import { twinStores } from '../../data/twin-stores.ts';
import { Recording } from '../../recording.ts';

export const ORIGIN = 'https://owlnest.example';

export type RestEventInput = z.input<typeof restEvent>;

export interface Call {
  readonly as?: Pick<Profile, 'userId' | 'role'> | undefined;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly ifMatch?: number | undefined;
  readonly key?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed, as each test knows what it asked for. */
  readonly body: ReturnType<JSON['parse']>;
  readonly problem: Problem | undefined;
}

/** Random bytes that are the same in every run. */
function counting(): (bytes: number) => Uint8Array {
  let next = 0;
  return (bytes) =>
    Uint8Array.from({ length: bytes }, (_, at) => (at === 3 ? ++next % 256 : (next >> (at % 3)) & 0xff));
}

export const signer: CursorSigner = {
  sign: (text) => Promise.resolve(mac(text)),
  verify: (text, signature) => {
    const [one, other] = [Buffer.from(mac(text)), Buffer.from(signature)];
    return Promise.resolve(one.length === other.length && timingSafeEqual(one, other));
  },
};

function mac(text: string): string {
  return createHmac('sha256', 'key of the tests').update(text).digest('base64url');
}

/** Clients of other services that a world may be given. */
export interface Parts {
  readonly signer?: CursorSigner;
  readonly identity?: IdentityProvider;
  readonly directory?: Directory;
  readonly objects?: FileObjects;
}

/** The REST API on the twin, with a user pool, an object store and a filter that do as they are told. */
export class World {
  readonly test = twinStores();
  /** Sees what functions call, and refuses what the contract does not declare. */
  readonly recording: Recording;
  readonly stores = this.test.stores;
  readonly clock = this.test.clock;
  readonly entries: RequestEntry[] = [];
  readonly emails = new Map<string, string>();
  /** Users who have no second factor; all others have one. */
  readonly withoutSecondFactor = new Set<string>();
  verdict: Verdict = 'pass';
  /** What the user pool answers to the next calls; an error is thrown. */
  pool: SignIn | Error | undefined;
  readonly poolCalls: unknown[][] = [];
  private keys = 0;
  private readonly functions: Readonly<Record<string, RestHandler>>;

  /** @param parts in place of stand-ins that do as they are told */
  constructor(parts: Parts = {}, recording = new Recording()) {
    this.recording = recording;
    recording.watch(this.test.client);
    const common = {
      stores: this.stores,
      now: this.clock.now,
      random: counting(),
      telemetry: {
        request: (entry: RequestEntry) => {
          this.entries.push(entry);
        },
      },
      origins: [ORIGIN],
      signer: parts.signer ?? signer,
    };
    const filter = { judge: () => Promise.resolve(this.verdict) };
    const told =
      (name: string) =>
      (...given: unknown[]) => {
        this.poolCalls.push([name, ...given]);
        return this.pool instanceof Error ? Promise.reject(this.pool) : Promise.resolve(this.pool);
      };
    const signIn =
      (name: string) =>
      async (...given: unknown[]): Promise<SignIn> => {
        const result = await told(name)(...given);
        if (result === undefined) throw new IdentityRefusal('invalid-credentials');
        return result;
      };
    const silent =
      (name: string) =>
      async (...given: unknown[]): Promise<void> => {
        await told(name)(...given);
      };
    this.functions = {
      auth: createAuth({
        ...common,
        release: '1.2.3',
        identity: parts.identity ?? {
          register: silent('register'),
          confirm: silent('confirm'),
          resendCode: silent('resendCode'),
          forgotPassword: silent('forgotPassword'),
          resetPassword: silent('resetPassword'),
          signIn: signIn('signIn'),
          answerChallenge: signIn('answerChallenge'),
          refresh: async (...given) => {
            await told('refresh')(...given);
            return { accessToken: 'access', idToken: 'id', expiresIn: 900 };
          },
          revoke: silent('revoke'),
          signOutEverywhere: silent('signOutEverywhere'),
          changePassword: silent('changePassword'),
        },
      }),
      user: createUser({
        ...common,
        directory: parts.directory ?? {
          email: (userId) => Promise.resolve(this.emails.get(userId)),
          hasSecondFactor: (userId) => Promise.resolve(!this.withoutSecondFactor.has(userId)),
        },
      }),
      discussion: createDiscussion({ ...common, filter }),
      post: createPost({ ...common, filter }),
      file: createFile({
        ...common,
        objects: parts.objects ?? {
          uploadForm: ({ key, size }) =>
            Promise.resolve({ url: 'https://files.example/', fields: { key, size: `${size}` } }),
          downloadUrl: ({ key, attachment = 'inline' }) =>
            Promise.resolve(`https://files.example/${key}?${encodeURIComponent(attachment)}`),
        },
      }),
    };
  }

  /** Sends a request as API Gateway would, and checks that the answer is one that the contract knows. */
  async call(id: OperationId, call: Call = {}): Promise<Answer> {
    const operation: Operation = operations[id];
    const answer = await this.send(operation.function, this.event(operation, call));
    checkAnswer(operation, answer);
    return answer;
  }

  async send(name: FunctionName, event: unknown): Promise<Answer> {
    const call = this.recording.as(name, async () => this.functions[name]?.(event));
    const { statusCode, headers, body } = (await call()) ?? {
      statusCode: 0,
      headers: {},
      body: '',
    };
    const parsed = body === '' ? undefined : JSON.parse(body);
    const failed = statusCode >= 400;
    return { status: statusCode, headers, body: parsed, problem: failed ? problemSchema.parse(parsed) : undefined };
  }

  event(operation: Operation, { as, params = {}, query = {}, body, headers = {}, ifMatch, key }: Call): RestEventInput {
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
    const own = {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(operation.idempotent === true ? { 'idempotency-key': key ?? `key-of-the-tests-${this.keys++}` } : {}),
      ...(ifMatch === undefined ? {} : { 'If-Match': `"${ifMatch}"` }),
      ...(as === undefined ? {} : { Authorization: 'Bearer token-of-the-tests' }),
      ...headers,
    };
    const values = Object.entries(query).filter(([, value]) => value !== undefined);
    return {
      resource: operation.path,
      path: `/v1${path}`,
      httpMethod: operation.method,
      headers: Object.fromEntries(
        Object.entries<string | undefined>(own).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, value]],
        ),
      ),
      multiValueQueryStringParameters: Object.fromEntries(values.map(([name, value]) => [name, [String(value)]])),
      pathParameters: { ...params },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
      isBase64Encoded: false,
      requestContext: {
        requestId: 'request-of-api-gateway',
        identity: { sourceIp: '203.0.113.7' },
        authorizer: as && { claims: { sub: as.userId, token_use: 'access', 'cognito:groups': as.role } },
      },
    };
  }

  change(actorId: string): Change {
    return changeBy(actorId, this.clock);
  }

  async user(role: Role, rest: Partial<Profile> = {}): Promise<Profile> {
    const profile = aProfile({ userId: newUserId(), role, ...rest });
    await this.stores.users.create(profile, somePreferences(profile.userId), this.change(profile.userId));
    return profile;
  }

  async discussion(owner: Profile, rest: Partial<Discussion> = {}): Promise<{ discussion: Discussion; point: Point }> {
    const discussion = aDiscussion(owner.userId, rest);
    const point = aPoint(discussion.discussionId);
    const whole = { discussion, points: [point], knowledge: [], listings: listingsOf(discussion) };
    await this.stores.discussions.create(whole, this.change(owner.userId));
    return { discussion, point };
  }

  async post(point: Point, author: Profile, rest: Partial<Post> = {}): Promise<Post> {
    const post = aPost(point, author.userId, rest);
    await this.stores.posts.create(post, point, this.change(author.userId));
    return post;
  }

  /** A file of the user that has passed every check. */
  async cleanFile(owner: Profile, rest: Partial<File> = {}): Promise<File> {
    const file = aFile(owner.userId, rest);
    const change = this.change(owner.userId);
    await this.stores.files.create(file, { files: 500, bytes: 2 ** 30, pending: 20 }, change);
    for (const state of ['uploaded', 'scanning', 'clean'] as const) {
      await this.stores.files.advance(file.fileId, state, change);
    }
    return file;
  }

  async moderator(discussion: Discussion, profile: Profile): Promise<void> {
    const { discussionId } = discussion;
    const entry = { discussionId, userId: profile.userId, createdAt: this.clock.at };
    await this.stores.discussions.addModerator(entry, this.change(discussion.ownerId));
  }
}

const isAbsent = (body: unknown): boolean => body === undefined;

/** What an operation answers is what the contract says, success or problem. */
export function checkAnswer(operation: Operation, { status, headers, body, problem }: Answer): void {
  expect(headers['X-Correlation-Id']).toMatch(/^[A-Za-z0-9_-]{8,64}$/);
  if (problem !== undefined) {
    expect(problemsOf(operation)).toContain(problem.code);
    expect(problem.status).toBe(status);
    expect(headers['Content-Type']).toMatch(/^application\/problem\+json/);
    return;
  }
  expect(status).toBe(operation.success.status);
  const result = operation.success.body?.safeParse(body) ?? { success: isAbsent(body) };
  expect(result).toMatchObject({ success: true });
  if (operation.version !== undefined && operation.success.body !== undefined)
    expect(headers['ETag']).toMatch(/^"\d+"$/);
}
