import * as z from 'zod';
import { formatting, id, moment, post, reactionKind, revision, stance, text, userId } from '../entities/index.ts';
import { component } from './components.ts';
import { fileReference } from './file.ts';
import { page } from './page.ts';
import { userReference } from './user.ts';

const written = text(1, 5000);
const [bold, size, link] = formatting.options;
const formattings = z
  .array(component('Formatting', z.discriminatedUnion('kind', [bold.strict(), size.strict(), link.strict()])))
  .max(200);

export const postBody = component(
  'PostBody',
  z.strictObject({
    pointId: id,
    stance: stance.optional().describe("Without one, the author's last stance in the discussion holds."),
    text: written,
    formatting: formattings.default([]),
    attachments: post.shape.attachments.default([]),
    mentions: post.shape.mentions.default([]),
    replyToId: id.optional(),
  }),
);
export type PostBody = z.infer<typeof postBody>;

/** Merge patch of a post. A new text without formatting has none. */
export const postPatch = component(
  'PostPatch',
  z.strictObject({
    text: written.optional(),
    formatting: formattings.optional(),
    stance: stance.optional(),
    attachments: post.shape.attachments.optional(),
    reason: text(1, 200).optional(),
  }),
);
export type PostPatch = z.infer<typeof postPatch>;

export const reactionCounts = component(
  'ReactionCounts',
  z.strictObject({
    like: z.int().min(0),
    agree: z.int().min(0),
    disagree: z.int().min(0),
    insightful: z.int().min(0),
    funny: z.int().min(0),
  }),
);
export type ReactionCounts = z.infer<typeof reactionCounts>;

/** What the caller may do with a post. */
export const POST_PERMISSIONS = ['edit', 'delete', 'react', 'reply', 'moderate'] as const;

const core = { postId: id, discussionId: id, pointId: id, stance, status: post.shape.status, createdAt: moment };

/** One of three views of a post: where it is only mentioned. */
export const postSummary = component(
  'PostSummary',
  z.strictObject({ ...core, authorId: userId, excerpt: text(0, 200) }),
);
export type PostSummary = z.infer<typeof postSummary>;

/** One of three views of a post: in a list. A deleted one has neither text nor author. */
export const postListItem = component(
  'PostListItem',
  z.strictObject({
    ...core,
    author: userReference.optional(),
    text: post.shape.text.optional(),
    formatting: formattings,
    attachmentCount: z.int().min(0).max(5),
    replyToId: id.optional(),
    rootId: id.optional(),
    depth: post.shape.depth,
    replies: z.int().min(0),
    reactions: reactionCounts,
    ownReaction: reactionKind.optional(),
    permissions: z.array(z.enum(POST_PERMISSIONS)),
    editedAt: moment.optional(),
    version: post.shape.version,
  }),
);
export type PostListItem = z.infer<typeof postListItem>;

export const postPage = page('PostPage', postListItem);

/** One of three views of a post: by itself. */
export const postDetail = component(
  'PostDetail',
  z.strictObject({ ...postListItem.shape, attachments: z.array(fileReference).max(5), mentions: post.shape.mentions }),
);
export type PostDetail = z.infer<typeof postDetail>;

export const revisionView = component(
  'Revision',
  z.strictObject({
    number: revision.shape.number,
    text: revision.shape.text,
    reason: revision.shape.reason,
    createdAt: moment,
  }),
);

export const reactionBody = component('ReactionBody', z.strictObject({ type: reactionKind }));

export const reactionAnswer = component(
  'ReactionAnswer',
  z.strictObject({ reactions: reactionCounts, ownReaction: reactionKind.optional() }),
);

export const reactionsPage = component(
  'Reactions',
  z.strictObject({
    reactions: reactionCounts,
    items: z.array(z.strictObject({ user: userReference, type: reactionKind, createdAt: moment })),
    nextCursor: z.string().optional(),
  }),
);
