import { ROLES, type Profile, type Role } from '../../contract/entities/index.ts';
import type { Operation } from '../../contract/operations/index.ts';
import { Refusal, type Change, type Stores } from '../../data/stores/index.ts';
import type { Random } from '../../domain/ids.ts';
import { barredBy, couldAdmit, type Actor, type Reader } from '../../domain/permissions.ts';
import { Problem } from '../../domain/problem.ts';
import { newUser } from '../../domain/user.ts';
import { verifiedUser, type RestEvent } from './event.ts';

/**
 * Who calls, if the role could admit the operation at all and the standing admits it now. A read trusts the role in the
 * token; whatever changes something reads the profile. A token without a role (the account is new, or banned) says nothing.
 * @throws Problem `unauthenticated`, `forbidden`, `suspended`, `banned`.
 */
export async function callerOf(
  operation: Operation,
  event: RestEvent,
  { stores, random, change, now }: { stores: Stores; random: Random; change: Omit<Change, 'actorId'>; now: Date },
): Promise<Reader | Actor | undefined> {
  const { permission } = operation;
  if (permission === 'public') return undefined;
  const user = verifiedUser(event);
  if (user === undefined) throw new Problem('unauthenticated');
  const role = highestRole(user.groups);
  const trusted = operation.method === 'GET' && role !== undefined;
  const caller: Reader | Actor = trusted
    ? { userId: user.userId, role, standing: { state: 'good' } }
    : actorOf(await profileOf(stores, user.userId, random, { ...change, actorId: user.userId }));
  const barred = barredBy(permission, caller.standing, now);
  if (barred !== undefined) throw new Problem(barred);
  if (!couldAdmit(permission, caller.role)) throw new Problem('forbidden');
  return caller;
}

function highestRole(groups: readonly string[]): Role | undefined {
  return ROLES.findLast((role) => groups.includes(role));
}

function actorOf(profile: Profile): Actor {
  return { userId: profile.userId, role: profile.role, standing: profile.standing, profile };
}

/** The profile of a user, who gets one when sign-up could not make it. */
export async function profileOf(stores: Stores, userId: string, random: Random, change: Change): Promise<Profile> {
  const found = await stores.users.profile(userId, 'strong');
  if (found !== undefined) return found;
  const { profile, preferences } = newUser({ userId, at: change.at }, random);
  try {
    await stores.users.create(profile, preferences, change);
    return profile;
  } catch (error) {
    if (!(error instanceof Refusal && error.reason === 'exists')) throw error;
    const made = await stores.users.profile(userId, 'strong');
    if (made === undefined) throw error;
    return made;
  }
}
