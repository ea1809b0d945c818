import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import type { OrphanReport } from '../../report/orphans.ts';
import { callOwlnest, owlnest, removeFolders, temporaryFolder } from './command.ts';

// Some start the command as a process, twice.
jest.setTimeout(60_000);

/** What a server of these tests answers; `undefined` closes the connection without a word. */
type Answer = { readonly status: number; readonly body: string } | undefined;

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
afterAll(removeFolders);

/** A server on the loopback address; gives its URL. */
async function serve(answer: (request: IncomingMessage, body: string) => Answer): Promise<string> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const answered = answer(request, body);
      if (answered === undefined) return request.socket.destroy();
      response.writeHead(answered.status, { 'content-type': 'application/json' });
      return response.end(answered.body);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const IDENTITY = `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;

/** AWS in one account, with an answer of its own to GetResources. */
function aws(resources: () => Answer): Promise<string> {
  return serve((request) =>
    request.headers['x-amz-target'] === undefined ? { status: 200, body: IDENTITY } : resources(),
  );
}

function refusal(type: string, status = 400): Answer {
  return { status, body: JSON.stringify({ __type: type, message: 'as AWS says it' }) };
}

const NOTHING: Answer = { status: 200, body: JSON.stringify({ ResourceTagMappingList: [] }) };

/** Nothing of the person at the keyboard, one attempt instead of three. */
function environmentOf(endpoint: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_MAX_ATTEMPTS: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    KUBECONFIG: join(temporaryFolder(), 'none'),
  };
}

const KEY = {
  apiVersion: 'kms.aws.m.upbound.io/v1beta1',
  kind: 'Key',
  metadata: { name: 'data', namespace: 'owlnest-production' },
  spec: { forProvider: { region: 'eu-west-1' } },
  status: { atProvider: { arn: 'arn:aws:kms:eu-west-1:123456789012:key/1' } },
};

function file(content: string, name = 'managed.yaml'): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

async function ask(parameters: readonly string[], env: Readonly<Record<string, string>>) {
  const { code, stdout, stderr } = await callOwlnest(['orphans', 'production', ...parameters], { env });
  return { code, stdout, stderr };
}

describe('owlnest orphans cannot tell, and says so in one sentence,', () => {
  const objects = file(JSON.stringify(KEY));
  const cases: readonly (readonly [string, Answer, RegExp])[] = [
    ['where access is denied', refusal('AccessDeniedException'), /may not call tag:GetResources in \S+ .*the policy/],
    [
      'with credentials of yesterday',
      refusal('ExpiredTokenException'),
      /does not take these credentials .*sign in again/,
    ],
    ['with keys of nobody, or a region that is not enabled', refusal('UnrecognizedClientException'), /region enabled/],
    ['where AWS throttles', refusal('ThrottlingException'), /AWS throttles tag:GetResources .*AWS_MAX_ATTEMPTS/],
    ['when AWS is not well', refusal('InternalServiceException', 500), /tag:GetResources failed in .*as AWS says it/],
  ];
  it.each(cases)('%s', async (_, answer, sentence) => {
    const env = environmentOf(await aws(() => answer));
    const { code, stdout, stderr } = await ask(['--objects', objects], env);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('without credentials', async () => {
    const env = { ...environmentOf(await aws(() => NOTHING)), AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
    const { code, stderr } = await ask(['--objects', objects], env);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^There are no AWS credentials \(.*\); sign in .*AWS_PROFILE\.\n$/);
  });

  // In a process of its own: the SDK does not know an error of the network in Jest's.
  it.each([
    ['where nobody listens', 'ECONNREFUSED', () => Promise.resolve('http://127.0.0.1:1')],
    ['when the line breaks', 'socket hang up', () => aws(() => undefined)],
  ])('%s', async (_, reason, endpoint) => {
    const env = environmentOf(await endpoint());
    const result = await owlnest(['orphans', 'production', '--objects', objects], { env });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(
      /^AWS cannot be reached in \S+ \(.*\); check the network, the region, and AWS_ENDPOINT_URL/,
    );
    expect(result.stderr).toContain(reason);
  });

  const inputs: readonly (readonly [string, string, RegExp])[] = [
    ['nothing', '/does/not/exist', /does\/not\/exist does not exist/],
    ['a text', file('hello'), /a document has no apiVersion, kind and metadata.name/],
    ['half a file', file('{"apiVersion": '), /is not YAML/],
    [
      'a preview',
      file(JSON.stringify({ ...KEY, metadata: { ...KEY.metadata, annotations: { 'owlnest.io/preview': 'true' } } })),
      /is a preview of owlnest render .*kubectl get managed/,
    ],
  ];
  it.each(inputs)('of %s in place of the objects', async (_, path, sentence) => {
    const { code, stdout, stderr } = await ask(['--objects', path], environmentOf(await aws(() => NOTHING)));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(sentence);
  });

  it('of an environment that is not there, of two sources, of another format', async () => {
    const none = await callOwlnest(['orphans', 'elsewhere', '--objects', objects]);
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no environment elsewhere') });
    expect(none.stderr).toContain('If its file is gone, say where it was: --region');
    const both = await ask(['--objects', objects, '--context', 'x'], {});
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('exclude each other') });
    const format = await ask(['-o', 'xml'], {});
    expect(format).toMatchObject({ code: 2, stderr: expect.stringContaining('table, json') });
  });
});

describe('owlnest orphans looks', () => {
  it('where the objects are, too: at a region that the config has left', async () => {
    const env = environmentOf(await aws(() => NOTHING));
    const { code, stdout } = await ask(['--objects', file(JSON.stringify(KEY)), '-o', 'json'], env);
    const { regions, objects, notSeen } = JSON.parse(stdout) as OrphanReport;
    expect(code).toBe(0);
    expect(regions).toEqual(['ap-northeast-1', 'ap-northeast-3', 'eu-west-1', 'us-east-1']);
    expect([objects, notSeen]).toEqual([1, []]);
  });

  it('where a person says, for an environment whose file is gone', async () => {
    const env = environmentOf(await aws(() => NOTHING));
    const parameters = ['orphans', 'gone', '--objects', file(JSON.stringify(KEY)), '-o', 'json'];
    const { code, stdout } = await callOwlnest([...parameters, '--region', 'eu-west-1', '--region', 'eu-west-3'], {
      env,
    });
    const { regions, objects, account } = JSON.parse(stdout) as OrphanReport;
    expect(code).toBe(0);
    expect([regions, objects, account]).toEqual([['eu-west-1', 'eu-west-3', 'us-east-1'], 0, '123456789012']);
  });

  it('page after page', async () => {
    const pages = ['first', 'second'];
    const endpoint = await serve((request, body) => {
      if (request.headers['x-amz-target'] === undefined) return { status: 200, body: IDENTITY };
      const { PaginationToken: token = 'first' } = JSON.parse(body) as { readonly PaginationToken?: string };
      const next = pages[pages.indexOf(token) + 1] ?? '';
      const ResourceARN = `arn:aws:kms:ap-northeast-1:123456789012:key/${token}`;
      return {
        status: 200,
        body: JSON.stringify({ PaginationToken: next, ResourceTagMappingList: [{ ResourceARN, Tags: [] }] }),
      };
    });
    const { code, stdout } = await ask(['--objects', file(JSON.stringify(KEY)), '-o', 'json'], environmentOf(endpoint));
    expect(code).toBe(1);
    expect((JSON.parse(stdout) as OrphanReport).orphans.map(({ arn }) => arn.split('/')[1])).toEqual(pages);
  });

  it('at copied tags without an alarm', async () => {
    const ResourceARN = 'arn:aws:backup:ap-northeast-1:123456789012:recovery-point:1';
    const body = JSON.stringify({ ResourceTagMappingList: [{ ResourceARN, Tags: [] }] });
    const env = environmentOf(await aws(() => ({ status: 200, body })));
    const { code, stdout } = await ask(['--objects', file(JSON.stringify(KEY))], env);
    expect(code).toBe(0);
    expect(stdout).toMatch(/copied: [^.]* counted as\s+no orphan/);
  });

  it('at what it cannot see, and says it', async () => {
    const objects = [
      KEY,
      { ...KEY, kind: 'Alias', metadata: { ...KEY.metadata, name: 'alias' } },
      { ...KEY, apiVersion: 'iam.aws.m.upbound.io/v1beta1', kind: 'Role', metadata: { ...KEY.metadata, name: 'role' } },
    ];
    const env = environmentOf(await aws(() => NOTHING));
    const items = file(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    const { stdout } = await ask(['--objects', items], env);
    expect(stdout).toMatch(/IAM roles and users, and what it\shas of Alias\.kms, Role\.iam\./);
  });

  it('at objects of nobody, and asks whether it is the right cluster', async () => {
    const env = environmentOf(await aws(() => NOTHING));
    const other = { ...KEY, metadata: { ...KEY.metadata, namespace: 'owlnest-staging' } };
    const { stdout } = await ask(['--objects', file(JSON.stringify(other))], env);
    expect(stdout).toContain('None of the objects is of this environment.');
  });

  it('at stdin', async () => {
    const env = environmentOf(await aws(() => NOTHING));
    const { code, stdout } = await owlnest(['orphans', 'production', '--objects', '-', '-o', 'json'], {
      env,
      input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [KEY] }),
    });
    expect([code, (JSON.parse(stdout) as OrphanReport).objects]).toEqual([0, 1]);
  });
});

describe('owlnest orphans asks a cluster', () => {
  const GROUP = '/apis/kms.aws.m.upbound.io/v1beta1';

  /** An API server with two kinds of the provider, one object a page, and a group of somebody else. */
  function apiServer(calls: string[], answer: (path: string) => Answer = () => undefined): Promise<string> {
    return serve((request) => {
      const url = new URL(request.url ?? '', 'http://localhost');
      calls.push(`${request.method} ${url.pathname}`);
      const special = answer(url.pathname);
      if (special !== undefined) return special;
      const version = { groupVersion: 'kms.aws.m.upbound.io/v1beta1', version: 'v1beta1' };
      const group = { name: 'kms.aws.m.upbound.io', versions: [version], preferredVersion: version };
      const resource = (name: string, categories?: readonly string[]) => ({
        name,
        singularName: '',
        namespaced: true,
        kind: 'Key',
        verbs: ['list'],
        ...(categories && { categories }),
      });
      const named = (name: string) => ({ ...KEY, metadata: { ...KEY.metadata, name } });
      const rest = url.searchParams.get('continue');
      const bodies: Readonly<Record<string, unknown>> = {
        '/apis': { kind: 'APIGroupList', groups: [group, { ...group, name: 'apps' }] },
        [GROUP]: {
          kind: 'APIResourceList',
          groupVersion: version.groupVersion,
          resources: [resource('keys', ['managed']), resource('keys/status'), resource('others')],
        },
        [`${GROUP}/keys`]:
          rest === null
            ? { kind: 'KeyList', metadata: { continue: 'more' }, items: [named('data')] }
            : { kind: 'KeyList', metadata: {}, items: [named(rest)] },
      };
      const body = bodies[url.pathname];
      return body === undefined ? { status: 404, body: '{}' } : { status: 200, body: JSON.stringify(body) };
    });
  }

  function kubeconfig(server: string): string {
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'home',
      contexts: ['home', 'away'].map((name) => ({ name, context: { cluster: name, user: 'me' } })),
      clusters: ['home', 'away'].map((name) => ({ name, cluster: { server, 'insecure-skip-tls-verify': true } })),
      users: [{ name: 'me', user: { token: 'testing' } }],
    };
    return file(JSON.stringify(config), 'kubeconfig');
  }

  it('for all kinds of the provider, page after page, and for nothing else', async () => {
    const calls: string[] = [];
    const env = { ...environmentOf(await aws(() => NOTHING)), KUBECONFIG: kubeconfig(await apiServer(calls)) };
    const { code, stdout } = await ask(['-o', 'json'], env);
    expect([code, (JSON.parse(stdout) as OrphanReport).objects]).toEqual([0, 2]);
    expect(calls).toEqual(['GET /apis', `GET ${GROUP}`, `GET ${GROUP}/keys`, `GET ${GROUP}/keys`]);
  });

  it.each([
    [401, /context away does not take your credentials/],
    [403, /context away you may not list the managed resources; docs\/guides\/orphans\.md/],
    [500, /context away gives no list .*kubectl get managed -A/],
  ])('and says what it means when that answers %d', async (status, sentence) => {
    const server = await apiServer([], () => ({ status, body: '{}' }));
    const env = { ...environmentOf(await aws(() => NOTHING)), KUBECONFIG: kubeconfig(server) };
    const { code, stdout, stderr } = await ask(['--context', 'away'], env);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('of the kubeconfig only: without one, or without the context, it says so', async () => {
    const env = environmentOf(await aws(() => NOTHING));
    expect((await ask([], env)).stderr).toMatch(
      /^The kubeconfig cannot be read \(.*ENOENT.*\); mend it, or .*--objects/,
    );
    const home = { ...env, KUBECONFIG: '', HOME: temporaryFolder() };
    expect((await ask([], home)).stderr).toMatch(/^There is no kubeconfig; .*--objects/);
    const known = { ...env, KUBECONFIG: kubeconfig('http://127.0.0.1:1') };
    expect((await ask(['--context', 'x'], known)).stderr).toMatch(/has no context x; it has home, away\.\n$/);
    expect((await ask([], known)).stderr).toMatch(/context home gives no list .*ECONNREFUSED/);
  });
});

describe('the AWS SDK', () => {
  it('is loaded by nothing but this command', async () => {
    const files = file(
      `import { createRequire } from 'node:module';
       process.on('exit', () => process.stderr.write(Object.keys(createRequire(import.meta.url).cache).join('\\n')));`,
      'tells-files.mjs',
    );
    const env = { ...environmentOf(await aws(() => NOTHING)), NODE_OPTIONS: `--import ${files}` };
    const other = await owlnest(['converge', 'development'], { env });
    expect(other.stderr).not.toContain('@aws-sdk');
    const its = await owlnest(['orphans', 'production', '--objects', file(JSON.stringify(KEY))], { env });
    expect(its.stderr).toContain('@aws-sdk');
  });
});
