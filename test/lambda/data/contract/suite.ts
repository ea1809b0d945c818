import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Stores } from '../../../../lambda/data/stores/index.ts';
import type { Clock } from '../samples.ts';
import { derivedContract } from './derived.ts';
import { discussionsContract } from './discussions.ts';
import { filesContract } from './files.ts';
import { limitsContract } from './limits.ts';
import { postsContract } from './posts.ts';
import { realtimeContract } from './realtime.ts';
import { requestsContract } from './requests.ts';
import { usersContract } from './users.ts';

/** Stores on an empty table. */
export interface TestStores {
  readonly stores: Stores;
  readonly clock: Clock;
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}

export type MakeStores = () => Promise<TestStores>;

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
