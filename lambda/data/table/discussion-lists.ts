import { discussionStatistics } from '../../contract/entities/index.ts';
import type { DiscussionList, DiscussionStore, ListedDiscussion } from '../stores/index.ts';
import { discussions, listingShards, statisticsOfDiscussions } from './kinds-of-discussions.ts';
import { pageOf, sharded, type ListInput } from './lists.ts';
import type { Table } from './table.ts';

const mine = { owner: 'OWNER', moderator: 'MODERATES', member: 'MEMBER' } as const;

function listOf(list: DiscussionList): ListInput {
  if (list.by !== 'listing') {
    return { partitions: [`${mine[list.by]}#${list.userId}`], index: 'GSI2', newestFirst: true };
  }
  const shards = listingShards[list.sort];
  return { partitions: sharded(shards, list.listing), index: shards.index, newestFirst: true };
}

/** Pages of discussions: one query for each shard of the list, and one batch for what is shown of each. */
export function discussionLists(table: Table): DiscussionStore['list'] {
  return async (list, page) => {
    const { items, ...rest } = await pageOf(table, listOf(list), page);
    const ids = items.map((item) => String(item['discussionId']));
    const found = await table.getMany(
      ids.flatMap((discussionId) => [
        discussions.key({ discussionId }),
        statisticsOfDiscussions.key({ discussionId, period: 'TOTAL' }),
      ]),
    );
    const listed = ids.flatMap((discussionId): ListedDiscussion[] => {
      const discussion = found.get(discussions, { discussionId });
      if (discussion === undefined) return [];
      const statistics = found.get(statisticsOfDiscussions, { discussionId, period: 'TOTAL' }) ?? {};
      return [{ discussion, statistics: discussionStatistics.parse(statistics) }];
    });
    return { items: listed, ...rest };
  };
}
