import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Discussion, Point, Post, Profile } from '../../../../lambda/contract/entities/index.ts';
import { operations } from '../../../../lambda/contract/operations/index.ts';
import { encodeCursor } from '../../../../lambda/data/cursor.ts';
import { StoreUnavailable } from '../../../../lambda/data/stores/index.ts';
import { ORIGIN, signer, World } from './world.ts';

let world: World;
let owner: Profile;
let discussion: Discussion;
let point: Point;
let post: Post;

beforeAll(async () => {
  world = new World();
  owner = await world.user('creator');
  ({ discussion, point } = await world.discussion(owner));
  post = await world.post(point, owner);
});

const good = () => ({ pointId: point.pointId, text: 'Because.' });
const create = async (body: unknown, headers = {}) =>
  world.call('createPost', { as: owner, params: { discussionId: discussion.discussionId }, body, headers });
const pointers = async (body: unknown) =>
  (await create(body)).problem?.errors?.map(({ pointer, code }) => `${pointer} ${code}`);

describe('a body that does not fit is refused, field by field', () => {
  it.each<[string, () => unknown, string]>([
    ['an unknown field', () => ({ ...good(), zebra: 1 }), '/body/zebra unknown'],
    ['a field of the stored post', () => ({ ...good(), status: 'visible' }), '/body/status unknown'],
    [
      'an unknown field deep inside',
      () => ({ ...good(), formatting: [{ kind: 'bold', start: 0, end: 1, x: 1 }] }),
      '/body/formatting/0/x unknown',
    ],
    ['a missing field', () => ({ text: 'x' }), '/body/pointId required'],
    ['a wrong type', () => ({ ...good(), text: 5 }), '/body/text type'],
    ['null', () => ({ ...good(), text: null }), '/body/text type'],
    ['no text', () => ({ ...good(), text: '' }), '/body/text length'],
    ['a text that is too long', () => ({ ...good(), text: 'x'.repeat(5001) }), '/body/text length'],
    ['NUL', () => ({ ...good(), text: 'a\u0000' }), '/body/text characters'],
    ['half a surrogate pair', () => ({ ...good(), text: 'a\ud800' }), '/body/text characters'],
    ['a stance there is not', () => ({ ...good(), stance: 'maybe' }), '/body/stance choice'],
    ['too many mentions', () => ({ ...good(), mentions: Array(11).fill(owner.userId) }), '/body/mentions count'],
    ['a mention twice', () => ({ ...good(), mentions: [owner.userId, owner.userId] }), '/body/mentions distinct'],
    ['an id that is none', () => ({ ...good(), replyToId: '../..' }), '/body/replyToId format'],
    ['a point of another discussion', () => ({ ...good(), pointId: post.postId }), '/body/pointId reference'],
    [
      'formatting beyond the text',
      () => ({ ...good(), formatting: [{ kind: 'bold', start: 0, end: 9999 }] }),
      '/body/formatting/0/end range',
    ],
    [
      'a link that is not https',
      () => ({ ...good(), formatting: [{ kind: 'link', url: 'javascript:alert(1)', start: 0, end: 1 }] }),
      '/body/formatting/0/url format',
    ],
    ['a list', () => [], '/body type'],
    ['no JSON', () => '{', '/body format'],
  ])('%s', async (_, body, expected) => expect(await pointers(body())).toEqual([expected]));

  it('names everything that is wrong at once, in the language of the caller, and stores nothing', async () => {
    const before = world.test.twin.size;
    const { problem } = await create({ zebra: 1 }, { 'accept-language': 'fr, en;q=0.5' });
    expect(problem?.errors).toEqual([
      { pointer: '/body/pointId', code: 'required', message: 'This is required.' },
      { pointer: '/body/text', code: 'required', message: 'This is required.' },
      { pointer: '/body/zebra', code: 'unknown', message: 'There is no such field. Leave it out.' },
    ]);
    expect((await create({ zebra: 1 })).problem?.title).toBe('入力に誤りがあります');
    expect(world.test.twin.size).toBe(before);
  });

  it('counts code points: 5000 owls are a text', async () => {
    expect((await create({ ...good(), text: '🦉'.repeat(5000) })).status).toBe(201);
  });

  it('is not moved by keys that every object inherits', async () => {
    const { problem } = await create(`{"__proto__": {"role": "admin"}, "pointId": "${point.pointId}", "text": "x"}`);
    expect(problem?.errors).toEqual([expect.objectContaining({ pointer: '/body/__proto__', code: 'unknown' })]);
  });
});

