import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, type ClientHttp2Session } from 'node:http2';
import { join } from 'node:path';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CertificateListener } from '../../crossplane/server/certificates.ts';
import type { FunctionServer } from '../../crossplane/server/server.ts';
import { until } from '../e2e/harness/until.ts';
import { afterwards, beginCall, call, callerOf, echo, newFolder, newPeers, serve, type Peers } from './network.ts';
import { composite, key, requestOf } from './sample.ts';

let before: Peers;
let after: Peers;

beforeAll(async () => {
  setLogVerbosity(logVerbosity.NONE);
  [before, after] = await Promise.all([newPeers('before'), newPeers('after')]);
});

/** A secret as the kubelet mounts it: all names lead through one symbolic link, which is swapped. */
class MountedSecret {
  readonly directory = newFolder('mounted');
  #version = 0;

  constructor(source: string) {
    this.change(source);
    for (const name of ['ca.crt', 'tls.crt', 'tls.key']) symlinkSync(join('..data', name), join(this.directory, name));
  }

  change(source: string): void {
    const name = `..version-${this.#version++}`;
    cpSync(source, join(this.directory, name), { recursive: true });
    symlinkSync(name, join(this.directory, '..data_tmp'));
    renameSync(join(this.directory, '..data_tmp'), join(this.directory, '..data'));
  }
}

let secret: MountedSecret;
let server: FunctionServer;
let told: string[];

beforeEach(async () => {
  told = [];
  secret = new MountedSecret(before.server);
  const listener: CertificateListener = {
    loaded: (expires) => told.push(`loaded until ${expires > new Date() ? 'later' : 'before'}`),
    refused: (reason) => told.push(`refused: ${reason}`),
  };
  server = await serve(echo, {
    address: 'localhost:0',
    tls: { directory: secret.directory, pollMilliseconds: 5 },
    observer: { ...listener, call: () => undefined },
  });
});

async function tells(count: number): Promise<void> {
  await until(`the server tells ${count} things`, 10_000, () => Promise.resolve(told.length >= count || undefined));
}

describe('when the secret changes', () => {
  test('callers of the new CA are served, those of the old one refused, and a call under way is answered', async () => {
    const under = await beginCall(`https://${server.address}`, requestOf(composite, [key]), clientOf(before));
    expect((await call(server, requestOf(composite, [key]), callerOf(before, before))).results).toEqual([]);
    secret.change(after.server);
    await tells(2);

    expect((await call(server, requestOf(composite, [key]), callerOf(after, after))).results).toEqual([]);
    // Whatever the old caller trusts, it is its certificate that is refused.
    await expect(call(server, requestOf(composite, [key]), callerOf(after, before))).rejects.toThrow('UNAVAILABLE');
    await expect(call(server, requestOf(composite, [key]), callerOf(before, before))).rejects.toThrow('UNAVAILABLE');
    expect(Object.keys((await under.finish()).desired?.resources ?? {})).toHaveLength(1);
    expect(told).toEqual(['loaded until later', 'loaded until later']);
  });

  test('a TLS session of before it does not let an old caller in', async () => {
    const trusting = { ...clientOf(before), ca: [clientOf(before).ca, clientOf(after).ca] };
    const resume = async (session: Buffer): Promise<boolean> => {
      const socket = connectTls(tlsTo(server, { ...trusting, session }));
      await opened(connect(`https://${server.address}`, { createConnection: () => socket }));
      return socket.isSessionReused();
    };
    expect(await resume(await sessionOf(server, trusting))).toBe(true);
    const session = await sessionOf(server, trusting);
    secret.change(after.server);
    await tells(2);

    await expect(resume(session)).rejects.toThrow();
  });
});

describe('when the secret cannot be used', () => {
  test.each([
    ['a key of another certificate', () => readFileSync(join(after.server, 'tls.key'))],
    ['no key', () => Buffer.alloc(0)],
  ])('(%s) the pair before it is served on, and the reason is told once', async (_, newKey) => {
    const broken = newFolder('broken');
    cpSync(before.server, broken, { recursive: true });
    writeFileSync(join(broken, 'tls.key'), newKey());
    secret.change(broken);
    await tells(2);

    expect((await call(server, requestOf(composite, [key]), callerOf(before, before))).results).toEqual([]);
    expect(told[1]).toMatch(/^refused: ca\.crt, tls\.crt and tls\.key of .* are no CA with a certificate and its key/);
    secret.change(after.server);
    await tells(3);
    expect(told[2]).toBe('loaded until later');
    expect((await call(server, requestOf(composite, [key]), callerOf(after, after))).results).toEqual([]);
  });

  test('(it is gone) the pair before it is served on until it is back', async () => {
    const directory = secret.directory;
    renameSync(join(directory, '..data'), join(directory, '..gone'));
    await tells(2);

    expect(told[1]).toMatch(/^refused: Cannot read the certificates: .*ENOENT/);
    expect((await call(server, requestOf(composite, [key]), callerOf(before, before))).results).toEqual([]);
    mkdirSync(join(directory, '..back'));
    cpSync(after.server, join(directory, '..back'), { recursive: true });
    symlinkSync('..back', join(directory, '..data'));
    await tells(3);
    expect((await call(server, requestOf(composite, [key]), callerOf(after, after))).results).toEqual([]);
  });
});

function clientOf({ client }: Peers) {
  const read = (name: string): Buffer => readFileSync(join(client, name));
  return { ca: read('ca.crt'), cert: read('tls.crt'), key: read('tls.key') };
}

/** Resolves when the server has answered over the session, which it does only to a caller that it takes. */
function opened(session: ClientHttp2Session): Promise<ClientHttp2Session> {
  afterwards(() => {
    session.destroy();
  });
  return new Promise((resolve, reject) => {
    session.once('error', reject);
    session.once('close', () => {
      reject(new Error('closed'));
    });
    session.once('remoteSettings', () => {
      resolve(session);
    });
  });
}

/** A ticket by which a client may resume its session. */
function sessionOf(of: FunctionServer, options: ConnectionOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connectTls(tlsTo(of, options));
    socket.once('error', reject);
    socket.once('session', (session) => {
      socket.destroy();
      resolve(session);
    });
  });
}

function tlsTo({ address }: FunctionServer, options: ConnectionOptions): ConnectionOptions {
  const port = Number(address.slice(address.lastIndexOf(':') + 1));
  return { ...options, port, servername: 'localhost', ALPNProtocols: ['h2'] };
}
