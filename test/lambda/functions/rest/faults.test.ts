import { describe, expect, it } from '@jest/globals';
import { operationList, operations } from '../../../../lambda/contract/operations/index.ts';
import { IdentityRefusal } from '../../../../lambda/functions/clients/identity-provider.ts';
import { newUserId } from '../../data/samples.ts';
import { World, type Call } from './world.ts';

const answerOf = async (world: World, email: string) => {
  const { status, body } = await world.call('register', { body: { email, password: 'correct horse' } });
  return { status, body };
};

/** Each fault of the first implementation that touches REST, by its number in the specification. */
describe('fault', () => {
  it('1: nobody makes himself admin: no request body of the own account has a role', async () => {
    const world = new World();
    const as = await world.user('viewer');
    for (const body of [{ role: 'admin' }, { 'custom:role': 'admin' }, { standing: { state: 'good' } }]) {
      expect((await world.call('updateMe', { as, ifMatch: 1, body })).problem?.code).toBe('invalid-input');
    }
    // A token whose group says more than the profile gains nothing where something changes.
    const forged = { userId: as.userId, role: 'admin' as const };
    const other = await world.user('viewer');
    const call = { as: forged, params: { userId: other.userId }, body: { role: 'admin', reason: 'x' } };
    expect((await world.call('setRole', call)).problem?.code).toBe('forbidden');
  });

  it('2: an ID token is refused, and no request of a signed-in user calls the user pool', async () => {
    const world = new World();
    const as = await world.user('viewer');
    const event = world.event(operations.getPreferences, { as });
    const claims = { sub: as.userId, token_use: 'id' };
    const requestContext = { ...event.requestContext, authorizer: { claims } };
    expect((await world.send('user', { ...event, requestContext })).status).toBe(401);
    await world.call('getPreferences', { as });
    expect(world.poolCalls).toEqual([]);
  });

  it('3: users of one function are never confused, whatever their tokens begin with', async () => {
    const world = new World();
    const [one, other] = [await world.user('viewer'), await world.user('viewer')];
    for (const as of [one, other, one]) {
      const { body } = await world.call('getMe', { as, headers: { Authorization: 'Bearer the-same-token' } });
      expect(body.userId).toBe(as.userId);
    }
  });

  it('4: a token in the header alone is nobody', async () => {
    const payload = Buffer.from(JSON.stringify({ sub: newUserId(), token_use: 'access' })).toString('base64url');
    const world = new World();
    const { status } = await world.call('getMe', { headers: { Authorization: `Bearer e30.${payload}.` } });
    expect(status).toBe(401);
  });

  it('6 and 22: what is declared is served: every operation has a handler that answers by its contract', async () => {
    for (const operation of operationList) {
      const world = new World();
      const params = { userId: newUserId(), discussionId: '', postId: '', fileId: '' };
      const answer = await world.send(operation.function, world.event(operation, { params }));
      expect(answer.problem?.code).not.toBe('method-not-allowed');
      if (operation.permission !== 'public') expect(answer.status).toBe(401);
    }
  });

  it('9: a post is found by its key however many there are, without a scan', async () => {
    const world = new World();
    const as = await world.user('creator');
    const { discussion, point } = await world.discussion(as);
    const first = await world.post(point, as);
    for (let count = 0; count < 150; count++) await world.post(point, as);
    const { calls } = world.test.twin;
    const before = calls.length;
    expect((await world.call('getPost', { as, params: { postId: first.postId } })).status).toBe(200);
    expect(calls.length - before).toBeLessThanOrEqual(6);
    expect((await world.call('getDiscussion', { as, params: { discussionId: discussion.discussionId } })).status).toBe(
      200,
    );
    expect(calls.map(({ operation }): string => operation)).not.toContain('Scan');
  });

  it('10: with, without and either attachments; a filter never leaves a page empty that has more behind it', async () => {
    const world = new World();
    const as = await world.user('creator');
    const { discussion, point } = await world.discussion(as);
    const file = await world.cleanFile(as);
    await world.post(point, as, { attachments: [file.fileId] });
    for (let count = 0; count < 8; count++) {
      world.clock.pass(1000);
      await world.post(point, as);
    }
    const list = async (hasAttachments?: boolean) =>
      (
        await world.call('listPosts', {
          as,
          params: { discussionId: discussion.discussionId },
          query: { hasAttachments, limit: 5 },
        })
      ).body.items.length;
    expect([await list(true), await list(false), await list()]).toEqual([1, 5, 5]);
  });

  it('11: a reaction is answered with counts, and who hid a post is told to nobody', async () => {
    const world = new World();
    const as = await world.user('contributor');
    const { point } = await world.discussion(await world.user('creator'));
    const post = await world.post(point, await world.user('contributor'));
    const call = { as, params: { postId: post.postId } };
    const { body } = await world.call('putReaction', { ...call, body: { type: 'like' } });
    expect(Object.keys(body).sort()).toEqual(['ownReaction', 'reactions']);
    await world.stores.posts.update(post, { ...post, status: 'hidden' }, undefined, world.change(newUserId()));
    expect((await world.call('getPost', call)).status).toBe(404);
  });

  it('14: standing and filters are asked before anything is posted', async () => {
    const world = new World();
    const as = await world.user('contributor', { standing: { state: 'suspended', until: '2027-01-01T00:00:00.000Z' } });
    const { discussion, point } = await world.discussion(await world.user('creator'));
    const post: Call = {
      params: { discussionId: discussion.discussionId },
      body: { pointId: point.pointId, text: 'x' },
    };
    expect((await world.call('createPost', { as, ...post })).problem?.code).toBe('suspended');
    const good = await world.user('contributor');
    world.verdict = 'reject';
    expect((await world.call('createPost', { as: good, ...post })).problem?.code).toBe('filter-rejected');
    world.verdict = 'hold';
    const { body } = await world.call('createPost', { as: good, ...post });
    expect(body.status).toBe('held');
    const reader = await world.user('viewer');
    expect((await world.call('getPost', { as: reader, params: { postId: body.postId } })).status).toBe(404);
    expect((await world.call('getPost', { as: good, params: { postId: body.postId } })).status).toBe(200);
  });

  it('19: an upload is a form of exact key, type and size; a file is downloaded once it is clean, by whom may read it', async () => {
    const world = new World();
    const as = await world.user('contributor');
    const sha256 = 'b'.repeat(64);
    const body = { name: '議事録 2026.pdf', contentType: 'application/pdf', size: 1000, sha256, purpose: 'attachment' };
    const { body: form } = await world.call('createFile', { as, body });
    expect(form.fields).toEqual({ key: `files/${form.fileId}`, size: '1000' });
    const params = { fileId: form.fileId };
    expect((await world.call('getFile', { as, params })).body).not.toHaveProperty('downloadUrl');
    for (const state of ['uploaded', 'scanning', 'clean'] as const) {
      await world.stores.files.advance(form.fileId, state, world.change(as.userId));
    }
    const { downloadUrl } = (await world.call('getFile', { as, params })).body;
    expect(downloadUrl).toContain(encodeURIComponent('議事録 2026.pdf'));
    const reader = await world.user('viewer');
    expect((await world.call('getFile', { as: reader, params })).status).toBe(404);
    const { point } = await world.discussion(await world.user('creator'));
    await world.post(point, as, { attachments: [form.fileId] });
    expect((await world.call('getFile', { as: reader, params })).status).toBe(200);
    expect((await world.call('deleteFile', { as, params })).problem?.code).toBe('attached');
  });

  it.each([
    ['a type there is not', { contentType: 'text/html' }, 'unsupported-file-type'],
    ['a name of an inherited key', { contentType: 'constructor' }, 'unsupported-file-type'],
    ['a size beyond its type', { contentType: 'image/gif', size: 5 * 2 ** 20 + 1 }, 'file-too-large'],
    [
      'a picture too large for an avatar',
      { contentType: 'image/png', size: 2 ** 21 + 1, purpose: 'avatar' },
      'file-too-large',
    ],
    ['an avatar that is no picture', { contentType: 'text/plain', purpose: 'avatar' }, 'unsupported-file-type'],
  ])('19 and 25: %s is refused', async (_, rest, code) => {
    const world = new World();
    const as = await world.user('contributor');
    const body = {
      name: 'a',
      size: 1,
      sha256: '0'.repeat(64),
      purpose: 'attachment',
      ...rest,
    };
    expect((await world.call('createFile', { as, body })).problem?.code).toBe(code);
  });

  it('20: points keep their ids; one with posts is not deleted; the access list is for the owner', async () => {
    const world = new World();
    const as = await world.user('creator');
    const { discussion, point } = await world.discussion(as, { accessMode: 'denylist' });
    await world.post(point, await world.user('contributor'));
    const params = { discussionId: discussion.discussionId };
    const put = async (points: unknown) =>
      world.call('putPoints', { as, params, ifMatch: discussion.version, body: { points } });
    expect((await put([{ title: 'New', order: 0 }])).problem?.code).toBe('point-has-posts');
    const moved = await put([
      { key: 'top', title: 'Top', order: 0 },
      { id: point.pointId, parent: 'top', title: 'Renamed', order: 0 },
    ]);
    expect(moved.body.points[1]).toMatchObject({ pointId: point.pointId, title: 'Renamed' });
    const barred = await world.user('contributor');
    const entry = { ...params, userId: barred.userId };
    expect((await world.call('putAccess', { as, params: entry })).status).toBe(204);
    const body = { pointId: point.pointId, text: 'x' };
    expect((await world.call('createPost', { as: barred, params, body })).problem?.code).toBe('not-on-list');
    expect((await world.call('listAccess', { as: barred, params })).problem?.code).toBe('forbidden');
    expect((await world.call('listAccess', { as, params })).body.items).toHaveLength(1);
  });

  it('21: known and unknown addresses are answered the same; what the user pool says stays inside', async () => {
    const world = new World();
    const known = await answerOf(world, 'known@example.com');
    world.pool = undefined;
    expect(await answerOf(world, 'unknown@example.com')).toEqual(known);
    world.pool = new IdentityRefusal('invalid-credentials', new Error('User does not exist.'));
    const { problem } = await world.call('login', { body: { email: 'a@example.com', password: 'x' } });
    expect(JSON.stringify(problem)).not.toContain('exist');
    world.pool = { state: 'challenged', challenge: 'SOFTWARE_TOKEN_MFA', challengeToken: 't' };
    const asked = await world.call('login', { body: { email: 'a@example.com', password: 'x' } });
    expect(asked.body).toEqual({ challenge: 'SOFTWARE_TOKEN_MFA', challengeToken: 't' });
    world.pool = { ...world.pool, challenge: 'MFA_SETUP', secret: 'BASE32' };
    const setUp = await world.call('login', { body: { email: 'a@example.com', password: 'x' } });
    expect(setUp.body).toEqual({ challenge: 'MFA_SETUP', challengeToken: 't', secret: 'BASE32' });
  });

  it('25: one scheme of categories: a discussion has leaves, a list may ask for what is above them', async () => {
    const world = new World();
    const as = await world.user('creator');
    const body = { title: 'a', description: 'b', points: [{ title: 'p', order: 0 }] };
    const wrong = await world.call('createDiscussion', {
      as,
      body: { ...body, categories: ['politics', 'ai-ml', 'ai-ml'] },
    });
    expect(wrong.problem?.errors?.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      '/body/categories/0 choice',
      '/body/categories distinct',
    ]);
    await world.call('createDiscussion', { as, body: { ...body, categories: ['ai-ml'] } });
    const list = async (category: string) =>
      (await world.call('listDiscussions', { as, query: { category, sort: 'new' } })).body.items.length;
    expect([await list('ai-ml'), await list('technology'), await list('politics')]).toEqual([1, 1, 0]);
    const { items } = (await world.call('listCategories', { as })).body;
    const groups: readonly { id: string; leaves: unknown[] }[] = items;
    expect(groups.map(({ id, leaves }) => [id, leaves.length])).toEqual([
      ['politics', 6],
      ['economy', 7],
      ['society', 7],
      ['technology', 7],
      ['entertainment', 7],
      ['sports', 7],
      ['other', 0],
    ]);
  });
});

