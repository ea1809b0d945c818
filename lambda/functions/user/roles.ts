import type { LogEntry, Profile, Role, RoleRequest } from '../../contract/entities/index.ts';
import type { userOperations } from '../../contract/operations/index.ts';
import type { ProblemCode } from '../../contract/problems.ts';
import type { RoleRequestView } from '../../contract/schemas/user.ts';
import { Refusal, type Change } from '../../data/stores/index.ts';
import { idsFrom } from '../../domain/ids.ts';
import { includes, standingAt } from '../../domain/permissions.ts';
import { Problem } from '../../domain/problem.ts';
import { checkRoleRequest, userListItemView } from '../../domain/user.ts';
import type { Directory } from '../clients/identity-provider.ts';
import type { PagingDependencies } from '../rest/dependencies.ts';
import type { Handlers } from '../rest/handlers.ts';
import { readOn } from '../rest/pages.ts';

type Roles = Pick<
  typeof userOperations,
  'requestRole' | 'listRoleRequests' | 'decideRoleRequest' | 'listUsers' | 'setRole'
>;

/**
 * Roles: asking for one, giving one. An admin never changes the own role, so the last admin stays. Whoever is to be an
 * admin needs a second factor, and so does the admin who gives roles: the user pool cannot ask it of admins alone.
 */
export function roleHandlers({
  stores,
  now,
  random,
  directory,
}: PagingDependencies & { readonly directory: Directory }): Handlers<Roles> {
  const newId = idsFrom(now, random);

  const entry = (profile: Profile, role: Role, reason: string | undefined, change: Change): LogEntry => ({
    logId: newId(),
    scope: 'platform',
    actorId: change.actorId,
    action: 'role',
    target: `user/${profile.userId}`,
    ...(reason === undefined ? {} : { reason }),
    before: profile.role,
    after: role,
    createdAt: change.at,
  });

  const other = async (userId: string, callerId: string): Promise<Profile> => {
    if (userId === callerId) throw new Problem('own-role');
    const profile = await stores.users.profile(userId, 'strong');
    if (profile === undefined) throw new Problem('not-found');
    return profile;
  };

  const needSecondFactor = async (...userIds: readonly string[]): Promise<void> => {
    const found = await Promise.all(userIds.map((userId) => directory.hasSecondFactor(userId)));
    if (found.includes(false)) throw new Problem('second-factor-missing');
  };

  return {
    requestRole: async ({ body, caller, change }) => {
      checkRoleRequest(caller.profile, body.role);
      const written = { version: 1, createdAt: change.at, updatedAt: change.at };
      const request: RoleRequest = { ...body, userId: caller.userId, state: 'pending', ...written };
      await refused('exists', 'role-request-pending', () => stores.users.requestRole(request, change));
      return { body: roleRequestViewOf(request) };
    },

    listRoleRequests: async ({ page }) => {
      const { items, next } = await stores.users.roleRequests(page);
      return { body: { items: items.map(roleRequestViewOf) }, next };
    },

    decideRoleRequest: async ({ params, body, caller, change }) => {
      const profile = await other(params.userId, caller.userId);
      const request = await stores.users.roleRequest(params.userId);
      if (request === undefined) throw new Problem('not-found');
      if (request.state !== 'pending') throw new Problem('invalid-transition');
      const notes = body.notes === undefined ? {} : { notes: body.notes };
      if (!body.granted) {
        const denied = await refused('state', 'invalid-transition', () =>
          stores.users.denyRoleRequest(params.userId, body.notes, change),
        );
        return { body: roleRequestViewOf(denied) };
      }
      await needSecondFactor(caller.userId);
      // A role that was given meanwhile is not taken away again.
      if (includes(profile.role, request.role)) throw new Problem('invalid-transition');
      const log = entry(profile, request.role, body.notes, change);
      const input = { profile, role: request.role, entry: log, request: { granted: true, ...notes } };
      await refused('state', 'invalid-transition', () => stores.users.setRole(input, change));
      return { body: roleRequestViewOf({ ...request, state: 'granted', ...notes }) };
    },

    listUsers: async ({ query, page, now: at }) => {
      const { items, next } = await readOn(
        page,
        (inner) => stores.users.byRole(query.role, inner),
        (found) => Promise.resolve(found.filter((profile) => matches(profile, query.standing, at))),
      );
      return { body: { items: items.map(userListItemView) }, next };
    },

    setRole: async ({ params, body, caller, change }) => {
      const profile = await other(params.userId, caller.userId);
      await needSecondFactor(caller.userId, ...(body.role === 'admin' ? [profile.userId] : []));
      const log = entry(profile, body.role, body.reason, change);
      // The store makes sure that the caller is an admin still, in the same transaction.
      const saved = await refused('state', 'forbidden', () =>
        stores.users.setRole({ profile, role: body.role, entry: log }, change),
      );
      return { body: { userId: saved.userId, role: saved.role } };
    },
  };
}

function matches({ standing }: Profile, wanted: Profile['standing']['state'] | undefined, at: Date): boolean {
  return wanted === undefined || standingAt(standing, at).state === wanted;
}

function roleRequestViewOf({ userId, role, reason, state, notes, createdAt }: RoleRequest): RoleRequestView {
  return { userId, role, reason, state, ...(notes === undefined ? {} : { notes }), createdAt };
}

async function refused<T>(reason: Refusal['reason'], code: ProblemCode, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof Refusal && error.reason === reason) throw new Problem(code, { cause: error });
    throw error;
  }
}
