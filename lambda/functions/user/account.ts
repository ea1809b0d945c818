import type { Profile } from '../../contract/entities/index.ts';
import type { userOperations } from '../../contract/operations/index.ts';
import { Refusal, type Change, type Stores } from '../../data/stores/index.ts';
import { Problem } from '../../domain/problem.ts';
import { checkAvatar, newUser, ownProfileView, patchedProfile, preferencesViewOf } from '../../domain/user.ts';
import type { Directory } from '../clients/identity-provider.ts';
import { profileOf } from '../rest/caller.ts';
import type { PagingDependencies } from '../rest/dependencies.ts';
import type { Handlers } from '../rest/handlers.ts';

type Account = Pick<typeof userOperations, 'getMe' | 'updateMe' | 'closeMe' | 'getPreferences' | 'putPreferences'>;

/** The caller's own account. */
export function accountHandlers({
  stores,
  directory,
  random,
}: PagingDependencies & { readonly directory: Directory }): Handlers<Account> {
  return {
    getMe: async ({ caller, change, now }) => {
      const [profile, email] = await Promise.all([
        profileOf(stores, caller.userId, random, change),
        directory.email(caller.userId),
      ]);
      return { body: ownProfileView(profile, email, now), version: profile.version };
    },

    updateMe: async ({ body, caller, ifMatch, change, now }) => {
      const { profile } = caller;
      if (profile.version !== ifMatch) throw new Problem('version-conflict');
      const after = patchedProfile(profile, body);
      const saved = await withAvatar(stores, profile, after, change, () => stores.users.update(after, change));
      return { body: ownProfileView(saved, await directory.email(caller.userId), now), version: saved.version };
    },

    closeMe: async ({ caller, ifMatch, change }) => {
      const { profile } = caller;
      if (profile.version !== ifMatch) throw new Problem('version-conflict');
      try {
        await stores.users.close(profile, await otherAdmin(stores, profile), change);
      } catch (error) {
        if (error instanceof Refusal && error.reason === 'state') throw new Problem('last-admin', { cause: error });
        throw error;
      }
      return { body: undefined };
    },

    getPreferences: async ({ caller, change }) => {
      const found = await stores.users.preferences(caller.userId);
      const preferences = found ?? newUser({ userId: caller.userId, at: change.at }, random).preferences;
      return { body: preferencesViewOf(preferences), version: preferences.version };
    },

    putPreferences: async ({ body, caller, ifMatch, change }) => {
      const before = await stores.users.preferences(caller.userId);
      if (before === undefined) throw new Problem('not-found');
      if (before.version !== ifMatch) throw new Problem('version-conflict');
      const { userId, version, createdAt, updatedAt } = before;
      const after = { ...body, userId, version, createdAt, updatedAt };
      const saved = await stores.users.updatePreferences(after, change);
      return { body: preferencesViewOf(saved), version: saved.version };
    },
  };
}

/**
 * Saves a profile whose avatar may have changed. The new file is claimed before and let go again when the profile is not
 * saved, so that no profile shows a file that is private.
 */
async function withAvatar(
  stores: Stores,
  before: Profile,
  after: Profile,
  change: Change,
  save: () => Promise<Profile>,
): Promise<Profile> {
  const claim = after.avatarFileId;
  const release = before.avatarFileId;
  if (claim === release) return save();
  if (claim !== undefined) checkAvatar(await stores.files.file(claim), before.userId);
  await stores.files.changeAvatar(before.userId, sides(claim, release), change).catch((error: unknown) => {
    throw error instanceof Refusal && error.reason !== 'version'
      ? new Problem('file-not-clean', { cause: error })
      : error;
  });
  try {
    return await save();
  } catch (error) {
    await stores.files.changeAvatar(before.userId, sides(release, claim), change);
    throw error;
  }
}

function sides(claim: string | undefined, release: string | undefined): { claim?: string; release?: string } {
  return { ...(claim === undefined ? {} : { claim }), ...(release === undefined ? {} : { release }) };
}

/** An admin besides this one, whom the store then holds on to; undefined where none is needed. @throws Problem `last-admin` */
async function otherAdmin(stores: Stores, { userId, role }: Profile): Promise<string | undefined> {
  if (role !== 'admin') return undefined;
  const { items } = await stores.users.byRole('admin', { limit: 100 });
  const other = items.find((admin) => admin.userId !== userId && admin.standing.state === 'good');
  if (other === undefined) throw new Problem('last-admin');
  return other.userId;
}
