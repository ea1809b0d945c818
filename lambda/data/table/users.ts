import type { Profile, RoleRequest } from '../../contract/entities/index.ts';
import { Refusal, type Change, type UserStore } from '../stores/index.ts';
import {
  activities,
  countersOf,
  logEntries,
  preferencesOf,
  profiles,
  ROLE_REQUESTS,
  roleRequests,
  roleShards,
} from './kinds-of-users.ts';
import { pageOf, sharded } from './lists.ts';
import { MINUTE } from './row.ts';
import type { Table } from './table.ts';
import { next, type Condition, type Write } from './writes.ts';

const TOUCH_EVERY = 15 * MINUTE;

const isAdmin: Condition = { attr: 'role', eq: 'admin' };

/** Accounts on the table. */
export function userStore(table: Table): UserStore {
  const { write } = table;

  const replace = async (profile: Profile, change: Change, others: readonly Write[] = []): Promise<Profile> => {
    await table.commit([write.replace(profiles, profile, change), ...others]);
    return next(profile, change);
  };

  const decided = (request: RoleRequest, change: Change, granted: boolean, notes: string | undefined): Write =>
    write.replace(
      roleRequests,
      {
        ...request,
        state: granted ? 'granted' : 'denied',
        decidedBy: change.actorId,
        ...(notes === undefined ? {} : { notes }),
      },
      change,
    );

  const pending = async (userId: string): Promise<RoleRequest> => {
    const request = await table.get(roleRequests, { userId });
    if (request === undefined) throw new Refusal('missing', roleRequests.type);
    if (request.state !== 'pending') throw new Refusal('state', roleRequests.type);
    return request;
  };

  return {
    profile: (userId, consistency) => table.get(profiles, { userId }, consistency === 'strong'),

    profiles: async (userIds) => {
      const found = await table.getMany(userIds.map((userId) => profiles.key({ userId })));
      return [...new Set(userIds)].flatMap((userId) => found.get(profiles, { userId }) ?? []);
    },

    create: (profile, preferences, change) =>
      table.commit([write.create(profiles, profile, change), write.create(preferencesOf, preferences, change)]),

    update: async (profile, change) => {
      const same: Condition[] = [
        { attr: 'role', eq: profile.role },
        { attr: 'version', eq: profile.version },
      ];
      await table.commit([write.put(profiles, next(profile, change), change, { and: same })]);
      return next(profile, change);
    },

    updatePreferences: async (preferences, change) => {
      await table.commit([write.replace(preferencesOf, preferences, change)]);
      return next(preferences, change);
    },

    preferences: (userId) => table.get(preferencesOf, { userId }),

    counters: async (userId) => (await table.get(countersOf, { userId })) ?? countersOf.schema.parse({ userId }),

    byRole: async (role, page) => {
      const { items, ...rest } = await pageOf(
        table,
        { partitions: sharded(roleShards, role), index: 'GSI1', newestFirst: false },
        page,
      );
      return { items: items.flatMap((item) => table.parse(profiles, item) ?? []), ...rest };
    },

    setRole: async ({ profile, role, entry, request }, change) => {
      const others = [
        write.create(logEntries, entry, change),
        write.check(profiles, { userId: change.actorId }, isAdmin),
        ...(request === undefined
          ? []
          : [decided(await pending(profile.userId), change, request.granted, request.notes)]),
      ];
      return replace({ ...profile, role }, change, others);
    },

    denyRoleRequest: async (userId, notes, change) => {
      const request = await pending(userId);
      await table.commit([decided(request, change, false, notes)]);
      return {
        ...next(request, change),
        state: 'denied',
        decidedBy: change.actorId,
        ...(notes === undefined ? {} : { notes }),
      };
    },

    setStanding: (profile, standing, change) => replace({ ...profile, standing }, change),

    close: (profile, otherAdmin, change) => {
      const standing = { state: 'closed' as const, since: change.at };
      const guard = otherAdmin === undefined ? [] : [write.check(profiles, { userId: otherAdmin }, isAdmin)];
      return replace({ ...profile, standing }, change, guard);
    },

    requestRole: (request, change) =>
      table.commit([
        write.put(
          roleRequests,
          request,
          change,
          {
            or: [
              { attr: 'type', exists: false },
              { attr: 'state', ne: 'pending' },
            ],
          },
          'exists',
        ),
      ]),

    roleRequest: (userId) => table.get(roleRequests, { userId }),

    roleRequests: async (page) => {
      const { items, ...rest } = await pageOf(
        table,
        { partitions: [ROLE_REQUESTS], index: 'GSI1', newestFirst: false },
        page,
      );
      return { items: items.flatMap((item) => table.parse(roleRequests, item) ?? []), ...rest };
    },

    touch: async (activity) => {
      const { userId, activeAt } = activity;
      const change: Change = { actorId: userId, correlationId: '', at: activeAt };
      const quiet = new Date(Date.parse(activeAt) - TOUCH_EVERY).toISOString();
      const due: Condition = {
        or: [
          { attr: 'type', exists: false },
          { attr: 'activeAt', lte: quiet },
        ],
      };
      try {
        await table.commit([write.put(activities, activity, change, due, 'state')]);
        return true;
      } catch (error) {
        if (error instanceof Refusal) return false;
        throw error;
      }
    },
  };
}
