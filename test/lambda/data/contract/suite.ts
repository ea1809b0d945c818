import { derivedContract } from './derived.ts';
import { discussionsContract } from './discussions.ts';
import { filesContract } from './files.ts';
import { limitsContract } from './limits.ts';
import { postsContract } from './posts.ts';
import { realtimeContract } from './realtime.ts';
import { requestsContract } from './requests.ts';
import type { MakeStores } from './stores.ts';
import { usersContract } from './users.ts';

/** What every table promises: the twin, and DynamoDB itself. */
export function storeContract(make: MakeStores): void {
  usersContract(make);
  discussionsContract(make);
  postsContract(make);
  filesContract(make);
  requestsContract(make);
  realtimeContract(make);
  derivedContract(make);
  limitsContract(make);
}
