import { describe, expect, it } from '@jest/globals';
import type { Profile } from '../../../../lambda/contract/entities/index.ts';
import type { OperationId } from '../../../../lambda/contract/operations/index.ts';
import { COLUMNS, permissions, type Action, type Column } from '../../../../lambda/contract/permissions.ts';
import { admits, barredBy, couldAdmit } from '../../../../lambda/domain/permissions.ts';
import { World, type Call } from './world.ts';

/** A discussion of an owner with a post, one more by the caller, and the caller as the column says. */
async function scene(column: Column) {
  const world = new World();
  const someone = await world.user('creator');
  const owner = column === 'owner' ? await world.user('creator') : someone;
  const role = column === 'owner' ? 'creator' : column === 'moderator' ? 'contributor' : column;
  const caller = column === 'owner' ? owner : await world.user(role);
  const { discussion, point } = await world.discussion(owner);
  if (column === 'moderator') await world.moderator(discussion, caller);
  const author = await world.user('contributor');
  const post = await world.post(point, author);
  const own = await world.post(point, caller);
  const other = await world.user('contributor');
  return { world, caller, discussion, point, post, own, other };
}
type Scene = Awaited<ReturnType<typeof scene>>;

const body = {
  title: 'Bikes',
  description: 'More lanes?',
  categories: ['other'],
  points: [{ title: 'Cost', order: 0 }],
};

/** One request for each cell that the core has an operation for: on somebody else's thing, and where it matters on one's own. */
const REQUESTS: readonly (readonly [Action, OperationId, (scene: Scene) => Call, own?: true])[] = [
  ['account', 'getMe', () => ({})],
  ['account', 'getPreferences', () => ({})],
  ['read', 'getDiscussion', ({ discussion: { discussionId } }) => ({ params: { discussionId } })],
  ['read', 'getPost', ({ post: { postId } }) => ({ params: { postId } })],
  ['read', 'getUser', ({ other: { userId } }) => ({ params: { userId } })],
  ['react', 'putReaction', ({ post: { postId } }) => ({ params: { postId }, body: { type: 'like' } })],
  [
    'post',
    'createPost',
    ({ point: { discussionId, pointId } }) => ({ params: { discussionId }, body: { pointId, text: 'So?' } }),
  ],
  [
    'post',
    'createFile',
    () => ({ body: { name: 'a', contentType: 'text/plain', size: 1, sha256: '0'.repeat(64), purpose: 'attachment' } }),
  ],
  ['editPost', 'updatePost', ({ post: { postId } }) => ({ params: { postId }, ifMatch: 1, body: { text: 'x' } })],
  ['editPost', 'updatePost', ({ own: { postId } }) => ({ params: { postId }, ifMatch: 1, body: { text: 'x' } }), true],
  ['deletePost', 'deletePost', ({ post: { postId } }) => ({ params: { postId }, ifMatch: 1 })],
  ['deletePost', 'deletePost', ({ own: { postId } }) => ({ params: { postId }, ifMatch: 1 }), true],
  ['createDiscussion', 'createDiscussion', () => ({ body })],
  [
    'manageDiscussion',
    'updateDiscussion',
    ({ discussion: { discussionId, version } }) => ({
      params: { discussionId },
      ifMatch: version,
      body: { title: 'x' },
    }),
  ],
  ['manageDiscussion', 'listAccess', ({ discussion: { discussionId } }) => ({ params: { discussionId } })],
  [
    'manageDiscussion',
    'putModerator',
    ({ discussion: { discussionId }, other: { userId } }) => ({ params: { discussionId, userId } }),
  ],
  [
    'manageDiscussion',
    'putAccess',
    ({ discussion: { discussionId }, other: { userId } }) => ({ params: { discussionId, userId } }),
  ],
  [
    'curateDiscussion',
    'putDiscussionFlags',
    ({ discussion: { discussionId } }) => ({ params: { discussionId }, body: { pinned: true } }),
  ],
  ['moderatePost', 'listRevisions', ({ post: { postId } }) => ({ params: { postId } })],
  ['administer', 'listUsers', () => ({})],
  ['administer', 'setRole', ({ other: { userId } }) => ({ params: { userId }, body: { role: 'viewer', reason: 'x' } })],
];

