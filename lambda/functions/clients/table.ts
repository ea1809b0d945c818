import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Stores } from '../../data/stores/index.ts';
import { storesOn } from '../../data/table/stores.ts';
import { clientSettings } from './settings.ts';

/** Longest wait before the first further attempt after a conflict of transactions, in milliseconds; then it doubles. */
const FIRST_PAUSE_MS = 40;

/** The stores on the table of AWS. */
export function tableStores(name: string): Stores {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientSettings), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const pause = async (attempt: number): Promise<void> => {
    await setTimeout(randomInt(FIRST_PAUSE_MS * 2 ** (attempt - 1)) + 1);
  };
  return storesOn({ client, name, now: () => new Date(), pause });
}
