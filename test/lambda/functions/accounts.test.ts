import { describe, expect, it } from '@jest/globals';
import type { PostConfirmationTriggerEvent } from 'aws-lambda';
import fc from 'fast-check';
import type { Profile, Role } from '../../../lambda/contract/entities/index.ts';
import { createIdentitySync } from '../../../lambda/functions/identity-sync/app.ts';
import { createPostConfirmation } from '../../../lambda/functions/post-confirmation/app.ts';
import { aLogEntry, aProfile, changeBy, newUserId, somePreferences } from '../data/samples.ts';
import { twinStores } from '../data/twin-stores.ts';
import { deliver, eventBatch, published, quiet } from './delivery.ts';

function confirmation(sub: string, rest: Record<string, string> = {}): PostConfirmationTriggerEvent {
  return {
    version: '1',
    region: 'local',
    userPoolId: 'pool',
    userName: sub,
    triggerSource: 'PostConfirmation_ConfirmSignUp',
    callerContext: { awsSdkVersion: '', clientId: '' },
    request: { userAttributes: { sub, email: 'hanako@example.com', ...rest } },
    response: {},
  };
}

function confirming(test: ReturnType<typeof twinStores>): {
  confirm: ReturnType<typeof createPostConfirmation>;
  groups: string[];
} {
  const groups: string[] = [];
  const confirm = createPostConfirmation({
    users: test.stores.users,
    addToGroup: ({ userName, group }) => {
      groups.push(`${userName} ${group}`);
      return Promise.resolve();
    },
    now: test.clock.now,
    random: (bytes) => Uint8Array.from({ length: bytes }, (_, at) => at),
  });
  return { confirm, groups };
}

describe('fault 8: somebody who has confirmed the address', () => {
  it('becomes a viewer whose name does not tell the address, once however often Cognito calls', async () => {
    const test = twinStores();
    const { confirm, groups } = confirming(test);
    const sub = newUserId();
    const event = confirmation(sub, { locale: 'en', given_name: 'Hanako', 'custom:role': 'admin' });
    expect(await confirm(event)).toBe(event);
    await confirm(event);
    expect(await test.stores.users.profile(sub, 'strong')).toMatchObject({
      role: 'viewer',
      displayName: 'user-abcdef',
      givenName: 'Hanako',
      locale: 'en',
      version: 1,
    });
    expect(groups).toEqual([`${sub} viewer`, `${sub} viewer`]);
    expect(JSON.stringify(test.twin.records)).not.toMatch(/hanako|example\.com/);
  });

  it('is made in spite of attributes that are not as we want them', async () => {
    const test = twinStores();
    const sub = newUserId();
    await confirming(test).confirm(confirmation(sub, { locale: 'tlh', given_name: 'x'.repeat(80) }));
    expect(await test.stores.users.profile(sub, 'strong')).toMatchObject({ locale: 'ja', role: 'viewer' });
  });

  it('is not made again by a forgotten password', async () => {
    const test = twinStores();
    const { confirm, groups } = confirming(test);
    const event: PostConfirmationTriggerEvent = {
      ...confirmation(newUserId()),
      triggerSource: 'PostConfirmation_ConfirmForgotPassword',
    };
    await confirm(event);
    expect([test.twin.size, groups]).toEqual([0, []]);
  });
});

describe('fault 1: the group of a user', () => {
  interface Pool {
    groups: Map<string, Role | undefined>;
    signedOut: string[];
    removed: string[];
  }
  const syncing = (
    test: ReturnType<typeof twinStores>,
  ): { pool: Pool; sync: ReturnType<typeof createIdentitySync> } => {
    const pool: Pool = { groups: new Map(), signedOut: [], removed: [] };
    const sync = createIdentitySync({
      stores: test.stores,
      directory: {
        setRole: (userId, role) => Promise.resolve(void pool.groups.set(userId, role)),
        signOut: (userId) => Promise.resolve(void pool.signedOut.push(userId)),
        remove: (userId) => Promise.resolve(void pool.removed.push(userId)),
      },
      now: test.clock.now,
      log: quiet,
    });
    return { pool, sync };
  };
  const newUser = async (test: ReturnType<typeof twinStores>, role: Role): Promise<Profile> => {
    const profile = aProfile({ role });
    await test.stores.users.create(profile, somePreferences(profile.userId), changeBy(profile.userId, test.clock));
    return profile;
  };

  it('is the role of the profile in the end, in whatever order and however often its changes come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom<Role>('viewer', 'contributor', 'creator', 'admin'), { minLength: 1, maxLength: 5 }),
        fc.infiniteStream(fc.nat()),
        async (roles, order) => {
          const test = twinStores();
          const admin = await newUser(test, 'admin');
          let profile = await newUser(test, 'viewer');
          for (const role of roles) {
            const entry = aLogEntry(admin.userId, `user/${profile.userId}`, test.clock);
            profile = await test.stores.users.setRole({ profile, role, entry }, changeBy(admin.userId, test.clock));
          }
          const events = await published(test.twin.records);
          const twice = [...events, ...events]
            .map((event) => ({ event, at: Number(order.next().value) }))
            .sort((a, b) => a.at - b.at)
            .map(({ event }) => event);
          const { pool, sync } = syncing(test);
          await deliver(sync, twice, eventBatch, 3);
          const moves = ['viewer', ...roles].filter((role, at, all) => at > 0 && role !== all[at - 1]);
          if (moves.length > 0) expect(pool.groups.get(profile.userId)).toBe(profile.role);
          expect(pool.signedOut).toHaveLength(moves.length);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('goes with the account: banned ones lose their group and are signed out, erased ones are deleted', async () => {
    const test = twinStores();
    const [banned, closed] = [await newUser(test, 'viewer'), await newUser(test, 'viewer')];
    await test.stores.users.setStanding(banned, { state: 'banned' }, changeBy('admin', test.clock));
    await test.stores.users.close(closed, undefined, changeBy(closed.userId, test.clock));
    test.clock.pass(30 * 24 * 3_600_000);
    test.twin.expire();
    const { pool, sync } = syncing(test);
    await deliver(sync, await published(test.twin.records), eventBatch, 10);
    expect(pool.signedOut).toEqual([banned.userId, closed.userId]);
    expect(pool.groups).toEqual(new Map([banned, closed].map(({ userId }) => [userId, undefined])));
    expect(pool.removed).toEqual([closed.userId]);
  });

  it('comes back with the good standing', async () => {
    const test = twinStores();
    const profile = await newUser(test, 'creator');
    const change = changeBy('admin', test.clock);
    const banned = await test.stores.users.setStanding(profile, { state: 'banned' }, change);
    await test.stores.users.setStanding(banned, { state: 'good' }, change);
    const { pool, sync } = syncing(test);
    await deliver(sync, await published(test.twin.records), eventBatch, 10);
    expect(pool.groups.get(profile.userId)).toBe('creator');
    expect(pool.signedOut).toEqual([profile.userId]);
  });

  it('waits in the queue while the user pool does not answer', async () => {
    const test = twinStores();
    const profile = await newUser(test, 'viewer');
    await test.stores.users.setStanding(profile, { state: 'banned' }, changeBy('admin', test.clock));
    const sync = createIdentitySync({
      stores: test.stores,
      directory: {
        setRole: () => Promise.resolve(),
        signOut: () => Promise.reject(new Error('no answer')),
        remove: () => Promise.resolve(),
      },
      now: test.clock.now,
      log: quiet,
    });
    const events = await published(test.twin.records);
    expect((await sync(eventBatch(events))).batchItemFailures).toEqual([{ itemIdentifier: `m${events.length - 1}` }]);
  });
});
