import * as z from 'zod';
import { id, reactionKind, stance, userId } from '../entities/index.ts';
import { component } from '../schemas/components.ts';
import { flag, pageQuery } from '../schemas/page.ts';
import {
  postBody,
  postDetail,
  postPage,
  postPatch,
  reactionAnswer,
  reactionBody,
  reactionsPage,
  revisionView,
} from '../schemas/post.ts';
import type { Operation } from './operation.ts';

const reads = { function: 'post', method: 'GET', routeClass: 'read' } as const;
const lists = { function: 'post', method: 'GET', routeClass: 'list' } as const;
const writes = { function: 'post', routeClass: 'write' } as const;

/** Posts, replies and reactions. */
export const postOperations = {
  listPosts: {
    ...lists,
    path: '/discussions/{discussionId}/posts',
    summary: 'Posts of a discussion. `top` needs a point.',
    permission: 'read',
    query: z.strictObject({
      ...pageQuery,
      pointId: id.optional(),
      stance: stance.optional(),
      authorId: userId.optional(),
      hasAttachments: flag.optional(),
      sort: z.enum(['new', 'old', 'top']).default('new'),
    }),
    success: { status: 200, body: postPage },
    problems: ['invalid-cursor', 'deleted'],
  },
  createPost: {
    ...writes,
    method: 'POST',
    path: '/discussions/{discussionId}/posts',
    summary: 'Post to a point, or answer a post.',
    permission: 'post',
    body: postBody,
    success: { status: 201, body: postDetail },
    problems: ['not-on-list', 'locked', 'deleted', 'filter-rejected', 'file-not-clean', 'invalid-target'],
    idempotent: true,
    version: 'sent',
    rateLimit: 'posts',
  },
  getPost: {
    ...reads,
    path: '/posts/{postId}',
    summary: 'A post by itself.',
    permission: 'read',
    success: { status: 200, body: postDetail },
    problems: ['deleted'],
    version: 'sent',
  },
  updatePost: {
    ...writes,
    method: 'PATCH',
    path: '/posts/{postId}',
    summary: 'Edit the own post; the last ten revisions are kept.',
    permission: 'editPost',
    body: postPatch,
    success: { status: 200, body: postDetail },
    problems: ['deleted', 'locked', 'filter-rejected', 'file-not-clean', 'invalid-target'],
    version: 'required',
  },
  deletePost: {
    ...writes,
    method: 'DELETE',
    path: '/posts/{postId}',
    summary: 'Delete a post; moderators can restore it for 30 days.',
    permission: 'deletePost',
    success: { status: 204 },
    problems: ['deleted'],
    version: 'required',
  },
  listReplies: {
    ...lists,
    path: '/posts/{postId}/replies',
    summary: 'Replies to a post, oldest first.',
    permission: 'read',
    query: z.strictObject(pageQuery),
    success: { status: 200, body: postPage },
    problems: ['invalid-cursor', 'deleted'],
  },
  listRevisions: {
    ...lists,
    path: '/posts/{postId}/revisions',
    summary: 'What a post said before its edits, newest first.',
    permission: 'moderatePost',
    success: { status: 200, body: component('Revisions', z.strictObject({ items: z.array(revisionView) })) },
  },
  listReactions: {
    ...lists,
    path: '/posts/{postId}/reactions',
    summary: 'Counts of reactions, and who reacted how.',
    permission: 'read',
    query: z.strictObject({ ...pageQuery, type: reactionKind.optional() }),
    success: { status: 200, body: reactionsPage },
    problems: ['invalid-cursor', 'deleted'],
  },
  putReaction: {
    ...writes,
    method: 'PUT',
    path: '/posts/{postId}/reactions/me',
    summary: 'React to a post, in place of an earlier reaction.',
    permission: 'react',
    body: reactionBody,
    success: { status: 200, body: reactionAnswer },
    problems: ['own-post', 'deleted', 'locked'],
    rateLimit: 'reactions',
  },
  deleteReaction: {
    ...writes,
    method: 'DELETE',
    path: '/posts/{postId}/reactions/me',
    summary: 'Take the own reaction back.',
    permission: 'react',
    success: { status: 200, body: reactionAnswer },
    problems: ['deleted'],
    rateLimit: 'reactions',
  },
} as const satisfies Readonly<Record<string, Operation>>;
