import { beforeAll, describe, expect, it } from '@jest/globals';
import type { IdempotencyOutcome } from '../../../../lambda/data/stores/index.ts';
import { hexOf, newId, newUserId } from '../samples.ts';
import type { MakeStores, TestStores } from './stores.ts';

/** What every store of request records promises. */
export function requestsContract(make: MakeStores): void {
  describe('requests', () => {
    let test: TestStores;
    beforeAll(async () => {
      test = await make();
    });

    it('begins a request once, and gives its answer for a day', async () => {
      const { requests } = test.stores;
      const [userId, key] = [newUserId(), newId()];
      const begin = (bodyHash = 'a'): Promise<IdempotencyOutcome> =>
        requests.begin({ userId, key, bodyHash, now: test.clock.now(), runningSeconds: 30 });
      const states = (await Promise.all([begin(), begin(), begin()])).map(({ state }) => state);
      expect(states.sort()).toEqual(['in-progress', 'in-progress', 'started']);
      expect(await begin('b')).toEqual({ state: 'other-body' });

      const answer = { status: 201, headers: { location: '/x' }, body: '{}' };
      await requests.finish(userId, key, answer, test.clock.now());
      expect(await begin()).toEqual({ state: 'done', answer });
      test.clock.pass(24 * 3_600_000);
      expect(await begin('b')).toEqual({ state: 'started' });
    });

    it('begins again after a failure, and when the first attempt died', async () => {
      const { requests } = test.stores;
      const [userId, key] = [newUserId(), newId()];
      const begin = (): Promise<IdempotencyOutcome> =>
        requests.begin({ userId, key, bodyHash: 'a', now: test.clock.now(), runningSeconds: 30 });
      await begin();
      await requests.abandon(userId, key);
      expect(await begin()).toEqual({ state: 'started' });
      test.clock.pass(29_000);
      expect(await begin()).toEqual({ state: 'in-progress' });
      test.clock.pass(1_000);
      expect(await begin()).toEqual({ state: 'started' });
    });

    it('allows as many uses as the limit in a window, and says when to come back', async () => {
      const use = (): Promise<{ allowed: boolean; retryAfterSeconds: number }> =>
        test.stores.requests.use({
          subject: userId,
          action: 'post',
          limit: 3,
          windowSeconds: 60,
          now: test.clock.now(),
        });
      const userId = newUserId();
      const results = await Promise.all([use(), use(), use(), use(), use()]);
      expect(results.filter(({ allowed }) => allowed)).toHaveLength(3);
      const { retryAfterSeconds } = await use();
      expect(retryAfterSeconds).toBeGreaterThan(0);
      test.clock.pass(retryAfterSeconds * 1000);
      expect((await use()).allowed).toBe(true);
    });

    it('gives a ticket to the first who takes it, within 60 seconds', async () => {
      const { requests } = test.stores;
      const userId = newUserId();
      const [hash, late] = [hexOf(newId()), hexOf(newId())];
      for (const one of [hash, late]) await requests.putTicket(one, userId, test.clock.now());
      const takers = await Promise.all([1, 2, 3].map(() => requests.takeTicket(hash, test.clock.now())));
      expect(takers.filter((taken) => taken !== undefined)).toEqual([userId]);
      test.clock.pass(60_000);
      expect(await requests.takeTicket(late, test.clock.now())).toBeUndefined();
      expect(await requests.takeTicket(hexOf(newId()), test.clock.now())).toBeUndefined();
    });
  });
}
