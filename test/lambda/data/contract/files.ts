import { beforeAll, describe, expect, it } from '@jest/globals';
import type { File } from '../../../../lambda/contract/entities/index.ts';
import { aFile, changeBy, newId, newUserId } from '../samples.ts';
import type { MakeStores, TestStores } from './stores.ts';

/** What every store of files promises. */
export function filesContract(make: MakeStores): void {
  describe('files', () => {
    let test: TestStores;
    beforeAll(async () => {
      test = await make();
    });
    const quota = { files: 3, bytes: 5000, pending: 2 };
    const announce = (file: File): Promise<void> =>
      test.stores.files.create(file, quota, changeBy(file.ownerId, test.clock));

    it('counts files, bytes and pending uploads against the quota, however many come at once', async () => {
      const userId = newUserId();
      const results = await Promise.allSettled([1, 2, 3, 4].map(() => announce(aFile(userId))));
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
      await expect(announce(aFile(userId))).rejects.toMatchObject({ reason: 'limit', subject: 'user-counters' });
      expect(await test.stores.users.counters(userId)).toMatchObject({ files: 2, fileBytes: 2000, pendingFiles: 2 });
      expect((await test.stores.files.byOwner(userId, { limit: 9 })).items).toHaveLength(2);
    });

    it('moves forward only, and ends a pending upload once', async () => {
      const { files, users } = test.stores;
      const file = aFile(newUserId());
      const change = changeBy('file-scan', test.clock);
      await announce(file);
      const states = [];
      for (const to of ['uploaded', 'scanning', 'uploaded', 'clean', 'scanning'] as const) {
        states.push((await files.advance(file.fileId, to, change))?.state);
      }
      expect(states).toEqual(['uploaded', 'scanning', 'scanning', 'clean', 'clean']);
      expect(await users.counters(file.ownerId)).toMatchObject({ files: 1, pendingFiles: 0 });
      expect(await files.advance(newId(), 'clean', change)).toBeUndefined();
    });

    it('gives the room of a deleted file back, once, and not while it is attached', async () => {
      const { files, users } = test.stores;
      const file = aFile(newUserId(), { purpose: 'avatar', contentType: 'image/png' });
      const change = changeBy(file.ownerId, test.clock);
      await announce(file);
      await files.advance(file.fileId, 'clean', change);
      await files.changeAvatar(file.ownerId, { claim: file.fileId }, change);
      const attached = await files.file(file.fileId);
      if (attached === undefined) throw new Error('the file is gone');
      await expect(files.delete(attached, change)).rejects.toMatchObject({ reason: 'state', subject: 'file' });

      await files.changeAvatar(file.ownerId, { release: file.fileId }, change);
      const free = await files.file(file.fileId);
      if (free === undefined) throw new Error('the file is gone');
      await files.delete(free, change);
      await expect(files.delete(free, change)).rejects.toMatchObject({ reason: 'version' });
      expect(await users.counters(file.ownerId)).toMatchObject({ files: 0, fileBytes: 0, pendingFiles: 0 });
      expect((await files.byOwner(file.ownerId, { limit: 9 })).items).toEqual([]);
    });

    it('attaches nothing that is not clean, or another user has uploaded', async () => {
      const file = aFile(newUserId());
      await announce(file);
      const other = newUserId();
      for (const userId of [file.ownerId, other]) {
        const claim = test.stores.files.changeAvatar(userId, { claim: file.fileId }, changeBy(userId, test.clock));
        await expect(claim).rejects.toMatchObject({ reason: 'state', subject: 'file' });
      }
    });

    it('lets an unattached file end after a day', async () => {
      const file = aFile(newUserId());
      await announce(file);
      test.clock.pass(24 * 3_600_000);
      expect(await test.stores.files.file(file.fileId)).toBeUndefined();
    });
  });
}
