import type { Connection, ServerMessage } from '../../contract/entities/index.ts';

/** Somebody in a room. */
export interface RoomMember {
  readonly connectionId: string;
  readonly userId: string;
}

/** What a client that comes back has missed. */
export type CatchUp =
  { readonly state: 'replay'; readonly messages: readonly ServerMessage[] } | { readonly state: 'resync' };

/** Connections, rooms (one per discussion) and the changes of the last hour. */
export interface RealtimeStore {
  /** @returns connections of the user beyond `most`, oldest first: the caller closes them. */
  connect(connection: Connection, most: number): Promise<readonly Connection[]>;
  /** Removes the connection and all its places in rooms; nothing happens when it is gone. */
  disconnect(connectionId: string): Promise<void>;
  connection(connectionId: string): Promise<Connection | undefined>;
  connectionsOf(userId: string): Promise<readonly Connection[]>;

  /** @throws Refusal `limit` (at `most` rooms), `missing` (connection). */
  join(connectionId: string, discussionId: string, most: number, now: Date): Promise<void>;
  leave(connectionId: string, discussionId: string): Promise<void>;
  roomsOf(connectionId: string): Promise<readonly string[]>;
  members(discussionId: string): Promise<readonly RoomMember[]>;

  /** Keeps a change for an hour; one that is kept already stays. @returns whether it was new. */
  keepChange(discussionId: string, message: ServerMessage): Promise<boolean>;
  /** Changes after `since`, at most `most`; `resync` when there are more, or `since` is not kept any more. */
  changesSince(discussionId: string, since: string, most: number, now: Date): Promise<CatchUp>;
}
