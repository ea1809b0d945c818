import { afterAll, describe, expect, it } from '@jest/globals';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { tableDefinition } from '../../lambda/data/table/definition.ts';
import { storesOn } from '../../lambda/data/table/stores.ts';
import { storeContract } from '../lambda/data/contract/suite.ts';
import type { TestStores } from '../lambda/data/contract/stores.ts';
import { aProfile, changeBy, Clock, somePreferences } from '../lambda/data/samples.ts';
import { twinStores } from '../lambda/data/twin-stores.ts';
import { outcomes, script } from '../lambda/data/expressions.ts';
import { startDynamoDbLocal } from './harness/dynamodb-local.ts';

const local = await startDynamoDbLocal();
afterAll(() => local.stop());

const config = {
  region: 'local',
  endpoint: local.endpoint,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};
const client = new DynamoDBClient(config);
const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
let tables = 0;

async function localStores(): Promise<TestStores> {
  const clock = new Clock();
  const tableName = `owlnest-main-table-${tables++}`;
  await client.send(new CreateTableCommand(tableDefinition(tableName)));
  const stores = storesOn({ client: documents, name: tableName, now: clock.now, pause: () => Promise.resolve() });
  return { stores, clock, client: documents, tableName };
}

describe('DynamoDB Local', () => {
  storeContract(localStores);

  it('judges random conditions and updates as the twin does', async () => {
    const real = await localStores();
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        expect(await outcomes(real, steps)).toEqual(await outcomes(twinStores(), steps));
      }),
      { numRuns: 100 },
    );
  });

  it('streams the records that the twin tells', async () => {
    const real = await localStores();
    const twin = twinStores();
    const profile = aProfile();
    for (const { stores, clock } of [real, twin]) {
      const change = changeBy(profile.userId, clock);
      await stores.users.create(profile, somePreferences(profile.userId), change);
      const renamed = await stores.users.update({ ...profile, displayName: 'x' }, change);
      await stores.requests.putTicket('hash', profile.userId, clock.now());
      await stores.requests.takeTicket('hash', clock.now());
      expect(renamed.version).toBe(2);
    }
    expect(await streamed(real.tableName)).toEqual(
      twin.twin.records.map(({ eventName, dynamodb }) => ({
        eventName,
        keys: dynamodb.Keys,
        before: dynamodb.OldImage,
        after: dynamodb.NewImage,
      })),
    );
  });
});

/** All records of the table's stream, oldest first. */
async function streamed(tableName: string): Promise<unknown[]> {
  const streams = new DynamoDBStreamsClient(config);
  const { Streams: found = [] } = await streams.send(new ListStreamsCommand({ TableName: tableName }));
  const StreamArn = found[0]?.StreamArn;
  const { StreamDescription: description } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const ShardId = description?.Shards?.[0]?.ShardId;
  const iterator = await streams.send(
    new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  const { Records: records = [] } = await streams.send(
    new GetRecordsCommand({ ShardIterator: iterator.ShardIterator }),
  );
  return records.map(({ eventName, dynamodb }) => ({
    eventName,
    keys: dynamodb?.Keys,
    before: dynamodb?.OldImage,
    after: dynamodb?.NewImage,
  }));
}
