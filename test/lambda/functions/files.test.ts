import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { objectKey, type File } from '../../../lambda/contract/entities/index.ts';
import { createCleanup } from '../../../lambda/functions/cleanup/app.ts';
import { createFileScan } from '../../../lambda/functions/file-scan/app.ts';
import { mismatch, type ObjectFacts } from '../../../lambda/functions/file-scan/check.ts';
import { aDiscussion, aFile, aPoint, aPost, aProfile, changeBy, newUserId, somePreferences } from '../data/samples.ts';
import { twinStores } from '../data/twin-stores.ts';
import { batchOf, deliver, eventBatch, published, quiet } from './delivery.ts';

const quota = { files: 9, bytes: 99_999, pending: 9 };
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const png = (rest: Partial<File> = {}): File =>
  aFile(newUserId(), { contentType: 'image/png', name: 'x.png', size: PNG.length, ...rest });
const facts = (file: File, rest: Partial<ObjectFacts> = {}): ObjectFacts => ({
  size: file.size,
  sha256: file.sha256,
  start: PNG,
  ...rest,
});

const createdMessage = (file: File): object => ({
  'detail-type': 'Object Created',
  detail: { object: { key: objectKey(file.fileId) } },
});
const scannedMessage = (file: File, scanResultStatus: string): object => ({
  'detail-type': 'GuardDuty Malware Protection Object Scan Result',
  detail: { s3ObjectDetails: { objectKey: objectKey(file.fileId) }, scanResultDetails: { scanResultStatus } },
});

describe('fault 19: an uploaded file', () => {
  const scanning = (
    test: ReturnType<typeof twinStores>,
    object: ObjectFacts | undefined,
    scanner: 'guardduty' | 'none' = 'none',
  ): ReturnType<typeof createFileScan> =>
    createFileScan({
      files: test.stores.files,
      lookAt: () => Promise.resolve(object),
      scanner,
      now: test.clock.now,
      log: quiet,
    });
  const announced = async (test: ReturnType<typeof twinStores>): Promise<File> => {
    const file = png();
    await test.stores.files.create(file, quota, changeBy(file.ownerId, test.clock));
    return file;
  };

  it.each<[string, Partial<ObjectFacts>, File['state'], File['rejection']]>([
    ['is clean after our checks', {}, 'clean', undefined],
    ['is rejected for another size', { size: 5 }, 'rejected', 'size'],
    ['is rejected for another checksum', { sha256: 'b'.repeat(64) }, 'rejected', 'checksum'],
    ['is rejected for other content', { start: Buffer.from('<script>alert(1)</script>') }, 'rejected', 'content-type'],
  ])('%s', async (_, rest, state, rejection) => {
    const test = twinStores();
    const file = await announced(test);
    await scanning(test, facts(file, rest))(batchOf([createdMessage(file)]));
    const found = await test.stores.files.file(file.fileId);
    expect([found?.state, found?.rejection]).toEqual([state, rejection]);
  });

  it.each([
    ['NO_THREATS_FOUND', 'clean'],
    ['THREATS_FOUND', 'rejected'],
    ['UNSUPPORTED', 'scanning'],
  ])('with a scanner that says %s is %s, whichever message comes first and however often', async (status, state) => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 0, 1, 1], { minLength: 4 }), async (order) => {
        const test = twinStores();
        const file = await announced(test);
        const messages = [createdMessage(file), scannedMessage(file, status)];
        const all = order.map((at) => messages[at]);
        await deliver(scanning(test, facts(file), 'guardduty'), all, batchOf, 2);
        expect((await test.stores.files.file(file.fileId))?.state).toBe(state);
        expect((await test.stores.users.counters(file.ownerId)).pendingFiles).toBe(0);
      }),
      { numRuns: 6 },
    );
  });

  it('is left alone when its object or its item is gone, and when the object is not an upload', async () => {
    const test = twinStores();
    const file = await announced(test);
    const scan = scanning(test, undefined);
    const other = { 'detail-type': 'Object Created', detail: { object: { key: 'exports/x' } } };
    const { batchItemFailures } = await scan(batchOf([createdMessage(file), createdMessage(png()), other]));
    expect(batchItemFailures).toEqual([]);
    expect((await test.stores.files.file(file.fileId))?.state).toBe('uploaded');
  });

  it('waits in the queue when its message cannot be read', async () => {
    const { batchItemFailures } = await scanning(twinStores(), undefined)(batchOf(['{', { detail: {} }]));
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['m0', 'm1']);
  });

  it('of plain text is UTF-8 without zeros', async () => {
    const text = png({ contentType: 'text/plain' });
    const why = (start: Uint8Array): Promise<File['rejection']> => mismatch(text, facts(text, { start }));
    expect(await why(Buffer.from('夜行バス'))).toBeUndefined();
    expect(await why(Buffer.from('夜行バス').subarray(0, 7))).toBeUndefined();
    expect(await why(Buffer.from([0xff, 0xfe, 0x41]))).toBe('content-type');
    expect(await why(PNG)).toBe('content-type');
  });
});

