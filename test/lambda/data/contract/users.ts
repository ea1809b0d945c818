import { beforeAll, describe, expect, it } from '@jest/globals';
import { aLogEntry, aProfile, changeBy, newUserId, somePreferences } from '../samples.ts';
import type { MakeStores, TestStores } from './stores.ts';

/** What every store of users promises. */
export function usersContract(make: MakeStores): void {
  describe('users', () => {
    let test: TestStores;
    beforeAll(async () => {
      test = await make();
    });

    const newUser = async (rest: Parameters<typeof aProfile>[0] = {}): ReturnType<typeof create> => create(rest);
    const create = async (rest: Parameters<typeof aProfile>[0]): Promise<ReturnType<typeof aProfile>> => {
      const profile = aProfile(rest);
      const change = changeBy(profile.userId, test.clock);
      await test.stores.users.create(profile, somePreferences(profile.userId), change);
      return profile;
    };

    it('keeps a profile, and the first one when it is made twice', async () => {
      const { users } = test.stores;
      const profile = await newUser();
      const change = changeBy(profile.userId, test.clock);
      const again = users.create({ ...profile, displayName: 'x' }, somePreferences(profile.userId), change);
      await expect(again).rejects.toMatchObject({ reason: 'exists', subject: 'profile' });
      expect(await users.profile(profile.userId, 'strong')).toEqual(profile);
      expect(await users.preferences(profile.userId)).toEqual(somePreferences(profile.userId));
      expect(await users.profile(newUserId(), 'strong')).toBeUndefined();
    });

    it('reads many, more than one call can, each once', async () => {
      const made = await Promise.all(Array.from({ length: 30 }, () => newUser()));
      const ids = made.map(({ userId }) => userId);
      const outsiders = Array.from({ length: 90 }, newUserId);
      const found = await test.stores.users.profiles([...ids, ...outsiders, ...ids]);
      expect(found.map(({ userId }) => userId)).toEqual(ids);
    });

    it('takes one of two writes that have read the same version', async () => {
      const { users } = test.stores;
      const profile = await newUser();
      const change = changeBy(profile.userId, test.clock);
      const writes = ['a', 'b'].map((displayName) => users.update({ ...profile, displayName }, change));
      const results = await Promise.allSettled(writes);
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { reason: 'version', subject: 'profile' },
      });
      expect((await users.profile(profile.userId, 'strong'))?.version).toBe(2);
    });

    it('says of a write to nothing that it is missing', async () => {
      const profile = aProfile();
      const update = test.stores.users.update(profile, changeBy(profile.userId, test.clock));
      await expect(update).rejects.toMatchObject({ reason: 'missing' });
    });

    it('lists the users of a role over all shards, each once', async () => {
      const made = await Promise.all(Array.from({ length: 25 }, () => newUser({ role: 'contributor' })));
      const found: string[] = [];
      let after: string | undefined;
      do {
        const page = await test.stores.users.byRole('contributor', {
          limit: 7,
          ...(after === undefined ? {} : { after }),
        });
        found.push(...page.items.map(({ userId }) => userId));
        after = page.next;
      } while (after !== undefined);
      expect(found).toEqual(made.map(({ userId }) => userId).sort());
    });

    it('never loses the last admin: of two who demote each other one stays', async () => {
      const { users } = test.stores;
      const [one, other] = [await newUser({ role: 'admin' }), await newUser({ role: 'admin' })];
      const demote = (actor: typeof one, profile: typeof one): Promise<unknown> =>
        users.setRole(
          { profile, role: 'viewer', entry: aLogEntry(actor.userId, `user/${profile.userId}`, test.clock) },
          changeBy(actor.userId, test.clock),
        );
      await Promise.allSettled([demote(one, other), demote(other, one)]);
      const roles = await Promise.all([one, other].map(({ userId }) => users.profile(userId, 'strong')));
      expect(roles.filter((profile) => profile?.role === 'admin')).toHaveLength(1);
    });

    it('closes the account of an admin only while another is one, and lets its data end after 30 days', async () => {
      const { users } = test.stores;
      const [admin, other] = [await newUser({ role: 'admin' }), await newUser({ role: 'viewer' })];
      const change = changeBy(admin.userId, test.clock);
      await expect(users.close(admin, other.userId, change)).rejects.toMatchObject({ reason: 'state' });
      const closed = await users.close(other, undefined, changeBy(other.userId, test.clock));
      expect(closed.standing).toEqual({ state: 'closed', since: test.clock.at });
    });

    it('keeps one open role request a user, and decides it once', async () => {
      const { users } = test.stores;
      const [user, admin] = [await newUser({ role: 'viewer' }), await newUser({ role: 'admin' })];
      const { userId } = user;
      const { version, createdAt, updatedAt } = user;
      const request = { userId, role: 'contributor' as const, reason: 'to post', state: 'pending' as const };
      const whole = { ...request, version, createdAt, updatedAt };
      const change = changeBy(userId, test.clock);
      await users.requestRole(whole, change);
      await expect(users.requestRole(whole, change)).rejects.toMatchObject({ reason: 'exists' });
      expect((await users.roleRequests({ limit: 100 })).items).toContainEqual(whole);

      const entry = aLogEntry(admin.userId, `user/${userId}`, test.clock);
      const input = { profile: user, role: 'contributor' as const, entry, request: { granted: true } };
      const raised = await users.setRole(input, changeBy(admin.userId, test.clock));
      expect(raised).toMatchObject({ role: 'contributor', version: 2 });
      expect(await users.roleRequest(userId)).toMatchObject({ state: 'granted', decidedBy: admin.userId });
      expect((await users.roleRequests({ limit: 100 })).items.map((one) => one.userId)).not.toContain(userId);
      const late = users.denyRoleRequest(userId, 'no', changeBy(admin.userId, test.clock));
      await expect(late).rejects.toMatchObject({ reason: 'state', subject: 'role-request' });
    });

    it('notes activity at most once in 15 minutes', async () => {
      const { users } = test.stores;
      const userId = newUserId();
      const touch = (): Promise<boolean> => users.touch({ userId, activeAt: test.clock.at });
      expect(await touch()).toBe(true);
      expect(await touch()).toBe(false);
      test.clock.pass(15 * 60_000);
      expect(await touch()).toBe(true);
    });
  });
}
