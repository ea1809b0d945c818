import { FILE_STATES, type File } from '../../contract/entities/index.ts';
import { Refusal, StoreUnavailable, type Change, type FileStore } from '../stores/index.ts';
import { claims } from './claims.ts';
import { files, filesOf } from './kinds-of-posts.ts';
import { countersOf } from './kinds-of-users.ts';
import { pageOf } from './lists.ts';
import type { Table } from './table.ts';
import { next, type Condition, type Write } from './writes.ts';

/** Whoever loses so many races leaves it to the next delivery. */
const MOST_ATTEMPTS = 10;

const rank = (state: File['state']): number => FILE_STATES.indexOf(state);

const below = (attr: string, most: number): Condition => ({
  or: [
    { attr, exists: false },
    { attr, lte: most },
  ],
});

/** Files on the table; their content is in the files bucket. */
export function fileStore(table: Table): FileStore {
  const { write } = table;

  const pendingEnds = (userId: string, change: Change): Write =>
    write.update(countersOf, { userId }, { add: { pendingFiles: -1 } }, change);

  /** Moves on under the version that was read, and reads again when somebody else was faster. */
  const move = async (
    fileId: string,
    to: File['state'],
    change: Change,
    rest: Partial<File> = {},
  ): Promise<File | undefined> => {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const file = await table.get(files, { fileId });
      if (file === undefined || rank(file.state) >= rank(to)) return file;
      const moved: File = { ...file, ...rest, state: to };
      const freed = file.state === 'pending' ? [pendingEnds(file.ownerId, change)] : [];
      try {
        await table.commit([write.replace(files, moved, change), ...freed]);
        return next(moved, change);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }
    throw new StoreUnavailable('others write the file all the time');
  };

  return {
    create: (file, quota, change) => {
      const within: Condition = {
        and: [
          below('files', quota.files - 1),
          below('fileBytes', quota.bytes - file.size),
          below('pendingFiles', quota.pending - 1),
        ],
      };
      const add = { files: 1, fileBytes: file.size, pendingFiles: 1 };
      return table.commit([
        write.create(files, file, change),
        write.update(countersOf, { userId: file.ownerId }, { add }, change, within, 'limit'),
      ]);
    },

    file: (fileId) => table.get(files, { fileId }),

    files: async (fileIds) => {
      const found = await table.getMany(fileIds.map((fileId) => files.key({ fileId })));
      return [...new Set(fileIds)].flatMap((fileId) => found.get(files, { fileId }) ?? []);
    },

    byOwner: async (userId, page) => {
      const list = { partitions: [filesOf(userId)], index: 'GSI2' as const, newestFirst: true };
      const { items, ...rest } = await pageOf(table, list, page);
      const found = items.flatMap((item) => table.parse(files, item) ?? []);
      return { items: found.filter(({ state }) => state !== 'deleted'), ...rest };
    },

    advance: move,
    reject: (fileId, rejection, change) => move(fileId, 'rejected', change, { rejection }),

    delete: async (file, change) => {
      if (file.state === 'deleted') return;
      const pending = file.state === 'pending' ? { pendingFiles: -1 } : {};
      const add = { files: -1, fileBytes: -file.size, ...pending };
      const gone: File = { ...file, state: 'deleted', deletedAt: change.at };
      if (file.parent !== undefined) throw new Refusal('state', files.type);
      await table.commit([
        write.replace(files, gone, change),
        write.update(countersOf, { userId: file.ownerId }, { add }, change),
      ]);
    },

    changeAvatar: async (userId, { claim, release }, change) => {
      const parent = { type: 'user' as const, id: userId };
      const input = { ownerId: userId, parent, claim: listOf(claim), release: listOf(release) };
      await table.commit(await claims(table, input, change));
    },
  };
}

function listOf(id: string | undefined): string[] {
  return id === undefined ? [] : [id];
}
