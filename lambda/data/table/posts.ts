import { postStatistics, type Post } from '../../contract/entities/index.ts';
import { Refusal, type Change, type PostStore } from '../stores/index.ts';
import { claims } from './claims.ts';
import { participants, points } from './kinds-of-discussions.ts';
import { postPartition, posts, reactions, replyReferences, revisions, statisticsOfPosts } from './kinds-of-posts.ts';
import { authorReferences } from './kinds-of-users.ts';
import { pageOf } from './lists.ts';
import { inContext, postLists } from './post-lists.ts';
import type { Table } from './table.ts';
import { next, present, type Write } from './writes.ts';

const MOST_REVISIONS = 10;

/** Posts on the table. */
export function postStore(table: Table): PostStore {
  const { write } = table;

  /** Where else a new post leaves a trace: each in an item of its own, so that no two authors write the same one. */
  const references = (post: Post, change: Change): Write[] => {
    const { discussionId, authorId: userId, postId, replyToId, stance } = post;
    return [
      write.put(authorReferences, { userId, postId }, change),
      write.update(participants, { discussionId, userId }, { set: { lastStance: stance } }, change),
      ...(replyToId === undefined ? [] : [write.put(replyReferences, { parentId: replyToId, postId }, change)]),
    ];
  };

  const attachments = (before: readonly string[], post: Post, change: Change): Promise<readonly Write[]> =>
    claims(
      table,
      {
        ownerId: post.authorId,
        parent: { type: 'post', id: post.postId },
        claim: post.attachments.filter((id) => !before.includes(id)),
        release: before.filter((id) => !post.attachments.includes(id)),
      },
      change,
    );

  return {
    create: async (post, point, change) => {
      const { discussionId, pointId } = point;
      // A point with posts stays for ever, so only the first post has to hold it: posts of one point never wait for another.
      const held = point.hasPosts
        ? []
        : [write.update(points, { discussionId, pointId }, { set: { hasPosts: true } }, change, present)];
      await table.commit([
        write.create(posts, post, change),
        ...held,
        ...references(post, change),
        ...(await attachments([], post, change)),
      ]);
    },

    post: (postId) => table.get(posts, { postId }),

    posts: async (postIds) => {
      const found = await table.getMany(
        postIds.map((postId) => posts.key({ postId })),
        true,
      );
      return [...new Set(postIds)].flatMap((postId) => found.get(posts, { postId }) ?? []);
    },

    inContext: async (postId, readerId) => {
      const post = await table.get(posts, { postId });
      return post === undefined ? undefined : (await inContext(table, [post], readerId))[0];
    },

    list: postLists(table),

    update: async (before, after, revision, change) => {
      const kept = await revisionsOf(table, after.postId);
      const writes = [
        write.replace(posts, { ...after, version: before.version }, change),
        ...(await attachments(before.attachments, after, change)),
        ...(revision === undefined ? [] : [write.create(revisions, revision, change)]),
        ...(revision === undefined
          ? []
          : kept.slice(MOST_REVISIONS - 1).map(({ postId, number }) => write.remove(revisions, { postId, number }))),
      ];
      await table.commit(writes);
      return next({ ...after, version: before.version }, change);
    },

    revisions: (postId) => revisionsOf(table, postId),

    react: async (reaction, change) => {
      const another = {
        or: [
          { attr: 'type', exists: false },
          { attr: 'kind', ne: reaction.kind },
        ],
      };
      try {
        const before = await table.exchange(write.put(reactions, reaction, change, another, 'exists'));
        return before === undefined ? undefined : table.parse(reactions, before)?.kind;
      } catch (error) {
        if (error instanceof Refusal) return reaction.kind;
        throw error;
      }
    },

    unreact: async (postId, userId) => {
      const before = await table.exchange(write.remove(reactions, { postId, userId }));
      return before === undefined ? undefined : table.parse(reactions, before)?.kind;
    },

    reactions: async (postId, page) => {
      const list = { partitions: [postPartition(postId)], newestFirst: false, prefix: 'REACTION#' };
      const { items, ...rest } = await pageOf(table, list, page);
      return { items: items.flatMap((item) => table.parse(reactions, item) ?? []), ...rest };
    },

    statistics: async (postId) =>
      (await table.get(statisticsOfPosts, { postId }, false)) ?? postStatistics.parse({ postId }),
  };
}

async function revisionsOf(table: Table, postId: string): ReturnType<PostStore['revisions']> {
  const partition = postPartition(postId);
  const items = await table.query({
    partition,
    range: { beginsWith: 'REVISION#' },
    newestFirst: true,
    strong: true,
  });
  return items.flatMap((item) => table.parse(revisions, item) ?? []);
}
