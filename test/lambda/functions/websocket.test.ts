import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Profile, ServerMessage } from '../../../lambda/contract/entities/index.ts';
import { createPush } from '../../../lambda/functions/push/app.ts';
import { createWebsocket, hashOfTicket } from '../../../lambda/functions/websocket/app.ts';
import { aDiscussion, aPoint, aPost, aProfile, changeBy, newId, newUserId, somePreferences } from '../data/samples.ts';
import { twinStores } from '../data/twin-stores.ts';
import { deliver, eventBatch, published, quiet } from './delivery.ts';

let test: ReturnType<typeof twinStores>;
let sent: { to: string; message: ServerMessage }[];
let closed: string[];
let gone: Set<string>;

beforeEach(() => {
  test = twinStores();
  [sent, closed, gone] = [[], [], new Set()];
});

const channel = {
  post: (to: string, message: ServerMessage) => {
    if (gone.has(to)) return Promise.resolve('gone' as const);
    sent.push({ to, message });
    return Promise.resolve('sent' as const);
  },
  close: (connectionId: string) => {
    closed.push(connectionId);
    return Promise.resolve();
  },
};

async function call(routeKey: string, connectionId: string, rest: object = {}): Promise<number> {
  const websocket = createWebsocket({ stores: test.stores, channel, now: test.clock.now, newId });
  return (await websocket({ requestContext: { routeKey, connectionId }, ...rest })).statusCode;
}
const say = (connectionId: string, message: unknown): Promise<number> =>
  call('$default', connectionId, { body: typeof message === 'string' ? message : JSON.stringify(message) });

async function newUser(rest: Partial<Profile> = {}): Promise<Profile> {
  const profile = aProfile(rest);
  const change = changeBy(profile.userId, test.clock);
  await test.stores.users.create(profile, somePreferences(profile.userId), change);
  return profile;
}

async function connected(userId: string, connectionId = `c${newId()}`): Promise<string> {
  const ticket = newId();
  await test.stores.requests.putTicket(hashOfTicket(ticket), userId, test.clock.now());
  expect(await call('$connect', connectionId, { queryStringParameters: { ticket } })).toBe(200);
  return connectionId;
}

async function newDiscussion(rest: Parameters<typeof aDiscussion>[1] = {}): Promise<ReturnType<typeof aDiscussion>> {
  const discussion = aDiscussion(newUserId(), rest);
  const change = changeBy(discussion.ownerId, test.clock);
  const points = [aPoint(discussion.discussionId)];
  await test.stores.discussions.create({ discussion, points, knowledge: [], listings: [] }, change);
  return discussion;
}

const typesTo = (connectionId: string): string[] =>
  sent.filter(({ to }) => to === connectionId).map(({ message }) => message.type);

async function pushAll(from: number): Promise<void> {
  const events = await published(test.twin.records.slice(from));
  await deliver(createPush({ stores: test.stores, channel, log: quiet }), events, eventBatch, 10);
}

