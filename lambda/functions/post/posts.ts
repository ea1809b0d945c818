import type { Post, Profile } from '../../contract/entities/index.ts';
import type { postOperations } from '../../contract/operations/index.ts';
import { Refusal, type PostInContext, type PostList, type Standpoint } from '../../data/stores/index.ts';
import { checkPosting, moderates, readable } from '../../domain/discussion.ts';
import { idsFrom } from '../../domain/ids.ts';
import {
  checkDeletes,
  checkEdits,
  deletedPost,
  editedPost,
  maySee,
  newPost,
  postListItemView,
} from '../../domain/post.ts';
import type { Reader } from '../../domain/permissions.ts';
import { invalidField, Problem } from '../../domain/problem.ts';
import type { ContentFilter } from '../content-filter.ts';
import type { PagingDependencies } from '../rest/dependencies.ts';
import type { Handlers } from '../rest/handlers.ts';
import { detailOf, readPost } from './reading.ts';

type Posts = Omit<typeof postOperations, 'listReactions' | 'putReaction' | 'deleteReaction'>;
type Query = Parameters<Handlers<typeof postOperations>['listPosts']>[0]['query'];

/** Posts: lists, replies, details, edits. */
export function postHandlers(dependencies: PagingDependencies & { readonly filter: ContentFilter }): Handlers<Posts> {
  const { stores, filter, now, random } = dependencies;
  const newId = idsFrom(now, random);

  /** @returns whether the post has to be held. @throws Problem `filter-rejected` */
  const judge = async (authorId: string, text: string): Promise<boolean> => {
    const verdict = await filter.judge({ authorId, text });
    if (verdict === 'reject') throw new Problem('filter-rejected');
    return verdict === 'hold';
  };

  return {
    listPosts: async ({ params, query, page, caller, now: at }) => {
      const standpoint = await readStandpoint(params.discussionId, caller);
      const list = listFrom(params.discussionId, query);
      const { items, next } = await stores.posts.list(
        list,
        page,
        caller.userId,
        (post) => post.discussionId === params.discussionId && maySee(post, standpoint, caller) && matches(post, query),
      );
      return { body: { items: items.map((parts) => postListItemView(parts, standpoint, caller, at)) }, next };
    },

    createPost: async ({ params, body, caller, change, now: at }) => {
      const { discussionId } = params;
      const standpoint = await readStandpoint(discussionId, caller);
      checkPosting(standpoint, caller);
      const points = await stores.discussions.points(discussionId);
      const point = points.find(({ pointId }) => pointId === body.pointId);
      if (point === undefined) throw invalidField('/body/pointId', 'reference');
      const target = body.replyToId === undefined ? undefined : await stores.posts.post(body.replyToId);
      const post = newPost(body, {
        discussionId,
        postId: newId(),
        authorId: caller.userId,
        at: change.at,
        lastStance: standpoint.participant?.lastStance,
        target,
        held: await judge(caller.userId, body.text),
      });
      await orFileNotClean(() => stores.posts.create(post, point, change));
      return {
        body: await detailOf(stores, fresh(post, caller.profile), standpoint, caller, at),
        version: post.version,
        location: `/posts/${post.postId}`,
      };
    },

    getPost: async ({ params, caller, now: at }) => {
      const { post, standpoint } = await readPost(stores, params.postId, caller);
      const parts = await stores.posts.inContext(params.postId, caller.userId);
      if (parts === undefined) throw new Problem('not-found');
      const body = await detailOf(stores, { ...parts, post }, standpoint, caller, at);
      return { body, version: post.version };
    },

    updatePost: async ({ params, body, caller, ifMatch, change, now: at }) => {
      const { post, standpoint } = await readPost(stores, params.postId, caller);
      checkEdits(post, standpoint, caller);
      if (post.version !== ifMatch) throw new Problem('version-conflict');
      const held = body.text !== undefined && (await judge(caller.userId, body.text));
      const { after, revision } = editedPost(post, body, { at: change.at, held });
      const saved = await orFileNotClean(() => stores.posts.update(post, after, revision, change));
      const parts = await stores.posts.inContext(post.postId, caller.userId);
      const shown = parts === undefined ? fresh(saved, caller.profile) : { ...parts, post: saved };
      return { body: await detailOf(stores, shown, standpoint, caller, at), version: saved.version };
    },

    deletePost: async ({ params, caller, ifMatch, change }) => {
      const { post, standpoint } = await readPost(stores, params.postId, caller);
      checkDeletes(post, standpoint, caller);
      if (post.version !== ifMatch) throw new Problem('version-conflict');
      await stores.posts.update(post, deletedPost(post, change.at), undefined, change);
      return { body: undefined };
    },

    listReplies: async ({ params, page, caller, now: at }) => {
      const { post, standpoint } = await readPost(stores, params.postId, caller);
      const list = { by: 'replies', postId: post.postId } as const;
      const shows = (reply: Post): boolean => maySee(reply, standpoint, caller);
      const { items, next } = await stores.posts.list(list, page, caller.userId, shows);
      return { body: { items: items.map((parts) => postListItemView(parts, standpoint, caller, at)) }, next };
    },

    listRevisions: async ({ params, caller }) => {
      const { post, standpoint } = await readPost(stores, params.postId, caller);
      if (!moderates(standpoint, caller)) throw new Problem('forbidden');
      const revisions = await stores.posts.revisions(post.postId);
      return { body: { items: revisions.map(({ postId: _postId, ...shown }) => shown) } };
    },
  };

  async function readStandpoint(discussionId: string, reader: Reader): Promise<Standpoint> {
    return readable(await stores.discussions.standpoint(discussionId, reader.userId), reader);
  }

  /** @throws Problem `invalid-input`: `top` is a list of one point. */
  function listFrom(discussionId: string, { pointId, sort }: Query): PostList {
    if (pointId !== undefined) return { by: 'point', pointId, order: sort };
    if (sort === 'top') throw invalidField('/query/pointId', 'required');
    return { by: 'discussion', discussionId, order: sort };
  }
}

/** Whether a post fits the filter. Attachments are a matter of three states: with, without, and either. */
function matches(post: Post, { stance, authorId, hasAttachments }: Query): boolean {
  const gone = post.status === 'deleted';
  if (gone) return stance === undefined && authorId === undefined && hasAttachments === undefined;
  return (
    (stance === undefined || post.stance === stance) &&
    (authorId === undefined || post.authorId === authorId) &&
    (hasAttachments === undefined || post.attachments.length > 0 === hasAttachments)
  );
}

/** A post that nobody has reacted to yet. */
function fresh(post: Post, author: Profile): PostInContext {
  const { postId } = post;
  const statistics = { postId, like: 0, agree: 0, disagree: 0, insightful: 0, funny: 0, replies: 0 };
  return { post, statistics, author };
}

/** A write that the store refuses for a file that is not clean, not the author's, or attached elsewhere. */
async function orFileNotClean<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const file = error instanceof Refusal && error.subject === 'file' && error.reason !== 'version';
    if (file) throw new Problem('file-not-clean', { cause: error });
    throw error;
  }
}
