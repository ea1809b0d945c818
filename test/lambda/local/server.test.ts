import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, SignJWT } from 'jose';
import WebSocket from 'ws';
import { fileView, type FileView } from '../../../lambda/contract/schemas/file.ts';
import { startBackend, type Backend } from '../../../lambda/local/server.ts';
import { twinTable } from '../../../lambda/local/stores/twin.ts';

const PASSWORD = 'To-whit-to-whoo-1';
const MINUTE = 60_000;

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend({ port: 0, table: twinTable(), mail: () => undefined, logLevel: 'error' });
}, MINUTE);
afterAll(() => backend.stop());

interface Sent {
  readonly method?: string;
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: ReturnType<JSON['parse']>;
}

async function call(path: string, { method = 'GET', token, body, headers = {} }: Sent = {}): Promise<Answer> {
  const answer = await fetch(`${backend.url}/v1${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(method === 'POST' && { 'Idempotency-Key': randomUUID() }),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    body: text.startsWith('{') ? JSON.parse(text) : undefined,
  };
}

let people = 0;
/** Somebody who has signed up and in. */
async function someone(): Promise<{
  email: string;
  token: string;
  refreshToken: string;
  userId: string;
  idToken: string;
}> {
  const email = `owl${people++}@example.com`;
  await call('/auth/register', { method: 'POST', body: { email, password: PASSWORD } });
  const code = backend.userPool.codesOf(email).email?.code;
  expect((await call('/auth/confirm', { method: 'POST', body: { email, code } })).status).toBe(204);
  const { status, body } = await call('/auth/login', { method: 'POST', body: { email, password: PASSWORD } });
  expect(status).toBe(200);
  const { tokens, user } = body;
  return {
    email,
    token: tokens.accessToken,
    refreshToken: tokens.refreshToken,
    userId: user.userId,
    idToken: tokens.idToken,
  };
}

describe('the local gateway', () => {
  it('answers what is not there, and who is not known, as API Gateway is told to', async () => {
    const nowhere = await call('/nowhere');
    expect(nowhere).toMatchObject({ status: 404, body: { code: 'not-found', instance: '/v1/nowhere' } });
    expect(nowhere.headers.get('Content-Type')).toBe('application/problem+json');
    expect((await call('/health', { method: 'DELETE' })).body.code).toBe('not-found');
    expect(await call('/users/me')).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(await call('/health')).toMatchObject({ status: 200, body: { status: 'ok', release: 'local' } });
  });

  it('answers preflight requests of its own origin, and says nothing to others', async () => {
    const of = (origin: string): Promise<Answer> =>
      call('/discussions', { method: 'OPTIONS', headers: { Origin: origin } });
    const own = await of(backend.url);
    expect(own.status).toBe(204);
    expect(own.headers.get('Access-Control-Allow-Origin')).toBe(backend.url);
    expect(own.headers.get('Access-Control-Allow-Methods')).toContain('POST');
    expect((await of('https://elsewhere.example')).headers.get('Access-Control-Allow-Origin')).toBeNull();
  });

  it.each([
    ['JSON that ends early', '{"email": "a', 'application/json', 400],
    ['no JSON at all', 'email=a', 'application/x-www-form-urlencoded', 415],
    [
      'a body that is too large for the function',
      JSON.stringify({ email: 'x'.repeat(300_000) }),
      'application/json',
      413,
    ],
    ['a body that is too large for the gateway', 'x'.repeat(10 * 1024 * 1024 + 1), 'application/json', 413],
    ['a field that nobody knows', '{"email": "owl@example.com", "admin": true}', 'application/json', 400],
    ['a prototype', '{"__proto__": {"email": "owl@example.com"}}', 'application/json', 400],
  ])('refuses %s', async (_, body, type, status) => {
    const answer = await call('/auth/login', { method: 'POST', body, headers: { 'Content-Type': type } });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ status, type: expect.stringMatching(/^\/problems\//) });
    expect(answer.text).not.toMatch(/\bat \S+:\d+|node_modules|zod/i);
  });

  it('goes on after uploads that break off', async () => {
    const { hostname, port } = new URL(backend.url);
    for (let round = 0; round < 5; round++) {
      const socket = connect(Number(port), hostname);
      await once(socket, 'connect');
      socket.write(
        'POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"e',
      );
      await setTimeout(20);
      socket.destroy();
    }
    expect((await call('/health')).status).toBe(200);
  });
});

describe('tokens', () => {
  const status = async (token: string): Promise<number> => (await call('/users/me', { token })).status;

  it('takes an access token, and neither an ID token, nor one that is expired, forged, unsigned or of another issuer', async () => {
    const { token, idToken, userId, email } = await someone();
    expect(await status(token)).toBe(200);
    // The gateway itself refuses it, which knows no other language; the function would as well, in English.
    const refused = await call('/users/me', { token: idToken, headers: { 'Accept-Language': 'en' } });
    expect(refused).toMatchObject({ status: 401, body: { title: 'ログインが必要です' } });
    const subject = { sub: userId, email, groups: ['admin'], authTime: 0 };
    expect(await status((await backend.issuer.issue(subject, 5)).accessToken)).toBe(200);
    expect(await status((await backend.issuer.issue(subject, -1)).accessToken)).toBe(401);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const header = { alg: 'RS256', kid: backend.issuer.keys.keys[0]?.kid ?? '' };
    expect(await status(await new SignJWT(decodeJwt(token)).setProtectedHeader(header).sign(privateKey))).toBe(401);
    const [head = '', payload = '', signature = ''] = token.split('.');
    const admin = Buffer.from(JSON.stringify({ ...decodeJwt(token), 'cognito:groups': ['admin'] })).toString(
      'base64url',
    );
    expect(await status(`${head}.${admin}.${signature}`)).toBe(401);
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    expect(await status(`${none}.${payload}.`)).toBe(401);
    expect(await status('nonsense')).toBe(401);
  });

  it('gives new ones for a refresh token once', async () => {
    const { refreshToken } = await someone();
    const refresh = (): Promise<Answer> => call('/auth/refresh', { method: 'POST', body: { refreshToken } });
    const { body } = await refresh();
    expect(await status(body.accessToken)).toBe(200);
    expect(await refresh()).toMatchObject({ status: 401, body: { code: 'invalid-credentials' } });
  });

  it('says the same to a wrong password and to an unknown address, and counts wrong codes', async () => {
    const { email } = await someone();
    const login = (of: string): Promise<Answer> =>
      call('/auth/login', { method: 'POST', body: { email: of, password: 'x' } });
    const [known, unknown] = [await login(email), await login('nobody@example.com')];
    expect(known.status).toBe(401);
    expect(unknown.body).toEqual({ ...known.body, traceId: unknown.body.traceId });
    const pending = 'pending@example.com';
    await call('/auth/register', { method: 'POST', body: { email: pending, password: PASSWORD } });
    const right = backend.userPool.codesOf(pending).email?.code ?? '';
    const wrong = right === '000000' ? '000001' : '000000';
    for (let round = 0; round < 5; round++) {
      const { body } = await call('/auth/confirm', { method: 'POST', body: { email: pending, code: wrong } });
      expect(body.code).toBe('invalid-code');
    }
    const locked = await call('/auth/confirm', { method: 'POST', body: { email: pending, code: right } });
    expect(locked).toMatchObject({ status: 429, body: { code: 'rate-limited' } });
    const weak = await call('/auth/register', {
      method: 'POST',
      body: { email: 'weak@example.com', password: 'weak-password' },
    });
    expect(weak).toMatchObject({ status: 422, body: { code: 'weak-password' } });
  });
});

describe('WebSockets', () => {
  async function ticketOf(token: string): Promise<string> {
    return (await call('/auth/ws-ticket', { method: 'POST', token })).body.ticket;
  }
  const address = (path: string): string => `${backend.url.replace('http', 'ws')}${path}`;

  function refusal(path: string): Promise<number | undefined> {
    const socket = new WebSocket(address(path));
    return new Promise((resolve) => {
      socket.once('unexpected-response', (_, response) => {
        response.destroy();
        resolve(response.statusCode);
      });
    });
  }

  it('refuses handshakes without a ticket, with one that is made up or used, and at another address', async () => {
    const { token } = await someone();
    expect(await refusal('/ws')).toBe(401);
    expect(await refusal('/ws?ticket=made-up')).toBe(401);
    expect(await refusal('/elsewhere')).toBe(403);
    const ticket = await ticketOf(token);
    const socket = new WebSocket(address(`/ws?ticket=${ticket}`));
    await once(socket, 'open');
    expect(await refusal(`/ws?ticket=${ticket}`)).toBe(401);
    socket.close();
  });

  it('refuses what is no handshake, and the ticket stays good', async () => {
    const { token } = await someone();
    const ticket = await ticketOf(token);
    const { hostname, port } = new URL(backend.url);
    const plain = connect(Number(port), hostname);
    plain.write(`GET /ws?ticket=${ticket} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    const [data] = await once(plain, 'data');
    expect(String(data)).toMatch(/^HTTP\/1\.1 4\d\d /);
    plain.destroy();
    const socket = new WebSocket(address(`/ws?ticket=${ticket}`));
    await once(socket, 'open');
    socket.close();
  });

  it('answers messages, refuses nonsense, and ends a connection whose message is too large or that is silent', async () => {
    const { token } = await someone();
    const open = async (): Promise<WebSocket> => {
      const socket = new WebSocket(address(`/ws?ticket=${await ticketOf(token)}`));
      await once(socket, 'open');
      return socket;
    };
    const socket = await open();
    const said = async (text: string): Promise<ReturnType<JSON['parse']>> => {
      socket.send(text);
      const [data] = await once(socket, 'message');
      return JSON.parse(String(data));
    };
    expect(await said('{"action": "ping"}')).toMatchObject({ type: 'pong' });
    expect(await said('{"action": "publish"}')).toMatchObject({ type: 'error', data: { code: 'invalid-input' } });
    expect(await said('nonsense')).toMatchObject({ type: 'error' });
    expect(await said('x'.repeat(5000))).toMatchObject({ type: 'error' });
    socket.send('x'.repeat(33 * 1024));
    expect((await once(socket, 'close'))[0]).toBe(1009);
    const silent = await open();
    const closed = once(silent, 'close');
    backend.webSockets.endOld(Date.now() + 9 * MINUTE);
    expect(silent.readyState).toBe(WebSocket.OPEN);
    backend.webSockets.endOld(Date.now() + 10 * MINUTE);
    expect((await closed)[0]).toBe(1001);
  });
});

