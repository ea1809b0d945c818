import { discussionStatistics, type Discussion, type Knowledge, type Point } from '../../contract/entities/index.ts';
import type { Change, DiscussionStore, DiscussionWhole, Standpoint } from '../stores/index.ts';
import { claims } from './claims.ts';
import { discussionLists } from './discussion-lists.ts';
import {
  accessEntries,
  discussionPartition,
  discussions,
  knowledgeItems,
  listings,
  moderators,
  participants,
  points,
  statisticsOfDiscussions,
} from './kinds-of-discussions.ts';
import { logEntries } from './kinds-of-users.ts';
import { members } from './members.ts';
import type { Found, Table } from './table.ts';
import { next, present, type Write } from './writes.ts';

const MINUTE_CHARACTERS = '2026-11-25T05:17'.length;

/** Discussions on the table. */
export function discussionStore(table: Table): DiscussionStore {
  const { write } = table;
  const partition = discussionPartition;

  const pointsOf = async (discussionId: string): Promise<readonly Point[]> => {
    const items = await table.query({
      partition: partition(discussionId),
      range: { beginsWith: 'POINT#' },
      strong: true,
    });
    return items.flatMap((item) => table.parse(points, item) ?? []);
  };

  const knowledgeOf = async (discussionId: string): Promise<readonly Knowledge[]> => {
    const items = await table.query({
      partition: partition(discussionId),
      range: { beginsWith: 'KNOWLEDGE#' },
      strong: true,
    });
    const found = items.flatMap((item) => table.parse(knowledgeItems, item) ?? []);
    return found.sort((a, b) => a.order - b.order);
  };

  const newListing = (discussionId: string, listing: string, change: Change, since?: string): Write => {
    const lastActiveMinute = since ?? change.at.slice(0, MINUTE_CHARACTERS);
    return write.put(listings, { discussionId, listing, lastActiveMinute }, change);
  };

  /** Writes that leave the discussion in exactly these listings; those it is in already keep their place. */
  const relisted = async (id: string, wanted: readonly string[], change: Change): Promise<readonly Write[]> => {
    const items = await table.query({ partition: partition(id), range: { beginsWith: 'CATEGORY#' }, strong: true });
    const current = items.flatMap((item) => table.parse(listings, item) ?? []);
    const names = current.map(({ listing }) => listing);
    const since = current[0]?.lastActiveMinute;
    return [
      ...current.filter(({ listing }) => !wanted.includes(listing)).map((gone) => write.remove(listings, gone)),
      ...wanted.filter((name) => !names.includes(name)).map((name) => newListing(id, name, change, since)),
    ];
  };

  const standpointIn = (found: Found, discussionId: string, userId: string): Standpoint[] => {
    const discussion = found.get(discussions, { discussionId });
    if (discussion === undefined) return [];
    const participant = found.get(participants, { discussionId, userId });
    return [
      {
        discussion,
        moderator: found.get(moderators, { discussionId, userId }) !== undefined,
        listed: found.get(accessEntries, { discussionId, userId }) !== undefined,
        ...(participant === undefined ? {} : { participant }),
      },
    ];
  };

  const standpoints = async (ids: readonly string[], userId: string): Promise<readonly Standpoint[]> => {
    const keys = ids.flatMap((discussionId) => [
      discussions.key({ discussionId }),
      ...[moderators, accessEntries, participants].map((kind) => kind.key({ discussionId, userId })),
    ]);
    const found = await table.getMany(keys, true);
    return [...new Set(ids)].flatMap((id) => standpointIn(found, id, userId));
  };

  /** Changes all of a point but whether it has posts: its first post may set that at the same time. */
  const changed = (point: Point, change: Change): Write => {
    const { discussionId, pointId, parentId, title, description, order } = point;
    const remove = [
      ...(parentId === undefined ? (['parentId'] as const) : []),
      ...(description === undefined ? (['description'] as const) : []),
    ];
    const set = { title, order, parentId, description };
    return write.update(points, { discussionId, pointId }, { set, remove }, change, present);
  };

  /** Replaces children of a discussion under its version. */
  const replaceChildren = async (
    discussion: Discussion,
    writes: readonly Write[],
    change: Change,
  ): Promise<Discussion> => {
    await table.commit([write.replace(discussions, discussion, change), ...writes]);
    return next(discussion, change);
  };

  return {
    create: async ({ discussion, points: tree, knowledge, listings: names }, change) => {
      const { discussionId } = discussion;
      const given = await claims(
        table,
        { ownerId: discussion.ownerId, parent: parentOf(discussionId), claim: filesIn(knowledge), release: [] },
        change,
      );
      await table.commit([
        write.create(discussions, discussion, change),
        ...tree.map((point) => write.put(points, point, change)),
        ...knowledge.map((one) => write.put(knowledgeItems, one, change)),
        ...names.map((name) => newListing(discussionId, name, change)),
        ...given,
      ]);
    },

    discussion: (discussionId) => table.get(discussions, { discussionId }),

    whole: async (discussionId): Promise<DiscussionWhole | undefined> => {
      const total = { discussionId, period: 'TOTAL' };
      const [found, tree, knowledge] = await Promise.all([
        table.getMany([discussions.key({ discussionId }), statisticsOfDiscussions.key(total)], true),
        pointsOf(discussionId),
        knowledgeOf(discussionId),
      ]);
      const discussion = found.get(discussions, { discussionId });
      if (discussion === undefined) return undefined;
      const statistics = discussionStatistics.parse(found.get(statisticsOfDiscussions, total) ?? {});
      return { discussion, points: tree, knowledge, statistics };
    },

    standpoint: async (discussionId, userId) => (await standpoints([discussionId], userId))[0],
    standpoints,
    points: pointsOf,

    update: async ({ discussion, listings: names, entry }, change) => {
      const writes = await relisted(discussion.discussionId, names, change);
      const logged = entry === undefined ? [] : [write.create(logEntries, entry, change)];
      return replaceChildren(discussion, [...writes, ...logged], change);
    },

    replacePoints: async (discussion, tree, change) => {
      const before = await pointsOf(discussion.discussionId);
      const known = new Set(before.map(({ pointId }) => pointId));
      const kept = new Set(tree.map(({ pointId }) => pointId));
      const gone = before.filter(({ pointId }) => !kept.has(pointId));
      const writes = [
        ...gone.map((point) => write.remove(points, point, { attr: 'hasPosts', eq: false })),
        ...tree.map((point) =>
          known.has(point.pointId) ? changed(point, change) : write.create(points, point, change),
        ),
      ];
      return replaceChildren(discussion, writes, change);
    },

    replaceKnowledge: async (discussion, knowledge, change) => {
      const { discussionId, ownerId } = discussion;
      const before = await knowledgeOf(discussionId);
      const kept = new Set(knowledge.map(({ knowledgeId }) => knowledgeId));
      const [had, has] = [filesIn(before), filesIn(knowledge)];
      const given = await claims(
        table,
        {
          ownerId,
          parent: parentOf(discussionId),
          claim: has.filter((id) => !had.includes(id)),
          release: had.filter((id) => !has.includes(id)),
        },
        change,
      );
      const gone = before.filter(({ knowledgeId }) => !kept.has(knowledgeId));
      const writes = [
        ...gone.map((one) => write.remove(knowledgeItems, one)),
        ...knowledge.map((one) => write.put(knowledgeItems, one, change)),
        ...given,
      ];
      return replaceChildren(discussion, writes, change);
    },

    list: discussionLists(table),
    ...members(table),
  };
}

function parentOf(id: string): { type: 'discussion'; id: string } {
  return { type: 'discussion', id };
}

function filesIn(knowledge: readonly Knowledge[]): string[] {
  return knowledge.flatMap((one) => (one.kind === 'file' ? [one.fileId] : []));
}
