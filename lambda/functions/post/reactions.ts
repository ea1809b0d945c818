import type { postOperations } from '../../contract/operations/index.ts';
import { checkReacts, countsAfter, reactionCountsOf } from '../../domain/post.ts';
import { userReferenceView } from '../../domain/user.ts';
import { profilesById } from '../reading.ts';
import type { PagingDependencies } from '../rest/dependencies.ts';
import type { Handlers } from '../rest/handlers.ts';
import { readOn } from '../rest/pages.ts';
import { readPost } from './reading.ts';

type Reactions = Pick<typeof postOperations, 'listReactions' | 'putReaction' | 'deleteReaction'>;

/** Reactions to posts. Stored counts follow within seconds; an answer to one's own reaction already has it. */
export function reactionHandlers({ stores }: PagingDependencies): Handlers<Reactions> {
  return {
    listReactions: async ({ params, query, page, caller }) => {
      const { post } = await readPost(stores, params.postId, caller);
      const [statistics, { items, next }] = await Promise.all([
        stores.posts.statistics(post.postId),
        readOn(
          page,
          (inner) => stores.posts.reactions(post.postId, inner),
          (found) => Promise.resolve(found.filter(({ kind }) => query.type === undefined || kind === query.type)),
        ),
      ]);
      const profiles = await profilesById(
        stores,
        items.map(({ userId }) => userId),
      );
      const shown = items.flatMap(({ userId, kind, createdAt }) => {
        const profile = profiles.get(userId);
        return profile === undefined ? [] : [{ user: userReferenceView(profile), type: kind, createdAt }];
      });
      return { body: { reactions: reactionCountsOf(statistics), items: shown }, next };
    },

    putReaction: async ({ params, body, caller, change }) => {
      const { post, standpoint } = await readPost(stores, params.postId, caller);
      checkReacts(post, standpoint, caller);
      const counts = reactionCountsOf(await stores.posts.statistics(post.postId));
      const reaction = { postId: post.postId, userId: caller.userId, kind: body.type, createdAt: change.at };
      const before = await stores.posts.react(reaction, change);
      return { body: { reactions: countsAfter(counts, before, body.type), ownReaction: body.type } };
    },

    deleteReaction: async ({ params, caller }) => {
      const { post } = await readPost(stores, params.postId, caller);
      const counts = reactionCountsOf(await stores.posts.statistics(post.postId));
      const before = await stores.posts.unreact(post.postId, caller.userId);
      return { body: { reactions: countsAfter(counts, before, undefined) } };
    },
  };
}
