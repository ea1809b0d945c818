import { expect } from '@jest/globals';
import { condition } from './client.ts';
import type { ControlPlane } from './control-plane.ts';
import { sumOf } from './metrics.ts';
import { compositeKinds } from './objects.ts';

/**
 * Core's watch breaker has never opened since core was started, and no composite says that one is open. While it is
 * open, core ignores most changes of what a composite has made (`WatchCircuitOpen`).
 */
export async function expectNoOpenBreaker(plane: ControlPlane): Promise<void> {
  const metrics = await plane.metrics();
  // Else the metric would have another name, and none would be no sign.
  expect(sumOf(metrics, 'circuit_breaker_events_total')).toBeGreaterThan(0);
  expect(sumOf(metrics, 'circuit_breaker_opens_total')).toBe(0);
  const kinds = await compositeKinds(plane.client);
  const composites = (await Promise.all(kinds.map((kind) => plane.client.list(kind)))).flat();
  const open = composites.filter((object) => condition(object, 'Responsive')?.status === 'False');
  expect(open.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([]);
}
