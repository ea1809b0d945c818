import { Refusal, type Change, type RealtimeStore } from '../stores/index.ts';
import {
  changes,
  changesPartition,
  connectionLinks,
  connectionPartition,
  connections,
  connectionsPartition,
  roomMembers,
  roomShards,
  roomsOfConnections,
} from './kinds-of-requests.ts';
import { sharded } from './lists.ts';
import { HOUR } from './row.ts';
import { keyOf, type Table } from './table.ts';
import { present, type Condition } from './writes.ts';

/** Changes arrive out of order by some seconds: replaying begins so much earlier, and clients drop what they know. */
const OVERLAP_MS = 30_000;

/** Connections, rooms and changes on the table. */
export function realtimeStore(table: Table): RealtimeStore {
  const { write } = table;
  const by = (actorId: string, at: string): Change => ({ actorId, correlationId: '', at });

  const connectionsOf: RealtimeStore['connectionsOf'] = async (userId) => {
    const items = await table.query({ partition: connectionsPartition(userId), strong: true });
    const found = items.flatMap((item) => table.parse(connectionLinks, item) ?? []);
    return found.sort((a, b) => (a.connectedAt < b.connectedAt ? -1 : 1));
  };

  return {
    connectionsOf,

    connect: async (connection, most) => {
      const change = by(connection.userId, connection.connectedAt);
      await table.commit([
        write.put(connections, { ...connection, rooms: 0 }, change),
        write.put(connectionLinks, connection, change),
      ]);
      const all = await connectionsOf(connection.userId);
      return all.slice(0, Math.max(0, all.length - most));
    },

    disconnect: async (connectionId) => {
      const items = await table.query({ partition: connectionPartition(connectionId), strong: true });
      const keys = items.flatMap((item) => {
        const room = item['discussionId'];
        const beside =
          typeof room === 'string'
            ? roomMembers.key({ discussionId: room, connectionId })
            : connectionLinks.key({ userId: String(item['userId']), connectionId });
        return [beside, keyOf(item)];
      });
      await table.deleteAll(keys);
    },

    connection: (connectionId) => table.get(connections, { connectionId }),

    join: async (connectionId, discussionId, most, now) => {
      const connection = await table.get(connections, { connectionId });
      if (connection === undefined) throw new Refusal('missing', connections.type);
      const { userId } = connection;
      const change = by(userId, now.toISOString());
      const room: Condition = { attr: 'rooms', lt: most };
      try {
        await table.commit([
          write.create(roomsOfConnections, { connectionId, discussionId }, change),
          write.update(connections, { connectionId }, { add: { rooms: 1 } }, change, room, 'limit'),
          write.put(roomMembers, { connectionId, discussionId, userId }, change),
        ]);
      } catch (error) {
        const already = error instanceof Refusal && error.subject === roomsOfConnections.type;
        if (!already) throw error;
      }
    },

    leave: async (connectionId, discussionId) => {
      const at = table.now().toISOString();
      const there = write.remove(roomsOfConnections, { connectionId, discussionId }, present);
      try {
        await table.commit([
          there,
          write.update(connections, { connectionId }, { add: { rooms: -1 } }, by(connectionId, at), present),
          write.remove(roomMembers, { connectionId, discussionId }),
        ]);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    },

    roomsOf: async (connectionId) => {
      const items = await table.query({
        partition: connectionPartition(connectionId),
        range: { beginsWith: 'ROOM#' },
        strong: true,
      });
      return items.flatMap((item) => table.parse(roomsOfConnections, item)?.discussionId ?? []);
    },

    members: async (discussionId) => {
      const shards = await Promise.all(
        sharded(roomShards, discussionId).map((partition) => table.query({ partition })),
      );
      return shards.flat().flatMap((item) => table.parse(roomMembers, item) ?? []);
    },

    keepChange: async (discussionId, message) => {
      const change = { discussionId, eventId: message.id, message };
      try {
        await table.commit([write.create(changes, change, by('push', table.now().toISOString()))]);
        return true;
      } catch (error) {
        if (error instanceof Refusal) return false;
        throw error;
      }
    },

    changesSince: async (discussionId, since, most, now) => {
      const from = timeOf(since);
      if (from === undefined || from <= now.getTime() - HOUR) return { state: 'resync' };
      const items = await table.query({
        partition: changesPartition(discussionId),
        range: { greaterThan: idAt(from - OVERLAP_MS) },
        limit: most + 1,
        strong: true,
      });
      const found = items.flatMap((item) => table.parse(changes, item)?.message ?? []);
      if (found.length > most) return { state: 'resync' };
      return { state: 'replay', messages: found.filter(({ id }) => id !== since) };
    },
  };
}

const TIME_DIGITS = 12;
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The time that an id of version 7 begins with, in milliseconds since 1970. */
function timeOf(id: string): number | undefined {
  return UUID_V7.test(id) ? parseInt(id.replaceAll('-', '').slice(0, TIME_DIGITS), 16) : undefined;
}

/** What comes before all ids of a time. */
function idAt(milliseconds: number): string {
  const hex = milliseconds.toString(16).padStart(TIME_DIGITS, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
