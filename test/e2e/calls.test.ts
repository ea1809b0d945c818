/** How often core calls the function: within a budget while production is made, and not at all while nothing changes. */
import { describe, expect } from '@jest/globals';
import { API_VERSION } from '../../crossplane/definition/api.ts';
import { expectNoOpenBreaker } from './harness/breaker.ts';
import { isReady } from './harness/conditions.ts';
import { objectsIn } from './harness/objects.ts';
import { Recorder } from './harness/recorder.ts';
import { endToEnd } from './harness/suite.ts';
import { until } from './harness/until.ts';
import { accountsOf, chartCrds, environmentIn, spineWorldOf } from './spine-world.ts';
import { pause } from './family.ts';

const { charts, checkout } = spineWorldOf('calls');
const recorder = new Recorder();
const suite = endToEnd({
  crds: chartCrds(),
  functions: { [charts.name]: recorder.around(charts.composer) },
  objects: charts.objects,
  aws: accountsOf(),
});

/** Milliseconds, a little more than those after which core calls again while something is open; at rest it is minutes. */
const LONGER_THAN_OPEN = 12_000;
/**
 * Until it is ready the provider writes each resource four times (its own tags, its finalizer, that it is being made, that
 * it is there) and we once (its name), and each write below a composite is a reason to call; core joins what comes close
 * together, so that two calls a resource are enough. Some are for what the composite itself is given.
 */
const budgetOf = (below: number): number => 2 * below + 5;

describe('production', () => {
  suite.test('is made with few calls, and then left alone', async (stage) => {
    const { plane, namespace } = stage;
    const environment = await plane.client.apply(environmentIn(namespace, 'production', checkout));
    await plane.client.waitFor(environment, 'is Ready and Converged', isReady, 60_000);
    const calls = (): number => plane.fn(charts.name).calls;
    await until('core calls no more', 60_000, async () => {
      const before = calls();
      await pause(LONGER_THAN_OPEN);
      return calls() === before || undefined;
    });
    const objects = [...(await objectsIn(stage)).values()];
    const counted = await Promise.all(
      objects
        .filter(({ apiVersion }) => apiVersion === API_VERSION)
        .map(async (composite) => ({
          composite: composite.metadata.name,
          calls: recorder.callsFor(composite).length,
          below: (await objectsIn(stage, composite)).size - 1,
        })),
    );
    expect(counted.filter((one) => one.calls > budgetOf(one.below))).toEqual([]);
    // Nobody else called: all calls are counted above.
    expect(counted.reduce((sum, one) => sum + one.calls, 0)).toBe(calls());
    await expectNoOpenBreaker(stage);
  });
});
