import type { Discussion, LogEntry } from '../../contract/entities/index.ts';
import type { discussionOperations } from '../../contract/operations/index.ts';
import type { DiscussionDetail } from '../../contract/schemas/discussion.ts';
import { Refusal, type Change, type DiscussionList, type Standpoint } from '../../data/stores/index.ts';
import { categories, isCategory } from '../../domain/categories.ts';
import {
  checkEditable,
  deletedDiscussion,
  inState,
  knowledgeFrom,
  knowledgeViews,
  listingsOf,
  newDiscussion,
  normalTag,
  patchedDiscussion,
} from '../../domain/discussion.ts';
import { idsFrom } from '../../domain/ids.ts';
import { includes, type Actor, type Reader } from '../../domain/permissions.ts';
import { pointsFrom, pointViews } from '../../domain/points.ts';
import { invalidField, Problem } from '../../domain/problem.ts';
import type { ContentFilter } from '../content-filter.ts';
import { listItems, readableDiscussions } from '../reading.ts';
import type { PagingDependencies } from '../rest/dependencies.ts';
import type { Handlers, RestAnswer } from '../rest/handlers.ts';
import { readOn } from '../rest/pages.ts';
import { detailOf, managedAt, read } from './reading.ts';

type Operations = typeof discussionOperations;
type MemberOperation =
  'listAccess' | 'putAccess' | 'deleteAccess' | 'listModerators' | 'putModerator' | 'deleteModerator';
type Detail = RestAnswer<DiscussionDetail>;

const CATEGORIES_CACHE_SECONDS = 3600;

