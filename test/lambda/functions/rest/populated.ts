import type { Profile } from '../../../../lambda/contract/entities/index.ts';
import { World } from './world.ts';

export interface Populated {
  readonly world: World;
  readonly people: Profile[];
  /** By the name of the path parameter. */
  readonly ids: Readonly<Record<string, string[]>>;
  readonly all: string[];
}

/** A world with one of everything, and who is in it. */
export async function populated(world = new World()): Promise<Populated> {
  const owner = await world.user('creator');
  const people = [owner, await world.user('viewer'), await world.user('contributor'), await world.user('admin')];
  const { discussion, point } = await world.discussion(owner);
  const post = await world.post(point, owner);
  const file = await world.cleanFile(owner);
  const request = { role: 'creator', reason: 'to ask' };
  await world.call('requestRole', { as: people[1], body: request });
  world.pool = {
    state: 'signed-in',
    hasSecondFactor: true,
    tokens: { accessToken: 'a', idToken: 'i', refreshToken: 'r', expiresIn: 900 },
    userId: owner.userId,
    email: 'owl@example.com',
  };
  const ids = {
    userId: people.map(({ userId }) => userId),
    discussionId: [discussion.discussionId],
    postId: [post.postId],
    fileId: [file.fileId],
  };
  const all = [discussion.discussionId, post.postId, file.fileId, point.pointId, ...ids.userId];
  return { world, people, ids, all };
}
