import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rateLimits } from '../../../../lambda/contract/limits.ts';
import type { OperationId } from '../../../../lambda/contract/operations/index.ts';
import { World, type Call } from './world.ts';

async function scene() {
  const world = new World();
  const owner = await world.user('creator');
  const { discussion, point } = await world.discussion(owner);
  const params = { discussionId: discussion.discussionId };
  const body = { pointId: point.pointId, text: 'Because.' };
  const posts = async (): Promise<number> =>
    (await world.call('listPosts', { as: owner, params, query: { limit: 100 } })).body.items.length;
  return { world, owner, discussion, point, params, body, posts };
}

const key = 'a-key-of-one-request';

describe('one request, sent twice', () => {
  it('is done once, and answered the same: body, status, ETag, Location', async () => {
    const { world, owner, params, body, posts } = await scene();
    const first = await world.call('createPost', { as: owner, params, body, key });
    const second = await world.call('createPost', { as: owner, params, body, key });
    expect([second.status, second.body]).toEqual([first.status, first.body]);
    for (const name of ['ETag', 'Location']) expect(second.headers[name]).toBe(first.headers[name]);
    expect(await posts()).toBe(1);
  });

  it('at the same moment is done once: the other is answered in-progress or the same', async () => {
    const { world, owner, params, body, posts } = await scene();
    const answers = await Promise.all([1, 2, 3].map(() => world.call('createPost', { as: owner, params, body, key })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const { status, problem } of answers) expect(status === 201 || problem?.code === 'in-progress').toBe(true);
    expect(await posts()).toBe(1);
  });

  it('with another body is refused', async () => {
    const { world, owner, params, body } = await scene();
    await world.call('createPost', { as: owner, params, body, key });
    const other = await world.call('createPost', { as: owner, params, body: { ...body, text: 'x' }, key });
    expect([other.status, other.problem?.code]).toEqual([422, 'idempotency-key-reused']);
  });

  it('by two users is two requests, and after a day a new one', async () => {
    const { world, owner, params, body, posts } = await scene();
    const other = await world.user('contributor');
    await world.call('createPost', { as: owner, params, body, key });
    await world.call('createPost', { as: other, params, body, key });
    world.clock.pass(24 * 3600 * 1000 + 1000);
    await world.call('createPost', { as: owner, params, body, key });
    expect(await posts()).toBe(3);
  });

  it('can be sent again after it was refused', async () => {
    const { world, owner, params, body } = await scene();
    world.verdict = 'reject';
    expect((await world.call('createPost', { as: owner, params, body, key })).problem?.code).toBe('filter-rejected');
    world.verdict = 'pass';
    expect((await world.call('createPost', { as: owner, params, body, key })).status).toBe(201);
  });

  it.each([undefined, 'short', 'x'.repeat(65), 'with a space in it'])(
    'needs a key of 16 to 64 characters: %s',
    async (bad) => {
      const { world, owner, params, body } = await scene();
      const headers = { 'idempotency-key': bad };
      const { problem } = await world.call('createPost', { as: owner, params, body, headers });
      expect(problem?.errors?.[0]?.pointer).toBe('/headers/Idempotency-Key');
    },
  );
});

describe('two users at one entity', () => {
  it('one version is written once, whatever the order; the other is told', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('title', 'state', 'points'), { minLength: 2, maxLength: 5 }),
        async (kinds) => {
          const { world, owner, discussion, params } = await scene();
          const admin = await world.user('admin');
          const ifMatch = discussion.version;
          const answers = await Promise.all(
            kinds.map((kind, at) => {
              const as = at % 2 === 0 ? owner : admin;
              if (kind === 'title')
                return world.call('updateDiscussion', { as, params, ifMatch, body: { title: `t${at}` } });
              if (kind === 'state')
                return world.call('putDiscussionState', { as, params, ifMatch, body: { state: 'locked' } });
              return world.call('putPoints', {
                as,
                params,
                ifMatch,
                body: { points: [{ title: `p${at}`, order: at }] },
              });
            }),
          );
          expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
          for (const { problem } of answers) expect([undefined, 'version-conflict']).toContain(problem?.code);
          expect((await world.call('getDiscussion', { as: owner, params })).body.version).toBe(ifMatch + 1);
        },
      ),
      { numRuns: 8 },
    );
  });

  it.each<[OperationId, Call]>([
    ['updateDiscussion', { body: { title: 'x' } }],
    ['putPoints', { body: { points: [{ title: 'x', order: 0 }] } }],
    ['putKnowledge', { body: { knowledge: [] } }],
    ['putDiscussionState', { body: { state: 'locked' } }],
    ['deleteDiscussion', {}],
    ['updateMe', { body: { bio: 'x' } }],
    ['putPreferences', { body: { channels: {}, emailFrequency: 'never', theme: 'dark' } }],
    ['closeMe', {}],
  ])('%s under a version that is no longer the stored one changes nothing', async (id, call) => {
    const { world, owner, params } = await scene();
    const before = world.test.twin.records.length;
    const stale = {
      as: owner,
      params: id.endsWith('Me') || id === 'putPreferences' ? {} : params,
      ifMatch: 7,
      ...call,
    };
    expect((await world.call(id, stale)).problem?.code).toBe('version-conflict');
    const changed = world.test.twin.records.slice(before).map((record) => JSON.stringify(record));
    expect(changed.filter((record) => !record.includes('ACTIVITY'))).toEqual([]);
  });

  it('an edit and a deletion of one post: the first to write wins', async () => {
    const { world, owner, point } = await scene();
    const post = await world.post(point, owner);
    const call = { as: owner, params: { postId: post.postId }, ifMatch: 1 };
    const answers = await Promise.all([
      world.call('updatePost', { ...call, body: { text: 'x' } }),
      world.call('deletePost', call),
    ]);
    expect(answers.filter(({ problem }) => problem === undefined)).toHaveLength(1);
  });

  it('two admins who demote each other: one remains', async () => {
    const world = new World();
    const [one, other] = [await world.user('admin'), await world.user('admin')];
    const body = { role: 'viewer', reason: 'x' };
    const answers = await Promise.all([
      world.call('setRole', { as: one, params: { userId: other.userId }, body }),
      world.call('setRole', { as: other, params: { userId: one.userId }, body }),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const admins = await world.stores.users.byRole('admin', { limit: 10 });
    expect(admins.items).toHaveLength(1);
  });

  it('nobody without a second factor becomes an admin, or gives roles as one', async () => {
    const world = new World();
    const [as, other] = [await world.user('admin'), await world.user('viewer')];
    const give = (role: string) =>
      world.call('setRole', { as, params: { userId: other.userId }, body: { role, reason: 'x' } });
    world.withoutSecondFactor.add(other.userId);
    expect((await give('admin')).problem?.code).toBe('second-factor-missing');
    expect((await give('creator')).status).toBe(200);
    world.withoutSecondFactor.delete(other.userId);
    world.withoutSecondFactor.add(as.userId);
    expect((await give('admin')).problem?.code).toBe('second-factor-missing');
    const asking = await world.user('viewer');
    await world.call('requestRole', { as: asking, body: { role: 'creator', reason: 'To open discussions.' } });
    const decide = () =>
      world.call('decideRoleRequest', { as, params: { userId: asking.userId }, body: { granted: true } });
    expect((await decide()).problem?.code).toBe('second-factor-missing');
    world.withoutSecondFactor.clear();
    expect((await decide()).status).toBe(200);
    expect((await give('admin')).status).toBe(200);
  });

  it('an admin without a second factor does not get in, and is signed out everywhere', async () => {
    const world = new World();
    const { userId } = await world.user('admin');
    const tokens = { accessToken: 'a', idToken: 'i', refreshToken: 'r', expiresIn: 900 };
    const login = () => world.call('login', { body: { email: 'a@example.com', password: 'x' } });
    world.pool = { state: 'signed-in', tokens, userId, email: 'a@example.com', hasSecondFactor: false };
    expect((await login()).problem?.code).toBe('second-factor-missing');
    expect(world.poolCalls).toContainEqual(['signOutEverywhere', 'a']);
    world.pool = { ...world.pool, hasSecondFactor: true };
    expect((await login()).status).toBe(200);
    const viewer = await world.user('viewer');
    world.pool = { ...world.pool, userId: viewer.userId, hasSecondFactor: false };
    expect((await login()).status).toBe(200);
  });

  it('nobody changes the own role, and the last admin cannot close the account', async () => {
    const world = new World();
    const as = await world.user('admin');
    const own = { as, params: { userId: as.userId }, body: { role: 'viewer', reason: 'x' } };
    expect((await world.call('setRole', own)).problem?.code).toBe('own-role');
    expect((await world.call('closeMe', { as, ifMatch: 1 })).problem?.code).toBe('last-admin');
    await world.user('admin');
    expect((await world.call('closeMe', { as, ifMatch: 1 })).status).toBe(202);
    expect((await world.call('updateMe', { as, ifMatch: 2, body: {} })).problem?.code).toBe('unauthenticated');
  });
});

