import type {
  Activity,
  LogEntry,
  Preferences,
  Profile,
  Role,
  RoleRequest,
  UserCounters,
} from '../../contract/entities/index.ts';
import type { Change, Page, PageRequest } from './page.ts';

/** How strongly a read wants to be: `strong` sees every write that was answered before; it costs twice as much. */
export type Consistency = 'strong' | 'eventual';

/** Accounts: profiles, preferences, roles. */
export interface UserStore {
  profile(userId: string, consistency: Consistency): Promise<Profile | undefined>;

  /** Profiles by id, in no order; who is not there is left out. At most 100 ids. */
  profiles(userIds: readonly string[]): Promise<readonly Profile[]>;

  /** Makes profile and preferences. @throws Refusal `exists` (profile): safe to repeat, the first one stays. */
  create(profile: Profile, preferences: Preferences, change: Change): Promise<void>;

  /**
   * Replaces the profile, but neither role nor standing. @returns the profile with its new version.
   * @throws Refusal `version` when `profile.version` is no longer the stored one; `missing`.
   */
  update(profile: Profile, change: Change): Promise<Profile>;

  /** Replaces the preferences. @throws Refusal `version`, `missing`. */
  updatePreferences(preferences: Preferences, change: Change): Promise<Preferences>;

  preferences(userId: string): Promise<Preferences | undefined>;

  counters(userId: string): Promise<UserCounters>;

  /** Users of a role by id, newest account first. */
  byRole(role: Role, page: PageRequest): Promise<Page<Profile>>;

  /**
   * Gives a user another role and writes `entry` to the action log, in one transaction in which `change.actorId` is still
   * an admin: two admins who demote each other cannot both succeed, so one always remains. An open role request of the
   * user is decided by it where `request` says so.
   * @throws Refusal `version` or `missing` (profile), `state` (actor is no admin any more; role-request not pending).
   */
  setRole(
    input: { profile: Profile; role: Role; entry: LogEntry; request?: { granted: boolean; notes?: string } },
    change: Change,
  ): Promise<Profile>;

  /** Denies an open role request. @throws Refusal `missing`, `state` (not pending). */
  denyRoleRequest(userId: string, notes: string | undefined, change: Change): Promise<RoleRequest>;

  /** Sets the standing, as moderation or closing an account does. @throws Refusal `version`, `missing`. */
  setStanding(profile: Profile, standing: Profile['standing'], change: Change): Promise<Profile>;

  /**
   * Closes an account: standing `closed`, and its data ends 30 days later. An admin's account closes only while
   * `otherAdmin` is an admin. @throws Refusal `version`, `missing` (profile), `state` (no other admin).
   */
  close(profile: Profile, otherAdmin: string | undefined, change: Change): Promise<Profile>;

  /** Asks for a role. @throws Refusal `exists` while one is pending. */
  requestRole(request: RoleRequest, change: Change): Promise<void>;

  roleRequest(userId: string): Promise<RoleRequest | undefined>;

  /** Pending role requests, oldest first. */
  roleRequests(page: PageRequest): Promise<Page<RoleRequest>>;

  /** Notes that the user is active, at most once in 15 minutes. @returns whether it was noted. */
  touch(activity: Activity): Promise<boolean>;
}
