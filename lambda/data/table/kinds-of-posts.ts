import * as z from 'zod';
import {
  file,
  post,
  postStatistics,
  reaction,
  revision,
  topList,
  type File,
  type Post,
} from '../../contract/entities/index.ts';
import { discussionPartition, purgedAt } from './kinds-of-discussions.ts';
import { DAY, kind } from './row.ts';

interface OfPost {
  readonly postId: string;
}

/** The partition of a post. */
export const postPartition = (postId: string): string => `POST#${postId}`;
/** The partition of an index with the posts of a discussion. */
export const postsOfDiscussion = (discussionId: string): string => `${discussionPartition(discussionId)}#POSTS`;
/** The partition of a point: its top list in the table, its posts in an index. */
export const pointPartition = (pointId: string): string => `POINT#${pointId}`;

export const posts = kind(post, {
  type: 'post',
  class: 'public',
  key: ({ postId }: OfPost) => ({ PK: postPartition(postId), SK: 'META' }),
  indexes: ({ discussionId, pointId, postId }: Post) => ({
    GSI1PK: postsOfDiscussion(discussionId),
    GSI1SK: postId,
    GSI2PK: pointPartition(pointId),
    GSI2SK: postId,
  }),
  expires: purgedAt,
});

export const statisticsOfPosts = kind(postStatistics, {
  type: 'post-statistics',
  class: 'statistics',
  key: ({ postId }: OfPost) => ({ PK: postPartition(postId), SK: 'STATS' }),
});

const NUMBER_DIGITS = 10;

export const revisions = kind(revision, {
  type: 'revision',
  class: 'public',
  key: ({ postId, number }: OfPost & { number: number }) => ({
    PK: postPartition(postId),
    SK: `REVISION#${number.toString().padStart(NUMBER_DIGITS, '0')}`,
  }),
});

/** A reply under the post that it answers. */
export const replyReferences = kind(z.object({ parentId: z.string(), postId: z.string() }), {
  type: 'reply-reference',
  class: 'public',
  key: ({ parentId, postId }: { parentId: string; postId: string }) => ({
    PK: postPartition(parentId),
    SK: `REPLY#${postId}`,
  }),
});

export const reactions = kind(reaction, {
  type: 'reaction',
  class: 'public',
  key: ({ postId, userId }: OfPost & { userId: string }) => ({
    PK: postPartition(postId),
    SK: `REACTION#${userId}`,
  }),
});

export const topLists = kind(topList, {
  type: 'top-list',
  class: 'statistics',
  key: ({ pointId }: { pointId: string }) => ({ PK: pointPartition(pointId), SK: 'TOP' }),
});

export const filesOf = (userId: string): string => `FILES#${userId}`;

/** An unattached file ends after a day; a deleted one is remembered for a day, until its object is gone. */
export const files = kind(file, {
  type: 'file',
  class: 'public',
  key: ({ fileId }: { fileId: string }) => ({ PK: `FILE#${fileId}`, SK: 'META' }),
  indexes: ({ ownerId, fileId }: File) => ({ GSI2PK: filesOf(ownerId), GSI2SK: fileId }),
  expires: ({ parent, deletedAt, updatedAt }: File) =>
    parent === undefined || deletedAt !== undefined ? Date.parse(updatedAt) + DAY : undefined,
});
