import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { command } from '../support/commands.ts';
import { Model } from '../support/model.ts';

describe('the laws, whatever happens', () => {
  it('hold after every pass, and after quiet the end state is reached', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 25 }), (commands) => {
        const model = new Model();
        for (const one of commands) model.run(one);
        model.quiet();
        expect(model.broken).toEqual([]);
      }),
      { numRuns: Number(process.env['OWLNEST_MODEL_RUNS'] ?? 60) },
    );
  });
});
