import type { Point, Post } from '../../lambda/contract/entities/index.ts';
import type { TwinCall } from '../../lambda/data/twin/twin.ts';
import { createCounters } from '../../lambda/functions/counters/app.ts';
import { deliver, eventBatch, published, quiet } from '../lambda/functions/delivery.ts';
import { aDiscussion, aPoint, aPost, aProfile, changeBy, newUserId, somePreferences } from '../lambda/data/samples.ts';
import { twinStores } from '../lambda/data/twin-stores.ts';

interface Cost {
  readonly what: string;
  /** Such as `1 Query, 1 BatchGetItem`. */
  readonly calls: string;
  /** Items asked for by key or limit, or written. */
  readonly items: number;
}

type Json = Record<string, unknown>;

/** The keys and items of a call, each once. */
function itemsIn({ operation, request }: TwinCall): Json[] {
  const body = request as Json;
  const nested = (name: string): Json[] => Object.values((body[name] ?? {}) as Json) as Json[];
  switch (operation) {
    case 'BatchGetItem':
      return nested('RequestItems').flatMap(({ Keys }) => Keys as Json[]);
    case 'BatchWriteItem':
      return (nested('RequestItems') as unknown as Json[][])
        .flat()
        .map((write) => (write['DeleteRequest'] as Json)['Key'] as Json);
    case 'TransactWriteItems':
      return (body['TransactItems'] as Json[]).map((action) => {
        const [inner] = Object.values(action) as Json[];
        return (inner?.['Item'] ?? inner?.['Key'] ?? {}) as Json;
      });
    case 'Query':
      return [{ PK: (body['ExpressionAttributeValues'] as Json)[':pk'] }];
    default:
      return [(body['Item'] ?? body['Key'] ?? {}) as Json];
  }
}

function costOf(what: string, calls: readonly TwinCall[]): Cost {
  const counts = new Map<string, number>();
  for (const { operation } of calls) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return {
    what,
    calls: [...counts].map(([operation, count]) => `${count} ${operation}`).join(', '),
    items: calls.flatMap(itemsIn).length,
  };
}

/** Calls and items of what people do most. */
export async function callsOfOperations(): Promise<readonly Cost[]> {
  const { stores, clock, twin } = twinStores();
  const owner = aProfile();
  const change = changeBy(owner.userId, clock);
  const costs: Cost[] = [];
  const step = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    const before = twin.calls.length;
    await work();
    costs.push(costOf(what, twin.calls.slice(before)));
  };
  const discussion = aDiscussion(owner.userId);
  const { discussionId } = discussion;
  const points = Array.from({ length: 5 }, (_, order) => aPoint(discussionId, { order }));
  const point: Point = { ...(points[0] ?? aPoint(discussionId)), hasPosts: true };
  const listings = ['all', 'local-politics', 'politics', 'tag:bus'];
  const post = aPost(point, owner.userId);

  await step('new account', () => stores.users.create(owner, somePreferences(owner.userId), change));
  await step('new discussion, 5 points, 4 listings', () =>
    stores.discussions.create({ discussion, points, knowledge: [], listings }, change),
  );
  await step('new post', () => stores.posts.create(post, point, change));
  for (let at = 0; at < 120; at++) await stores.posts.create(aPost(point, newUserId()), point, change);
  await step('one discussion', () => stores.discussions.whole(discussionId));
  await step('how a user stands to a discussion', () => stores.discussions.standpoint(discussionId, owner.userId));
  for (const limit of [20, 100]) {
    await step(`a page of ${limit} posts`, () =>
      stores.posts.list({ by: 'discussion', discussionId, order: 'new' }, { limit }, owner.userId, () => true),
    );
  }
  await step('a page of 20 discussions', () =>
    stores.discussions.list({ by: 'listing', listing: 'all', sort: 'active' }, { limit: 20 }),
  );
  await step('one post', () => stores.posts.inContext(post.postId, owner.userId));
  const reaction = { postId: post.postId, userId: newUserId(), kind: 'like' as const, createdAt: clock.at };
  await step('a reaction', () => stores.posts.react(reaction, change));
  const edited: Post = { ...post, text: 'Edited' };
  const revision = { postId: post.postId, number: 1, text: post.text, createdAt: clock.at };
  await step('an edit', () => stores.posts.update(post, edited, revision, change));
  const events = await published(twin.records);
  const counters = createCounters({ stores, now: clock.now, log: quiet });
  await step('counting 10 new posts of one discussion', () =>
    deliver(counters, events.filter(({ type }) => type === 'post.created').slice(0, 10), eventBatch, 10),
  );
  return costs;
}

