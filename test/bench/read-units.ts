import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { tableDefinition } from '../../lambda/data/table/definition.ts';
import { posts } from '../../lambda/data/table/kinds-of-posts.ts';
import { toRow } from '../../lambda/data/table/row.ts';
import { storesOn } from '../../lambda/data/table/stores.ts';
import { startDynamoDbLocal } from '../integration/harness/dynamodb-local.ts';
import { aDiscussion, aPoint, aPost, changeBy, Clock, newUserId } from '../lambda/data/samples.ts';

const BATCH = 25;
const AT_ONCE = 8;

/** What DynamoDB charges for a page of posts as their discussion grows to each of the sizes, measured by itself. */
export async function readUnits(sizes: readonly number[]): Promise<{ posts: number; units: string }[]> {
  const local = await startDynamoDbLocal();
  try {
    const client = new DynamoDBClient({
      region: 'local',
      endpoint: local.endpoint,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    let units = 0;
    client.middlewareStack.add(
      (next) => async (args) => {
        Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
        const result = await next(args);
        const consumed = (result.output as { ConsumedCapacity?: Capacity | Capacity[] }).ConsumedCapacity ?? [];
        for (const { CapacityUnits = 0 } of [consumed].flat()) units += CapacityUnits;
        return result;
      },
      { step: 'initialize' },
    );
    await client.send(new CreateTableCommand(tableDefinition('bench')));
    const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
    const clock = new Clock();
    const stores = storesOn({ client: documents, name: 'bench', now: clock.now, pause: () => Promise.resolve() });
    const { discussionId } = aDiscussion(newUserId());
    const point = aPoint(discussionId);

    const results = [];
    let there = 0;
    for (const size of sizes) {
      await fill(documents, size - there, () => {
        const post = aPost(point, newUserId());
        return toRow(posts, post, changeBy(post.authorId, clock));
      });
      there = size;
      const page = { limit: 20 };
      const reader = newUserId();
      const list = { by: 'discussion' as const, discussionId, order: 'new' as const };
      units = 0;
      const { items, next } = await stores.posts.list(list, page, reader, () => true);
      const first = units;
      units = 0;
      await stores.posts.list(list, { ...page, ...(next === undefined ? {} : { after: next }) }, reader, () => true);
      results.push({ posts: size, units: `${first} (${items.length} posts), the page after it ${units}` });
    }
    return results;
  } finally {
    await local.stop();
  }
}

interface Capacity {
  readonly CapacityUnits?: number;
}

async function fill(client: DynamoDBDocumentClient, count: number, row: () => Record<string, unknown>): Promise<void> {
  const batches = Array.from({ length: Math.ceil(count / BATCH) }, (_, at) => Math.min(BATCH, count - at * BATCH));
  const worker = async (): Promise<void> => {
    for (let size = batches.pop(); size !== undefined; size = batches.pop()) {
      const requests = Array.from({ length: size }, () => ({ PutRequest: { Item: row() } }));
      await client.send(new BatchWriteCommand({ RequestItems: { bench: requests } }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
