import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { connect as connectTls } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { Severity } from '@crossplane-org/function-sdk-typescript';
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { serve, type ServeOptions } from '../../cli/serve.ts';
import {
  afterwards,
  beginCall,
  call,
  callBytes,
  callerOf,
  certificatesOf,
  newFolder,
  newPeers,
  type Peers,
} from './network.ts';
import { composite, key, requestOf } from './sample.ts';
import { releaseOf } from '../support/release.ts';

const COMMAND = fileURLToPath(new URL('../../cli/owlnest.js', import.meta.url));

let peers: Peers;

beforeAll(async () => {
  setLogVerbosity(logVerbosity.NONE);
  peers = await newPeers('run');
});

type Line = Readonly<Record<string, unknown>>;

/** `owlnest serve` as a process of its own. */
class Serving {
  readonly lines: Line[] = [];
  readonly process: ChildProcess;
  readonly #ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
  #arrived = (): void => undefined;

  constructor(parameters: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const child = spawn(process.execPath, [COMMAND, 'serve', ...parameters], {
      env: { ...process.env, TLS_SERVER_CERTS_DIR: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.lines.push(JSON.parse(line) as Line);
      this.#arrived();
    });
    this.#ended = once(child, 'close').then(([code]) => {
      this.#arrived();
      return { code: code as number | null, stderr };
    });
    afterwards(async () => {
      child.kill('SIGKILL');
      await this.#ended;
    });
  }

  /** The first line with that message, now or later. */
  async line(message: string): Promise<Line> {
    for (;;) {
      const found = this.lines.find((line) => line['message'] === message);
      if (found !== undefined) return found;
      if (this.process.exitCode !== null) throw new Error(`It ended: ${(await this.#ended).stderr}`);
      await new Promise<void>((resolve) => (this.#arrived = resolve));
    }
  }

  async started(): Promise<{ readonly address: string; readonly metrics: string }> {
    const line = await this.line('serving');
    return { address: String(line['address']), metrics: `http://${String(line['metricsAddress'])}` };
  }

  end(): Promise<{ readonly code: number | null; readonly stderr: string }> {
    return this.#ended;
  }
}

const loopback = ['--address', '127.0.0.1:0', '--metrics-address', '127.0.0.1:0'];
const plaintext = ['--insecure', ...loopback];

async function get(url: string): Promise<readonly [number, string]> {
  const response = await fetch(url);
  return [response.status, await response.text()];
}

describe('owlnest serve', () => {
  test('over mutual TLS answers, counts and logs, without a word out of a spec', async () => {
    const serving = new Serving(loopback, { TLS_SERVER_CERTS_DIR: peers.server });
    const { address, metrics } = await serving.started();
    const port = address.slice(address.lastIndexOf(':'));
    const secret = { ...composite, spec: { password: 'hunter2' }, kind: 'Castle' };
    const response = await call({ address: `localhost${port}` }, requestOf(secret, []), callerOf(peers, peers));

    expect(response.results).toHaveLength(1);
    expect(response.results[0]?.severity).toBe(Severity.SEVERITY_FATAL);
    expect(response.results[0]?.message).toMatch(/Castle.*Environment, .*Storage/);
    const line = await serving.line('refused: the reasons are in the answer');
    expect(line).toMatchObject({
      level: 'warn',
      release: expect.stringMatching(/^\d+\.\d+\.\d+/),
      outcome: 'refused',
      tag: 'tag-1',
      converged: false,
      composite: { kind: 'Castle', namespace: 'owlnest-production', name: 'production-storage' },
      counts: { composed: 0, waiting: 0, held: 0, invalid: 0, fatal: 1 },
    });
    expect(JSON.stringify(serving.lines)).not.toContain('hunter2');
    const [, text] = await get(`${metrics}/metrics`);
    expect(text).toContain('owlnest_function_requests_total{kind="other",outcome="refused"} 1');
    expect(text).toContain('owlnest_function_resources_total{kind="other",state="fatal"} 1');
    expect(text).toMatch(/owlnest_function_certificate_expiry_timestamp_seconds 1\.?\d+/);
    expect(text).toMatch(/owlnest_function_message_bytes_sum\{direction="in"\} [1-9]/);
    expect(text).toMatch(/owlnest_function_duration_seconds_count\{kind="other"\} 1/);
    expect(text).toContain('process_resident_memory_bytes');
    await expect(call({ address: `localhost${port}` }, requestOf(composite, []))).rejects.toThrow('UNAVAILABLE');
  }, 30_000);

  test('is ready until it drains, answers what is under way, and ends with 0', async () => {
    const serving = new Serving(plaintext);
    const { address, metrics } = await serving.started();
    expect(await get(`${metrics}/readyz`)).toEqual([200, 'ok\n']);
    expect(await get(`${metrics}/livez`)).toEqual([200, 'ok\n']);
    expect((await get(`${metrics}/`))[0]).toBe(404);
    expect((await fetch(`${metrics}/metrics`, { method: 'POST' })).status).toBe(405);
    const under = await beginCall(`http://${address}`, requestOf(composite, [key]));
    serving.process.kill('SIGTERM');
    expect(await serving.line('draining')).toMatchObject({ signal: 'SIGTERM' });

    expect(await get(`${metrics}/readyz`)).toEqual([503, 'not serving\n']);
    expect(await get(`${metrics}/livez`)).toEqual([200, 'ok\n']);
    expect((await under.finish()).meta?.tag).toBe('tag-1');
    expect(await serving.end()).toEqual({ code: 0, stderr: '' });
    expect(serving.lines.at(-1)).toMatchObject({ message: 'stopped' });
  }, 30_000);

  test('ends with 0 although callers neither say anything nor hang up', async () => {
    const serving = new Serving(loopback, { TLS_SERVER_CERTS_DIR: peers.server });
    const { address } = await serving.started();
    const port = Number(address.slice(address.lastIndexOf(':') + 1));
    const silent = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    afterwards(() => void silent.destroy());
    const idle = connectTls({ ...certificatesOf(peers), port, servername: 'localhost', ALPNProtocols: ['h2'] });
    afterwards(() => void idle.destroy());
    // The end of the process may reach them as a reset.
    for (const socket of [silent, idle]) socket.on('error', () => undefined);
    await Promise.all([once(silent, 'connect'), once(idle, 'secureConnect')]);
    idle.pause();
    serving.process.kill('SIGTERM');

    expect(await serving.end()).toEqual({ code: 0, stderr: '' });
  }, 30_000);

  test('ends at once at a second signal', async () => {
    const serving = new Serving(plaintext);
    const { address } = await serving.started();
    await beginCall(`http://${address}`, requestOf(composite, [key]));
    serving.process.kill('SIGTERM');
    await serving.line('draining');
    serving.process.kill('SIGINT');

    // Without the sentence of those that were cut off at the deadline.
    expect(await serving.end()).toEqual({ code: 1, stderr: '' });
  }, 30_000);

  test('survives what is no request', async () => {
    const serving = new Serving(plaintext);
    const { address } = await serving.started();
    await expect(callBytes(address, Buffer.from('nonsense'))).rejects.toThrow('INVALID_ARGUMENT');

    expect((await call({ address }, requestOf(composite, []))).meta?.tag).toBe('tag-1');
    expect(await serving.line('unreadable: the message is in the answer')).toMatchObject({ level: 'error' });
  }, 30_000);
});

test.each([['--address'], ['--metrics-address']])(
  'owlnest serve ends with one sentence and 1 when the port of %s is taken',
  async (option) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    afterwards(() => void other.close());
    const { port } = other.address() as { port: number };
    const { code, stderr } = await new Serving([...plaintext, option, `127.0.0.1:${port}`]).end();

    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^owlnest: Cannot .* on 127\\.0\\.0\\.1:${port}: .*EADDRINUSE.*\\n$`));
  },
  30_000,
);

describe('the options of serve', () => {
  const { TLS_SERVER_CERTS_DIR: before } = process.env;
  afterAll(() => {
    process.env['TLS_SERVER_CERTS_DIR'] = before;
  });
  beforeEach(() => {
    process.env['TLS_SERVER_CERTS_DIR'] = '';
  });

  test.each<[string, ServeOptions, string]>([
    ['no certificates', {}, 'There are no certificates'],
    ['plaintext on any address', { insecure: true, address: ':0' }, 'listens on loopback only, not on every address'],
    ['TLS and plaintext', { insecure: true, tlsDir: 'x' }, '--insecure and --tls-dir exclude each other'],
    ['half of a wish', { insecureAnyAddress: true }, '--insecure-any-address needs --insecure'],
    ['an empty folder', { tlsDir: newFolder('empty'), metricsAddress: 'off' }, 'Cannot read the certificates: '],
    ['no address', { insecure: true, address: 'x' }, '"x" is no address of the form <host>:<port>'],
  ])('with %s are refused', async (_, options, sentence) => {
    const composer = { kinds: [], compose: () => ({ outcome: 'refused' as const, violations: [] }) };
    await expect(serve(options, { composer, release: releaseOf('1.0.0') })).rejects.toThrow(sentence);
  });
});
