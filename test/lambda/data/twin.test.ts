import { describe, expect, it } from '@jest/globals';
import { DeleteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { storeContract } from './contract/suite.ts';
import { aProfile, changeBy, somePreferences } from './samples.ts';
import { twinStores } from './twin-stores.ts';

describe('the twin', () => {
  storeContract(() => Promise.resolve(twinStores()));

  it('refuses Scan, as the functions have no permission for it', async () => {
    const { client, tableName } = twinStores();
    const scan = client.send(new ScanCommand({ TableName: tableName }));
    await expect(scan).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('tells every change in order, and nothing of a write that changes nothing', async () => {
    const { stores, clock, twin, client, tableName } = twinStores();
    const profile = aProfile();
    await stores.users.create(profile, somePreferences(profile.userId), changeBy(profile.userId, clock));
    const Key = { PK: 'nothing', SK: 'x' };
    await client.send(new DeleteCommand({ TableName: tableName, Key }));
    expect(twin.records.map(({ eventName, dynamodb }) => [eventName, dynamodb.NewImage?.['type']])).toEqual([
      ['INSERT', { S: 'profile' }],
      ['INSERT', { S: 'preferences' }],
    ]);
  });

  it('deletes what has expired when told to, and says that it was not a caller', async () => {
    const { stores, clock, twin } = twinStores();
    await stores.requests.putTicket('hash', aProfile().userId, clock.now());
    twin.expire();
    expect(twin.size).toBe(1);
    clock.pass(60_000);
    twin.expire();
    expect(twin.size).toBe(0);
    expect(twin.records.at(-1)).toMatchObject({
      eventName: 'REMOVE',
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    });
  });

  it('can have indexes that lag: what is read by key is there, a list follows', async () => {
    const { stores, clock, twin } = twinStores({ lateIndexes: true });
    const profile = aProfile({ role: 'admin' });
    await stores.users.create(profile, somePreferences(profile.userId), changeBy(profile.userId, clock));
    expect(await stores.users.profile(profile.userId, 'strong')).toEqual(profile);
    expect((await stores.users.byRole('admin', { limit: 5 })).items).toEqual([]);
    twin.settle();
    expect((await stores.users.byRole('admin', { limit: 5 })).items).toEqual([profile]);
  });
});
