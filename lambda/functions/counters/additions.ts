import type { Post, Reaction } from '../../contract/entities/index.ts';
import type { DomainEvent } from '../../contract/events.ts';
import type { Addition } from '../../data/stores/index.ts';

const TOKYO_AHEAD_MS = 9 * 60 * 60 * 1000;

/** The calendar day in Tokyo, by which the application counts. */
export function dayOf(moment: string): string {
  return new Date(Date.parse(moment) + TOKYO_AHEAD_MS).toISOString().slice(0, 10);
}

/**
 * What an event adds to counts. Additions of a change and of its reverse cancel out, and they commute: the order in which
 * events come does not matter.
 * @param postOf a reaction's post, undefined once it is purged: then nothing is counted
 */
export function additionsOf(event: DomainEvent, postOf: (postId: string) => Post | undefined): readonly Addition[] {
  const date = dayOf(event.at);
  const daily = (name: string): Addition => ({ to: 'day', date, name, amounts: { count: 1 } });
  switch (event.type) {
    case 'user.created':
      return [daily('NewUsers')];
    case 'discussion.created':
      return [daily('DiscussionsCreated'), { to: 'user', userId: event.after.ownerId, amounts: { discussions: 1 } }];
    case 'participant.created':
      return inDiscussion(event.after.discussionId, date, { participants: 1 });
    case 'post.created':
      return [
        daily('PostsCreated'),
        { to: 'user', userId: event.after.authorId, amounts: { posts: 1 } },
        { to: 'discussion', discussionId: event.after.discussionId, period: `DAY#${date}`, amounts: { posts: 1 } },
        ...visible(event.after, 1),
      ];
    case 'post.updated':
      return [...visible(event.before, -1), ...visible(event.after, 1)];
    case 'reaction.created':
      return [daily('ReactionsCreated'), ...reacted(event.after, postOf, 1)];
    case 'reaction.updated':
      return [...reacted(event.before, postOf, -1), ...reacted(event.after, postOf, 1)];
    case 'reaction.removed':
      return reacted(event.before, postOf, -1);
    default:
      return [];
  }
}

function inDiscussion(
  discussionId: string,
  date: string,
  amounts: Extract<Addition, { to: 'discussion' }>['amounts'],
): Addition[] {
  return ['TOTAL', `DAY#${date}`].map((period) => ({ to: 'discussion', discussionId, period, amounts }));
}

/** A visible post counts for its discussion, by its stance, and as a reply. A hidden stance counts as unknown. */
function visible(post: Post, by: 1 | -1): Addition[] {
  if (post.status !== 'visible') return [];
  const stance = post.stance === 'hidden' ? 'unknown' : post.stance;
  return [
    { to: 'discussion', discussionId: post.discussionId, period: 'TOTAL', amounts: { posts: by, [stance]: by } },
    ...(post.replyToId === undefined
      ? []
      : [{ to: 'post' as const, postId: post.replyToId, amounts: { replies: by } }]),
  ];
}

function reacted({ postId, kind }: Reaction, postOf: (postId: string) => Post | undefined, by: 1 | -1): Addition[] {
  const post = postOf(postId);
  if (post === undefined) return [];
  return [
    { to: 'post', postId, amounts: { [kind]: by } },
    { to: 'discussion', discussionId: post.discussionId, period: 'TOTAL', amounts: { reactions: by } },
    { to: 'user', userId: post.authorId, amounts: { reactionsReceived: by } },
  ];
}
