import { expect } from '@jest/globals';
import { condition } from './client.ts';
import { kindOf } from './crds.ts';
import { sumOf } from './metrics.ts';
import type { Stage } from './suite.ts';

/**
 * Core's watch breaker has never opened for the file's kinds, and no composite of theirs says that one is open. While
 * it is open, core ignores most changes of what a composite has made (`WatchCircuitOpen`).
 */
export async function expectNoOpenBreaker({ plane, definitions }: Stage): Promise<void> {
  const metrics = await plane.metrics();
  for (const { metadata } of definitions) {
    // As core names the controller of a kind.
    const label = `controller="composite/${metadata.name}"`;
    // Else the label would be another one, and none would be no sign.
    expect([label, sumOf(metrics, 'circuit_breaker_events_total', label) > 0]).toEqual([label, true]);
    expect([label, sumOf(metrics, 'circuit_breaker_opens_total', label)]).toEqual([label, 0]);
  }
  const objects = (await Promise.all(definitions.map((one) => plane.client.list(kindOf(one))))).flat();
  const open = objects.filter((object) => condition(object, 'Responsive')?.status === 'False');
  expect(open.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([]);
}
