import type { discussionOperations } from '../../contract/operations/index.ts';
import { Refusal } from '../../data/stores/index.ts';
import { includes } from '../../domain/permissions.ts';
import { Problem } from '../../domain/problem.ts';
import type { PagingDependencies } from '../rest/dependencies.ts';
import type { Handlers } from '../rest/handlers.ts';
import { managed } from './reading.ts';

type Members = Pick<
  typeof discussionOperations,
  'listAccess' | 'putAccess' | 'deleteAccess' | 'listModerators' | 'putModerator' | 'deleteModerator'
>;

/** The access list and the moderators of a discussion: for its owner and admins only. */
export function memberHandlers({ stores }: PagingDependencies): Handlers<Members> {
  return {
    listAccess: async ({ params, page, caller }) => {
      await managed(stores, params.discussionId, caller);
      const { items, next } = await stores.discussions.accessList(params.discussionId, page);
      return { body: { items: items.map(listed) }, next };
    },

    putAccess: async ({ params, caller, change }) => {
      await managed(stores, params.discussionId, caller);
      if ((await stores.users.profile(params.userId, 'eventual')) === undefined) throw new Problem('invalid-target');
      const entry = { ...params, createdAt: change.at };
      await full('list-full', () => stores.discussions.addAccess(entry, change));
      return { body: undefined };
    },

    deleteAccess: async ({ params, caller, change }) => {
      await managed(stores, params.discussionId, caller);
      await stores.discussions.removeAccess(params.discussionId, params.userId, change);
      return { body: undefined };
    },

    listModerators: async ({ params, caller }) => {
      await managed(stores, params.discussionId, caller);
      const moderators = await stores.discussions.moderators(params.discussionId);
      return { body: { items: moderators.map(listed) } };
    },

    putModerator: async ({ params, caller, change }) => {
      await managed(stores, params.discussionId, caller);
      const profile = await stores.users.profile(params.userId, 'strong');
      if (profile === undefined || !includes(profile.role, 'contributor') || profile.standing.state !== 'good') {
        throw new Problem('unsuitable-role');
      }
      const moderator = { ...params, createdAt: change.at };
      await full('moderators-full', () => stores.discussions.addModerator(moderator, change));
      return { body: undefined };
    },

    deleteModerator: async ({ params, caller, change }) => {
      await managed(stores, params.discussionId, caller);
      await stores.discussions.removeModerator(params.discussionId, params.userId, change);
      return { body: undefined };
    },
  };
}

function listed({ userId, createdAt }: { userId: string; createdAt: string }): { userId: string; createdAt: string } {
  return { userId, createdAt };
}

async function full(code: 'list-full' | 'moderators-full', write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'limit') throw new Problem(code, { cause: error });
    throw error;
  }
}
