import { postStatistics, type PostStatistics, type TopList } from '../../contract/entities/index.ts';
import {
  Refusal,
  StoreUnavailable,
  type Addition,
  type Change,
  type Counted,
  type DerivedStore,
} from '../stores/index.ts';
import { discussionPartition, listings, statisticsOfDiscussions } from './kinds-of-discussions.ts';
import { posts, statisticsOfPosts, topLists } from './kinds-of-posts.ts';
import { dailyMetrics, processedEvents } from './kinds-of-requests.ts';
import { countersOf } from './kinds-of-users.ts';
import { DAY, shardOf, ttlOf } from './row.ts';
import type { Table } from './table.ts';
import type { Write } from './writes.ts';
import { retentionClasses } from '../../contract/retention.ts';

/** DynamoDB takes so many actions a transaction. */
const MOST_ACTIONS = 100;
const MOST_RANKED = 100;
const METRIC_SHARDS = 4;
/** Whoever loses so many races against other consumers leaves it to the next delivery. */
const MOST_ATTEMPTS = 10;

/** What consumers derive, on the table. */
export function derivedStore(table: Table): DerivedStore {
  const { write } = table;
  const by = (consumer: string, at: string): Change => ({ actorId: consumer, correlationId: '', at });

  const target = (addition: Addition, shard: number, change: Change): Write => {
    if (addition.to === 'post') {
      return write.update(statisticsOfPosts, { postId: addition.postId }, { add: addition.amounts }, change);
    }
    if (addition.to === 'discussion') {
      const { discussionId, period, amounts } = addition;
      const ends =
        period === 'TOTAL' ? undefined : ttlOf(Date.parse(period.slice(4)) + retentionClasses.statistics.days * DAY);
      const set = ends === undefined ? {} : { ttl: ends };
      return write.update(statisticsOfDiscussions, { discussionId, period }, { add: amounts, set }, change);
    }
    if (addition.to === 'user') {
      return write.update(countersOf, { userId: addition.userId }, { add: addition.amounts }, change);
    }
    const { date, name, amounts } = addition;
    const ttl = ttlOf(Date.parse(date) + retentionClasses.statistics.days * DAY);
    return write.update(dailyMetrics, { date, name: `${name}#${shard}` }, { add: amounts, set: { ttl } }, change);
  };

  const notDone = async (consumer: string, events: readonly Counted[]): Promise<Counted[]> => {
    const keys = events.map(({ eventId }) => processedEvents.key({ consumer, eventId }));
    const found = await table.getMany(keys, true);
    return events.filter(({ eventId }) => found.get(processedEvents, { consumer, eventId }) === undefined);
  };

  /** One transaction; when somebody else has counted one of the events meanwhile, the others are counted again. */
  const countTogether = async (consumer: string, events: readonly Counted[], at: string): Promise<void> => {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const left = await notDone(consumer, events);
      const [first] = left;
      if (first === undefined) return;
      const change = by(consumer, at);
      const shard = shardOf(first.eventId, METRIC_SHARDS);
      const done = left.map(({ eventId }) => write.create(processedEvents, { consumer, eventId }, change));
      const targets = summed(left).map((addition) => target(addition, shard, change));
      if (await written([...done, ...targets])) return;
    }
    throw new StoreUnavailable('others count the same events all the time');
  };

  /** Reads, ranks and writes once. @returns false when somebody else has written the list meanwhile. */
  const ranked = async (pointId: string, postId: string): Promise<boolean> => {
    const [top, statistics, post] = await Promise.all([
      table.get(topLists, { pointId }),
      table.get(statisticsOfPosts, { postId }),
      table.get(posts, { postId }),
    ]);
    const score = post?.status === 'visible' ? scoreOf(statistics ?? postStatistics.parse({ postId })) : 0;
    const { entries: before, version } = top ?? { entries: [], version: 0 };
    const entries = inOrder(before, postId, score);
    if (JSON.stringify(entries) === JSON.stringify(before)) return true;
    const condition = top === undefined ? { attr: 'type', exists: false } : { attr: 'version', eq: version };
    const change = by('counters', table.now().toISOString());
    return written([write.put(topLists, { pointId, entries, version: version + 1 }, change, condition)]);
  };

  const written = async (writes: readonly Write[]): Promise<boolean> => {
    try {
      await table.commit(writes);
      return true;
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  };

  return {
    count: async (consumer, events, at) => {
      const once = [...new Map(events.map((event) => [event.eventId, event])).values()];
      for (const part of parts(once)) await countTogether(consumer, part, at);
    },

    isDone: async (consumer, eventId) => (await table.get(processedEvents, { consumer, eventId })) !== undefined,
    markDone: (consumer, eventId, at) =>
      table.commit([write.put(processedEvents, { consumer, eventId }, by(consumer, at))]),

    setActive: async (discussionId, minute) => {
      const partition = discussionPartition(discussionId);
      const items = await table.query({ partition, range: { beginsWith: 'CATEGORY#' }, strong: true });
      const late = items
        .flatMap((item) => table.parse(listings, item) ?? [])
        .filter(({ lastActiveMinute }) => lastActiveMinute < minute);
      await Promise.all(
        late.map(async ({ listing }) => {
          const moved = { discussionId, listing, lastActiveMinute: minute };
          const change = by('counters', table.now().toISOString());
          // `lastActiveMinute` is missing in a listing that is gone: then nothing is smaller, and nothing is written.
          const older = { attr: 'lastActiveMinute', lt: minute };
          const changes = { set: { lastActiveMinute: minute }, indexes: listings.indexes?.(moved) ?? {} };
          const moving = write.update(listings, { discussionId, listing }, changes, change, older);
          await written([moving]);
        }),
      );
    },

    rank: async (pointId, postId) => {
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) if (await ranked(pointId, postId)) return;
      throw new StoreUnavailable('others write the top list all the time');
    },
  };
}