describe('fault 15: WebSocket connections', () => {
  it('are for those with a ticket, and a ticket is good once', async () => {
    const { userId } = await newUser();
    const ticket = 'secret';
    expect(await call('$connect', 'c1')).toBe(401);
    expect(await call('$connect', 'c1', { queryStringParameters: { ticket } })).toBe(401);
    await test.stores.requests.putTicket(hashOfTicket(ticket), userId, test.clock.now());
    expect(await call('$connect', 'c1', { queryStringParameters: { ticket } })).toBe(200);
    expect(await call('$connect', 'c2', { queryStringParameters: { ticket } })).toBe(401);
    expect(JSON.stringify(test.twin.records)).not.toContain(ticket);
  });

  it('are not for the banned', async () => {
    const { userId } = await newUser({ standing: { state: 'banned' } });
    await test.stores.requests.putTicket(hashOfTicket('t'), userId, test.clock.now());
    expect(await call('$connect', 'c1', { queryStringParameters: { ticket: 't' } })).toBe(401);
  });

  it('are five a user: the oldest is closed', async () => {
    const { userId } = await newUser();
    const made = [];
    for (let at = 0; at < 6; at++) {
      test.clock.pass(1000);
      made.push(await connected(userId));
    }
    expect(closed).toEqual([made[0]]);
    expect((await test.stores.realtime.connectionsOf(userId)).map((one) => one.connectionId)).toEqual(made.slice(1));
  });

  it('keep their user after joining, and leave every room when they end', async () => {
    const { userId } = await newUser();
    const { discussionId } = await newDiscussion();
    const c = await connected(userId);
    await say(c, { action: 'subscribe', discussionId });
    expect(typesTo(c)).toEqual(['subscribed', 'presence']);
    expect((await test.stores.realtime.connection(c))?.userId).toBe(userId);
    await call('$disconnect', c);
    expect(await test.stores.realtime.members(discussionId)).toEqual([]);
  });

  it.each([
    ['content of their own', { action: 'post', discussionId: newId(), text: 'x' }],
    ['a field that nobody knows', { action: 'ping', extra: 1 }],
    ['no JSON', '{'],
    ['too much', { action: 'ping', pad: 'x'.repeat(5000) }],
  ])('cannot send %s', async (_, message) => {
    const c = await connected((await newUser()).userId);
    await say(c, message);
    expect(sent.map(({ message: { type, data } }) => [type, data['code']])).toEqual([['error', 'invalid-input']]);
  });

  it('may say 20 things in ten seconds', async () => {
    const c = await connected((await newUser()).userId);
    for (let at = 0; at < 21; at++) await say(c, { action: 'ping' });
    expect(typesTo(c).filter((type) => type === 'pong')).toHaveLength(20);
    expect(sent.at(-1)?.message.data).toMatchObject({ code: 'rate-limited' });
  });

  it('do not learn whether a discussion that they may not read is there', async () => {
    const c = await connected((await newUser()).userId);
    const { discussionId } = await newDiscussion({ visibility: 'restricted', accessMode: 'allowlist' });
    await say(c, { action: 'subscribe', discussionId });
    await say(c, { action: 'subscribe', discussionId: newId() });
    expect(sent.map(({ message }) => message.data)).toEqual([{ code: 'not-found' }, { code: 'not-found' }]);
    expect(await test.stores.realtime.members(discussionId)).toEqual([]);
  });

  it('join ten rooms', async () => {
    const c = await connected((await newUser()).userId);
    for (let at = 0; at < 11; at++) {
      test.clock.pass(10_000);
      await say(c, { action: 'subscribe', discussionId: (await newDiscussion()).discussionId });
    }
    expect(sent.at(-1)?.message).toMatchObject({ type: 'error', data: { code: 'limit' } });
  });

  it('tell the others in the room who is typing, from within it only', async () => {
    const { discussionId } = await newDiscussion();
    const [one, other] = [await connected((await newUser()).userId), await connected((await newUser()).userId)];
    await say(other, { action: 'subscribe', discussionId });
    await say(one, { action: 'typing', discussionId, on: true });
    expect(typesTo(one)).toEqual(['error']);
    await say(one, { action: 'subscribe', discussionId });
    await say(one, { action: 'typing', discussionId, on: true });
    expect(typesTo(other)).toEqual(['subscribed', 'presence', 'typing']);
    expect(typesTo(one)).not.toContain('typing');
  });
});

