/** Connections and calls have limits and times: who only holds them open keeps nobody out, and no process alive. */
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { startFunctionServer, type FunctionServer } from '../../crossplane/server/server.ts';
import {
  afterwards,
  beginCall,
  call,
  callerOf,
  callsOnOneConnection,
  certificatesOf,
  echo,
  newPeers,
  serve,
  type Peers,
} from './network.ts';
import { composite, key, requestOf } from './sample.ts';

let peers: Peers;

beforeAll(async () => {
  setLogVerbosity(logVerbosity.NONE);
  peers = await newPeers('connections');
});

const plaintext = { address: '127.0.0.1:0', tls: { insecure: true } } as const;
const secure = () => ({ address: 'localhost:0', tls: { directory: peers.server } });
const portOf = ({ address }: FunctionServer): number => Number(address.slice(address.lastIndexOf(':') + 1));

/** A TCP connection that says this much, and never hangs up by itself. */
async function open(server: FunctionServer, says: string | Buffer = ''): Promise<Socket> {
  const host = server.address.slice(0, server.address.lastIndexOf(':'));
  const socket = connect({ host, port: portOf(server), allowHalfOpen: true });
  afterwards(() => void socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.resume();
  if (says !== '') socket.write(says);
  return socket;
}

const isClosed = ({ closed, readableEnded }: Socket): boolean => closed || readableEnded;
/** Resolves when the server has ended the connection. */
const ended = async (socket: Socket): Promise<void> => {
  if (!isClosed(socket)) await Promise.race([once(socket, 'close'), once(socket, 'end')]);
};

/** What an HTTP/2 client says first: its preface and empty settings. */
const PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);
/** The beginning of a TLS handshake: a record of 512 bytes, of which six come. */
const HALF_HANDSHAKE = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]);

describe('draining does not wait for', () => {
  test.each([
    ['a connection on which nothing was said', ''],
    ['half a preface', 'PRI * HT'],
    ['a peer that has no call and does not hang up', PREFACE],
  ])('%s', async (_, says) => {
    const server = await startFunctionServer(echo, plaintext);
    const socket = await open(server, says);
    await call(server, requestOf(composite, []));
    await server.drain();

    await ended(socket);
  });

  test.each([
    ['a connection without a handshake', ''],
    ['half a handshake', HALF_HANDSHAKE],
  ])('%s', async (_, says) => {
    const server = await startFunctionServer(echo, secure());
    const socket = await open(server, says);
    await call(server, requestOf(composite, []), callerOf(peers, peers));
    await server.drain();

    await ended(socket);
  });

  test('a handshake when a call is under way: nobody comes in any more', async () => {
    const server = await startFunctionServer(echo, secure());
    const socket = await open(server, HALF_HANDSHAKE);
    const under = await beginCall(`https://${server.address}`, requestOf(composite, [key]), certificatesOf(peers));
    const drained = server.drain();
    await ended(socket);

    expect((await under.finish()).meta?.tag).toBe('tag-1');
    await drained;
  });

  test('them when a call is under way, which is answered', async () => {
    const server = await startFunctionServer(echo, plaintext);
    const [silent, idle] = [await open(server), await open(server, PREFACE)];
    const under = await beginCall(`http://${server.address}`, requestOf(composite, [key]));
    const drained = server.drain();

    expect(Object.keys((await under.finish()).desired?.resources ?? {})).toHaveLength(1);
    await drained;
    await Promise.all([ended(silent), ended(idle)]);
  });
});

describe('a connection', () => {
  test('that does not finish its handshake in time is dropped', async () => {
    const server = await serve(echo, { ...secure(), limits: { handshakeMilliseconds: 50 } });

    await ended(await open(server));
    await ended(await open(server, HALF_HANDSHAKE));
  });

  test('in its handshake is dropped for a newer one, and callers are served', async () => {
    const server = await serve(echo, { ...secure(), limits: { handshakes: 2 } });
    const [first, second, third] = [await open(server), await open(server), await open(server)];
    await ended(first);
    expect((await call(server, requestOf(composite, [key]), callerOf(peers, peers))).results).toEqual([]);
    await ended(second);

    expect(isClosed(third)).toBe(false);
  });

  test('beyond the limit is dropped, and the others stay', async () => {
    const server = await serve(echo, { ...plaintext, limits: { connections: 2 } });
    const sockets = [await open(server, PREFACE), await open(server, PREFACE)];
    await ended(await open(server, PREFACE));

    expect(sockets.filter(isClosed)).toEqual([]);
  });

  test('without a call ends after a time, also when nothing was ever said', async () => {
    const server = await serve(echo, { ...plaintext, maxConnectionIdleMilliseconds: 50 });

    await ended(await open(server, PREFACE));
    await ended(await open(server));
  });

  test('is cut off at an age, although its peer does not hang up', async () => {
    const server = await serve(echo, { ...secure(), limits: { ageMilliseconds: 50 } });
    const session = connectHttp2(`https://${server.address}`, certificatesOf(peers));
    session.on('error', () => undefined);
    afterwards(() => {
      session.destroy();
    });

    await once(session, 'close');
  });
});

describe('calls', () => {
  const one = { ...plaintext, turns: { atOnce: 1, waiting: 1 } };

  test('wait for their turn, a few of them, and all that wait are answered', async () => {
    const server = await serve(echo, one);
    const first = await beginCall(`http://${server.address}`, requestOf(composite, [key]));
    const others = [0, 1].map(() => call(server, requestOf(composite, [key])));
    // One of them waits, so the other may not; nobody is answered before the first.
    await expect(Promise.race(others)).rejects.toThrow('Too many calls wait for their turn');
    expect(Object.keys((await first.finish()).desired?.resources ?? {})).toHaveLength(1);

    expect((await Promise.allSettled(others)).map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('that do not arrive in time give their turn to the next', async () => {
    const server = await serve(echo, { ...plaintext, turns: { atOnce: 1, milliseconds: 100 } });
    const stalled = await beginCall(`http://${server.address}`, requestOf(composite, [key]));

    expect((await call(server, requestOf(composite, [key]))).results).toEqual([]);
    expect((await stalled.finish()).meta).toBeUndefined();
  });

  test('whose callers hang up give their turn and their place to others', async () => {
    const server = await serve(echo, one);
    const begin = () => beginCall(`http://${server.address}`, requestOf(composite, [key]));
    const [inTurn, waiting] = [await begin(), await begin()];
    await waiting.hangUp();
    const next = call(server, requestOf(composite, [key]));
    await inTurn.hangUp();

    expect((await next).results).toEqual([]);
  });

  test('on one connection are all answered, however much waits', async () => {
    const server = await serve(echo, { ...plaintext, turns: { atOnce: 1 } });
    const large = { ...composite, spec: { text: 'x'.repeat(500_000) } };
    const answers = await callsOnOneConnection(
      server,
      Array.from({ length: 20 }, () => requestOf(large, [key])),
    );

    expect(answers.map(({ results }) => results)).toEqual(Array.from({ length: 20 }, () => []));
  });
});
