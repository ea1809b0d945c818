import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ChannelCredentials,
  loadPackageDefinition,
  logVerbosity,
  setLogVerbosity,
  type Client,
  type ClientReadableStream,
  type GrpcObject,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { beforeAll, expect, test } from '@jest/globals';
import { startFunctionServer } from '../../crossplane/server/server.ts';
import { afterwards, callerOf, echo, newPeers, serve } from './network.ts';

interface Status {
  readonly status: string;
}

/** A client from a text of the protocol that is not the server's. */
interface HealthClient extends Client {
  check(request: { service: string }, answer: (error: ServiceError | null, status?: Status) => void): void;
  watch(request: { service: string }): ClientReadableStream<Status>;
}

beforeAll(() => {
  setLogVerbosity(logVerbosity.NONE);
});

function clientTo(address: string, credentials = ChannelCredentials.createInsecure()): HealthClient {
  const proto = join(fileURLToPath(new URL('.', import.meta.url)), 'health.proto');
  let found: GrpcObject | undefined = loadPackageDefinition(loadSync(proto, { enums: String, defaults: true }));
  for (const name of ['grpc', 'health', 'v1']) found = found[name] as GrpcObject;
  const Health = found['Health'] as unknown as new (address: string, credentials: ChannelCredentials) => HealthClient;
  const client = new Health(address, credentials);
  afterwards(() => {
    client.close();
  });
  return client;
}

function check(client: HealthClient, service: string): Promise<string> {
  return new Promise((resolve, reject) => {
    client.check({ service }, (error, answer) => {
      if (answer === undefined) reject(error ?? new Error('no answer'));
      else resolve(answer.status);
    });
  });
}

test.each(['', 'apiextensions.fn.proto.v1.FunctionRunnerService'])('"%s" is serving', async (service) => {
  const server = await serve(echo);

  await expect(check(clientTo(server.address), service)).resolves.toBe('SERVING');
});

test('an unknown service is not found', async () => {
  const server = await serve(echo);

  await expect(check(clientTo(server.address), 'other')).rejects.toThrow('NOT_FOUND');
});

test('who watches is told of the draining, and does not hold it up', async () => {
  const server = await startFunctionServer(echo, { address: '127.0.0.1:0', tls: { insecure: true } });
  const watch = clientTo(server.address).watch({ service: '' });
  const statuses: string[] = [];
  watch.on('data', ({ status }: Status) => {
    statuses.push(status);
    if (status === 'SERVING') void server.drain(10_000);
  });
  await new Promise((resolve) => watch.once('end', resolve));

  expect(statuses).toEqual(['SERVING', 'NOT_SERVING']);
});

test('it, too, is for callers with a certificate only', async () => {
  const ours = await newPeers('ours');
  const server = await serve(echo, { address: 'localhost:0', tls: { directory: ours.server } });

  await expect(check(clientTo(server.address, callerOf(ours, ours)), '')).resolves.toBe('SERVING');
  await expect(check(clientTo(server.address, callerOf(ours, undefined)), '')).rejects.toThrow('UNAVAILABLE');
});
