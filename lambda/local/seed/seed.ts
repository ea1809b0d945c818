import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import { operations, type OperationId } from '../../contract/operations/index.ts';
import { signedIn } from '../../contract/schemas/user.ts';
import { challenge } from '../../contract/schemas/auth.ts';
import { discussionDetail } from '../../contract/schemas/discussion.ts';
import { postDetail } from '../../contract/schemas/post.ts';
import { newUser } from '../../domain/user.ts';
import { tableStores } from '../../functions/clients/table.ts';
import type { Backend } from '../server.ts';
import { TABLE_NAME } from '../settings.ts';
import { PEOPLE, REACTIONS, TALKS, type Person, type Talk } from './community.ts';

/** Of everybody: whoever reaches the server is at this machine. */
export const SEED_PASSWORD = 'Owls-hunt-at-night-1';

interface Member extends Person {
  readonly userId: string;
  readonly accessToken: string;
}

/** How long a role may take to reach the user pool, in milliseconds. */
const SYNC_MS = 10_000;

/**
 * Makes a small community by the API itself, as people would. Only the first admin cannot come by it: as an operator would,
 * this writes the role into the table and the group into the user pool.
 * @returns who is there, the admin first @throws what went wrong, with the operation
 */
export async function seed(backend: Backend): Promise<readonly Person[]> {
  const api = new Api(backend.url);
  const [first, ...others] = PEOPLE;
  const admin = await join(backend, api, first);
  const members = [admin];
  for (const person of others) members.push(await join(backend, api, person, admin));
  for (const talk of TALKS) await hold(api, talk, members);
  return PEOPLE;
}

/** Signs somebody up and in, and gives them name and role. */
async function join({ userPool }: Backend, api: Api, person: Person, admin?: Member): Promise<Member> {
  const { email, locale, role, displayName } = person;
  await api.call('register', { body: { email, password: SEED_PASSWORD, locale } });
  const user = userPool.users.get(email);
  if (admin === undefined) {
    const { profile, preferences } = newUser({ userId: user.sub, locale, at: new Date().toISOString() }, randomBytes);
    const change = { actorId: user.sub, correlationId: '', at: profile.createdAt };
    await tableStores(TABLE_NAME).users.create({ ...profile, role }, preferences, change);
  }
  await api.call('confirmRegistration', { body: { email, code: userPool.codesOf(email).email?.code } });
  if (admin === undefined) {
    user.groups.clear();
    user.groups.add(role);
    userPool.setApp(email);
  } else if (role !== 'viewer') {
    await api.call('setRole', { as: admin, params: { userId: user.sub }, body: { role, reason: 'seed' } });
    await synchronised(() => user.groups.has(role), `${email} has the group ${role}`);
  }
  const member = {
    ...person,
    userId: user.sub,
    accessToken: await logIn(api, email, () => userPool.codesOf(email).app),
  };
  await api.call('updateMe', { as: member, ifMatch: await versionOf(api, member), body: { displayName } });
  return member;
}

async function logIn(api: Api, email: string, appCode: () => string | undefined): Promise<string> {
  const answer = z
    .union([signedIn, challenge])
    .parse(await api.call('login', { body: { email, password: SEED_PASSWORD } }));
  if ('tokens' in answer) return answer.tokens.accessToken;
  const { challenge: name, challengeToken } = answer;
  const body = { challenge: name, challengeToken, answer: appCode() };
  return signedIn.parse(await api.call('answerChallenge', { body })).tokens.accessToken;
}

async function versionOf(api: Api, member: Member): Promise<number> {
  return z.looseObject({ version: z.int() }).parse(await api.call('getMe', { as: member })).version;
}

/** One discussion with its posts; everybody else reacts to every other post. */
async function hold(api: Api, { owner, body, sayings }: Talk, members: readonly Member[]): Promise<void> {
  const created = await api.call('createDiscussion', { as: at(members, owner), body });
  const { discussionId, points } = discussionDetail.parse(created);
  const postIds: string[] = [];
  for (const { by, point, stance, text, answers } of sayings) {
    const replyToId = answers === undefined ? undefined : at(postIds, answers);
    const post = { pointId: at(points, point).pointId, stance, text, ...(replyToId !== undefined && { replyToId }) };
    const answer = await api.call('createPost', { as: at(members, by), params: { discussionId }, body: post });
    postIds.push(postDetail.parse(answer).postId);
  }
  for (const [place, postId] of postIds.entries()) {
    for (const [number, member] of members.entries()) {
      if (number === sayings[place]?.by || (number + place) % 2 === 0) continue;
      const type = REACTIONS[(number * place) % REACTIONS.length];
      await api.call('putReaction', { as: member, params: { postId }, body: { type } });
    }
  }
}

function at<T>(list: readonly T[], place: number): T {
  const found = list[place];
  if (found === undefined) throw new Error(`the community has nothing at place ${place}`);
  return found;
}

async function synchronised(holds: () => boolean, what: string): Promise<void> {
  const end = Date.now() + SYNC_MS;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`after ${SYNC_MS / 1000} s it is not so that ${what}`);
    await setTimeout(10);
  }
}

interface Call {
  readonly as?: { readonly accessToken: string };
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly ifMatch?: number;
}

/** Calls operations over HTTP. */
class Api {
  private readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** @throws when the API refuses */
  async call(id: OperationId, { as, params = {}, body, ifMatch }: Call): Promise<unknown> {
    const { method, path } = operations[id];
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
    const answer = await fetch(`${this.url}/v1${filled}`, {
      method,
      headers: {
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(as && { Authorization: `Bearer ${as.accessToken}` }),
        ...('idempotent' in operations[id] && { 'Idempotency-Key': randomUUID() }),
        ...(ifMatch !== undefined && { 'If-Match': `"${ifMatch}"` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`The community cannot be made: ${id} answers ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}
