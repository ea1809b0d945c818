/** The code of the functions as Lambda gets it: its size, what it can call, that it loads, and that it is always the same. */
import { execFile, execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import { z } from 'zod';
import { functions } from '../../lambda/contract/functions.ts';
import { FUNCTION_NAMES, type FunctionName } from '../../lambda/contract/function-names.ts';
import { bundleFunctions, type FunctionBundle } from '../../release/bundle.ts';
import { contentOf, sha256 } from '../../release/content.ts';
import { lambdaEnvironment } from '../support/lambda-environment.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'owlnest-bundles-'));
let bundles: ReadonlyMap<FunctionName, FunctionBundle>;

/** Bytes of minified code when somebody last looked; more than 5 % above that wants a new line here. */
const budgets = z
  .record(z.string(), z.number())
  .parse(JSON.parse(readFileSync(path.join(ROOT, 'test/golden/bundle-bytes.json'), 'utf8')));

/** KiB of minified code that we aim at: with the table, and without. */
const AIM = { table: 800, elsewhere: 500 };

/** The client of the SDK that makes the calls of a service, by its prefix among IAM actions. */
const CLIENTS: Readonly<Record<string, string>> = {
  'cognito-idp': 'client-cognito-identity-provider',
  dynamodb: 'client-dynamodb',
  events: 'client-eventbridge',
  'execute-api': 'client-apigatewaymanagementapi',
  kms: 'client-kms',
  s3: 'client-s3',
};

/** What a recording client saw: `test/lambda/calls.test.ts`. */
const recorded = z
  .record(z.string(), z.object({ uses: z.array(z.object({ call: z.string() })), open: z.array(z.string()) }))
  .parse(JSON.parse(readFileSync(path.join(ROOT, 'release/calls.json'), 'utf8')));

beforeAll(() => {
  bundles = bundleFunctions(ROOT, FUNCTION_NAMES);
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function bundleOf(name: FunctionName): FunctionBundle {
  const bundle = bundles.get(name);
  if (bundle === undefined) throw new Error(`There is no bundle of ${name}.`);
  return bundle;
}

it('there is a budget for each function, and no other', () => {
  expect(Object.keys(budgets).sort()).toEqual([...FUNCTION_NAMES].sort());
});

describe.each(FUNCTION_NAMES)('the bundle of %s', (name) => {
  it('is within its budget', () => {
    expect(bundleOf(name).bytes).toBeLessThanOrEqual((budgets[name] ?? 0) * 1.05);
  });

  it('is as small as we aim at', () => {
    const aim = 'TABLE_NAME' in functions[name].environment.shape ? AIM.table : AIM.elsewhere;
    expect(bundleOf(name).bytes / 1024).toBeLessThanOrEqual(aim);
  });

  it('has the clients of the calls that were recorded, and no other', () => {
    const { uses = [], open = [] } = recorded[name] ?? {};
    const made = [...uses.map(({ call }) => call), ...open].map((call) => CLIENTS[call.split(':')[0] ?? ''] ?? call);
    expect(bundleOf(name).clients).toEqual([...new Set(made)].sort());
  });

  it('is loaded by Node, and gives Lambda what it calls', () => {
    const files = unzipSync(bundleOf(name).zip);
    expect(Object.keys(files)).toEqual(['index.mjs']);
    const place = path.join(folder, name);
    mkdirSync(place);
    writeFileSync(path.join(place, 'index.mjs'), files['index.mjs'] ?? '');
    const asks = `import('./index.mjs').then(({ handler }) => console.log(typeof handler))`;
    const env = lambdaEnvironment(name);
    const said = execFileSync(process.execPath, ['-e', asks], { cwd: place, env, encoding: 'utf8', stdio: 'pipe' });
    expect(said.trim()).toBe('function');
  }, 30_000);
});

it('a bundle calls AWS with the credentials that Lambda puts into its environment, and looks nowhere else', async () => {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    response.writeHead(403, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ __type: 'com.amazonaws.dynamodb.v20120810#AccessDeniedException' }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const ask = (credentials: object) => {
    const env = {
      ...lambdaEnvironment('post-confirmation'),
      ...credentials,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    };
    const event = { version: '0', triggerSource: 'PostConfirmation_ConfirmSignUp', userName: 'u', userPoolId: 'p' };
    const user = { request: { userAttributes: { sub: randomUUID(), email: 'a@example.com' } }, response: {} };
    const asks = `
      const { handler } = await import('./index.mjs');
      await handler(${JSON.stringify({ ...event, ...user })}, {}).catch(({ name }) => console.log(name));
    `;
    const cwd = path.join(folder, 'post-confirmation');
    return promisify(execFile)(process.execPath, ['--input-type=module', '-e', asks], { cwd, env });
  };
  try {
    await ask({ AWS_ACCESS_KEY_ID: 'OFTHEROLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'session' });
    expect(asked[0]?.headers.authorization).toContain('Credential=OFTHEROLE/');
    expect(asked[0]?.headers['x-amz-security-token']).toBe('session');
    asked.length = 0;
    const { stdout } = await ask({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/credentials` });
    expect(stdout).toContain('CredentialsProviderError');
    expect(asked).toEqual([]);
  } finally {
    server.close();
  }
}, 30_000);

it('the same sources are the same bytes, in another folder and time zone', () => {
  const elsewhere = path.join(folder, 'elsewhere');
  for (const part of ['lambda', 'release'])
    cpSync(path.join(ROOT, part), path.join(elsewhere, part), { recursive: true });
  cpSync(path.join(ROOT, 'package.json'), path.join(elsewhere, 'package.json'));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(elsewhere, 'node_modules'), 'dir');
  const asks = `
    import { bundleFunctions } from './release/bundle.ts';
    import { sha256 } from './release/content.ts';
    console.log(sha256(bundleFunctions(process.cwd(), ['file']).get('file').zip));
  `;
  writeFileSync(path.join(elsewhere, 'asks.ts'), asks);
  const options = { cwd: elsewhere, env: { ...process.env, TZ: 'Pacific/Auckland' }, encoding: 'utf8' } as const;
  const said = execFileSync(process.execPath, ['--import', 'tsx', 'asks.ts'], options);
  expect(said.trim()).toBe(sha256(bundleOf('file').zip));
}, 60_000);

it('the manifest has each function with its code and its calls, and the document of the API', () => {
  const { content, files } = contentOf('1.2.3', bundles);
  expect(Object.keys(content.functions)).toEqual([...FUNCTION_NAMES]);
  const { zip } = bundleOf('publisher');
  expect(content.functions.publisher).toEqual({
    sha256: sha256(zip),
    bytes: zip.length,
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    calls: ['events:PutEvents'],
    clients: ['client-eventbridge'],
  });
  expect(files.get('functions/publisher.zip')).toBe(zip);
  expect(files.get('functions/publisher.mjs.map')).toBe(bundleOf('publisher').sourceMap);
  const openapi = files.get('openapi.json') ?? Buffer.alloc(0);
  expect(JSON.parse(Buffer.from(openapi).toString())).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
  expect(content.openapi).toEqual({ sha256: sha256(openapi) });
});
