import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { command } from '../support/commands.ts';
import { KINDS, Model, type Command } from '../support/model.ts';

/** Kinds that activation policies list. */
const kinds = fc.subarray([...KINDS]);
/** Not among those that the real core is driven with: policies are the whole cluster's. */
const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 16, arbitrary: command },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('list' as const), kinds }) },
);

describe('the laws, whatever happens', () => {
  it('hold after every pass, and after quiet the end state is reached', () => {
    fc.assert(
      fc.property(fc.option(kinds, { nil: undefined }), fc.array(anyCommand, { maxLength: 25 }), (listed, commands) => {
        const model = new Model(listed);
        for (const one of commands) model.run(one);
        model.quiet();
        expect(model.broken).toEqual([]);
      }),
      { numRuns: Number(process.env['OWLNEST_MODEL_RUNS'] ?? 60) },
    );
  });
});
