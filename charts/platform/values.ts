import type { JsonObject } from '../../imports/base.ts';

/**
 * What core is started with, in a cluster and in the end-to-end tests.
 *
 * A composite has at most 25 resources, and the provider writes to each about ten times until it is ready: 500 of the
 * watch breaker's tokens, two a write. Twice that is the burst; core's default of 100 would open the breaker while a
 * layer is being made. The refill stays low enough that two controllers which undo each other still open it.
 */
export const CORE_ARGUMENTS: readonly string[] = [
  '--circuit-breaker-burst=1000',
  '--circuit-breaker-refill-rate=10',
  // Each composite at work waits for the function, and two replicas of it compute one after the other.
  '--max-concurrent-reconciles=25',
];

/** Values for Crossplane's own Helm chart. They are no manifest, so they stand outside of what is applied. */
export function crossplaneValues(): JsonObject {
  return {
    args: CORE_ARGUMENTS,
    // Must be so before the first provider is installed: kinds once activated stay active.
    provider: { defaultActivations: [] },
  };
}