describe('who may read', () => {
  it('a restricted discussion: owner, moderators, those listed, admins; for others it is not there', async () => {
    const world = new World();
    const owner = await world.user('creator');
    const { discussion, point } = await world.discussion(owner, { accessMode: 'allowlist', visibility: 'restricted' });
    const post = await world.post(point, owner);
    const [member, moderator, outsider, admin] = [
      await world.user('viewer'),
      await world.user('contributor'),
      await world.user('creator'),
      await world.user('admin'),
    ];
    await world.moderator(discussion, moderator);
    const params = { discussionId: discussion.discussionId };
    await world.call('putAccess', { as: owner, params: { ...params, userId: member.userId } });
    for (const as of [owner, member, moderator, admin]) {
      expect((await world.call('getPost', { as, params: { postId: post.postId } })).status).toBe(200);
    }
    for (const id of ['getDiscussion', 'listPosts'] as const) {
      expect((await world.call(id, { as: outsider, params })).status).toBe(404);
    }
    expect((await world.call('getPost', { as: outsider, params: { postId: post.postId } })).status).toBe(404);
    const posts = async (as: typeof owner) =>
      (await world.call('listUserPosts', { as, params: { userId: owner.userId } })).body.items.length;
    const discussions = async (as: typeof owner) =>
      (await world.call('listUserDiscussions', { as, params: { userId: owner.userId } })).body.items.length;
    expect([await posts(member), await posts(outsider)]).toEqual([1, 0]);
    expect([await discussions(member), await discussions(outsider)]).toEqual([1, 0]);
    expect((await world.call('listDiscussions', { as: admin, query: { sort: 'new' } })).body.items).toEqual([]);
    const mine = await world.call('listDiscussions', { as: member, query: { mine: 'member' } });
    expect(mine.body.items).toHaveLength(1);
  });

  it('a profile: what its owner shows', async () => {
    const world = new World();
    const privacy = { profileVisible: false, emailVisible: true, activityVisible: false };
    const user = await world.user('creator', { privacy, bio: 'An owl.' });
    world.emails.set(user.userId, 'owl@example.com');
    const params = { userId: user.userId };
    const seen = await world.call('getUser', { as: await world.user('creator'), params });
    expect(seen.body).toEqual({ userId: user.userId, displayName: user.displayName });
    const own = await world.call('getUser', { as: user, params });
    expect(own.body).toMatchObject({ bio: 'An owl.', email: 'owl@example.com' });
  });

  it('states: locked refuses posts and takes reactions, archived takes neither and does not come back', async () => {
    const world = new World();
    const owner = await world.user('creator');
    const { discussion, point } = await world.discussion(owner);
    const post = await world.post(point, owner);
    const reader = await world.user('contributor');
    const params = { discussionId: discussion.discussionId };
    const body = { pointId: point.pointId, text: 'x' };
    const react = { as: reader, params: { postId: post.postId }, body: { type: 'like' } };
    const locked = await world.call('putDiscussionState', {
      as: owner,
      params,
      ifMatch: discussion.version,
      body: { state: 'locked' },
    });
    expect((await world.call('createPost', { as: reader, params, body })).problem?.code).toBe('locked');
    expect((await world.call('putReaction', react)).status).toBe(200);
    const archived = await world.call('putDiscussionState', {
      as: owner,
      params,
      ifMatch: locked.body.version,
      body: { state: 'archived' },
    });
    expect((await world.call('putReaction', react)).problem?.code).toBe('locked');
    const back = { as: owner, params, ifMatch: archived.body.version, body: { state: 'active' } };
    expect((await world.call('putDiscussionState', back)).problem?.code).toBe('invalid-transition');
  });
});
