import type { Stores } from '../stores/index.ts';
import { derivedStore } from './derived.ts';
import { discussionStore } from './discussions.ts';
import { fileStore } from './files.ts';
import { postStore } from './posts.ts';
import { purgeStore } from './purge.ts';
import { realtimeStore } from './realtime.ts';
import { requestStore } from './requests.ts';
import { Table, type TableOptions } from './table.ts';
import { userStore } from './users.ts';

/** All stores on one table. */
export function storesOn(options: TableOptions): Stores {
  const table = new Table(options);
  return {
    users: userStore(table),
    discussions: discussionStore(table),
    posts: postStore(table),
    files: fileStore(table),
    requests: requestStore(table),
    realtime: realtimeStore(table),
    derived: derivedStore(table),
    purge: purgeStore(table),
  };
}
