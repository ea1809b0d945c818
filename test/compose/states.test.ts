/** The laws for what no converging environment shows: states put together at random, each a question of its own. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ComposeResult } from '../../crossplane/compose/types.ts';
import { toolchain } from '../support/layer.ts';
import { brokenBy } from '../support/promises.ts';
import { anyState, recordedRequests, requestOf } from '../support/states.ts';

const recorded = recordedRequests();
const RUNS = Number(process.env['OWLNEST_STATES'] ?? 9000);
const seed = process.env['OWLNEST_SEED'] === undefined ? {} : { seed: Number(process.env['OWLNEST_SEED']) };

/** What the answers were about, so that a generator that gives nothing shows. */
const seen = new Map<string, number>();

function count(result: ComposeResult): void {
  const found =
    result.outcome === 'refused'
      ? ['refused']
      : [
          result.ready ? 'ready' : 'open',
          ...result.status.held.map(({ reason }) => reason),
          ...result.status.waiting.map(() => 'waiting'),
          ...result.status.invalid.map(({ rule }) => rule),
        ];
  for (const one of new Set(found)) seen.set(one, (seen.get(one) ?? 0) + 1);
}

describe('any observed state', () => {
  it('loses no data and no guard, holds without a change, and says what is open', () => {
    fc.assert(
      fc.property(anyState(recorded), (state) => {
        const request = requestOf(recorded, state);
        const result = toolchain.composer.compose(request);
        count(result);
        expect(brokenBy(request, result)).toEqual([]);
      }),
      { numRuns: RUNS, ...seed },
    );
  }, 3_600_000);

  it.each([
    'open',
    'ready',
    'waiting',
    'unknown-token',
    'not-declared',
    'in-use',
    'still-named',
    'being-deleted',
    'being-replaced',
    'parent-held',
    'leaving',
    'immutable',
    'mark',
    'not-activated',
  ])('is among others one of which the answer is: %s', (what) => {
    expect(seen.get(what) ?? 0).toBeGreaterThan(0);
  });

  it('is hardly ever refused as a whole', () => {
    expect(seen.get('refused') ?? 0).toBeLessThan(RUNS / 20);
  });
});
