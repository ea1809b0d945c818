import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Point, Post } from '../../../../lambda/contract/entities/index.ts';
import type { PostList } from '../../../../lambda/data/stores/index.ts';
import { aDiscussion, aFile, aPoint, aPost, changeBy, newId, newUserId } from '../samples.ts';
import type { MakeStores, TestStores } from './stores.ts';

const all = (): boolean => true;

/** What every store of posts promises. */
export function postsContract(make: MakeStores): void {
  describe('posts', () => {
    let test: TestStores;
    beforeAll(async () => {
      test = await make();
    });

    const newPoint = async (): Promise<Point> => {
      const discussion = aDiscussion(newUserId());
      const point = aPoint(discussion.discussionId);
      const change = changeBy(discussion.ownerId, test.clock);
      await test.stores.discussions.create({ discussion, points: [point], knowledge: [], listings: [] }, change);
      return point;
    };
    const newPost = async (point: Point, rest: Partial<Post> = {}): Promise<Post> => {
      const post = aPost(point, newUserId(), rest);
      await test.stores.posts.create(post, point, changeBy(post.authorId, test.clock));
      return post;
    };
    const idsOf = async (list: PostList, limit: number, shows: (post: Post) => boolean = all): Promise<string[][]> => {
      const pages: string[][] = [];
      let after: string | undefined;
      do {
        const page = { limit, ...(after === undefined ? {} : { after }) };
        const { items, next } = await test.stores.posts.list(list, page, newUserId(), shows);
        pages.push(items.map(({ post }) => post.postId));
        after = next;
      } while (after !== undefined);
      return pages;
    };

    it('keeps a post once, and its author as participant with the last stance', async () => {
      const point = await newPoint();
      const post = await newPost(point, { stance: 'cons' });
      const change = changeBy(post.authorId, test.clock);
      await expect(test.stores.posts.create(post, point, change)).rejects.toMatchObject({
        reason: 'exists',
        subject: 'post',
      });
      expect(await test.stores.posts.post(post.postId)).toEqual(post);
      const standpoint = await test.stores.discussions.standpoint(post.discussionId, post.authorId);
      expect(standpoint?.participant).toMatchObject({ lastStance: 'cons' });
      expect((await test.stores.discussions.points(post.discussionId))[0]?.hasPosts).toBe(true);
    });

    it('keeps nothing of a post whose point was deleted meanwhile', async () => {
      const point = await newPoint();
      const { discussions, posts } = test.stores;
      const discussion = await discussions.discussion(point.discussionId);
      if (discussion === undefined) throw new Error('the discussion is gone');
      await discussions.replacePoints(discussion, [], changeBy(discussion.ownerId, test.clock));
      const post = aPost(point, newUserId());
      const refused = posts.create(post, point, changeBy(post.authorId, test.clock));
      await expect(refused).rejects.toMatchObject({ reason: 'missing', subject: 'point' });
      expect(await posts.post(post.postId)).toBeUndefined();
      expect(await idsOf({ by: 'author', userId: post.authorId }, 5)).toEqual([[]]);
      expect((await discussions.standpoint(post.discussionId, post.authorId))?.participant).toBeUndefined();
    });

    it('fault 9: finds a post by its key, and lists it by discussion, point, author and thread', async () => {
      const point = await newPoint();
      const first = await newPost(point);
      const hasPosts = { ...point, hasPosts: true };
      const second = await newPost(hasPosts, { replyToId: first.postId, rootId: first.postId, depth: 1 });
      const [one, two] = [first.postId, second.postId];
      const { discussionId, pointId } = point;
      expect(await idsOf({ by: 'discussion', discussionId, order: 'new' }, 9)).toEqual([[two, one]]);
      expect(await idsOf({ by: 'discussion', discussionId, order: 'old' }, 9)).toEqual([[one, two]]);
      expect(await idsOf({ by: 'point', pointId, order: 'old' }, 1)).toEqual([[one], [two]]);
      expect(await idsOf({ by: 'author', userId: second.authorId }, 9)).toEqual([[two]]);
      expect(await idsOf({ by: 'replies', postId: one }, 9)).toEqual([[two]]);
      expect(await idsOf({ by: 'point', pointId, order: 'top' }, 9)).toEqual([[]]);
    });

    it('fault 10: a filter reads on until the page is full, at most five inner pages', async () => {
      const point = { ...(await newPoint()), hasPosts: true };
      const made = [];
      for (let at = 0; at < 12; at++)
        made.push((await newPost(point, { stance: at % 6 === 0 ? 'cons' : 'pros' })).postId);
      const cons = (post: Post): boolean => post.stance === 'cons';
      const list: PostList = { by: 'discussion', discussionId: point.discussionId, order: 'old' };
      const pages = await idsOf(list, 2, cons);
      expect(pages.flat()).toEqual([made[0], made[6]]);
      expect(pages[0]).toHaveLength(2);
      const none = await test.stores.posts.list(list, { limit: 2 }, newUserId(), () => false);
      expect(none).toMatchObject({ items: [], next: made[9] });
    });

    it('edits under the version, keeps ten revisions, and changes attachments with it', async () => {
      const { posts, files } = test.stores;
      const point = await newPoint();
      const [userId, quota] = [newUserId(), { files: 9, bytes: 99999, pending: 9 }];
      const [old, young] = [aFile(userId, { state: 'clean' }), aFile(userId, { state: 'clean' })];
      const change = changeBy(userId, test.clock);
      for (const file of [old, young]) await files.create(file, quota, change);
      let post = aPost(point, userId, { attachments: [old.fileId] });
      await posts.create(post, point, change);
      expect((await files.file(old.fileId))?.parent).toEqual({ type: 'post', id: post.postId });

      for (let at = 1; at <= 12; at++) {
        const { postId, version: number, text } = post;
        const revision = { postId, number, text, createdAt: test.clock.at };
        post = await posts.update(post, { ...post, text: `${at}`, attachments: [young.fileId] }, revision, change);
      }
      expect(post).toMatchObject({ text: '12', version: 13 });
      expect(await posts.post(post.postId)).toEqual(post);
      expect((await posts.revisions(post.postId)).map(({ number }) => number)).toEqual([
        12, 11, 10, 9, 8, 7, 6, 5, 4, 3,
      ]);
      expect((await files.file(old.fileId))?.parent).toBeUndefined();
      expect((await files.file(young.fileId))?.parent?.id).toBe(post.postId);

      const stale = posts.update({ ...post, version: 5 }, { ...post, text: 'x' }, undefined, change);
      await expect(stale).rejects.toMatchObject({ reason: 'version', subject: 'post' });
      const stolen = aPost(point, newUserId(), { attachments: [young.fileId] });
      const refused = posts.create(stolen, point, changeBy(stolen.authorId, test.clock));
      await expect(refused).rejects.toMatchObject({ reason: 'state', subject: 'file' });
      expect(await posts.post(stolen.postId)).toBeUndefined();
    });

    it('keeps one reaction a user, and shows it to the one who reads', async () => {
      const { posts } = test.stores;
      const { postId } = await newPost(await newPoint());
      const userId = newUserId();
      const change = changeBy(userId, test.clock);
      const react = (kind: 'like' | 'funny'): Promise<unknown> =>
        posts.react({ postId, userId, kind, createdAt: test.clock.at }, change);
      expect([await react('like'), await react('like'), await react('funny')]).toEqual([undefined, 'like', 'like']);
      expect((await posts.inContext(postId, userId))?.ownReaction).toBe('funny');
      expect((await posts.inContext(postId, newUserId()))?.ownReaction).toBeUndefined();
      expect((await posts.reactions(postId, { limit: 5 })).items).toEqual([
        { postId, userId, kind: 'funny', createdAt: test.clock.at },
      ]);
      expect([await posts.unreact(postId, userId), await posts.unreact(postId, userId)]).toEqual(['funny', undefined]);
    });

    it('does not show what has expired, though the table still has it', async () => {
      const { posts } = test.stores;
      const post = await newPost(await newPoint());
      const deleted = { ...post, status: 'deleted' as const, deletedAt: test.clock.at };
      await posts.update(post, deleted, undefined, changeBy(post.authorId, test.clock));
      expect(await posts.post(post.postId)).toMatchObject({ status: 'deleted' });
      test.clock.pass(30 * 24 * 3_600_000);
      expect(await posts.post(post.postId)).toBeUndefined();
      const list: PostList = { by: 'discussion', discussionId: post.discussionId, order: 'new' };
      expect(await idsOf(list, 5)).toEqual([[]]);
    });

    it('has nothing where there is nothing', async () => {
      expect(await test.stores.posts.inContext(newId(), newUserId())).toBeUndefined();
      expect(await test.stores.posts.statistics(newId())).toMatchObject({ like: 0, replies: 0 });
    });
  });
}
