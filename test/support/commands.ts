import fc from 'fast-check';
import { FAULT_KINDS } from '../../crossplane/embedded/faults.ts';
import type { Command } from './model.ts';

const words = (choices: readonly string[]) => fc.subarray([...choices]).map((chosen) => chosen.join(' '));

/** What may happen to an environment; every command is followed by at least one pass. */
export const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), times: fc.integer({ min: 1, max: 6 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      key: fc.constant('topics'),
      value: words(['a', 'b', 'c']),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('edit' as const), key: fc.constant('tables'), value: words(['x', 'y']) }),
  },
  {
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      key: fc.constant('body'),
      value: fc.constantFrom('one', 'two', 'three'),
    }),
    weight: 1,
  },
  {
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      key: fc.constant('text'),
      value: fc.constantFrom('p', 'q'),
    }),
    weight: 1,
  },
  {
    arbitrary: fc.record({
      do: fc.constant('allow' as const),
      table: fc.constantFrom('x', 'y'),
      allowed: fc.boolean(),
    }),
    weight: 1,
  },
  {
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      kind: fc.constantFrom(...FAULT_KINDS),
      target: fc.nat(20),
    }),
    weight: 2,
  },
  { arbitrary: fc.constant({ do: 'heal' as const }), weight: 1 },
  { arbitrary: fc.constant({ do: 'restart' as const }), weight: 2 },
  { arbitrary: fc.record({ do: fc.constant('delete' as const), target: fc.nat(20) }), weight: 1 },
  { arbitrary: fc.record({ do: fc.constant('foreign' as const), target: fc.nat(20) }), weight: 1 },
  {
    arbitrary: fc.record({ do: fc.constant('release' as const), release: fc.constantFrom(1 as const, 2 as const) }),
    weight: 1,
  },
  { arbitrary: fc.record({ do: fc.constant('stale' as const), passes: fc.integer({ min: 1, max: 4 }) }), weight: 1 },
);