/** Which key of the table, and of its indexes, takes most of the calls when a thousand people read, post and react. */
export async function shareOfBusiestKey(): Promise<{
  users: number;
  calls: number;
  shares: { side: 'reads' | 'writes'; key: string; percent: number }[];
}> {
  const [USERS, DISCUSSIONS] = [1000, 50];
  const { stores, clock, twin } = twinStores();
  const random = seeded(20261125);
  const points: Point[] = [];
  for (let at = 0; at < DISCUSSIONS; at++) {
    const discussion = aDiscussion(newUserId());
    const point = aPoint(discussion.discussionId);
    const listings = ['all', `leaf-${at % 7}`];
    await stores.discussions.create(
      { discussion, points: [point], knowledge: [], listings },
      changeBy(discussion.ownerId, clock),
    );
    points.push({ ...point, hasPosts: true });
  }
  const posts: Post[] = [];
  const start = { calls: twin.calls.length, records: twin.records.length };
  for (let at = 0; at < USERS; at++) {
    clock.pass(500);
    const userId = newUserId();
    const change = changeBy(userId, clock);
    // Some discussions are far more popular than others.
    const point = points[Math.floor(DISCUSSIONS * random() ** 2)] ?? aPoint('');
    const { discussionId } = point;
    const listing = random() < 0.3 ? 'all' : `leaf-${Math.floor(random() * 7)}`;
    await stores.discussions.list({ by: 'listing', listing, sort: 'active' }, { limit: 20 });
    await stores.discussions.standpoint(discussionId, userId);
    await stores.discussions.whole(discussionId);
    await stores.posts.list({ by: 'discussion', discussionId, order: 'new' }, { limit: 20 }, userId, () => true);
    if (random() < 0.3) {
      const post = aPost(point, userId, { createdAt: clock.at, updatedAt: clock.at });
      await stores.posts.create(post, point, change);
      posts.push(post);
    }
    const liked = posts[Math.floor(posts.length * random())];
    if (liked !== undefined && random() < 0.6) {
      await stores.posts.react({ postId: liked.postId, userId, kind: 'like', createdAt: clock.at }, change);
    }
  }
  const events = await published(twin.records.slice(start.records));
  await deliver(createCounters({ stores, now: clock.now, log: quiet }), events, eventBatch, 10);

  const calls = twin.calls.slice(start.calls);
  const isWrite = ({ operation }: TwinCall): boolean => /Put|Update|Delete|Write/.test(operation);
  const shares = (['reads', 'writes'] as const).map((side) => {
    const keys = calls.filter((call) => isWrite(call) === (side === 'writes')).flatMap(itemsIn);
    return { side, ...busiest(keys) };
  });
  return { users: USERS, calls: calls.length, shares };
}

function busiest(keys: readonly Json[]): { key: string; percent: number } {
  const counts = new Map<string, number>();
  for (const { PK } of keys) {
    const name = (PK as { S: string }).S;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const [[name, count] = ['', 0]] = [...counts].sort(([, a], [, b]) => b - a);
  return { key: name.replace(/[0-9a-f-]{36}/, '…'), percent: (100 * count) / keys.length };
}

/** Random numbers that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
