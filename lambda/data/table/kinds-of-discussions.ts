import * as z from 'zod';
import {
  accessEntry,
  discussion,
  discussionStatistics,
  knowledge,
  moderator,
  participant,
  point,
  type AccessEntry,
  type Discussion,
  type Moderator,
} from '../../contract/entities/index.ts';
import { retentionClasses } from '../../contract/retention.ts';
import { DAY, kind, shardOf } from './row.ts';

interface OfDiscussion {
  readonly discussionId: string;
}
interface OfMember extends OfDiscussion {
  readonly userId: string;
}

/** The partition of a discussion. */
export const discussionPartition = (discussionId: string): string => `DISCUSSION#${discussionId}`;

const key =
  (prefix: string) =>
  ({ discussionId }: OfDiscussion, id: string) => ({ PK: discussionPartition(discussionId), SK: `${prefix}#${id}` });

/** The last moment of something deleted. */
export const purgedAt = ({ deletedAt }: { deletedAt?: string | undefined }): number | undefined =>
  deletedAt === undefined ? undefined : Date.parse(deletedAt) + retentionClasses.public.days * DAY;

export const discussions = kind(discussion, {
  type: 'discussion',
  class: 'public',
  key: ({ discussionId }: OfDiscussion) => ({ PK: discussionPartition(discussionId), SK: 'META' }),
  indexes: ({ ownerId, discussionId }: Discussion) => ({ GSI2PK: `OWNER#${ownerId}`, GSI2SK: discussionId }),
  expires: purgedAt,
});

const LISTING_SHARDS = 4;
export const listingShards = {
  active: { partition: (listing: string) => `CATEGORY#${listing}`, shards: LISTING_SHARDS, index: 'GSI1' },
  new: { partition: (listing: string) => `CATEGORYNEW#${listing}`, shards: LISTING_SHARDS, index: 'GSI2' },
} as const;

/** A place of a discussion in a list: a leaf, its parent, `all`, or `tag:<tag>`. */
const listing = z.object({
  discussionId: z.string(),
  listing: z.string(),
  /** Minute of the last post, as `2026-11-25T05:17`. */
  lastActiveMinute: z.string(),
});
export type Listing = z.infer<typeof listing>;

export const listings = kind(listing, {
  type: 'category-listing',
  class: 'public',
  key: (id: OfDiscussion & { listing: string }) => key('CATEGORY')(id, id.listing),
  indexes: ({ listing: name, discussionId, lastActiveMinute }: Listing) => {
    const shard = shardOf(discussionId, LISTING_SHARDS);
    return {
      GSI1PK: `${listingShards.active.partition(name)}#${shard}`,
      GSI1SK: `${lastActiveMinute}#${discussionId}`,
      GSI2PK: `${listingShards.new.partition(name)}#${shard}`,
      GSI2SK: discussionId,
    };
  },
});

export const points = kind(point, {
  type: 'point',
  class: 'public',
  key: (id: OfDiscussion & { pointId: string }) => key('POINT')(id, id.pointId),
});

export const knowledgeItems = kind(knowledge, {
  type: 'knowledge',
  class: 'public',
  key: (id: OfDiscussion & { knowledgeId: string }) => key('KNOWLEDGE')(id, id.knowledgeId),
});

export const accessEntries = kind(accessEntry, {
  type: 'access',
  class: 'public',
  key: (id: OfMember) => key('ACCESS')(id, id.userId),
  indexes: ({ userId, discussionId }: AccessEntry) => ({ GSI2PK: `MEMBER#${userId}`, GSI2SK: discussionId }),
});

export const moderators = kind(moderator, {
  type: 'moderator',
  class: 'public',
  key: (id: OfMember) => key('MODERATOR')(id, id.userId),
  indexes: ({ userId, discussionId }: Moderator) => ({ GSI2PK: `MODERATES#${userId}`, GSI2SK: discussionId }),
});

export const participants = kind(participant, {
  type: 'participant',
  class: 'public',
  key: (id: OfMember) => key('PARTICIPANT')(id, id.userId),
});

/** `period` is `TOTAL`, or `DAY#` and a date. */
export const statisticsOfDiscussions = kind(
  discussionStatistics.extend({ discussionId: z.string(), period: z.string() }),
  {
    type: 'discussion-statistics',
    class: 'statistics',
    key: ({ discussionId, period }: OfDiscussion & { period: string }) => ({
      PK: `${discussionPartition(discussionId)}#STATS`,
      SK: period,
    }),
  },
);
