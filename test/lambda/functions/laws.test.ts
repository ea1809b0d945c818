import { describe, expect, it } from '@jest/globals';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import type { DomainEvent } from '../../../lambda/contract/events.ts';
import type { Twin } from '../../../lambda/data/twin/twin.ts';
import { createCounters } from '../../../lambda/functions/counters/app.ts';
import { createPush } from '../../../lambda/functions/push/app.ts';
import { twinStores } from '../data/twin-stores.ts';
import { deeds, newCast, play } from './community.ts';
import { deliver, eventBatch, published, quiet } from './delivery.ts';

type Item = Record<string, unknown>;

/** What is in the table, from its stream. */
function itemsOf(twin: Twin, types: readonly string[]): Item[] {
  const items = new Map<string, Item>();
  for (const { dynamodb } of twin.records) {
    const key = JSON.stringify(dynamodb.Keys);
    if (dynamodb.NewImage === undefined) items.delete(key);
    else items.set(key, unmarshall(dynamodb.NewImage));
  }
  return [...items.values()].filter(({ type }) => types.includes(String(type)));
}

const DERIVED = [
  'post-statistics',
  'discussion-statistics',
  'user-counters',
  'top-list',
  'category-listing',
  'daily-metric',
];

/** Derived items without what says how and when they were written; metrics as sums over their shards; nothing for zero. */
function derivedIn(twin: Twin): Record<string, unknown> {
  const result: Record<string, Record<string, unknown>> = {};
  for (const item of itemsOf(twin, DERIVED)) {
    const { PK, SK, createdAt, updatedAt, changedBy, correlationId, version, ttl, ...content } = item;
    const name = item['type'] === 'daily-metric' ? String(SK).split('#')[0] : String(SK);
    const key = `${String(PK)} ${name}`;
    const before = result[key] ?? {};
    // A list that has become empty is as good as none.
    if (item['type'] === 'top-list' && JSON.stringify(content['entries']) === '[]') continue;
    const kept = Object.entries(content).filter(([, value]) => value !== 0);
    result[key] = { ...before, ...Object.fromEntries(kept) };
    if (item['type'] === 'daily-metric') {
      result[key] = { name, count: Number(before['count'] ?? 0) + Number(item['count']) };
    }
  }
  return result;
}

/** How a queue may bring events: some twice, in any order, in batches of any size, with a table that throttles. */
const disorder = fc.record({
  order: fc.infiniteStream(fc.nat()),
  twice: fc.infiniteStream(fc.boolean()),
  batchSize: fc.integer({ min: 1, max: 10 }),
  throttled: fc.infiniteStream(fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0)),
});

function disordered(events: readonly DomainEvent[], order: Iterator<number>, twice: Iterator<boolean>): DomainEvent[] {
  const all = events.flatMap((event) => (twice.next().value === true ? [event, event] : [event]));
  return all
    .map((event) => ({ event, at: Number(order.next().value) }))
    .sort((a, b) => a.at - b.at)
    .map(({ event }) => event);
}

describe('consumers', () => {
  it('counters: events that come twice, in any order and to a table that throttles end in the same state', async () => {
    await fc.assert(
      fc.asyncProperty(deeds, disorder, async (script, { order, twice, batchSize, throttled }) => {
        const cast = newCast();
        const calm = twinStores();
        let restless = false;
        const fault = (): string | undefined =>
          restless && throttled.next().value === true ? 'ThrottlingException' : undefined;
        const wild = twinStores({ fault });
        for (const test of [calm, wild]) await play(test, cast, script);
        const events = await published(calm.twin.records);

        const counting = (test: typeof calm): ReturnType<typeof createCounters> =>
          createCounters({ stores: test.stores, now: test.clock.now, log: quiet });
        await deliver(counting(calm), events, eventBatch, 1);
        restless = true;
        await deliver(counting(wild), disordered(events, order, twice), eventBatch, batchSize);
        expect(derivedIn(wild.twin)).toEqual(derivedIn(calm.twin));
      }),
      { numRuns: 12 },
    );
  }, 60_000);

  it('counters: the counts are those of the posts and reactions that are there', async () => {
    await fc.assert(
      fc.asyncProperty(deeds, async (script) => {
        const cast = newCast();
        const test = twinStores();
        await play(test, cast, script);
        const events = await published(test.twin.records);
        await deliver(createCounters({ stores: test.stores, now: test.clock.now, log: quiet }), events, eventBatch, 10);

        const posts = itemsOf(test.twin, ['post']);
        const reactions = itemsOf(test.twin, ['reaction']);
        const visible = posts.filter(({ status }) => status === 'visible');
        const whole = await test.stores.discussions.whole(cast.discussion.discussionId);
        expect(whole?.statistics).toMatchObject({
          posts: visible.length,
          pros: visible.filter(({ stance }) => stance === 'pros').length,
          unknown: visible.filter(({ stance }) => stance === 'unknown' || stance === 'hidden').length,
          reactions: reactions.length,
          participants: new Set(posts.map(({ authorId }) => authorId)).size,
        });
        for (const { postId } of posts) {
          const of = reactions.filter((reaction) => reaction['postId'] === postId);
          expect(await test.stores.posts.statistics(String(postId))).toMatchObject({
            like: of.filter(({ kind }) => kind === 'like').length,
            disagree: of.filter(({ kind }) => kind === 'disagree').length,
            replies: visible.filter(({ replyToId }) => replyToId === postId).length,
          });
        }
        for (const { pointId } of cast.points) {
          const list = { by: 'point' as const, pointId, order: 'top' as const };
          const top = await test.stores.posts.list(list, { limit: 100 }, '', () => true);
          const scores = top.items.map(({ statistics: { like, funny } }) => like + funny);
          expect(scores).toEqual(scores.toSorted((a, b) => b - a));
          expect(top.items.every(({ post }) => post.status === 'visible')).toBe(true);
        }
      }),
      { numRuns: 8 },
    );
  }, 60_000);

  it('push: what is kept for those who come back is the same in any order, and never what is not visible', async () => {
    await fc.assert(
      fc.asyncProperty(deeds, disorder, async (script, { order, twice, batchSize, throttled }) => {
        const cast = newCast();
        const calm = twinStores();
        let restless = false;
        const fault = (): string | undefined =>
          restless && throttled.next().value === true ? 'ThrottlingException' : undefined;
        const wild = twinStores({ fault });
        for (const test of [calm, wild]) await play(test, cast, script);
        const events = await published(calm.twin.records);
        const channel = { post: () => Promise.resolve('sent' as const), close: () => Promise.resolve() };
        const pushing = (test: typeof calm): ReturnType<typeof createPush> =>
          createPush({ stores: test.stores, channel, log: quiet });
        await deliver(pushing(calm), events, eventBatch, 1);
        restless = true;
        await deliver(pushing(wild), disordered(events, order, twice), eventBatch, batchSize);

        const kept = (twin: Twin): unknown[] =>
          itemsOf(twin, ['change'])
            .map(({ message }) => message as { type: string; id: string; data: Item })
            .filter(({ type }) => type !== 'post.reactions')
            .sort((a, b) => (a.id < b.id ? -1 : 1));
        expect(kept(wild.twin)).toEqual(kept(calm.twin));
        for (const message of kept(calm.twin) as { type: string; data: Item }[]) {
          if (message.data['visible'] === false || message.type === 'post.deleted') {
            expect(message.data).not.toHaveProperty('text');
          }
        }
      }),
      { numRuns: 8 },
    );
  }, 60_000);
});
