import type {
  Formatting,
  Post,
  PostStatistics,
  Profile,
  ReactionKind,
  Revision,
  Stance,
} from '../contract/entities/index.ts';
import { REPLY_DEPTH_LIMIT } from '../contract/limits.ts';
import type { FileReference } from '../contract/schemas/file.ts';
import type {
  PostBody,
  PostDetail,
  PostListItem,
  PostPatch,
  PostSummary,
  ReactionCounts,
} from '../contract/schemas/post.ts';
import { checkPosting, mayRead, moderates, relationTo, type Standpoint } from './discussion.ts';
import { admits, barredBy, type Reader } from './permissions.ts';
import { invalidField, Problem } from './problem.ts';
import { userReferenceView } from './user.ts';

/** A post with what is shown beside it. */
export interface PostParts {
  readonly post: Post;
  readonly statistics: PostStatistics;
  readonly ownReaction?: ReactionKind;
  readonly author?: Profile;
}

/** Whether the reader may see the post in a discussion that he or she may read; a deleted one shows that it was there. */
export function maySee(post: Post, standpoint: Standpoint, reader: Reader): boolean {
  if (post.status === 'visible' || post.status === 'deleted') return true;
  return post.authorId === reader.userId || moderates(standpoint, reader);
}

/** @throws Problem `not-found`, `deleted`: what the reader may not see looks as if it were not there. */
export function readablePost(post: Post | undefined, standpoint: Standpoint | undefined, reader: Reader): Post {
  if (post === undefined || standpoint === undefined) throw new Problem('not-found');
  if (!mayRead(standpoint, reader) || !maySee(post, standpoint, reader)) throw new Problem('not-found');
  if (post.status === 'deleted' || standpoint.discussion.state === 'deleted') throw new Problem('deleted');
  return post;
}

/** A new post, or a reply to `target`. @throws Problem `invalid-input`, `invalid-target`. */
export function newPost(
  body: PostBody,
  context: {
    readonly discussionId: string;
    readonly postId: string;
    readonly authorId: string;
    readonly at: string;
    readonly lastStance: Stance | undefined;
    readonly target: Post | undefined;
    readonly held: boolean;
  },
): Post {
  const { stance = context.lastStance ?? 'unknown', replyToId, ...content } = body;
  checkContent(content);
  return {
    ...content,
    stance,
    ...replyFields(replyToId, body.pointId, context),
    postId: context.postId,
    discussionId: context.discussionId,
    authorId: context.authorId,
    status: context.held ? 'held' : 'visible',
    version: 1,
    createdAt: context.at,
    updatedAt: context.at,
  };
}

type ReplyFields = Pick<Post, 'replyToId' | 'rootId' | 'depth'>;

function replyFields(
  replyToId: string | undefined,
  pointId: string,
  { target, discussionId }: { target: Post | undefined; discussionId: string },
): ReplyFields {
  if (replyToId === undefined) return { depth: 0 };
  const fits = target?.discussionId === discussionId && target.pointId === pointId && target.status === 'visible';
  if (!fits || target.depth >= REPLY_DEPTH_LIMIT) throw new Problem('invalid-target');
  return { replyToId, rootId: target.rootId ?? target.postId, depth: target.depth + 1 };
}

interface Content {
  readonly text: string;
  readonly formatting: readonly Formatting[];
  readonly attachments: readonly string[];
  readonly mentions: readonly string[];
}

/** @throws Problem `invalid-input` */
function checkContent({ text, formatting, attachments, mentions }: Content): void {
  const length = [...text].length;
  formatting.forEach(({ start, end }, index) => {
    const pointer = `/body/formatting/${index}/end`;
    if (end <= start || end > length) throw invalidField(pointer, 'range', { least: start + 1, most: length });
  });
  if (new Set(attachments).size < attachments.length) throw invalidField('/body/attachments', 'distinct');
  if (new Set(mentions).size < mentions.length) throw invalidField('/body/mentions', 'distinct');
}

/** A post after an edit, and what it said before. @throws Problem `invalid-input` */
export function editedPost(
  post: Post,
  patch: PostPatch,
  { at, held }: { at: string; held: boolean },
): { after: Post; revision: Revision } {
  const text = patch.text ?? post.text;
  const after: Post = {
    ...post,
    text,
    formatting: patch.formatting ?? (patch.text === undefined ? post.formatting : []),
    stance: patch.stance ?? post.stance,
    attachments: patch.attachments ?? post.attachments,
    status: held ? 'held' : post.status,
    editedAt: at,
  };
  checkContent(after);
  const reason = patch.reason === undefined ? {} : { reason: patch.reason };
  return { after, revision: { postId: post.postId, number: post.version, text: post.text, ...reason, createdAt: at } };
}