describe('what is left over', () => {
  it('fault 20: of a purged discussion and its posts nothing stays, however often the events come', async () => {
    const test = twinStores();
    const { stores, clock, twin } = test;
    const owner = aProfile();
    const change = changeBy(owner.userId, clock);
    await stores.users.create(owner, somePreferences(owner.userId), change);
    const discussion = aDiscussion(owner.userId);
    const { discussionId } = discussion;
    const point = aPoint(discussionId);
    const whole = { discussion, points: [point], knowledge: [], listings: ['all', 'x'] };
    await stores.discussions.create(whole, change);
    const file = png({ ownerId: owner.userId });
    await stores.files.create(file, quota, change);
    await stores.files.advance(file.fileId, 'clean', change);
    const first = aPost(point, owner.userId, { attachments: [file.fileId] });
    await stores.posts.create(first, point, change);
    const hasPosts = { ...point, hasPosts: true };
    for (let at = 0; at < 101; at++) {
      const reply = { replyToId: first.postId, rootId: first.postId, depth: 1 };
      await stores.posts.create(aPost(point, newUserId(), reply), hasPosts, change);
    }
    await stores.posts.react({ postId: first.postId, userId: newUserId(), kind: 'like', createdAt: clock.at }, change);
    const deleted = { ...discussion, state: 'deleted' as const, deletedAt: clock.at };
    await stores.discussions.update({ discussion: deleted, listings: [] }, change);
    clock.pass(30 * 24 * 3_600_000);
    twin.expire();

    const objects: string[] = [];
    const clean = createCleanup({
      purge: stores.purge,
      deleteObject: (key) => Promise.resolve(void objects.push(key)),
      now: clock.now,
      log: quiet,
    });
    let seen = 0;
    while (seen < twin.records.length) {
      const records = twin.records.slice(seen);
      seen = twin.records.length;
      const events = await published(records);
      await deliver(clean, [...events, ...events], eventBatch, 10);
    }
    twin.expire();
    const left = twin.items().filter(({ PK }) => PK !== undefined && 'S' in PK && !PK.S.startsWith('EVENT#'));
    const types = left.map(({ type }) => (type !== undefined && 'S' in type ? type.S : ''));
    expect([...new Set(types)].sort()).toEqual(['file', 'preferences', 'profile', 'user-counters']);
    expect(new Set(objects)).toEqual(new Set([objectKey(file.fileId)]));
    expect(await stores.users.counters(owner.userId)).toMatchObject({ files: 0, fileBytes: 0, pendingFiles: 0 });
  });

  it('of a file that nobody attached: its object goes, and its room comes back once', async () => {
    const { stores, clock, twin } = twinStores();
    const file = png();
    await stores.files.create(file, quota, changeBy(file.ownerId, clock));
    clock.pass(24 * 3_600_000);
    twin.expire();
    const objects: string[] = [];
    const clean = createCleanup({
      purge: stores.purge,
      deleteObject: (key) => Promise.resolve(void objects.push(key)),
      now: clock.now,
      log: quiet,
    });
    const events = await published(twin.records);
    await deliver(clean, [...events, ...events, ...events], eventBatch, 2);
    expect(new Set(objects)).toEqual(new Set([objectKey(file.fileId)]));
    expect(await stores.users.counters(file.ownerId)).toMatchObject({ files: 0, fileBytes: 0, pendingFiles: 0 });
  });

  it('of a user: what others do not read', async () => {
    const { stores, clock, twin } = twinStores();
    const profile = aProfile();
    const change = changeBy(profile.userId, clock);
    await stores.users.create(profile, somePreferences(profile.userId), change);
    await stores.users.touch({ userId: profile.userId, activeAt: clock.at });
    await stores.users.close(profile, undefined, change);
    clock.pass(30 * 24 * 3_600_000);
    twin.expire();
    const deleteObject = (): Promise<void> => Promise.resolve();
    const clean = createCleanup({ purge: stores.purge, deleteObject, now: clock.now, log: quiet });
    await deliver(clean, await published(twin.records), eventBatch, 10);
    expect(twin.size).toBe(0);
  });
});
