import { expect } from '@jest/globals';
import type { World } from './world.ts';

/** Registers, signs in, asks for a role, begins a discussion, posts, answers, reacts, edits, deletes. */
export async function walk(world: World): Promise<void> {
  const admin = await world.user('admin');
  const sub = '00000000-0000-4000-8000-00000000abcd';
  const email = 'owl@example.com';
  const password = 'correct horse battery';

  expect((await world.call('register', { body: { email, password, locale: 'en' } })).body).toEqual({
    delivery: 'email',
  });
  expect((await world.call('confirmRegistration', { body: { email, code: '123456' } })).status).toBe(204);
  const tokens = { accessToken: 'a', idToken: 'i', refreshToken: 'r', expiresIn: 900 };
  world.pool = { state: 'signed-in', tokens, userId: sub, email, hasSecondFactor: true };
  const { body: session } = await world.call('login', { body: { email, password } });
  expect(session.user).toMatchObject({ userId: sub, role: 'viewer', email });
  expect(session.user.displayName).toMatch(/^user-[a-z]{6}$/);

  const viewer = { userId: sub, role: 'viewer' as const };
  await world.call('requestRole', { as: viewer, body: { role: 'creator', reason: 'I want to ask something.' } });
  const { body: waiting } = await world.call('listRoleRequests', { as: admin });
  expect(waiting.items).toHaveLength(1);
  const decided = await world.call('decideRoleRequest', {
    as: admin,
    params: { userId: sub },
    body: { granted: true },
  });
  expect(decided.body).toMatchObject({ state: 'granted', role: 'creator' });

  const creator = { userId: sub, role: 'creator' as const };
  const created = await world.call('createDiscussion', {
    as: creator,
    body: {
      title: 'Night buses',
      description: 'Should there be more of them?',
      categories: ['local-politics'],
      tags: ['Ｂｕｓ'],
      points: [
        { key: 'cost', title: 'Cost', order: 0 },
        { parent: 'cost', title: 'Fares', order: 0 },
      ],
      knowledge: [{ kind: 'url', url: 'https://example.com/' }],
    },
  });
  expect(created.status).toBe(201);
  const { discussionId, points } = created.body;
  expect(created.headers['Location']).toBe(`/discussions/${discussionId}`);
  expect(created.body.tags).toEqual(['bus']);
  expect(points[1].parentId).toBe(points[0].pointId);

  const listed = await world.call('listDiscussions', { as: viewer, query: { category: 'politics', sort: 'new' } });
  expect(idsOf(listed.body.items)).toEqual([discussionId]);

  const posted = await world.call('createPost', {
    as: creator,
    params: { discussionId },
    body: { pointId: points[0].pointId, text: 'They pay for themselves.', stance: 'pros' },
  });
  expect(posted.body).toMatchObject({ status: 'visible', stance: 'pros', version: 1 });
  const { postId } = posted.body;
  world.clock.pass(1000);
  const answer = await world.call('createPost', {
    as: admin,
    params: { discussionId },
    body: { pointId: points[0].pointId, text: 'Do they?', replyToId: postId },
  });
  expect(answer.body).toMatchObject({ depth: 1, rootId: postId, stance: 'unknown' });
  const reacted = await world.call('putReaction', { as: admin, params: { postId }, body: { type: 'insightful' } });
  expect(reacted.body).toEqual({
    reactions: { like: 0, agree: 0, disagree: 0, insightful: 1, funny: 0 },
    ownReaction: 'insightful',
  });
  const replaced = await world.call('putReaction', { as: admin, params: { postId }, body: { type: 'like' } });
  expect(replaced.body.ownReaction).toBe('like');
  const edited = await world.call('updatePost', {
    as: creator,
    params: { postId },
    ifMatch: 1,
    body: { text: 'They nearly pay for themselves.', reason: 'exactness' },
  });
  expect(edited.body).toMatchObject({ version: 2 });
  expect((await world.call('listRevisions', { as: admin, params: { postId } })).body.items).toEqual([
    { number: 1, text: 'They pay for themselves.', reason: 'exactness', createdAt: world.clock.at },
  ]);
  const page = await world.call('listPosts', { as: viewer, params: { discussionId }, query: { limit: 1 } });
  expect(page.body.items).toHaveLength(1);
  const rest = await world.call('listPosts', {
    as: viewer,
    params: { discussionId },
    query: { limit: 1, cursor: page.body.nextCursor },
  });
  expect(rest.body.items[0].postId).toBe(postId);
  expect((await world.call('listReplies', { as: viewer, params: { postId } })).body.items).toHaveLength(1);

  expect((await world.call('deletePost', { as: creator, params: { postId }, ifMatch: 2 })).status).toBe(204);
  expect((await world.call('getPost', { as: creator, params: { postId } })).problem?.code).toBe('deleted');
  const { version } = created.body;
  await world.call('deleteDiscussion', { as: creator, params: { discussionId }, ifMatch: version });
  expect((await world.call('getDiscussion', { as: viewer, params: { discussionId } })).problem?.code).toBe('deleted');
}

function idsOf(items: readonly { discussionId: string }[]): string[] {
  return items.map(({ discussionId }) => discussionId);
}