describe('fault 11: what rooms hear', () => {
  it('is what every reader may see, nothing stored beside it, and nothing of what is hidden', async () => {
    const { discussionId } = await newDiscussion();
    const [point] = await test.stores.discussions.points(discussionId);
    if (point === undefined) throw new Error('no point');
    const c = await connected((await newUser()).userId);
    await say(c, { action: 'subscribe', discussionId });
    sent.length = 0;

    const from = test.twin.records.length;
    const held = aPost(point, newUserId(), { status: 'held', text: 'HELD' });
    const post = aPost(point, newUserId(), { text: 'SEEN' });
    for (const one of [held, post]) await test.stores.posts.create(one, point, changeBy(one.authorId, test.clock));
    const admin = newUserId();
    const hidden = await test.stores.posts.update(
      post,
      { ...post, status: 'hidden' },
      undefined,
      changeBy(admin, test.clock),
    );
    await test.stores.posts.update(hidden, { ...hidden, text: 'SECRET' }, undefined, changeBy(admin, test.clock));
    await pushAll(from);

    expect(sent.map(({ message }) => [message.type, message.version])).toEqual([
      ['post.created', 1],
      ['post.visibility', 2],
    ]);
    const said = JSON.stringify(sent);
    for (const secret of ['HELD', 'SECRET', admin, 'changedBy', 'PK']) expect(said).not.toContain(secret);
  });

  it('is no more after the access to the discussion is gone', async () => {
    const discussion = await newDiscussion({ visibility: 'restricted', accessMode: 'allowlist' });
    const { discussionId, ownerId } = discussion;
    const { userId } = await newUser();
    const change = changeBy(ownerId, test.clock);
    await test.stores.discussions.addAccess({ discussionId, userId, createdAt: test.clock.at }, change);
    const c = await connected(userId);
    await say(c, { action: 'subscribe', discussionId });
    expect(typesTo(c)).toContain('subscribed');
    const from = test.twin.records.length;
    await test.stores.discussions.removeAccess(discussionId, userId, change);
    await pushAll(from);
    expect(await test.stores.realtime.members(discussionId)).toEqual([]);
  });

  it('merges the reactions of a batch into one message a post, and forgets who is gone', async () => {
    const { discussionId } = await newDiscussion();
    const [point] = await test.stores.discussions.points(discussionId);
    if (point === undefined) throw new Error('no point');
    const post = aPost(point, newUserId());
    await test.stores.posts.create(post, point, changeBy(post.authorId, test.clock));
    const [here, away] = [await connected((await newUser()).userId), await connected((await newUser()).userId)];
    for (const c of [here, away]) await say(c, { action: 'subscribe', discussionId });
    gone.add(away);
    const from = test.twin.records.length;
    for (const kind of ['like', 'funny', 'agree'] as const) {
      const reaction = { postId: post.postId, userId: newUserId(), kind, createdAt: test.clock.at };
      await test.stores.posts.react(reaction, changeBy(reaction.userId, test.clock));
    }
    sent.length = 0;
    await pushAll(from);
    expect(sent.map(({ to, message }) => [to, message.type])).toEqual([[here, 'post.reactions']]);
    expect(await test.stores.realtime.connection(away)).toBeUndefined();
  });

  it('is replayed to who comes back, or told to read again', async () => {
    const { discussionId } = await newDiscussion();
    const [point] = await test.stores.discussions.points(discussionId);
    if (point === undefined) throw new Error('no point');
    const ids: string[] = [];
    for (const at of [0, 1]) {
      test.clock.pass(60_000);
      const from = test.twin.records.length;
      const post = aPost({ ...point, hasPosts: at > 0 }, newUserId(), {
        createdAt: test.clock.at,
        updatedAt: test.clock.at,
      });
      await test.stores.posts.create(post, { ...point, hasPosts: at > 0 }, changeBy(post.authorId, test.clock));
      await pushAll(from);
      const events = await published(test.twin.records.slice(from));
      ids.push(events.find(({ type }) => type === 'post.created')?.id ?? '');
    }
    const c = await connected((await newUser()).userId);
    await say(c, { action: 'subscribe', discussionId, since: ids[0] });
    expect(typesTo(c)).toEqual(['subscribed', 'presence', 'post.created']);
    expect(sent.at(-1)?.message.id).toBe(ids[1]);
    test.clock.pass(3_600_000);
    const late = await connected((await newUser()).userId);
    await say(late, { action: 'subscribe', discussionId, since: ids[0] });
    expect(typesTo(late)).toEqual(['subscribed', 'presence', 'resync']);
  });
});