const cells = REQUESTS.flatMap(([action, id, request, own = false]) =>
  COLUMNS.map((column) => ({ action, id, request, own, column, cell: permissions[action][column] })),
);

describe('the permission table, cell by cell, by the operations that keep it', () => {
  it.each(cells)('$action, $column, own: $own → $cell ($id)', async ({ action, id, request, own, column, cell }) => {
    const at = await scene(column);
    const { status, problem } = await at.world.call(id, { as: at.caller, ...request(at) });
    const allowed = cell === 'yes' || (cell === 'own' && own);
    // An owner who is asked to make a discussion is a creator by role.
    expect([action, problem?.code ?? 'allowed']).toEqual([action, allowed ? 'allowed' : 'forbidden']);
    if (!allowed) expect(status).toBe(403);
  });

  const all = Object.keys(permissions) as Action[];

  it.each(all)('%s: the rule itself, column by column', (action) => {
    const roles = { viewer: 'viewer', contributor: 'contributor', creator: 'creator', admin: 'admin' } as const;
    for (const column of COLUMNS) {
      const role = column === 'owner' ? 'creator' : column === 'moderator' ? 'contributor' : roles[column];
      const relation = { owner: column === 'owner', moderator: column === 'moderator' };
      const cell = permissions[action][column];
      // A creator who owns nothing may no more than the column of creators says.
      expect(admits(action, role, relation)).toBe(cell === 'yes' || permissions[action][role] === 'yes');
      expect(admits(action, role, { ...relation, author: true })).toBe(
        cell !== 'no' || permissions[action][role] !== 'no',
      );
      if (cell !== 'no') expect(couldAdmit(action, role)).toBe(true);
    }
  });

  it('never raises a role: who owns or moderates as a viewer may what viewers may', () => {
    for (const action of all) {
      const raised = admits(action, 'viewer', { owner: true, moderator: true, author: true });
      expect(raised).toBe(permissions[action].viewer !== 'no');
    }
  });
});

describe('standing', () => {
  const until = '2026-11-26T00:00:00.000Z';
  const now = new Date('2026-11-25T00:00:00.000Z');

  it.each([
    ['suspended', { state: 'suspended', until }, 'putReaction', 'suspended'],
    ['suspended', { state: 'suspended', until }, 'updateMe', undefined],
    ['banned', { state: 'banned' }, 'putReaction', 'banned'],
    ['banned', { state: 'banned' }, 'updateMe', undefined],
    ['closed', { state: 'closed', since: until }, 'updateMe', 'unauthenticated'],
  ] as const)('%s %j: %s → %s', async (_, standing, id, code) => {
    const at = await scene('contributor');
    const { world, post } = at;
    const stored = await world.stores.users.setStanding(at.caller, standing, world.change(at.caller.userId));
    const call: Call =
      id === 'updateMe'
        ? { ifMatch: stored.version, body: { bio: 'x' } }
        : { params: { postId: post.postId }, body: { type: 'like' } };
    expect((await world.call(id, { as: at.caller, ...call })).problem?.code).toBe(code);
  });

  it('ends by itself when its time is over', () => {
    expect(barredBy('post', { state: 'suspended', until }, now)).toBe('suspended');
    expect(barredBy('post', { state: 'suspended', until }, new Date(until))).toBeUndefined();
  });

  it('of a banned user whose token has no group any more keeps even reads away', async () => {
    const at = await scene('contributor');
    const banned: Profile = await at.world.stores.users.setStanding(
      at.caller,
      { state: 'banned' },
      at.world.change(at.caller.userId),
    );
    const as = { userId: banned.userId, role: '' as Profile['role'] };
    const call = { as, params: { postId: at.post.postId } };
    expect((await at.world.call('getPost', call)).problem?.code).toBe('banned');
  });
});