describe('what comes around the body', () => {
  it.each<[string, string, number]>([
    ['256 KiB and one byte', `"${'x'.repeat(256 * 1024 - 1)}"`, 413],
    ['256 KiB of three-byte characters', `"${'あ'.repeat(90_000)}"`, 413],
    ['256 KiB', `"${'x'.repeat(256 * 1024 - 2)}"`, 400],
  ])('%s', async (_, body, status) => expect((await create(body)).status).toBe(status));

  it.each([undefined, 'text/plain', 'application/merge-patch+json', 'multipart/form-data'])(
    '%s as its type',
    async (type) => {
      expect((await create(good(), { 'content-type': type })).problem?.code).toBe('unsupported-media-type');
    },
  );

  it('is merge-patch for a PATCH', async () => {
    const call = { as: owner, params: { postId: post.postId }, ifMatch: 1, body: { zebra: 1 } };
    const headers = { 'content-type': 'application/merge-patch+json; charset=utf-8' };
    expect((await world.call('updatePost', { ...call, headers })).problem?.code).toBe('invalid-input');
  });

  it.each<[Record<string, unknown>, string]>([
    [{ limit: 0 }, '/query/limit range'],
    [{ limit: 101 }, '/query/limit range'],
    [{ limit: ' 5' }, '/query/limit type'],
    [{ limit: '1e1' }, '/query/limit type'],
    [{ hasAttachments: 'maybe' }, '/query/hasAttachments type'],
    [{ zebra: 1 }, '/query/zebra unknown'],
    [{ sort: 'top' }, '/query/pointId required'],
  ])('query %j', async (query, expected) => {
    const { problem } = await world.call('listPosts', {
      as: owner,
      params: { discussionId: discussion.discussionId },
      query,
    });
    expect(problem?.errors?.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([expected]);
  });

  it('has each parameter once', async () => {
    const event = world.event(operations.listFiles, { as: owner });
    const { problem } = await world.send('file', { ...event, multiValueQueryStringParameters: { limit: ['1', '2'] } });
    expect(problem?.errors).toEqual([expect.objectContaining({ pointer: '/query/limit', code: 'distinct' })]);
  });

  it('may be base64, as API Gateway hands some bodies over', async () => {
    const event = world.event(operations.createPost, { as: owner, params: { discussionId: discussion.discussionId } });
    const body = Buffer.from(JSON.stringify(good())).toString('base64');
    const headers = { ...event.headers, 'Content-Type': 'application/json' };
    expect((await world.send('post', { ...event, headers, body, isBase64Encoded: true })).status).toBe(201);
  });

  it('is 404 for a path and 405 for a method that nobody has declared', async () => {
    const event = world.event(operations.getPost, { as: owner, params: { postId: post.postId } });
    expect((await world.send('post', { ...event, httpMethod: 'PUT' })).status).toBe(405);
    expect((await world.send('post', { ...event, resource: '/posts' })).status).toBe(404);
  });

  it('carries the correlation id on, and makes one where the given one is not well-formed', async () => {
    const call = { as: owner, params: { postId: post.postId } };
    const given = await world.call('getPost', { ...call, headers: { 'x-correlation-id': 'abcdefgh-12' } });
    expect(given.headers['X-Correlation-Id']).toBe('abcdefgh-12');
    const made = await world.call('getPost', { ...call, headers: { 'x-correlation-id': 'a b\r\nc' } });
    expect(made.headers['X-Correlation-Id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('lets pages of configured origins read, and no others', async () => {
    const call = { as: owner, params: { postId: post.postId } };
    const open = await world.call('getPost', { ...call, headers: { Origin: ORIGIN } });
    expect(open.headers['Access-Control-Allow-Origin']).toBe(ORIGIN);
    const closed = await world.call('getPost', { ...call, headers: { Origin: `${ORIGIN}.evil.example` } });
    expect(closed.headers).not.toHaveProperty('Access-Control-Allow-Origin');
  });
});

describe('tokens and cursors', () => {
  const page = async (cursor: string, as = owner, query = {}) =>
    world.call('listPosts', {
      as,
      params: { discussionId: discussion.discussionId },
      query: { ...query, limit: 1, cursor },
    });
  const first = async () =>
    (
      await world.call('listPosts', {
        as: owner,
        params: { discussionId: discussion.discussionId },
        query: { limit: 1 },
      })
    ).body.nextCursor;

  it.each<[string, Record<string, unknown>]>([
    ['no claims', {}],
    ['an ID token', { token_use: 'id', sub: '00000000-0000-4000-8000-000000000001' }],
    ['a sub that is none', { token_use: 'access', sub: 'admin' }],
  ])('%s: 401', async (_, claims) => {
    const event = world.event(operations.getMe, { as: owner });
    const requestContext = { ...event.requestContext, authorizer: { claims } };
    expect((await world.send('user', { ...event, requestContext })).status).toBe(401);
  });

  it.each<[string, (cursor: string) => string]>([
    ['made up', () => 'zebra'],
    ['with another signature', (cursor) => `${cursor.slice(0, -2)}AA`],
    ['with another position', (cursor) => `${Buffer.from('{"v":1}').toString('base64url')}.${cursor.split('.')[1]}`],
    ['in three parts', (cursor) => `${cursor}.x`],
  ])('a cursor %s: 400', async (_, change) => {
    expect((await page(change(await first()))).problem?.code).toBe('invalid-cursor');
  });

  it('a cursor of another reader, another filter or another list: 400', async () => {
    const cursor = await first();
    expect((await page(cursor)).status).toBe(200);
    expect((await page(cursor, await world.user('viewer'))).problem?.code).toBe('invalid-cursor');
    expect((await page(cursor, owner, { stance: 'pros' })).problem?.code).toBe('invalid-cursor');
    const other = await world.call('listFiles', { as: owner, query: { cursor } });
    expect(other.problem?.code).toBe('invalid-cursor');
  });

  it('a cursor that is a day old: 400', async () => {
    const now = new Date(world.clock.now().getTime() - 24 * 3600 * 1000 - 1);
    const cursor = await encodeCursor(signer, { position: 'x', filter: 'x', now });
    expect((await page(cursor)).problem?.code).toBe('invalid-cursor');
  });
});

describe('versions', () => {
  const update = async (headers: Record<string, string>) =>
    world.call('updatePost', { as: owner, params: { postId: post.postId }, body: { text: 'x' }, headers });

  it('needs the one that was read', async () => {
    expect((await update({})).problem?.code).toBe('precondition-required');
    for (const tag of ['"7"', '7', '*', 'W/"1"', '"1", "2"']) {
      expect((await update({ 'if-match': tag })).problem?.code).toBe('version-conflict');
    }
    expect((await update({ 'IF-MATCH': '"1"' })).headers['ETag']).toBe('"2"');
  });
});

describe('a fault behind the API', () => {
  it('of the table is 503 with a time to wait, and says nothing of it', async () => {
    const failing = new World();
    const as = await failing.user('viewer');
    failing.stores.discussions.standpoint = () => Promise.reject(new StoreUnavailable('table-name-and-region'));
    const answer = await failing.call('getDiscussion', { as, params: { discussionId: discussion.discussionId } });
    expect([answer.status, answer.headers['Retry-After']]).toEqual([503, '1']);
    expect(JSON.stringify(answer)).not.toContain('table-name');
  });

  it('of ours is 500, and says nothing of it', async () => {
    const failing = new World();
    const as = await failing.user('viewer');
    failing.stores.discussions.standpoint = () => Promise.reject(new TypeError('secret of owl@example.com'));
    const answer = await failing.call('getDiscussion', { as, params: { discussionId: discussion.discussionId } });
    expect(answer.status).toBe(500);
    expect(JSON.stringify([answer, failing.entries])).not.toContain('secret');
    expect(failing.entries.at(-1)?.error).toMatchObject({ name: 'TypeError', frames: expect.any(Array) });
  });

  it('when the entity vanishes half-way is 404, and nothing half-written', async () => {
    const failing = new World();
    const as = await failing.user('contributor');
    const { point: there } = await failing.discussion(await failing.user('creator'));
    const gone = await failing.post(there, as);
    const original = failing.stores.posts.inContext.bind(failing.stores.posts);
    failing.stores.posts.inContext = () => Promise.resolve(undefined);
    expect((await failing.call('getPost', { as, params: { postId: gone.postId } })).status).toBe(404);
    failing.stores.posts.inContext = original;
    failing.stores.discussions.points = () => Promise.resolve([{ ...there, pointId: gone.postId }]);
    const before = failing.test.twin.records.length;
    const body = { pointId: gone.postId, text: 'x' };
    const answer = await failing.call('createPost', { as, params: { discussionId: there.discussionId }, body });
    expect(answer.status).toBe(404);
    expect(
      failing.test.twin.records.slice(before).filter((record) => JSON.stringify(record).includes('POST#')),
    ).toEqual([]);
  });
});
