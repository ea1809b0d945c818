import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeCursor, encodeCursor } from '../../../lambda/data/cursor.ts';
import { localSigner } from '../../../lambda/data/local-signer.ts';

const signer = localSigner(Buffer.alloc(32, 7));
const now = new Date('2026-11-25T05:00:00.000Z');
const later = (hours: number): Date => new Date(now.getTime() + hours * 3_600_000);

describe('a cursor', () => {
  it('gives the position back, for the same list and within a day', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), fc.string(), async (position, filter) => {
        const cursor = await encodeCursor(signer, { position, filter, now });
        expect(await decodeCursor(signer, { cursor, filter, now })).toBe(position);
        expect(await decodeCursor(signer, { cursor, filter: `${filter}x`, now })).toBeUndefined();
        expect(await decodeCursor(signer, { cursor, filter, now: later(24) })).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  it('holds with no other key, and with no character changed, added or left out', async () => {
    const cursor = await encodeCursor(signer, { position: 'p', filter: 'f', now });
    const other = localSigner(Buffer.alloc(32, 8));
    expect(await decodeCursor(other, { cursor, filter: 'f', now })).toBeUndefined();
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: cursor.length - 2 }), fc.constantFrom('A', 'z', '.', ''), async (at, by) => {
        const edited = cursor.slice(0, at) + by + cursor.slice(at + 1);
        fc.pre(edited !== cursor);
        expect(await decodeCursor(signer, { cursor: edited, filter: 'f', now })).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  it.each(['', '.', 'x', 'x.y.z', 'x'.repeat(3000), '{}.{}'])('refuses %j', async (cursor) => {
    expect(await decodeCursor(signer, { cursor, filter: 'f', now })).toBeUndefined();
  });
});
