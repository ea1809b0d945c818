import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { stringify } from 'yaml';
import { z } from 'zod';
import { parseLockIndex } from '../../crossplane/schema/registry.ts';
import type { JsonObject } from '../../imports/base.ts';
import { externalNames } from '../../tools/import/external-names.ts';
import { makeLock, readSelection } from '../../tools/import/import.ts';
import { main } from '../../tools/import/main.ts';
import { readUpstream, type UpstreamOptions } from '../../tools/import/upstream.ts';
import { crd, inEither, STRING } from './crds.ts';

const CRDS = fileURLToPath(new URL('../../imports/crds', import.meta.url));
const LOCK = fileURLToPath(new URL('../../imports/lock', import.meta.url));

/** What stands in for GitHub: one way to answer a version. */
type Answer = (response: ServerResponse) => void;

const answers = new Map<string, Answer>();
let server: Server;
let baseUrl = '';
let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'owlnest-upstream-'));
  server = createServer(({ url = '' }, response) => {
    const [, version = ''] = /^\/crossplane-contrib\/provider-upjet-aws\/tar\.gz\/refs\/tags\/(.+)$/.exec(url) ?? [];
    const answer = answers.get(version) ?? ((unknown) => unknown.writeHead(404).end('404: Not Found'));
    // A test may keep this process busy for longer than an idle connection lives.
    answer(response.setHeader('connection', 'close'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseUrl = urlOf(server);
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  rmSync(folder, { recursive: true, force: true });
});

function urlOf(listening: Server): string {
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return `http://127.0.0.1:${address.port}`;
}

/** An archive as GitHub makes it: all in one folder, and much that is no CRD of a namespaced kind. */
async function archiveOf(crds: ReadonlyMap<string, string>): Promise<Buffer> {
  const archive = pack();
  const root = 'provider-upjet-aws-9.8.7';
  archive.entry({ name: `${root}/`, type: 'directory' });
  archive.entry({ name: `${root}/README.md` }, '# Not: a CRD\n- {');
  archive.entry({ name: `${root}/package/crds/sqs.aws.upbound.io_queuepolicies.yaml` }, 'kind: [cluster-scoped');
  archive.entry({ name: `${root}/package/crds/${'long'.repeat(40)}.aws.m.upbound.io_others.yaml` }, 'not: [chosen');
  for (const [name, text] of crds) archive.entry({ name: `${root}/package/crds/${name}` }, text);
  archive.entry({ name: `${root}/examples/sqs.aws.m.upbound.io_queues.yaml` }, 'kind: [Example');
  archive.finalize();
  return gzipSync(await buffer(archive));
}

const POLICY = 'sqs.aws.m.upbound.io_queuepolicies.yaml';
/** As `controller-gen` writes it: a document mark first, and long prose. */
const policyFile = (definition: JsonObject): [string, string] => [POLICY, `---\n${stringify(definition)}`];
const policyCrd = crd({ policy: { ...STRING, description: `Text: "#1", 'yes'\nand ${'more '.repeat(60)}` } }, [
  inEither,
]);

const sends =
  (bytes: Buffer | string): Answer =>
  (response) =>
    void response.writeHead(200, { 'content-type': 'application/x-gzip' }).end(bytes);

const names = externalNames({ kinds: { 'sqs/QueuePolicy': { class: 'generated', again: 'same' } } });

/** The lock of `sqs` alone, with `QueuePolicy` as its only kind. */
async function lockOf(version: string, options: UpstreamOptions = {}): Promise<string | undefined> {
  const source = await readUpstream(version, new Set(['sqs']), { baseUrl, ...options });
  return makeLock(source, { sqs: '*' }, names).get('sqs.json');
}

describe('the import from upstream', () => {
  it('makes the lock from the YAML of a tag, prose or not, and takes its version into the index', async () => {
    answers.set('v9.8.7', sends(await archiveOf(new Map([policyFile(policyCrd)]))));
    const source = await readUpstream('v9.8.7', new Set(['sqs']), { baseUrl });
    const files = makeLock(source, { sqs: '*' }, names);
    expect(JSON.parse(files.get('sqs.json') ?? '')).toEqual({
      apiVersion: 'sqs.aws.m.upbound.io/v1beta1',
      package: 'provider-aws-sqs',
      kinds: {
        QueuePolicy: {
          plural: 'queuepolicies',
          externalName: { class: 'generated', again: 'same' },
          replace: ['queueUrl'],
          forProvider: { policy: 'string needed', queueUrl: 'string' },
          atProvider: { without: ['queueUrl', 'policy'], fields: { id: 'string' } },
        },
      },
    });
    expect(JSON.parse(files.get('index.json') ?? '')).toMatchObject({ provider: 'provider-upjet-aws v9.8.7' });
  });

  it('follows a redirect', async () => {
    answers.set('v9.8.7', sends(await archiveOf(new Map([policyFile(policyCrd)]))));
    const there = '/crossplane-contrib/provider-upjet-aws/tar.gz/refs/tags/v9.8.7';
    answers.set('v9.8.8', (response) => void response.writeHead(302, { location: there }).end());
    expect(await lockOf('v9.8.8')).toBe(await lockOf('v9.8.7'));
  });

  const elsewhere = 'try again, or take the CRDs from a folder with --from.';
  const whole = (): Promise<Buffer> => archiveOf(new Map([policyFile(policyCrd)]));
  it.each<[string, string, () => Answer | undefined | Promise<Answer>, string, UpstreamOptions?]>([
    [
      'a version of another form',
      '2.6',
      () => undefined,
      'The version "2.6" is not of the form v2.6.0; take one from https://github.com/crossplane-contrib/provider-upjet-aws/tags.',
    ],
    [
      'a version that leads elsewhere',
      'v1.0.0/../../main',
      () => undefined,
      'The version "v1.0.0/../../main" is not of the form v2.6.0;',
    ],
    [
      'no such version',
      'v0.0.1',
      () => undefined,
      'The provider has no version v0.0.1; take one from https://github.com/',
    ],
    [
      'a server with a fault',
      'v0.1.0',
      () => (response) => void response.writeHead(503).end(),
      `/v0.1.0 has no archive (status 503); ${elsewhere}`,
    ],
    [
      'another file',
      'v0.1.1',
      () => sends('<html>Sign in</html>'),
      `/v0.1.1 sent no whole archive (incorrect header check); ${elsewhere}`,
    ],
    [
      'half an archive',
      'v0.1.2',
      async () => sends((await whole()).subarray(0, 900)),
      `/v0.1.2 sent no whole archive (unexpected end of file); ${elsewhere}`,
    ],
    [
      'no archive within',
      'v0.1.3',
      () => sends(gzipSync('text'.repeat(400))),
      '/v0.1.3 sent no whole archive (Invalid tar header.',
    ],
    ['a broken connection', 'v0.1.4', breaks, '/v0.1.4 sent no whole archive (terminated, '],
    [
      'redirects without end',
      'v0.1.5',
      () => (response) => void response.writeHead(302, { location: 'v0.1.5' }).end(),
      `/v0.1.5 cannot be reached (fetch failed, redirect count exceeded); ${elsewhere}`,
    ],
    [
      'a bomb',
      'v0.1.6',
      () => sends(gzipSync(Buffer.alloc(5_000_000))),
      `/v0.1.6 sent no whole archive (more than 4000000 bytes); ${elsewhere}`,
      { maxBytes: 4_000_000 },
    ],
    [
      'a server that says nothing',
      'v0.1.7',
      () => () => undefined,
      `/v0.1.7 cannot be reached (not within 0.05 s); ${elsewhere}`,
      { timeout: 50 },
    ],
    ['a server that stops halfway', 'v0.1.8', stalls, `(not within 0.5 s); ${elsewhere}`, { timeout: 500 }],
    [
      'nobody there',
      'v0.1.9',
      () => undefined,
      '/v0.1.9 cannot be reached (fetch failed, ECONNREFUSED); ',
      { baseUrl: 'closed' },
    ],
    [
      'a CRD that is no YAML',
      'v0.2.0',
      async () => sends(await archiveOf(new Map([[POLICY, 'spec: [']]))),
      `package/crds/${POLICY} of v0.2.0 is no YAML (`,
    ],
    [
      'a CRD that is none',
      'v0.2.1',
      async () => sends(await archiveOf(new Map([[POLICY, 'kind: List']]))),
      `Package/crds/${POLICY} of v0.2.1 is not as expected at spec:`,
    ],
    [
      'an archive without CRDs',
      'v0.2.2',
      async () => sends(await archiveOf(new Map())),
      'The selection names the service accessanalyzer, which does not exist.',
    ],
  ])(
    'says what is wrong in one sentence and writes nothing: %s',
    async (_, version, answer, sentence, options = {}) => {
      const given = await answer();
      if (given !== undefined) answers.set(version, given);
      const errors: string[] = [];
      const log = jest.spyOn(console, 'error').mockImplementation((text: unknown) => void errors.push(String(text)));
      const lock = path.join(folder, 'out', 'lock');
      const upstream = { baseUrl, ...options, ...(options.baseUrl === 'closed' && { baseUrl: await closedUrl() }) };
      expect(await main(['--version', version], lock, upstream)).toBe(1);
      log.mockRestore();
      expect(errors).toHaveLength(1);
      expect(errors[0]).toContain(sentence);
      expect(errors[0]).not.toContain('\n');
      expect(existsSync(lock)).toBe(false);
    },
  );
});

async function breaks(): Promise<Answer> {
  const bytes = (await archiveOf(new Map([policyFile(policyCrd)]))).subarray(0, 900);
  return (response) => void response.writeHead(200, { 'content-length': 5000 }).end(bytes);
}

async function stalls(): Promise<Answer> {
  const bytes = (await archiveOf(new Map([policyFile(policyCrd)]))).subarray(0, 900);
  return (response) => void response.writeHead(200).write(bytes);
}

/** A port of this machine that nobody listens on any more. */
async function closedUrl(): Promise<string> {
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const url = urlOf(gone);
  await new Promise((closed) => gone.close(closed));
  return url;
}

const crdLine = z.looseObject({ metadata: z.object({ name: z.string() }), spec: z.looseObject({ group: z.string() }) });

/** The pinned CRDs of these services as the files upstream. */
function pinnedFiles(version: string, services: readonly string[]): ReadonlyMap<string, string> {
  const packed = readFileSync(path.join(CRDS, `provider-upjet-aws-${version}.ndjson.gz`));
  const crds = new Map<string, string>();
  for (const line of gunzipSync(packed)
    .toString('utf8')
    .split('\n')
    .filter((text) => text !== '')) {
    const whole = crdLine.parse(JSON.parse(line));
    const [service = ''] = whole.spec.group.split('.');
    const [plural = ''] = whole.metadata.name.split('.');
    if (services.includes(service)) crds.set(`${whole.spec.group}_${plural}.yaml`, `---\n${stringify(whole)}`);
  }
  return crds;
}

describe('the lock and the kept CRDs as YAML', () => {
  it('are equal: upstream gives the same files as the folder', async () => {
    const { version } = parseLockIndex(readFileSync(path.join(LOCK, 'index.json'), 'utf8'));
    answers.set(version, sends(await archiveOf(pinnedFiles(version, Object.keys(readSelection())))));
    const lock = path.join(mkdtempSync(path.join(folder, 'whole-')), 'lock');
    cpSync(LOCK, lock, { recursive: true });
    rmSync(path.join(lock, 'index.json'));
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    expect(await main(['--version', version], lock, { baseUrl })).toBe(0);
    log.mockRestore();
    const names = readdirSync(LOCK).sort();
    expect(readdirSync(lock).sort()).toEqual(names);
    const text = (folderOf: string, name: string): string => readFileSync(path.join(folderOf, name), 'utf8');
    expect(names.filter((name) => text(lock, name) !== text(LOCK, name))).toEqual([]);
    const kept = `provider-upjet-aws-${version}.ndjson.gz`;
    const unpacked = (folderOf: string): string => gunzipSync(readFileSync(path.join(folderOf, kept))).toString('utf8');
    expect(unpacked(path.join(path.dirname(lock), 'crds')) === unpacked(CRDS)).toBe(true);
  }, 60_000);
});
