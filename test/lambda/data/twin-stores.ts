import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Stores } from '../../../lambda/data/stores/index.ts';
import { storesOn } from '../../../lambda/data/table/stores.ts';
import { Twin, type TwinOptions } from '../../../lambda/data/twin/twin.ts';
import { Clock } from './samples.ts';

export interface TestStores {
  readonly stores: Stores;
  readonly clock: Clock;
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}

/** Stores on a new twin. */
export function twinStores(
  options: Pick<TwinOptions, 'lateIndexes' | 'fault'> = {},
): TestStores & { readonly twin: Twin } {
  const clock = new Clock();
  const tableName = 'owlnest-main-table-test';
  const twin = new Twin({ tableName, now: clock.now, ...options });
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ ...twin.clientConfig(), maxAttempts: 1 }), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const stores = storesOn({ client, name: tableName, now: clock.now, pause: () => Promise.resolve() });
  return { stores, clock, client, tableName, twin };
}
