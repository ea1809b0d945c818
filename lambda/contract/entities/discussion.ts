import * as z from 'zod';
import { count, id, moment, stance, text, userId, written } from './values.ts';

export const DISCUSSION_STATES = ['active', 'locked', 'archived', 'deleted'] as const;

export const discussion = z.object({
  discussionId: id,
  ownerId: userId,
  title: text(1, 200),
  description: text(1, 2000),
  ownerStance: stance,
  /** Ids of leaves. */
  categories: z.array(z.string().min(1).max(64)).min(1).max(5),
  /** NFKC, lower case. */
  tags: z.array(text(1, 30)).max(10),
  accessMode: z.enum(['open', 'denylist', 'allowlist']),
  visibility: z.enum(['members', 'restricted']),
  state: z.enum(DISCUSSION_STATES),
  deletedAt: moment.optional(),
  pinned: z.boolean(),
  featured: z.boolean(),
  /** Length of the access list, at most 1000. */
  accessCount: z.int().min(0),
  /** Number of moderators, at most 10. */
  moderatorCount: z.int().min(0),
  ...written,
});
export type Discussion = z.infer<typeof discussion>;

/** A point of a discussion. Siblings (same `parentId`) differ in `order`. */
export const point = z.object({
  discussionId: id,
  pointId: id,
  parentId: id.optional(),
  title: text(1, 200),
  description: text(0, 1000).optional(),
  order: z.int().min(0),
  /** Set by the first post, in its transaction, and never taken back: such a point cannot be deleted. */
  hasPosts: z.boolean(),
});
export type Point = z.infer<typeof point>;

const knowledgeItem = { discussionId: id, knowledgeId: id, order: z.int().min(0), title: text(0, 100).optional() };

/** What a reader should know beforehand. */
export const knowledge = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: text(1, 2000), ...knowledgeItem }),
  z.object({ kind: z.literal('url'), url: z.url({ protocol: /^https$/ }).max(2048), ...knowledgeItem }),
  z.object({ kind: z.literal('file'), fileId: id, ...knowledgeItem }),
]);
export type Knowledge = z.infer<typeof knowledge>;

/** A user on the access list; `accessMode` says whether that admits or bars. */
export const accessEntry = z.object({ discussionId: id, userId, createdAt: moment });
export type AccessEntry = z.infer<typeof accessEntry>;

export const moderator = z.object({ discussionId: id, userId, createdAt: moment });
export type Moderator = z.infer<typeof moderator>;

/** A user who has posted in the discussion. */
export const participant = z.object({ discussionId: id, userId, lastStance: stance, createdAt: moment });
export type Participant = z.infer<typeof participant>;

/** Counts of a discussion, in total or of one day; they follow the posts within seconds. */
export const discussionStatistics = z.object({
  posts: count,
  participants: count,
  reactions: count,
  /** Visible posts by stance; `hidden` counts as `unknown`. */
  pros: count,
  cons: count,
  neutral: count,
  unknown: count,
});
export type DiscussionStatistics = z.infer<typeof discussionStatistics>;