describe('files', () => {
  const content = Buffer.from('夜行バス');
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );

  async function announce(token: string, bytes: Buffer, contentType: string): Promise<ReturnType<JSON['parse']>> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const file = { name: 'owl.png', contentType, size: bytes.length, sha256, purpose: 'avatar' };
    return (await call('/files', { method: 'POST', token, body: file })).body;
  }

  async function send(
    form: { url: string; fields: Readonly<Record<string, string>> },
    bytes: Buffer,
    fields: Readonly<Record<string, string>> = {},
  ): Promise<{ status: number; code: string | undefined }> {
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...form.fields, ...fields })) body.append(name, value);
    body.append('file', new Blob([new Uint8Array(bytes)]));
    const answer = await fetch(form.url, { method: 'POST', body });
    return { status: answer.status, code: /<Code>(\w+)/.exec(await answer.text())?.[1] };
  }

  async function stateOf(token: string, fileId: string): Promise<FileView> {
    for (let round = 0; round < 200; round++) {
      const file = fileView.parse((await call(`/files/${fileId}`, { token })).body);
      if (file.state === 'clean' || file.state === 'rejected') return file;
      await setTimeout(20);
    }
    throw new Error('the file stays as it is');
  }

  it('takes exactly the file that was announced, and gives it to whoever has a signed address', async () => {
    const { token } = await someone();
    const form = await announce(token, png, 'image/png');
    expect(await send(form, Buffer.concat([png, png]))).toEqual({ status: 400, code: 'EntityTooLarge' });
    expect(await send(form, png.subarray(1))).toEqual({ status: 400, code: 'EntityTooSmall' });
    const other = Buffer.from(png);
    other[40] = 255 - (other[40] ?? 0);
    expect(await send(form, other)).toEqual({ status: 400, code: 'BadDigest' });
    expect(await send(form, png, { 'Content-Type': 'text/html' })).toEqual({ status: 403, code: 'AccessDenied' });
    expect(await send(form, png, { key: 'files/of-somebody-else' })).toEqual({ status: 403, code: 'AccessDenied' });
    expect(await send(form, png, { acl: 'public-read' })).toEqual({ status: 403, code: 'AccessDenied' });
    expect(await send(form, png, { Policy: Buffer.from('{}').toString('base64') })).toEqual({
      status: 403,
      code: 'SignatureDoesNotMatch',
    });
    expect(await send(form, png)).toEqual({ status: 204, code: undefined });
    const file = await stateOf(token, form.fileId);
    expect(file.state).toBe('clean');
    const { downloadUrl = '' } = file;
    const given = await fetch(downloadUrl);
    expect(given.headers.get('Content-Type')).toBe('image/png');
    expect(Buffer.from(await given.arrayBuffer()).equals(png)).toBe(true);
    const { origin, pathname } = new URL(downloadUrl);
    expect((await fetch(`${origin}${pathname}`)).status).toBe(403);
    expect((await fetch(downloadUrl.replace('image%2Fpng', 'text%2Fhtml'))).status).toBe(403);
    expect((await fetch(downloadUrl.replace('Expires=300', 'Expires=3000'))).status).toBe(403);
    expect((await fetch(`${origin}${pathname}`, { method: 'DELETE' })).status).toBe(403);
  });

  it('rejects a content that is not what its type says', async () => {
    const { token } = await someone();
    const form = await announce(token, content, 'image/png');
    expect((await send(form, content)).status).toBe(204);
    expect(await stateOf(token, form.fileId)).toMatchObject({ state: 'rejected', rejection: 'content-type' });
  });
});

describe('what the functions call', () => {
  it('gives nothing to who lacks their credentials', async () => {
    const services = process.env['AWS_ENDPOINT_URL'] ?? '';
    const target = (name: string): Promise<Response> =>
      fetch(services, { method: 'POST', headers: { 'X-Amz-Target': name }, body: '{}' });
    for (const name of ['DynamoDB_20120810.Query', 'TrentService.GenerateMac', 'AWSEvents.PutEvents']) {
      expect(await (await target(name)).json()).toMatchObject({ __type: 'UnrecognizedClientException' });
    }
    const admin = await target('AWSCognitoIdentityProviderService.AdminGetUser');
    expect(await admin.json()).toMatchObject({ __type: 'UnrecognizedClientException' });
    const unknown = await target('AWSCognitoIdentityProviderService.ListUsers');
    expect(await unknown.json()).toMatchObject({ __type: 'UnsupportedOperationException' });
    expect((await fetch(`${services}/local/@connections/x`, { method: 'POST', body: 'x' })).status).toBe(403);
  });
});