function scoreOf({ like, agree, insightful, funny }: PostStatistics): number {
  return like + agree + insightful + funny;
}

/** The best first; of equal ones the younger. A post without a score is not listed. */
function inOrder(entries: TopList['entries'], postId: string, score: number): TopList['entries'] {
  const others = entries.filter((entry) => entry.postId !== postId);
  const all = score > 0 ? [...others, { postId, score }] : others;
  return all.sort((a, b) => b.score - a.score || (a.postId < b.postId ? 1 : -1)).slice(0, MOST_RANKED);
}

const keyOfTarget = ({ amounts, ...target }: Addition): string => JSON.stringify(target);

/** One addition a target. */
function summed(events: readonly Counted[]): Addition[] {
  const sums = new Map<string, Addition>();
  for (const addition of events.flatMap(({ additions }) => additions)) {
    const before = sums.get(keyOfTarget(addition));
    sums.set(keyOfTarget(addition), before === undefined ? addition : together(before, addition));
  }
  return [...sums.values()];
}

function together<T extends Addition>(a: T, b: Addition): T {
  const amounts: Record<string, number> = { ...a.amounts };
  for (const [name, amount] of Object.entries(b.amounts)) amounts[name] = (amounts[name] ?? 0) + amount;
  return { ...a, amounts };
}

/** Cuts events so that those of one part and their targets fit into one transaction. */
function parts(events: readonly Counted[]): Counted[][] {
  const result: Counted[][] = [];
  let targets = new Set<string>();
  for (const event of events) {
    const added = event.additions.map(keyOfTarget);
    const current = result.at(-1);
    const size = (current?.length ?? 0) + 1 + new Set([...targets, ...added]).size;
    if (current === undefined || size > MOST_ACTIONS) {
      result.push([event]);
      targets = new Set(added);
    } else {
      current.push(event);
      for (const one of added) targets.add(one);
    }
  }
  return result;
}
