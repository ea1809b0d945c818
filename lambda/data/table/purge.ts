import { Refusal, type Change, type PurgeStore } from '../stores/index.ts';
import { derivedStore } from './derived.ts';
import { discussionPartition, statisticsOfDiscussions } from './kinds-of-discussions.ts';
import { files, postPartition, posts, postsOfDiscussion, replyReferences, topLists } from './kinds-of-posts.ts';
import { changesPartition, processedEvents } from './kinds-of-requests.ts';
import { authorReferences, countersOf, profiles } from './kinds-of-users.ts';
import { keyOf, type QueryInput, type Table } from './table.ts';

/** Items read and deleted at a time: a function that ends in between goes on where it was. */
const PAGE = 100;

/** Deletes what is left over, on the table. */
export function purgeStore(table: Table): PurgeStore {
  const { write } = table;
  const derived = derivedStore(table);

  const deletePages = async (input: QueryInput): Promise<void> => {
    for (;;) {
      const items = await table.query({ ...input, limit: PAGE });
      await table.deleteAll(items.map(keyOf));
      if (items.length < PAGE) return;
    }
  };

  /** An index shows what is deleted a moment longer, so it is read forwards, once. */
  const deleteIndexed = async (partition: string): Promise<void> => {
    const items = await table.query({ partition, index: 'GSI1' });
    await table.deleteAll(items.map(keyOf));
  };

  const deleteFile = async (fileId: string, parentId: string, change: Change): Promise<void> => {
    const file = await table.get(files, { fileId });
    if (file?.parent?.id !== parentId || file.state === 'deleted') return;
    const { parent, ...free } = file;
    const gone = { ...free, state: 'deleted' as const, deletedAt: change.at };
    const add = { files: -1, fileBytes: -file.size };
    await table.commit([
      write.replace(files, gone, change),
      write.update(countersOf, { userId: file.ownerId }, { add }, change),
    ]);
  };

  return {
    discussion: async (discussionId) => {
      const statistics = statisticsOfDiscussions.key({ discussionId, period: 'TOTAL' }).PK;
      await deleteIndexed(postsOfDiscussion(discussionId));
      for (const partition of [discussionPartition(discussionId), statistics, changesPartition(discussionId)]) {
        await deletePages({ partition, strong: true });
      }
    },

    post: async (post, at) => {
      const { postId, authorId: userId, replyToId, pointId } = post;
      const change: Change = { actorId: 'cleanup', correlationId: '', at };
      for (const fileId of post.attachments) await deleteFile(fileId, postId, change);
      await table.deleteAll([
        posts.key({ postId }),
        authorReferences.key({ userId, postId }),
        ...(replyToId === undefined ? [] : [replyReferences.key({ parentId: replyToId, postId })]),
      ]);
      await deletePages({ partition: postPartition(postId), strong: true });
      if ((await table.get(topLists, { pointId })) !== undefined) await derived.rank(pointId, postId);
    },

    user: async (userId) => deletePages({ partition: profiles.key({ userId }).PK, strong: true }),

    file: async (file, eventId, at) => {
      // A file that was deleted by a call has given its room back already.
      if (file.state === 'deleted') return;
      const change: Change = { actorId: 'cleanup', correlationId: '', at };
      const pending = file.state === 'pending' ? { pendingFiles: -1 } : {};
      const add = { files: -1, fileBytes: -file.size, ...pending };
      try {
        await table.commit([
          write.create(processedEvents, { consumer: 'cleanup', eventId }, change),
          write.update(countersOf, { userId: file.ownerId }, { add }, change, { attr: 'type', exists: true }),
        ]);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    },
  };
}
