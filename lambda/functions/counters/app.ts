import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Post } from '../../contract/entities/index.ts';
import type { DomainEvent } from '../../contract/events.ts';
import type { Stores } from '../../data/stores/index.ts';
import { asError, failuresOf, readEvents, type ConsumerLog } from '../shared/consumer.ts';
import { additionsOf } from './additions.ts';

const CONSUMER = 'counters';
const MINUTE_CHARACTERS = '2026-11-25T05:17'.length;

/** Counts what a batch of events adds, once for each event, and keeps active and top lists up to date. */
export function createCounters(deps: {
  readonly stores: Pick<Stores, 'derived' | 'posts'>;
  readonly now: () => Date;
  readonly log: ConsumerLog;
}): (batch: SQSEvent) => Promise<SQSBatchResponse> {
  const { derived, posts } = deps.stores;

  const postsOf = async (events: readonly DomainEvent[]): Promise<ReadonlyMap<string, Post>> => {
    const found = await posts.posts(events.flatMap(reactedPost));
    return new Map(found.map((post) => [post.postId, post]));
  };

  const follow = async (events: readonly DomainEvent[], reacted: ReadonlyMap<string, Post>): Promise<void> => {
    const active = new Map<string, string>();
    const ranked = new Map<string, string>();
    for (const event of events) {
      const post = rankedPost(event, reacted);
      if (post !== undefined) ranked.set(post.postId, post.pointId);
      if (event.type === 'post.created') {
        const { discussionId } = event.after;
        const minute = event.at.slice(0, MINUTE_CHARACTERS);
        if (minute > (active.get(discussionId) ?? '')) active.set(discussionId, minute);
      }
    }
    for (const [discussionId, minute] of active) await derived.setActive(discussionId, minute);
    for (const [postId, pointId] of ranked) await derived.rank(pointId, postId);
  };

  return async (batch) => {
    const { deliveries, unreadable } = readEvents(batch);
    for (const { messageId, error } of unreadable) deps.log.error('a message is not an event', { messageId, error });
    const events = deliveries.map(({ event }) => event);
    const failed = unreadable.map(({ messageId }) => messageId);
    try {
      const reacted = await postsOf(events);
      const counted = events.map((event) => ({
        eventId: event.id,
        additions: additionsOf(event, (postId) => reacted.get(postId)),
      }));
      await derived.count(CONSUMER, counted, deps.now().toISOString());
      await follow(events, reacted);
      return failuresOf(failed);
    } catch (error) {
      // All come again: what is counted already is not counted twice.
      deps.log.error('a batch could not be counted', { error: asError(error) });
      return failuresOf([...failed, ...deliveries.map(({ messageId }) => messageId)]);
    }
  };
}

function reactedPost(event: DomainEvent): string[] {
  switch (event.type) {
    case 'reaction.created':
    case 'reaction.updated':
      return [event.after.postId];
    case 'reaction.removed':
      return [event.before.postId];
    default:
      return [];
  }
}

/** The post whose rank the event may change. */
function rankedPost(event: DomainEvent, reacted: ReadonlyMap<string, Post>): Post | undefined {
  if (event.type === 'post.updated') return event.before.status === event.after.status ? undefined : event.after;
  const [postId = ''] = reactedPost(event);
  return reacted.get(postId);
}
