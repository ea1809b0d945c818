import type { Discussion, Post, ServerMessage } from '../../contract/entities/index.ts';
import type { DomainEvent } from '../../contract/events.ts';

/** A message for a room. */
export interface RoomMessage {
  readonly discussionId: string;
  readonly message: ServerMessage;
}

/** What a room hears of a change; undefined when it concerns nobody there. Only what every reader may see is in it. */
export function messageOf(event: DomainEvent): RoomMessage | undefined {
  switch (event.type) {
    case 'post.created':
      return event.after.status === 'visible'
        ? about(event, event.after, 'post.created', shown(event.after))
        : undefined;
    case 'post.updated':
      return ofUpdate(event, event.before, event.after);
    case 'discussion.updated':
      return sameForReaders(event.before, event.after) ? undefined : ofDiscussion(event, event.after);
    default:
      return undefined;
  }
}

function ofUpdate(event: DomainEvent, before: Post, after: Post): RoomMessage | undefined {
  const [was, is] = [before.status === 'visible', after.status === 'visible'];
  if (was && is) return about(event, after, 'post.updated', shown(after));
  if (is) return about(event, after, 'post.visibility', { ...shown(after), visible: true });
  if (!was) return undefined;
  // Who hid it, and why, is nobody's business here.
  const { postId } = after;
  return after.status === 'deleted'
    ? about(event, after, 'post.deleted', { postId })
    : about(event, after, 'post.visibility', { postId, visible: false });
}

function about(event: DomainEvent, post: Post, type: ServerMessage['type'], data: ServerMessage['data']): RoomMessage {
  const { discussionId, version } = post;
  return { discussionId, message: { v: 1, type, discussionId, id: event.id, version, at: event.at, data } };
}

function shown(post: Post): ServerMessage['data'] {
  const { postId, pointId, authorId, stance, text, formatting, attachments, createdAt } = post;
  return {
    postId,
    pointId,
    authorId,
    stance,
    text,
    formatting,
    attachments,
    createdAt,
    ...(post.replyToId === undefined ? {} : { replyToId: post.replyToId }),
    ...(post.editedAt === undefined ? {} : { editedAt: post.editedAt }),
  };
}

function ofDiscussion(event: DomainEvent, discussion: Discussion): RoomMessage {
  const { discussionId, version } = discussion;
  const data = readable(discussion);
  return {
    discussionId,
    message: { v: 1, type: 'discussion.updated', discussionId, id: event.id, version, at: event.at, data },
  };
}

/** What every reader of a discussion sees of it; not who is on its list, nor how many. */
function readable({
  title,
  description,
  state,
  ownerId,
  categories,
  tags,
  accessMode,
}: Discussion): ServerMessage['data'] {
  return { title, description, state, ownerId, categories, tags, accessMode };
}

function sameForReaders(before: Discussion, after: Discussion): boolean {
  return JSON.stringify(readable(before)) === JSON.stringify(readable(after));
}
