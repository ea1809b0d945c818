import type { DerivedStore, PurgeStore } from './derived.ts';
import type { DiscussionStore } from './discussions.ts';
import type { FileStore } from './files.ts';
import type { PostStore } from './posts.ts';
import type { RealtimeStore } from './realtime.ts';
import type { RequestStore } from './requests.ts';
import type { UserStore } from './users.ts';

export type * from './derived.ts';
export type * from './discussions.ts';
export type * from './files.ts';
export type * from './page.ts';
export type * from './posts.ts';
export type * from './realtime.ts';
export * from './refusal.ts';
export type * from './requests.ts';
export type * from './users.ts';

/** All that the functions know of the table. */
export interface Stores {
  readonly users: UserStore;
  readonly discussions: DiscussionStore;
  readonly posts: PostStore;
  readonly files: FileStore;
  readonly requests: RequestStore;
  readonly realtime: RealtimeStore;
  readonly derived: DerivedStore;
  readonly purge: PurgeStore;
}
