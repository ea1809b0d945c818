import { Refusal, type Change, type DiscussionStore } from '../stores/index.ts';
import { accessEntries, discussionPartition, discussions, moderators } from './kinds-of-discussions.ts';
import { pageOf } from './lists.ts';
import type { Table } from './table.ts';
import { present, type Write } from './writes.ts';

const MOST_LISTED = 1000;
const MOST_MODERATORS = 10;

type Members = Pick<
  DiscussionStore,
  'addAccess' | 'removeAccess' | 'accessList' | 'addModerator' | 'removeModerator' | 'moderators'
>;

/** The access list and the moderators of a discussion; their numbers stand in the discussion and are exact. */
export function members(table: Table): Members {
  const { write } = table;

  const counted = (
    discussionId: string,
    name: 'accessCount' | 'moderatorCount',
    by: 1 | -1,
    change: Change,
    most?: number,
  ): Write => {
    const add: { version: number; accessCount?: number; moderatorCount?: number } = { version: 1, [name]: by };
    const condition = most === undefined ? present : { attr: name, lt: most };
    return write.update(discussions, { discussionId }, { add }, change, condition, 'limit');
  };

  /** @returns false instead of the refusal that says it was so already. */
  const unless = async (subject: string, reason: Refusal['reason'], writes: readonly Write[]): Promise<boolean> => {
    try {
      await table.commit(writes);
      return true;
    } catch (error) {
      if (error instanceof Refusal && error.subject === subject && error.reason === reason) return false;
      throw error;
    }
  };

  return {
    addAccess: (entry, change) =>
      unless(accessEntries.type, 'exists', [
        write.create(accessEntries, entry, change),
        counted(entry.discussionId, 'accessCount', 1, change, MOST_LISTED),
      ]),

    removeAccess: (discussionId, userId, change) =>
      unless(accessEntries.type, 'missing', [
        write.remove(accessEntries, { discussionId, userId }, present),
        counted(discussionId, 'accessCount', -1, change),
      ]),

    accessList: async (discussionId, page) => {
      const list = { partitions: [discussionPartition(discussionId)], newestFirst: false, prefix: 'ACCESS#' };
      const { items, ...rest } = await pageOf(table, list, page);
      return { items: items.flatMap((item) => table.parse(accessEntries, item) ?? []), ...rest };
    },

    addModerator: (moderator, change) =>
      unless(moderators.type, 'exists', [
        write.create(moderators, moderator, change),
        counted(moderator.discussionId, 'moderatorCount', 1, change, MOST_MODERATORS),
      ]),

    removeModerator: (discussionId, userId, change) =>
      unless(moderators.type, 'missing', [
        write.remove(moderators, { discussionId, userId }, present),
        counted(discussionId, 'moderatorCount', -1, change),
      ]),

    moderators: async (discussionId) => {
      const items = await table.query({
        partition: discussionPartition(discussionId),
        range: { beginsWith: 'MODERATOR#' },
        strong: true,
      });
      return items.flatMap((item) => table.parse(moderators, item) ?? []);
    },
  };
}
