import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Stores } from '../../data/stores/index.ts';
import { storesOn } from '../../data/table/stores.ts';
import { clientConfig } from './runtime.ts';

/** The stores of the environment's table. */
export function tableStores(tableName: string): Stores {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig), {
    marshallOptions: { removeUndefinedValues: true },
  });
  return storesOn({ client, name: tableName, now: () => new Date(), pause });
}

const LONGEST_FIRST_PAUSE_MS = 20;

/** Waits before another attempt at a transaction: at random, and on average twice as long each time. */
function pause(attempt: number): Promise<void> {
  const milliseconds = Math.random() * LONGEST_FIRST_PAUSE_MS * 2 ** attempt;
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
