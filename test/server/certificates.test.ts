import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, type ClientHttp2Session } from 'node:http2';
import { join } from 'node:path';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CertificateListener } from '../../crossplane/server/certificates.ts';
import type { FunctionServer } from '../../crossplane/server/server.ts';
import { until } from '../e2e/harness/until.ts';
import {
  afterwards,
  beginCall,
  call,
  callerOf,
  certificatesOf,
  echo,
  newFolder,
  newPeers,
  serve,
  type Peers,
} from './network.ts';
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
    const under = await beginCall(`https://${server.address}`, requestOf(composite, [key]), certificatesOf(before));
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
    const trusting = { ...certificatesOf(before), ca: [certificatesOf(before).ca, certificatesOf(after).ca] };
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

describe('when the CA alone changes', () => {
  test('callers of the new one are served by the old certificate, those of the old one refused', async () => {
    const renewed = newFolder('renewed');
    cpSync(before.server, renewed, { recursive: true });
    cpSync(join(after.server, 'ca.crt'), join(renewed, 'ca.crt'));
    secret.change(renewed);
    await tells(2);

    expect((await call(server, requestOf(composite, [key]), callerOf(before, after))).results).toEqual([]);
    await expect(call(server, requestOf(composite, [key]), callerOf(before, before))).rejects.toThrow('UNAVAILABLE');
    expect(told).toEqual(['loaded until later', 'loaded until later']);
  });

  test('and both are in it, callers of both are served', async () => {
    const both = newFolder('both');
    cpSync(before.server, both, { recursive: true });
    writeFileSync(
      join(both, 'ca.crt'),
      [before, after].map(({ server: of }) => readFileSync(join(of, 'ca.crt'))).join('\n'),
    );
    secret.change(both);
    await tells(2);

    for (const caller of [before, after]) {
      expect((await call(server, requestOf(composite, [key]), callerOf(before, caller))).results).toEqual([]);
    }
  });
});

const HOUR = 60 * 60 * 1000;
const fromTo = (from: number, to: number) => ({
  notBefore: new Date(Date.now() + from * HOUR),
  notAfter: new Date(Date.now() + to * HOUR),
});

describe('a certificate that is not valid now', () => {
  test.each([
    ['has expired', fromTo(-2, -1), /^refused: tls\.crt of .* expired on 20/],
    ['is not valid yet', fromTo(1, 2), /^refused: tls\.crt of .* is not valid before 20/],
  ])('(it %s) is not taken for one that is, and readiness says so', async (_, validity, sentence) => {
    secret.change(await before.issue(validity));
    await tells(2);

    expect(told[1]).toMatch(sentence);
    expect((await call(server, requestOf(composite, [key]), callerOf(before, before))).results).toEqual([]);
    expect(server.readiness()).toEqual({
      ready: true,
      text: expect.stringMatching(/^ok, but the certificates in the folder are refused: tls\.crt of /),
    });
    secret.change(after.server);
    await tells(3);
    expect(server.readiness()).toEqual({ ready: true, text: 'ok' });
  });

  test('of the CA is not taken either', async () => {
    secret.change((await newPeers('old', fromTo(-2, -1))).server);
    await tells(2);

    expect(told[1]).toMatch(/^refused: ca\.crt of .* has no certificate that is valid now\.$/);
    expect((await call(server, requestOf(composite, [key]), callerOf(before, before))).results).toEqual([]);
  });

  test('is no beginning: the server does not start', async () => {
    const directory = await before.issue(fromTo(-2, -1));

    await expect(serve(echo, { address: 'localhost:0', tls: { directory } })).rejects.toThrow('expired on 20');
  });

  test('once its time is over makes the server not ready', async () => {
    let now = Date.now();
    const tls = { directory: await before.issue(fromTo(-1, 1)), now: () => now };
    const short = await serve(echo, { address: 'localhost:0', tls });
    expect(short.readiness()).toEqual({ ready: true, text: 'ok' });
    now += HOUR;

    expect(short.readiness()).toEqual({
      ready: false,
      text: expect.stringMatching(/^the certificate expired on 20/),
    });
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
