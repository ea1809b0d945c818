import type { Discussion, Point, Post, ReactionKind } from '../../../lambda/contract/entities/index.ts';
import fc from 'fast-check';
import { aDiscussion, aPoint, aPost, aProfile, changeBy, somePreferences } from '../data/samples.ts';
import type { TestStores } from '../data/twin-stores.ts';

/** What three people do in one discussion with two points. */
export type Deed =
  | {
      readonly do: 'post';
      readonly by: number;
      readonly point: number;
      readonly stance: Post['stance'];
      readonly reply: boolean;
    }
  | { readonly do: 'edit'; readonly post: number; readonly stance: Post['stance'] }
  | { readonly do: 'moderate'; readonly post: number; readonly status: Post['status'] }
  | { readonly do: 'react'; readonly by: number; readonly post: number; readonly kind: ReactionKind }
  | { readonly do: 'unreact'; readonly by: number; readonly post: number };

const by = fc.integer({ min: 0, max: 2 });
const post = fc.integer({ min: 0, max: 5 });
const stance = fc.constantFrom('pros', 'cons', 'neutral', 'unknown', 'hidden' as const);

export const deeds: fc.Arbitrary<Deed[]> = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('post' as const),
      by,
      point: fc.integer({ min: 0, max: 1 }),
      stance,
      reply: fc.boolean(),
    }),
    fc.record({ do: fc.constant('edit' as const), post, stance }),
    fc.record({
      do: fc.constant('moderate' as const),
      post,
      status: fc.constantFrom('visible', 'hidden', 'deleted' as const),
    }),
    fc.record({
      do: fc.constant('react' as const),
      by,
      post,
      kind: fc.constantFrom('like', 'funny', 'disagree' as const),
    }),
    fc.record({ do: fc.constant('unreact' as const), by, post }),
  ),
  { minLength: 1, maxLength: 15 },
);

/** Everything with its ids, so that the same deeds can be done on two tables. */
export interface Cast {
  readonly users: readonly ReturnType<typeof aProfile>[];
  readonly discussion: Discussion;
  readonly points: readonly Point[];
  readonly drafts: readonly Post[];
}

export function newCast(): Cast {
  const users = [aProfile(), aProfile(), aProfile()];
  const discussion = aDiscussion(users[0]?.userId ?? '');
  const points = [0, 1].map((order) => aPoint(discussion.discussionId, { order }));
  const drafts = Array.from({ length: 15 }, () => aPost(pointAt(points, 0), ''));
  return { users, discussion, points, drafts };
}

/** Does the deeds; a minute passes before each. */
export async function play({ stores, clock }: TestStores, cast: Cast, script: readonly Deed[]): Promise<void> {
  const { users, discussion, points, drafts } = cast;
  const userIdOf = (at: number): string => users[at]?.userId ?? '';
  for (const profile of users) {
    await stores.users.create(profile, somePreferences(profile.userId), changeBy(profile.userId, clock));
  }
  const whole = { discussion, points, knowledge: [], listings: ['all', 'tag:x'] };
  await stores.discussions.create(whole, changeBy(userIdOf(0), clock));
  const posted: Post[] = [];
  for (const deed of script) {
    clock.pass(60_000);
    const target = 'post' in deed ? posted[deed.post] : undefined;
    if (deed.do === 'post') {
      const at = { createdAt: clock.at, updatedAt: clock.at };
      const draft = { ...draftAt(drafts, posted.length), authorId: userIdOf(deed.by), stance: deed.stance, ...at };
      const point = pointAt(points, deed.point);
      const root = posted.find(({ pointId }) => pointId === point.pointId);
      const reply = deed.reply && root !== undefined ? { replyToId: root.postId, rootId: root.postId, depth: 1 } : {};
      const made = { ...draft, pointId: point.pointId, ...reply };
      await stores.posts.create(made, point, changeBy(made.authorId, clock));
      posted.push(made);
    } else if (target === undefined) {
      continue;
    } else if (deed.do === 'react') {
      const reaction = { postId: target.postId, userId: userIdOf(deed.by), kind: deed.kind, createdAt: clock.at };
      await stores.posts.react(reaction, changeBy(reaction.userId, clock));
    } else if (deed.do === 'unreact') {
      await stores.posts.unreact(target.postId, userIdOf(deed.by));
    } else {
      const after = deed.do === 'edit' ? { ...target, stance: deed.stance } : { ...target, status: deed.status };
      posted[deed.post] = await stores.posts.update(target, after, undefined, changeBy(target.authorId, clock));
    }
  }
}

function pointAt(points: readonly Point[], at: number): Point {
  const point = points[at];
  if (point === undefined) throw new Error(`there is no point ${at}`);
  return point;
}

function draftAt(drafts: readonly Post[], at: number): Post {
  const draft = drafts[at];
  if (draft === undefined) throw new Error(`there is no draft ${at}`);
  return draft;
}
