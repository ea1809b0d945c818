import type { Profile } from '../contract/entities/index.ts';
import type { DiscussionListItem } from '../contract/schemas/discussion.ts';
import type { ListedDiscussion, Standpoint, Stores } from '../data/stores/index.ts';
import { discussionListItemView, mayRead } from '../domain/discussion.ts';
import type { Reader } from '../domain/permissions.ts';

/** The store reads so many standpoints at once. */
const STANDPOINTS_AT_ONCE = 25;

/** How the reader stands to each discussion that he or she may read, by its id; deleted ones are left out. */
export async function readableStandpoints(
  stores: Stores,
  discussionIds: readonly string[],
  reader: Reader,
): Promise<ReadonlyMap<string, Standpoint>> {
  const ids = [...new Set(discussionIds)];
  const parts = Array.from({ length: Math.ceil(ids.length / STANDPOINTS_AT_ONCE) }, (_, part) =>
    ids.slice(part * STANDPOINTS_AT_ONCE, (part + 1) * STANDPOINTS_AT_ONCE),
  );
  const found = await Promise.all(parts.map((part) => stores.discussions.standpoints(part, reader.userId)));
  const readable = found.flat().filter((one) => one.discussion.state !== 'deleted' && mayRead(one, reader));
  return new Map(readable.map((one) => [one.discussion.discussionId, one]));
}

/** Of a list, what the reader may read. Only restricted discussions need a look at how the reader stands to them. */
export async function readableDiscussions(
  stores: Stores,
  items: readonly ListedDiscussion[],
  reader: Reader,
): Promise<readonly ListedDiscussion[]> {
  const there = items.filter(({ discussion }) => discussion.state !== 'deleted');
  const asked = there.filter(({ discussion }) => discussion.visibility === 'restricted');
  const ids = asked.map(({ discussion }) => discussion.discussionId);
  const standpoints = await readableStandpoints(stores, ids, reader);
  return there.filter(
    ({ discussion: { visibility, discussionId } }) => visibility === 'members' || standpoints.has(discussionId),
  );
}

/** List items with their owners, read in one batch. */
export async function listItems(stores: Stores, items: readonly ListedDiscussion[]): Promise<DiscussionListItem[]> {
  const owners = await profilesById(
    stores,
    items.map(({ discussion }) => discussion.ownerId),
  );
  return items.map(({ discussion, statistics }) =>
    discussionListItemView(discussion, statistics, owners.get(discussion.ownerId)),
  );
}

/** Profiles by user id; who is not there any more is left out. */
export async function profilesById(stores: Stores, userIds: readonly string[]): Promise<ReadonlyMap<string, Profile>> {
  const ids = [...new Set(userIds)];
  const profiles = ids.length === 0 ? [] : await stores.users.profiles(ids);
  return new Map(profiles.map((profile) => [profile.userId, profile]));
}