/** Discussions themselves: their fields, points, knowledge, state, flags and owner. */
export function discussionHandlers(
  dependencies: PagingDependencies & { readonly filter: ContentFilter },
): Handlers<Omit<Operations, MemberOperation>> {
  const { stores, filter, now, random } = dependencies;
  const newId = idsFrom(now, random);

  /** @throws Problem `filter-rejected`. A discussion cannot be held: what should be, is refused. */
  const judge = async (authorId: string, title: string, text: string): Promise<void> => {
    if ((await filter.judge({ authorId, title, text })) !== 'pass') throw new Problem('filter-rejected');
  };

  /** Writes a discussion, with a line in the log where somebody else than its owner does it. */
  const save = async (
    standpoint: Standpoint,
    after: Discussion,
    caller: Actor,
    change: Change,
    entry = entryFor(standpoint.discussion, caller, change, 'update'),
  ): Promise<Discussion> =>
    stores.discussions.update({ discussion: after, listings: listingsOf(after), ...(entry && { entry }) }, change);

  const entryFor = (
    discussion: Discussion,
    caller: Reader,
    change: Change,
    action: string,
    rest: Pick<LogEntry, 'reason' | 'before' | 'after'> = {},
  ): LogEntry | undefined =>
    discussion.ownerId === caller.userId && action === 'update'
      ? undefined
      : {
          logId: newId(),
          scope: discussion.discussionId,
          actorId: caller.userId,
          action,
          target: `discussion/${discussion.discussionId}`,
          ...rest,
          createdAt: change.at,
        };

  const answer = async (standpoint: Standpoint, after: Discussion, caller: Reader, at: Date): Promise<Detail> => ({
    body: await detailOf(stores, standpoint, caller, at, after),
    version: after.version,
  });

  return {
    listCategories: () => Promise.resolve({ body: categories, cacheSeconds: CATEGORIES_CACHE_SECONDS }),

    listDiscussions: async ({ query, page, caller }) => {
      const list = listFrom(query, caller.userId);
      const tag = query.tag === undefined ? undefined : normalTag(query.tag);
      const { items, next } = await readOn(
        page,
        (inner) => stores.discussions.list(list, inner),
        async (found) => {
          const readable = await readableDiscussions(stores, found, caller);
          return readable.filter(
            ({ discussion: { state, tags } }) =>
              (query.state === undefined || state === query.state) && (tag === undefined || tags.includes(tag)),
          );
        },
      );
      return { body: { items: await listItems(stores, items) }, next };
    },

    createDiscussion: async ({ body, caller, change, now: at }) => {
      const discussionId = newId();
      const discussion = newDiscussion(body, caller.userId, discussionId, change.at);
      const points = pointsFrom(discussionId, body.points, [], newId);
      const knowledge = knowledgeFrom(discussionId, body.knowledge, [], newId);
      await judge(caller.userId, body.title, body.description);
      await orFileNotClean(() =>
        stores.discussions.create({ discussion, points, knowledge, listings: listingsOf(discussion) }, change),
      );
      const standpoint = { discussion, moderator: false, listed: false };
      return {
        body: await detailOf(stores, standpoint, caller, at),
        version: discussion.version,
        location: `/discussions/${discussionId}`,
      };
    },

    getDiscussion: async ({ params, caller, now: at }) => {
      const standpoint = await read(stores, params.discussionId, caller);
      return answer(standpoint, standpoint.discussion, caller, at);
    },

    updateDiscussion: async ({ params, body, caller, ifMatch, change, now: at }) => {
      const standpoint = await managedAt(stores, params.discussionId, caller, ifMatch);
      const after = patchedDiscussion(standpoint.discussion, body);
      await judge(caller.userId, after.title, after.description);
      return answer(standpoint, await save(standpoint, after, caller, change), caller, at);
    },

    putPoints: async ({ params, body, caller, ifMatch, change }) => {
      const { discussion } = await managedAt(stores, params.discussionId, caller, ifMatch);
      checkEditable(discussion);
      const before = await stores.discussions.points(discussion.discussionId);
      const points = pointsFrom(discussion.discussionId, body.points, before, newId);
      const left = before.filter(({ pointId }) => !points.some((point) => point.pointId === pointId));
      if (left.some(({ hasPosts }) => hasPosts)) throw new Problem('point-has-posts');
      await judge(caller.userId, '', textOf(body.points));
      const after = await refused('point-has-posts', () =>
        stores.discussions.replacePoints(discussion, points, change),
      );
      return { body: { points: pointViews(points) }, version: after.version };
    },

    putKnowledge: async ({ params, body, caller, ifMatch, change }) => {
      const { discussion } = await managedAt(stores, params.discussionId, caller, ifMatch);
      checkEditable(discussion);
      const whole = await stores.discussions.whole(discussion.discussionId);
      const before = whole?.knowledge ?? [];
      const knowledge = knowledgeFrom(discussion.discussionId, body.knowledge, before, newId);
      await judge(
        caller.userId,
        '',
        body.knowledge.map((item) => `${item.title ?? ''}\n${'text' in item ? item.text : ''}`).join('\n'),
      );
      const after = await orFileNotClean(() => stores.discussions.replaceKnowledge(discussion, knowledge, change));
      return { body: { knowledge: knowledgeViews(knowledge) }, version: after.version };
    },

    putDiscussionState: async ({ params, body, caller, ifMatch, change, now: at }) => {
      const standpoint = await managedAt(stores, params.discussionId, caller, ifMatch);
      const { discussion } = standpoint;
      const states = { before: discussion.state, after: body.state };
      const entry = entryFor(discussion, caller, change, 'state', states);
      const after = await save(standpoint, inState(discussion, body.state), caller, change, entry);
      return answer(standpoint, after, caller, at);
    },

    putDiscussionFlags: async ({ params, body, caller, change, now: at }) => {
      const standpoint = await read(stores, params.discussionId, caller);
      const { discussion } = standpoint;
      const { pinned = discussion.pinned, featured = discussion.featured } = body;
      const entry = entryFor(discussion, caller, change, 'flags', { after: flagsText(pinned, featured) });
      const after = await save(standpoint, { ...discussion, pinned, featured }, caller, change, entry);
      return answer(standpoint, after, caller, at);
    },

    deleteDiscussion: async ({ params, caller, ifMatch, change }) => {
      const standpoint = await managedAt(stores, params.discussionId, caller, ifMatch);
      const { discussion } = standpoint;
      const entry = entryFor(discussion, caller, change, 'delete', { before: discussion.state, after: 'deleted' });
      await save(standpoint, deletedDiscussion(discussion, change.at), caller, change, entry);
      return { body: undefined };
    },

    putOwner: async ({ params, body, caller, change, now: at }) => {
      const standpoint = await read(stores, params.discussionId, caller);
      const { discussion } = standpoint;
      const owner = await stores.users.profile(body.userId, 'strong');
      if (owner === undefined || !includes(owner.role, 'creator') || owner.standing.state === 'closed') {
        throw new Problem('unsuitable-role');
      }
      const reason = body.reason === undefined ? {} : { reason: body.reason };
      const owners = { before: discussion.ownerId, after: owner.userId };
      const entry = entryFor(discussion, caller, change, 'owner', { ...owners, ...reason });
      const after = await save(standpoint, { ...discussion, ownerId: owner.userId }, caller, change, entry);
      return answer(standpoint, after, caller, at);
    },
  };
}

/** @throws Problem `invalid-input` for a category that does not exist. */
function listFrom(
  query: {
    mine?: 'owner' | 'moderator' | 'member' | undefined;
    category?: string | undefined;
    tag?: string | undefined;
    sort: 'active' | 'new';
  },
  userId: string,
): DiscussionList {
  if (query.mine !== undefined) return { by: query.mine, userId };
  if (query.category !== undefined && !isCategory(query.category)) throw invalidField('/query/category', 'choice');
  const tag = query.tag === undefined ? undefined : `tag:${normalTag(query.tag)}`;
  return { by: 'listing', listing: query.category ?? tag ?? 'all', sort: query.sort };
}

function textOf(points: readonly { title: string; description?: string | undefined }[]): string {
  return points.map(({ title, description = '' }) => `${title}\n${description}`).join('\n');
}

function flagsText(pinned: boolean, featured: boolean): string {
  return [...(pinned ? ['pinned'] : []), ...(featured ? ['featured'] : [])].join(' ') || 'none';
}

/** A write that the store refuses for the state of something it needs, as a problem. */
async function refused<T>(code: 'point-has-posts' | 'file-not-clean', write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'state') throw new Problem(code, { cause: error });
    throw error;
  }
}

async function orFileNotClean<T>(write: () => Promise<T>): Promise<T> {
  return refused('file-not-clean', write);
}
