import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Discussion, Knowledge, Point } from '../../../../lambda/contract/entities/index.ts';
import { aDiscussion, aFile, aPoint, aPost, changeBy, newId, newUserId } from '../samples.ts';
import type { MakeStores, TestStores } from './stores.ts';

/** What every store of discussions promises. */
export function discussionsContract(make: MakeStores): void {
  describe('discussions', () => {
    let test: TestStores;
    beforeAll(async () => {
      test = await make();
    });

    interface Made {
      discussion: Discussion;
      points: Point[];
    }
    const newDiscussion = async (
      input: { rest?: Partial<Discussion>; points?: number; listings?: string[]; knowledge?: Knowledge[] } = {},
    ): Promise<Made> => {
      const discussion = aDiscussion(newUserId(), input.rest);
      const { discussionId, ownerId } = discussion;
      const points = Array.from({ length: input.points ?? 1 }, (_, order) => aPoint(discussionId, { order }));
      await test.stores.discussions.create(
        { discussion, points, knowledge: input.knowledge ?? [], listings: input.listings ?? [] },
        changeBy(ownerId, test.clock),
      );
      return { discussion, points };
    };

    it('keeps the largest discussion whole: 20 points, 10 items of knowledge, 21 listings', async () => {
      const discussionId = newId();
      const knowledge = Array.from({ length: 10 }, (_, order): Knowledge => ({
        kind: 'text',
        text: 'x',
        discussionId,
        knowledgeId: newId(),
        order,
      }));
      const listings = Array.from({ length: 21 }, (_, at) => `leaf-${at}`);
      const { discussion, points } = await newDiscussion({ rest: { discussionId }, points: 20, knowledge, listings });
      const whole = await test.stores.discussions.whole(discussionId);
      expect(whole).toMatchObject({ discussion, points, knowledge });
      expect(whole?.statistics).toMatchObject({ posts: 0, participants: 0 });
      expect(await test.stores.discussions.whole(newId())).toBeUndefined();
    });

    it('lists by activity and by age, newest first, over all shards and pages', async () => {
      const listing = `tag:${newId()}`;
      const ids: string[] = [];
      for (let at = 0; at < 12; at++) {
        test.clock.pass(60_000);
        const { discussion } = await newDiscussion({ listings: [listing] });
        ids.unshift(discussion.discussionId);
      }
      for (const sort of ['active', 'new'] as const) {
        const found: string[] = [];
        let after: string | undefined;
        do {
          const page = { limit: 5, ...(after === undefined ? {} : { after }) };
          const { items, next } = await test.stores.discussions.list({ by: 'listing', listing, sort }, page);
          found.push(...items.map(({ discussion }) => discussion.discussionId));
          after = next;
        } while (after !== undefined);
        expect(found).toEqual(ids);
      }
    });

    it('moves a discussion between listings under its version, and takes it out of all', async () => {
      const [one, other] = [`tag:${newId()}`, `tag:${newId()}`];
      const { discussion } = await newDiscussion({ listings: [one] });
      const { discussions } = test.stores;
      const change = changeBy(discussion.ownerId, test.clock);
      const idsIn = async (listing: string): Promise<string[]> =>
        (await discussions.list({ by: 'listing', listing, sort: 'new' }, { limit: 9 })).items.map(
          (item) => item.discussion.discussionId,
        );

      const renamed = await discussions.update(
        { discussion: { ...discussion, title: 'Day buses' }, listings: [other] },
        change,
      );
      expect(renamed).toMatchObject({ title: 'Day buses', version: 2 });
      expect([await idsIn(one), await idsIn(other)]).toEqual([[], [discussion.discussionId]]);

      const stale = discussions.update({ discussion, listings: [one] }, change);
      await expect(stale).rejects.toMatchObject({ reason: 'version', subject: 'discussion' });
      expect([await idsIn(one), await idsIn(other)]).toEqual([[], [discussion.discussionId]]);

      await discussions.update({ discussion: { ...renamed, state: 'archived' }, listings: [] }, change);
      expect([await idsIn(one), await idsIn(other)]).toEqual([[], []]);
    });

    it('fault 20: replaces points without losing their ids, and never one that has posts', async () => {
      const { discussions, posts } = test.stores;
      const { discussion, points } = await newDiscussion({ points: 3 });
      const [first, second, third] = points as [Point, Point, Point];
      const change = changeBy(discussion.ownerId, test.clock);
      await posts.create(aPost(first, newUserId()), first, change);

      const withoutFirst = discussions.replacePoints(discussion, [second, third], change);
      await expect(withoutFirst).rejects.toMatchObject({ reason: 'state', subject: 'point' });
      expect(await discussions.points(discussion.discussionId)).toHaveLength(3);

      const added = aPoint(discussion.discussionId, { title: 'Noise', order: 1 });
      const tree = [{ ...first, title: 'Costs', hasPosts: false }, { ...second, parentId: first.pointId }, added];
      const after = await discussions.replacePoints(discussion, tree, change);
      expect(after.version).toBe(2);
      expect(await discussions.points(discussion.discussionId)).toEqual([
        { ...first, title: 'Costs', hasPosts: true },
        { ...second, parentId: first.pointId },
        added,
      ]);
    });

    it('gives a file to its discussion, and lets it go', async () => {
      const { discussions, files } = test.stores;
      const { discussion } = await newDiscussion();
      const { discussionId, ownerId } = discussion;
      const change = changeBy(ownerId, test.clock);
      const file = aFile(ownerId, { purpose: 'knowledge', state: 'clean' });
      const foreign = aFile(newUserId(), { state: 'clean' });
      const quota = { files: 9, bytes: 9999, pending: 9 };
      await files.create(file, quota, change);
      await files.create(foreign, quota, change);
      const item = (fileId: string): Knowledge => ({
        kind: 'file',
        fileId,
        discussionId,
        knowledgeId: newId(),
        order: 0,
      });

      const wrong = discussions.replaceKnowledge(discussion, [item(foreign.fileId)], change);
      await expect(wrong).rejects.toMatchObject({ reason: 'state', subject: 'file' });
      const given = await discussions.replaceKnowledge(discussion, [item(file.fileId)], change);
      expect((await files.file(file.fileId))?.parent).toEqual({ type: 'discussion', id: discussionId });
      await discussions.replaceKnowledge(given, [], change);
      expect((await files.file(file.fileId))?.parent).toBeUndefined();
    });

    it('says how a user stands to a discussion, and lists it to owner, moderators and members', async () => {
      const { discussions } = test.stores;
      const { discussion } = await newDiscussion();
      const { discussionId, ownerId } = discussion;
      const change = changeBy(ownerId, test.clock);
      const [userId, createdAt] = [newUserId(), test.clock.at];
      expect(await discussions.standpoint(discussionId, userId)).toMatchObject({ moderator: false, listed: false });

      expect(await discussions.addAccess({ discussionId, userId, createdAt }, change)).toBe(true);
      expect(await discussions.addAccess({ discussionId, userId, createdAt }, change)).toBe(false);
      expect(await discussions.addModerator({ discussionId, userId, createdAt }, change)).toBe(true);
      expect(await discussions.standpoint(discussionId, userId)).toMatchObject({
        moderator: true,
        listed: true,
        discussion: { accessCount: 1, moderatorCount: 1 },
      });
      for (const by of ['owner', 'moderator', 'member'] as const) {
        const mine = { by, userId: by === 'owner' ? ownerId : userId };
        const { items } = await discussions.list(mine, { limit: 5 });
        expect(items.map((item) => item.discussion.discussionId)).toEqual([discussionId]);
      }
      expect((await discussions.accessList(discussionId, { limit: 5 })).items).toHaveLength(1);
      expect(await discussions.removeAccess(discussionId, userId, change)).toBe(true);
      expect(await discussions.removeAccess(discussionId, userId, change)).toBe(false);
      expect(await discussions.removeModerator(discussionId, userId, change)).toBe(true);
      expect(await discussions.standpoint(discussionId, userId)).toMatchObject({
        moderator: false,
        listed: false,
        discussion: { accessCount: 0, moderatorCount: 0 },
      });
    });

    it('takes ten moderators and no more, however many are appointed at once', async () => {
      const { discussions } = test.stores;
      const { discussion } = await newDiscussion();
      const { discussionId } = discussion;
      const change = changeBy(discussion.ownerId, test.clock);
      const appoint = (): Promise<boolean> =>
        discussions.addModerator({ discussionId, userId: newUserId(), createdAt: test.clock.at }, change);
      for (let at = 0; at < 9; at++) await appoint();
      const results = await Promise.allSettled([appoint(), appoint(), appoint()]);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      await expect(appoint()).rejects.toMatchObject({ reason: 'limit', subject: 'discussion' });
      expect(await discussions.moderators(discussionId)).toHaveLength(10);
    });
  });
}
