import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  BatchGetCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
  type QueryCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import type { MakeStores, TestStores } from './stores.ts';

/** What DynamoDB itself does, at the level of its calls: the stores rely on it, and the twin must do the same. */
export function limitsContract(make: MakeStores): void {
  describe('the table itself', () => {
    let test: TestStores;
    beforeAll(async () => {
      test = await make();
    });
    const key = (PK: string, SK = 'x'): { PK: string; SK: string } => ({ PK, SK });
    const put = (Item: Record<string, unknown>): Promise<unknown> =>
      test.client.send(new PutCommand({ TableName: test.tableName, Item }));
    const query = (partition: string, rest: object = {}): Promise<QueryCommandOutput> =>
      test.client.send(
        new QueryCommand({
          TableName: test.tableName,
          KeyConditionExpression: '#pk = :pk',
          ExpressionAttributeNames: { '#pk': 'PK' },
          ExpressionAttributeValues: { ':pk': partition },
          ...rest,
        }),
      );

    it('refuses an item over 400 KB, an empty key, and an empty key of an index', async () => {
      const invalid = { name: 'ValidationException' };
      await expect(put({ ...key('a'), text: 'x'.repeat(400 * 1024) })).rejects.toMatchObject(invalid);
      await put({ ...key('a'), text: 'x'.repeat(399 * 1024) });
      await expect(put(key('', 'x'))).rejects.toMatchObject(invalid);
      await expect(put({ ...key('a'), GSI1PK: '', GSI1SK: 'x' })).rejects.toMatchObject(invalid);
      await expect(put({ ...key('a'), GSI1PK: 5, GSI1SK: 'x' })).rejects.toMatchObject(invalid);
    });

    it('cuts a page at about 1 MB, and says where to go on', async () => {
      for (let at = 1; at <= 8; at++) await put({ ...key('big', `${at}`), text: 'x'.repeat(300 * 1024) });
      const { Items: first = [], LastEvaluatedKey: next } = await query('big');
      expect(first.length).toBeLessThan(8);
      const { Items: rest = [], LastEvaluatedKey: end } = await query('big', { ExclusiveStartKey: next });
      expect(first.length).toBeGreaterThan(1);
      const { Items: last = [] } =
        rest.length + first.length === 8 ? {} : await query('big', { ExclusiveStartKey: end });
      expect(first.length + rest.length + last.length).toBe(8);
    });

    it('stops at the limit without looking whether anything is left', async () => {
      for (const at of [1, 2]) await put(key('two', `${at}`));
      expect((await query('two', { Limit: 2 })).LastEvaluatedKey).toEqual(key('two', '2'));
      expect((await query('two', { Limit: 3 })).LastEvaluatedKey).toBeUndefined();
    });

    it('reads no index strongly, and no more than 100 keys at once', async () => {
      const strong = query('a', {
        IndexName: 'GSI1',
        ConsistentRead: true,
        ExpressionAttributeNames: { '#pk': 'GSI1PK' },
      });
      await expect(strong).rejects.toMatchObject({ name: 'ValidationException' });
      const Keys = Array.from({ length: 101 }, (_, at) => key(`${at}`));
      const get = test.client.send(new BatchGetCommand({ RequestItems: { [test.tableName]: { Keys } } }));
      await expect(get).rejects.toMatchObject({ name: 'ValidationException' });
    });

    it('takes 100 actions a transaction, one for each item, and does all or nothing', async () => {
      const TableName = test.tableName;
      const puts = (count: number): { Put: { TableName: string; Item: Record<string, string> } }[] =>
        Array.from({ length: count }, (_, at) => ({ Put: { TableName, Item: key('many', `${at}`) } }));
      const send = (TransactItems: ReturnType<typeof puts>): Promise<unknown> =>
        test.client.send(new TransactWriteCommand({ TransactItems }));
      await expect(send(puts(101))).rejects.toMatchObject({ name: 'ValidationException' });
      const [one] = puts(1);
      if (one === undefined) throw new Error('no action');
      await expect(send([one, one])).rejects.toMatchObject({ name: 'ValidationException' });

      const failing = { ...one.Put, Item: key('many', 'last'), ConditionExpression: 'attribute_exists(#pk)' };
      const refused = test.client.send(
        new TransactWriteCommand({
          TransactItems: [one, { Put: { ...failing, ExpressionAttributeNames: { '#pk': 'PK' } } }],
        }),
      );
      await expect(refused).rejects.toMatchObject({
        name: 'TransactionCanceledException',
        CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
      });
      expect((await query('many')).Items).toEqual([]);
      await send(puts(100));
      expect((await query('many')).Items).toHaveLength(100);
    });

    it('refuses names and values that no expression uses, and adds to nothing but numbers', async () => {
      await put({ ...key('n'), text: 'x', count: 1 });
      const update = (rest: object): Promise<unknown> =>
        test.client.send(
          new UpdateCommand({
            TableName: test.tableName,
            Key: key('n'),
            UpdateExpression: 'ADD #n :one',
            ExpressionAttributeNames: { '#n': 'count' },
            ExpressionAttributeValues: { ':one': 1 },
            ...rest,
          }),
        );
      await update({});
      const unused = { ExpressionAttributeValues: { ':one': 1, ':two': 2 } };
      await expect(update(unused)).rejects.toMatchObject({ name: 'ValidationException' });
      const toText = { ExpressionAttributeNames: { '#n': 'text' } };
      await expect(update(toText)).rejects.toMatchObject({ name: 'ValidationException' });
      const { Item: item } = await test.client.send(new GetCommand({ TableName: test.tableName, Key: key('n') }));
      expect(item).toMatchObject({ count: 2, text: 'x' });
    });
  });
}