/** @throws Problem `forbidden`: only its author edits a post, admins included. */
export function checkEdits(post: Post, standpoint: Standpoint, reader: Reader): void {
  const relation = { ...relationTo(standpoint, reader), author: post.authorId === reader.userId };
  if (!admits('editPost', reader.role, relation)) throw new Problem('forbidden');
  if (standpoint.discussion.state !== 'active') throw new Problem('locked');
}

/** @throws Problem `forbidden` */
export function checkDeletes(post: Post, standpoint: Standpoint, reader: Reader): void {
  const relation = { ...relationTo(standpoint, reader), author: post.authorId === reader.userId };
  if (!admits('deletePost', reader.role, relation)) throw new Problem('forbidden');
}

/** @throws Problem `own-post`, `locked`, `not-found`. */
export function checkReacts(post: Post, standpoint: Standpoint, reader: Reader): void {
  if (post.authorId === reader.userId) throw new Problem('own-post');
  if (post.status !== 'visible') throw new Problem('not-found');
  if (standpoint.discussion.state === 'archived') throw new Problem('locked');
}

/** A tombstone keeps its content for 30 days, so that moderators can restore it; no view shows it. */
export function deletedPost(post: Post, at: string): Post {
  return { ...post, status: 'deleted', deletedAt: at };
}

const EXCERPT_CODE_POINTS = 200;

export function postSummaryView(post: Post): PostSummary {
  const { postId, discussionId, pointId, authorId, stance, status, createdAt } = post;
  const excerpt = [...post.text].slice(0, EXCERPT_CODE_POINTS).join('');
  return { postId, discussionId, pointId, stance, status, createdAt, authorId, excerpt };
}

export function reactionCountsOf({ like, agree, disagree, insightful, funny }: PostStatistics): ReactionCounts {
  const counts = { like, agree, disagree, insightful, funny };
  // A count that follows the events can be behind its own taking back for a moment.
  for (const kind of ['like', 'agree', 'disagree', 'insightful', 'funny'] as const)
    counts[kind] = Math.max(0, counts[kind]);
  return counts;
}

/** Counts after one user's reaction has changed; the stored ones follow within seconds. */
export function countsAfter(
  counts: ReactionCounts,
  before: ReactionKind | undefined,
  after: ReactionKind | undefined,
): ReactionCounts {
  const changed = { ...counts };
  if (before !== undefined) changed[before] = Math.max(0, changed[before] - 1);
  if (after !== undefined) changed[after]++;
  return changed;
}

export function postListItemView(parts: PostParts, standpoint: Standpoint, reader: Reader, now: Date): PostListItem {
  const { post, statistics, ownReaction } = parts;
  const { postId, discussionId, pointId, status, createdAt, replyToId, rootId, depth, version, editedAt } = post;
  const gone = status === 'deleted';
  return {
    postId,
    discussionId,
    pointId,
    stance: gone ? 'hidden' : post.stance,
    status,
    createdAt,
    ...(gone || parts.author === undefined ? {} : { author: userReferenceView(parts.author) }),
    ...(gone ? {} : { text: post.text }),
    formatting: gone ? [] : post.formatting,
    attachmentCount: gone ? 0 : post.attachments.length,
    ...(replyToId === undefined ? {} : { replyToId }),
    ...(rootId === undefined ? {} : { rootId }),
    depth,
    replies: Math.max(0, statistics.replies),
    reactions: reactionCountsOf(statistics),
    ...(ownReaction === undefined ? {} : { ownReaction }),
    permissions: postPermissions(post, standpoint, reader, now),
    ...(gone || editedAt === undefined ? {} : { editedAt }),
    version,
  };
}

export function postDetailView(
  parts: PostParts,
  files: readonly FileReference[],
  standpoint: Standpoint,
  reader: Reader,
  now: Date,
): PostDetail {
  return {
    ...postListItemView(parts, standpoint, reader, now),
    attachments: [...files],
    mentions: parts.post.mentions,
  };
}

/** What the reader may do with the post now. */
function postPermissions(post: Post, standpoint: Standpoint, reader: Reader, now: Date): PostListItem['permissions'] {
  if (barredBy('post', reader.standing, now) !== undefined) return [];
  if (post.status === 'deleted') return moderates(standpoint, reader) ? ['moderate'] : [];
  const checks = {
    edit: () => checkEdits(post, standpoint, reader),
    delete: () => checkDeletes(post, standpoint, reader),
    react: () => checkReacts(post, standpoint, reader),
    reply: () => checkReplies(post, standpoint, reader),
    moderate: () => {
      if (!moderates(standpoint, reader)) throw new Problem('forbidden');
    },
  };
  return (['edit', 'delete', 'react', 'reply', 'moderate'] as const).filter((name) => holds(checks[name]));
}

function checkReplies(post: Post, standpoint: Standpoint, reader: Reader): void {
  checkPosting(standpoint, reader);
  const admitted = admits('post', reader.role, relationTo(standpoint, reader));
  if (!admitted || post.status !== 'visible' || post.depth >= REPLY_DEPTH_LIMIT) throw new Problem('forbidden');
}

function holds(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}
