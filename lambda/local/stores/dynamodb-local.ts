import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record as StreamRecord,
} from '@aws-sdk/client-dynamodb-streams';
import { execa } from 'execa';
import { tableDefinition } from '../../data/table/definition.ts';
import type { ChangeRecord } from '../delivery/stream.ts';
import { REGION, TABLE_NAME } from '../settings.ts';
import { dynamoDbLocalCommand, installDynamoDbLocal } from './install-dynamodb-local.ts';
import type { LocalTable } from './store.ts';

const START_MS = 60_000;
const POLL_MS = 100;

/**
 * AWS's own DynamoDB Local in a process of its own, with the table made. Its stream is read as Lambda does.
 * @throws one sentence when this machine has no Java or Maven for it, or when it does not start
 */
export async function dynamoDbLocalTable(): Promise<LocalTable> {
  const jars = await installDynamoDbLocal();
  const port = await freePort();
  const { command, args } = dynamoDbLocalCommand(jars, port);
  const java = execa(command, args, { stdio: 'ignore', reject: false, cleanup: true });
  const stop = async (): Promise<void> => {
    java.kill('SIGKILL');
    await java;
  };
  const endpoint = `http://127.0.0.1:${port}`;
  const config = { endpoint, region: REGION, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  try {
    await ready(endpoint, () => java.exitCode);
    const client = new DynamoDBClient(config);
    const { TableDescription: made } = await client.send(new CreateTableCommand(tableDefinition(TABLE_NAME)));
    client.destroy();
    const streams = new DynamoDBStreamsClient(config);
    const arn = made?.LatestStreamArn ?? '';
    const following = new AbortController();
    return {
      endpoint,
      answer: undefined,
      follow: (told) => {
        follow(streams, arn, told, following.signal).catch((error: unknown) => {
          if (!following.signal.aborted) console.error('The stream of DynamoDB Local cannot be read any more:', error);
        });
      },
      stop: async () => {
        following.abort();
        streams.destroy();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ready(endpoint: string, exitCode: () => number | null | undefined): Promise<void> {
  const end = Date.now() + START_MS;
  // An answer of any kind: without a signature it refuses.
  while ((await fetch(endpoint).catch(() => undefined)) === undefined) {
    if (typeof exitCode() === 'number') throw new Error('DynamoDB Local ended while it started; see that java runs.');
    if (Date.now() > end) throw new Error(`DynamoDB Local does not answer after ${START_MS / 1000} s.`);
    await setTimeout(POLL_MS);
  }
}

/** Reads every shard from its beginning, over and over; a new shard follows the one that is closed. */
async function follow(
  streams: DynamoDBStreamsClient,
  StreamArn: string,
  told: (records: readonly ChangeRecord[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const read = new Set<string>();
  while (!signal.aborted) {
    const { StreamDescription: stream } = await streams.send(new DescribeStreamCommand({ StreamArn }));
    const next = stream?.Shards?.find(({ ShardId = '' }) => !read.has(ShardId));
    if (next?.ShardId === undefined) {
      await setTimeout(POLL_MS, undefined, { signal, ref: false });
      continue;
    }
    const from = { StreamArn, ShardId: next.ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
    let { ShardIterator } = await streams.send(new GetShardIteratorCommand(from));
    while (ShardIterator !== undefined) {
      const answer = await streams.send(new GetRecordsCommand({ ShardIterator }));
      const records = (answer.Records ?? []).map(asLambdaGetsIt);
      if (records.length > 0) told(records);
      else await setTimeout(POLL_MS, undefined, { signal, ref: false });
      ShardIterator = answer.NextShardIterator;
    }
    read.add(next.ShardId);
  }
}

/** Lambda gives the moment in seconds, where the SDK gives a date. */
function asLambdaGetsIt({ dynamodb, ...record }: StreamRecord): ChangeRecord {
  const seconds = Math.floor((dynamodb?.ApproximateCreationDateTime?.getTime() ?? 0) / 1000);
  const SequenceNumber = dynamodb?.SequenceNumber ?? '';
  return { ...record, dynamodb: { ...dynamodb, ApproximateCreationDateTime: seconds, SequenceNumber } };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