describe('limits', () => {
  it('ten posts a minute; then 429 with the seconds to wait, until the window is over', async () => {
    const { world, owner, params, body } = await scene();
    const [limit] = rateLimits.posts;
    for (let count = 0; count < limit.count; count++) {
      expect((await world.call('createPost', { as: owner, params, body })).status).toBe(201);
    }
    const refused = await world.call('createPost', { as: owner, params, body });
    expect(refused.problem?.code).toBe('rate-limited');
    const seconds = Number(refused.headers['Retry-After']);
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(limit.seconds);
    world.clock.pass(seconds * 1000);
    expect((await world.call('createPost', { as: owner, params, body })).status).toBe(201);
  });

  it('sign-in: by e-mail address, whatever its case, and by network address', async () => {
    const world = new World();
    const login = async (email: string) =>
      (await world.call('login', { body: { email, password: 'x' } })).problem?.code;
    const [limit] = rateLimits.signIn;
    for (let count = 0; count < limit.count; count++) {
      expect(await login(count % 2 === 0 ? 'owl@example.com' : 'OWL@example.com')).toBe('invalid-credentials');
    }
    expect(await login('owl@example.com')).toBe('rate-limited');
    expect(await login('other@example.com')).toBe('invalid-credentials');
    for (let count = limit.count + 2; count < 10 * limit.count + 1; count++) await login(`${count}@example.com`);
    expect(await login('last@example.com')).toBe('rate-limited');
  });

  it('ten moderators; five discussions a day', async () => {
    const { world, owner, params } = await scene();
    for (let count = 0; count < 10; count++) {
      const { userId } = await world.user('contributor');
      expect((await world.call('putModerator', { as: owner, params: { ...params, userId } })).status).toBe(204);
    }
    const { userId } = await world.user('contributor');
    const eleventh = await world.call('putModerator', { as: owner, params: { ...params, userId } });
    expect(eleventh.problem?.code).toBe('moderators-full');
    const body = { title: 'a', description: 'b', categories: ['other'], points: [{ title: 'p', order: 0 }] };
    for (let count = 0; count < 5; count++) {
      expect((await world.call('createDiscussion', { as: owner, body })).status).toBe(201);
    }
    expect((await world.call('createDiscussion', { as: owner, body })).status).toBe(429);
  });
});
