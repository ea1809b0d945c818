import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { PostStatistics } from '../../contract/entities/index.ts';
import type { DomainEvent } from '../../contract/events.ts';
import type { Stores } from '../../data/stores/index.ts';
import { fanOut, type Channel } from '../shared/channel.ts';
import { asError, failuresOf, readEvents, type ConsumerLog, type Delivery } from '../shared/consumer.ts';
import { mayHear } from '../shared/reading.ts';
import { messageOf, type RoomMessage } from './messages.ts';

type PushStores = Pick<Stores, 'realtime' | 'posts' | 'discussions' | 'users'>;

/**
 * Tells open connections what has changed in their rooms. A change is kept for who comes back before it is sent; reactions
 * of a batch (a second's worth) become one message a post.
 */
export function createPush(deps: {
  readonly stores: PushStores;
  readonly channel: Channel;
  readonly log: ConsumerLog;
}): (batch: SQSEvent) => Promise<SQSBatchResponse> {
  const { stores, channel, log } = deps;

  const send = async ({ discussionId, message }: RoomMessage): Promise<void> => {
    await stores.realtime.keepChange(discussionId, message);
    const members = await stores.realtime.members(discussionId);
    await fanOut({ channel, realtime: stores.realtime }, members, message);
  };

  /** Those who may not read the discussion any more leave its room before anything else is said there. */
  const checkAccess = async (discussionId: string): Promise<void> => {
    const members = await stores.realtime.members(discussionId);
    const userIds = [...new Set(members.map(({ userId }) => userId))];
    for (const userId of userIds) {
      const [profile, standpoint] = await Promise.all([
        stores.users.profile(userId, 'strong'),
        stores.discussions.standpoint(discussionId, userId),
      ]);
      if (mayHear(profile, standpoint)) continue;
      for (const member of members.filter((one) => one.userId === userId)) {
        await stores.realtime.leave(member.connectionId, discussionId);
      }
    }
  };

  const handle = async (event: DomainEvent): Promise<void> => {
    const narrowed = narrowedBy(event);
    if (narrowed !== undefined) await checkAccess(narrowed);
    const message = messageOf(event);
    if (message !== undefined) await send(message);
  };

  const sendReactions = async (deliveries: readonly Delivery[]): Promise<void> => {
    const newest = new Map(deliveries.flatMap(({ event }) => reactedPost(event).map((id) => [id, event])));
    for (const post of await stores.posts.posts([...newest.keys()])) {
      const event = newest.get(post.postId);
      if (event === undefined || post.status !== 'visible') continue;
      const { postId, discussionId } = post;
      const data = { postId, counts: countsOf(await stores.posts.statistics(postId)) };
      const message = {
        v: 1 as const,
        type: 'post.reactions' as const,
        discussionId,
        id: event.id,
        at: event.at,
        data,
      };
      await send({ discussionId, message });
    }
  };

  return async (batch) => {
    const { deliveries, unreadable } = readEvents(batch);
    for (const { messageId, error } of unreadable) log.error('a message is not an event', { messageId, error });
    const failed = unreadable.map(({ messageId }) => messageId);
    const attempt = async (messageIds: readonly string[], work: () => Promise<void>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        log.error('a change could not be sent', { error: asError(error) });
        failed.push(...messageIds);
      }
    };
    const reactions = deliveries.filter(({ event }) => reactedPost(event).length > 0);
    for (const { messageId, event } of deliveries) await attempt([messageId], () => handle(event));
    await attempt(
      reactions.map(({ messageId }) => messageId),
      () => sendReactions(reactions),
    );
    return failuresOf(new Set(failed));
  };
}

/** The discussion whose readers may be fewer after the event. */
function narrowedBy(event: DomainEvent): string | undefined {
  if (event.type === 'access.removed') return event.before.discussionId;
  if (event.type !== 'discussion.updated') return undefined;
  const { before, after } = event;
  const narrower =
    before.visibility !== after.visibility || before.state !== after.state || before.ownerId !== after.ownerId;
  return narrower ? after.discussionId : undefined;
}

function reactedPost(event: DomainEvent): string[] {
  if (event.type === 'reaction.created' || event.type === 'reaction.updated') return [event.after.postId];
  return event.type === 'reaction.removed' ? [event.before.postId] : [];
}

function countsOf({ like, agree, disagree, insightful, funny }: PostStatistics): Record<string, number> {
  return { like, agree, disagree, insightful, funny };
}
