import type { userOperations } from '../../contract/operations/index.ts';
import type { Profile } from '../../contract/entities/index.ts';
import type { Reader } from '../../domain/permissions.ts';
import { maySee, postSummaryView } from '../../domain/post.ts';
import { Problem } from '../../domain/problem.ts';
import { publicProfileView, showsActivity, showsEmail } from '../../domain/user.ts';
import type { Directory } from '../clients/identity-provider.ts';
import { listItems, readableDiscussions, readableStandpoints } from '../reading.ts';
import type { PagingDependencies } from '../rest/dependencies.ts';
import type { Handlers } from '../rest/handlers.ts';
import { readOn } from '../rest/pages.ts';

type Profiles = Pick<typeof userOperations, 'getUser' | 'listUserDiscussions' | 'listUserPosts'>;

/** What users show to others. */
export function profileHandlers({
  stores,
  directory,
}: PagingDependencies & { readonly directory: Directory }): Handlers<Profiles> {
  /** @throws Problem `not-found`, for a closed account, too. */
  const shown = async (userId: string): Promise<Profile> => {
    const profile = await stores.users.profile(userId, 'eventual');
    if (profile === undefined || profile.standing.state === 'closed') throw new Problem('not-found');
    return profile;
  };

  return {
    getUser: async ({ params, caller }) => {
      const profile = await shown(params.userId);
      const email = showsEmail(profile, caller) ? await directory.email(profile.userId) : undefined;
      return { body: { ...publicProfileView(profile, caller), ...(email === undefined ? {} : { email }) } };
    },

    listUserDiscussions: async ({ params, page, caller }) => {
      if (!(await active(params.userId, caller))) return { body: { items: [] } };
      const list = { by: 'owner', userId: params.userId } as const;
      const { items, next } = await readOn(
        page,
        (inner) => stores.discussions.list(list, inner),
        (found) => readableDiscussions(stores, found, caller),
      );
      return { body: { items: await listItems(stores, items) }, next };
    },

    listUserPosts: async ({ params, page, caller }) => {
      if (!(await active(params.userId, caller))) return { body: { items: [] } };
      const list = { by: 'author', userId: params.userId } as const;
      const { items, next } = await readOn(
        page,
        (inner) => stores.posts.list(list, inner, caller.userId, ({ status }) => status !== 'deleted'),
        async (found) => {
          const ids = found.map(({ post }) => post.discussionId);
          const standpoints = await readableStandpoints(stores, ids, caller);
          return found.filter(({ post }) => {
            const standpoint = standpoints.get(post.discussionId);
            return standpoint !== undefined && maySee(post, standpoint, caller);
          });
        },
      );
      return { body: { items: items.map(({ post }) => postSummaryView(post)) }, next };
    },
  };

  /** Whether the user lets the reader see what he or she has been doing. */
  async function active(userId: string, reader: Reader): Promise<boolean> {
    return showsActivity(await shown(userId), reader);
  }
}
