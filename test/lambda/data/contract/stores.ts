import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Stores } from '../../../../lambda/data/stores/index.ts';
import type { Clock } from '../samples.ts';

/** Stores on an empty table. */
export interface TestStores {
  readonly stores: Stores;
  readonly clock: Clock;
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}

export type MakeStores = () => Promise<TestStores>;
