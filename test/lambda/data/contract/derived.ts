import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Post } from '../../../../lambda/contract/entities/index.ts';
import type { Counted } from '../../../../lambda/data/stores/index.ts';
import { aDiscussion, aPoint, aPost, changeBy, newId, newUserId } from '../samples.ts';
import type { MakeStores, TestStores } from './stores.ts';

/** What every store of derived items promises. */
export function derivedContract(make: MakeStores): void {
  describe('derived items', () => {
    let test: TestStores;
    beforeAll(async () => {
      test = await make();
    });
    const newDiscussion = async (listings: string[]): Promise<{ discussionId: string; posts: Post[] }> => {
      const discussion = aDiscussion(newUserId());
      const { discussionId, ownerId } = discussion;
      const point = aPoint(discussionId);
      const change = changeBy(ownerId, test.clock);
      await test.stores.discussions.create({ discussion, points: [point], knowledge: [], listings }, change);
      const posts = [aPost(point, ownerId), aPost(point, ownerId)];
      for (const post of posts) await test.stores.posts.create(post, point, change);
      return { discussionId, posts };
    };
    const likes = (postId: string, eventId = newId()): Counted => ({
      eventId,
      additions: [{ to: 'post', postId, amounts: { like: 1 } }],
    });

    it('counts each event once, however often, by how many at a time and with what others it comes', async () => {
      const { derived, posts } = test.stores;
      const [one, other] = [newId(), newId()];
      const events = Array.from({ length: 130 }, (_, at) => likes(at % 2 === 0 ? one : other));
      const at = test.clock.at;
      await derived.count('counters', events.slice(0, 40), at);
      await Promise.all([derived.count('counters', events, at), derived.count('counters', [...events].reverse(), at)]);
      await derived.count('counters', [...events, ...events], at);
      expect((await posts.statistics(one)).like).toBe(65);
      expect((await posts.statistics(other)).like).toBe(65);
    });

    it('remembers what a consumer has done', async () => {
      const { derived } = test.stores;
      const eventId = newId();
      expect(await derived.isDone('a', eventId)).toBe(false);
      await derived.markDone('a', eventId, test.clock.at);
      await derived.markDone('a', eventId, test.clock.at);
      expect([await derived.isDone('a', eventId), await derived.isDone('b', eventId)]).toEqual([true, false]);
    });

    it('moves a discussion up in its lists, never down, and into none that it has left', async () => {
      const { derived, discussions } = test.stores;
      const listing = `tag:${newId()}`;
      const [one, other] = [await newDiscussion([listing]), await newDiscussion([listing])];
      const order = async (): Promise<string[]> => {
        const { items } = await discussions.list({ by: 'listing', listing, sort: 'active' }, { limit: 9 });
        return items.map(({ discussion }) => discussion.discussionId);
      };
      await derived.setActive(one.discussionId, '2027-01-01T00:00');
      await derived.setActive(one.discussionId, '2026-12-01T00:00');
      await derived.setActive(other.discussionId, '2026-12-31T00:00');
      expect(await order()).toEqual([one.discussionId, other.discussionId]);
      await derived.setActive(newId(), '2027-01-01T00:00');
      expect(await order()).toHaveLength(2);
    });

    it('ranks the posts of a point by their reactions, and none that is not visible', async () => {
      const { derived, posts } = test.stores;
      const { posts: made } = await newDiscussion([]);
      const [first, second] = made as [Post, Post];
      const { pointId } = first;
      const top = async (): Promise<string[]> => {
        const { items } = await posts.list(
          { by: 'point', pointId, order: 'top' },
          { limit: 9 },
          newUserId(),
          () => true,
        );
        return items.map(({ post }) => post.postId);
      };
      await derived.count('counters', [likes(first.postId), likes(second.postId), likes(second.postId)], test.clock.at);
      await Promise.all([first, second].map(({ postId }) => derived.rank(pointId, postId)));
      expect(await top()).toEqual([second.postId, first.postId]);
      const hidden = { ...second, status: 'hidden' as const };
      await posts.update(second, hidden, undefined, changeBy(second.authorId, test.clock));
      await derived.rank(pointId, second.postId);
      expect(await top()).toEqual([first.postId]);
    });

    it('deletes all of a discussion, of its posts and of a user, as often as it is told to', async () => {
      const { purge, discussions, posts, users } = test.stores;
      const { discussionId, posts: made } = await newDiscussion(['all']);
      const [post] = made as [Post];
      const reaction = { postId: post.postId, userId: newUserId(), kind: 'like' as const, createdAt: test.clock.at };
      await posts.react(reaction, changeBy(reaction.userId, test.clock));
      for (let time = 0; time < 2; time++) {
        await purge.discussion(discussionId);
        for (const one of made) await purge.post(one, test.clock.at);
        await purge.user(post.authorId);
      }
      expect(await discussions.whole(discussionId)).toBeUndefined();
      expect(await discussions.points(discussionId)).toEqual([]);
      expect(await posts.posts(made.map(({ postId }) => postId))).toEqual([]);
      expect((await posts.reactions(post.postId, { limit: 9 })).items).toEqual([]);
      const byAuthor = { by: 'author' as const, userId: post.authorId };
      expect((await posts.list(byAuthor, { limit: 9 }, '', () => true)).items).toEqual([]);
      expect(await users.profile(post.authorId, 'strong')).toBeUndefined();
    });
  });
}
