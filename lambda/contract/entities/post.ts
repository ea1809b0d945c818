import * as z from 'zod';
import { count, id, moment, stance, text, userId, written } from './values.ts';

export const POST_STATUSES = ['visible', 'held', 'hidden', 'deleted'] as const;
export const REACTIONS = ['like', 'agree', 'disagree', 'insightful', 'funny'] as const;
export const reactionKind = z.enum(REACTIONS);
export type ReactionKind = z.infer<typeof reactionKind>;

const range = { start: z.int().min(0), end: z.int().min(1) };

/** A stretch of the text, in code points, `end` exclusive. */
export const formatting = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('bold'), ...range }),
  z.object({ kind: z.literal('size'), size: z.enum(['small', 'medium', 'large']), ...range }),
  z.object({ kind: z.literal('link'), url: z.url({ protocol: /^https$/ }).max(2048), ...range }),
]);
export type Formatting = z.infer<typeof formatting>;

export const post = z.object({
  postId: id,
  discussionId: id,
  pointId: id,
  authorId: userId,
  stance,
  /** Empty in a deleted post once its content is purged. */
  text: text(0, 5000),
  formatting: z.array(formatting).max(200),
  /** Ids of clean files. */
  attachments: z.array(id).max(5),
  mentions: z.array(userId).max(10),
  replyToId: id.optional(),
  /** The post that the thread began with. */
  rootId: id.optional(),
  /** 0 for a post that answers none. */
  depth: z.int().min(0).max(5),
  status: z.enum(POST_STATUSES),
  editedAt: moment.optional(),
  deletedAt: moment.optional(),
  ...written,
});
export type Post = z.infer<typeof post>;
export type PostStatus = Post['status'];

/** What a post said before an edit; `number` is the version it had. */
export const revision = z.object({
  postId: id,
  number: z.int().min(1),
  text: text(0, 5000),
  reason: text(0, 200).optional(),
  createdAt: moment,
});
export type Revision = z.infer<typeof revision>;

export const reaction = z.object({ postId: id, userId, kind: reactionKind, createdAt: moment });
export type Reaction = z.infer<typeof reaction>;

/** Counts of a post; they follow within seconds. */
export const postStatistics = z.object({
  postId: id,
  like: count,
  agree: count,
  disagree: count,
  insightful: count,
  funny: count,
  replies: count,
});
export type PostStatistics = z.infer<typeof postStatistics>;

/** The posts of a point with most reactions, best first, at most 100. */
export const topList = z.object({
  pointId: id,
  entries: z.array(z.object({ postId: id, score: z.int() })).max(100),
  version: z.int().min(1),
});
export type TopList = z.infer<typeof topList>;
