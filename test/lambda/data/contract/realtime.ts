import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ServerMessage } from '../../../../lambda/contract/entities/index.ts';
import { aConnection, newId, newUserId } from '../samples.ts';
import type { MakeStores, TestStores } from './stores.ts';

/** What every store of connections and rooms promises. */
export function realtimeContract(make: MakeStores): void {
  describe('connections and rooms', () => {
    let test: TestStores;
    beforeAll(async () => {
      test = await make();
    });

    const messageAt = (milliseconds: number): ServerMessage => ({
      v: 1,
      type: 'post.created',
      id: newId(milliseconds),
      at: new Date(milliseconds).toISOString(),
      data: {},
    });

    it('keeps five connections a user: what is over is named, oldest first', async () => {
      const { realtime } = test.stores;
      const userId = newUserId();
      const made = [];
      let over: readonly { connectionId: string }[] = [];
      for (let at = 0; at < 7; at++) {
        test.clock.pass(1000);
        const connection = aConnection(userId, test.clock);
        made.push(connection);
        over = await realtime.connect(connection, 5);
      }
      expect(over.map(({ connectionId }) => connectionId)).toEqual(made.slice(0, 2).map((one) => one.connectionId));
      for (const { connectionId } of over) await realtime.disconnect(connectionId);
      expect(await realtime.connectionsOf(userId)).toEqual(made.slice(2));
    });

    it('joins at most so many rooms, counts one twice-joined once, and leaves all with the connection', async () => {
      const { realtime } = test.stores;
      const connection = aConnection(newUserId(), test.clock);
      const { connectionId, userId } = connection;
      await realtime.connect(connection, 5);
      const [one, two, three] = [newId(), newId(), newId()] as const;
      const join = (room: string): Promise<void> => realtime.join(connectionId, room, 2, test.clock.now());
      await join(one);
      await join(one);
      await join(two);
      await expect(join(three)).rejects.toMatchObject({ reason: 'limit' });
      await realtime.leave(connectionId, two);
      await realtime.leave(connectionId, two);
      await join(three);
      expect((await realtime.roomsOf(connectionId)).toSorted()).toEqual([one, three].toSorted());
      expect(await realtime.members(one)).toEqual([{ connectionId, discussionId: one, userId }]);

      await realtime.disconnect(connectionId);
      await realtime.disconnect(connectionId);
      expect([await realtime.members(one), await realtime.members(three)]).toEqual([[], []]);
      expect(await realtime.connection(connectionId)).toBeUndefined();
      await expect(join(one)).rejects.toMatchObject({ reason: 'missing' });
    });

    it('replays what came after, with what may have overtaken it, or says resync', async () => {
      const { realtime } = test.stores;
      const room = newId();
      const start = test.clock.now().getTime();
      const messages = [0, 60, 90, 120].map((seconds) => messageAt(start + seconds * 1000));
      for (const message of messages) {
        expect(await realtime.keepChange(room, message)).toBe(true);
        expect(await realtime.keepChange(room, message)).toBe(false);
      }
      test.clock.pass(120_000);
      const since = messages[2]?.id ?? '';
      const ids = async (most: number): Promise<unknown> => {
        const missed = await realtime.changesSince(room, since, most, test.clock.now());
        return missed.state === 'resync' ? 'resync' : missed.messages.map(({ id }) => id);
      };
      expect(await ids(100)).toEqual([messages[1]?.id, messages[3]?.id]);
      expect(await ids(2)).toBe('resync');
      expect(await realtime.changesSince(room, 'unknown', 100, test.clock.now())).toEqual({ state: 'resync' });
      test.clock.pass(3_600_000);
      expect(await ids(100)).toBe('resync');
    });
  });
}
