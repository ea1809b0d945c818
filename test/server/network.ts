import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type ClientHttp2Stream, type SecureClientSessionOptions } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  FunctionRunnerServiceService,
  RunFunctionRequest,
  RunFunctionResponse,
} from '@crossplane-org/function-sdk-typescript';
import { ChannelCredentials, Client } from '@grpc/grpc-js';
import { afterAll, afterEach } from '@jest/globals';
import type { Composer } from '../../crossplane/compose/types.ts';
import {
  startFunctionServer,
  type FunctionServer,
  type FunctionServerOptions,
} from '../../crossplane/server/server.ts';
import { createAuthority, type Validity } from '../e2e/harness/pki.ts';
import { composed } from './sample.ts';

const { path, requestSerialize, responseDeserialize } = FunctionRunnerServiceService.runFunction;

/** Wants what it observes. */
export const echo: Composer = {
  kinds: ['Storage'],
  compose: ({ resources }) => composed({ desired: [...resources.values()].map((object) => ({ object, ready: true })) }),
};

const open: (() => Promise<void> | void)[] = [];
const folder = mkdtempSync(join(tmpdir(), 'owlnest-server-test-'));

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs after the test, the last one first. */
export function afterwards(close: () => Promise<void> | void): void {
  open.push(close);
}

/** A folder of this test file. */
export function newFolder(name: string): string {
  return mkdtempSync(join(folder, `${name}-`));
}

/** A CA, and the folders of a server and a client that it has signed. */
export interface Peers {
  readonly server: string;
  readonly client: string;
  /** A folder of a server with another certificate of the CA. */
  issue(validity: Validity): Promise<string>;
}

export async function newPeers(name: string, validity?: Validity): Promise<Peers> {
  const ca = await createAuthority(`${name} CA`, validity);
  const issue = async (usage: 'server' | 'client', valid?: Validity): Promise<string> => {
    const directory = newFolder(`${name}-${usage}`);
    const names = { names: ['localhost'], addresses: ['127.0.0.1'] };
    const options = { commonName: usage, usage, ...names, ...(valid === undefined ? {} : { validity: valid }) };
    await ca.issueDirectory(directory, options);
    return directory;
  };
  const [server, client] = await Promise.all([issue('server'), issue('client')]);
  return { server, client, issue: (valid) => issue('server', valid) };
}

/** A caller that trusts one CA, with the certificate of another or none. */
export function callerOf(
  trusted: Pick<Peers, 'client'>,
  certified: Pick<Peers, 'client'> | undefined,
): ChannelCredentials {
  const ca = readFileSync(join(trusted.client, 'ca.crt'));
  if (certified === undefined) return ChannelCredentials.createSsl(ca);
  const read = (name: string): Buffer => readFileSync(join(certified.client, name));
  return ChannelCredentials.createSsl(ca, read('tls.key'), read('tls.crt'));
}

/** What a client shows and trusts. */
export function certificatesOf({ client }: Peers): Record<'ca' | 'cert' | 'key', Buffer> {
  const read = (name: string): Buffer => readFileSync(join(client, name));
  return { ca: read('ca.crt'), cert: read('tls.crt'), key: read('tls.key') };
}

export async function serve(composer: Composer, options: Partial<FunctionServerOptions> = {}): Promise<FunctionServer> {
  const server = await startFunctionServer(composer, { address: '127.0.0.1:0', tls: { insecure: true }, ...options });
  afterwards(() => server.drain());
  return server;
}

/** One call over a connection of its own. */
export function call(
  { address }: Pick<FunctionServer, 'address'>,
  request: RunFunctionRequest,
  credentials = ChannelCredentials.createInsecure(),
): Promise<RunFunctionResponse> {
  return callBytes(address, requestSerialize(request), credentials);
}

/** Calls at the same time, all over one connection, as core makes them. */
export function callsOnOneConnection(
  { address }: Pick<FunctionServer, 'address'>,
  requests: readonly RunFunctionRequest[],
): Promise<readonly RunFunctionResponse[]> {
  const client = new Client(address, ChannelCredentials.createInsecure());
  return Promise.all(requests.map((request) => callOver(client, requestSerialize(request)))).finally(() => {
    client.close();
  });
}

/** One call with these bytes as its request. */
export function callBytes(
  address: string,
  bytes: Buffer,
  credentials = ChannelCredentials.createInsecure(),
): Promise<RunFunctionResponse> {
  const client = new Client(address, credentials);
  return callOver(client, bytes).finally(() => {
    client.close();
  });
}

function callOver(client: Client, bytes: Buffer): Promise<RunFunctionResponse> {
  const deadline = Date.now() + 60_000;
  return new Promise((resolve, reject) => {
    const asIs = (value: Buffer): Buffer => value;
    client.makeUnaryRequest(path, asIs, responseDeserialize, bytes, { deadline }, (error, response) => {
      if (response === undefined) reject(error ?? new Error('no answer'));
      else resolve(response);
    });
  });
}

/** A call that is under way until it is told to go on: the server has the first half of its request. */
export interface HalfCall {
  /** Resolves when the server has asked the connection to end. */
  readonly told: Promise<void>;
  finish(): Promise<RunFunctionResponse>;
  /** Resolves when the connection is gone. */
  hangUp(): Promise<void>;
}

export async function beginCall(
  url: string,
  request: RunFunctionRequest,
  options: SecureClientSessionOptions = {},
): Promise<HalfCall> {
  const session = connect(url, options);
  afterwards(() => {
    session.destroy();
  });
  const told = new Promise<void>((resolve) => {
    session.once('goaway', () => {
      resolve();
    });
  });
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  const message = framed(RunFunctionRequest.encode(request).finish());
  const half = Math.floor(message.length / 2);
  await new Promise<void>((resolve, reject) => {
    stream.once('error', reject);
    session.once('error', reject);
    // The answer to a ping comes after the server has read what was sent before it.
    stream.write(message.subarray(0, half), () => {
      session.ping((error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
  });
  return {
    told,
    finish: async () => {
      stream.end(message.subarray(half));
      return RunFunctionResponse.decode((await everything(stream)).subarray(5));
    },
    hangUp: async () => {
      stream.on('error', () => undefined);
      session.destroy();
      await once(session, 'close');
    },
  };
}

/** gRPC's frame: not compressed, and the length. */
function framed(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

async function everything(stream: ClientHttp2Stream): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
