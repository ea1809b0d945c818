/** Three environments at rest: core calls as often as the function asks for, and nothing is written. */
import { describe, expect } from '@jest/globals';
import { API_VERSION } from '../../crossplane/definition/api.ts';
import type { KubernetesObject } from '../../imports/base.ts';
import { expectNoOpenBreaker } from './harness/breaker.ts';
import { isReady } from './harness/conditions.ts';
import { objectsIn, versionsAtRest, versionsOf } from './harness/objects.ts';
import { Recorder } from './harness/recorder.ts';
import { endToEndAlone } from './harness/suite.ts';
import { accountsOf, chartCrds, environmentIn, spineWorldOf } from './spine-world.ts';
import { pause } from './family.ts';

const { charts, checkout } = spineWorldOf('rest');
const recorder = new Recorder();
const suite = endToEndAlone({
  crds: chartCrds(),
  functions: { [charts.name]: recorder.around(charts.composer) },
  objects: charts.objects,
  aws: accountsOf(),
});

/** Seconds after which the function asks to be called again about what has converged (`crossplane/server/codec.ts`). */
const TIME_TO_LIVE = 600;
/** Seconds of rest that are watched. A nightly run takes more than the time to live. */
const WATCHED = Number(process.env['OWLNEST_REST_SECONDS'] ?? 45);
/** Seconds after which the provider looks at everything again; the real one does so every ten minutes. */
const POLL = 10;

describe('three environments at rest', () => {
  suite.test(
    'are called about once in the time to live, and not a byte of a status changes',
    async (stage) => {
      const { plane, provider, namespace } = stage;
      const environments = ['development', 'staging', 'production'].map((name) =>
        environmentIn(namespace, name, checkout),
      );
      for (const environment of environments) await plane.client.apply(environment);
      for (const environment of environments) {
        await plane.client.waitFor(environment, 'is Ready and Converged', isReady, 120_000);
      }
      await versionsAtRest(stage);
      const [start, before] = [performance.now(), await objectsIn(stage)];
      for (let second = 0; second < WATCHED; second += POLL) {
        await pause(Math.min(POLL, WATCHED - second) * 1000);
        provider.inject([]);
      }
      // What the last look of the provider would bring.
      await pause(2000);
      const [seconds, after] = [(performance.now() - start) / 1000, await objectsIn(stage)];
      expect(versionsOf(after)).toEqual(versionsOf(before));
      const statuses = (objects: ReadonlyMap<string, KubernetesObject>): readonly string[] =>
        [...objects].map(([name, { status }]) => `${name} ${JSON.stringify(status)}`).sort();
      expect(statuses(after)).toEqual(statuses(before));
      const composites = [...before.values()].filter(({ apiVersion }) => apiVersion === API_VERSION);
      const times = composites.map(
        (composite) =>
          recorder.callsFor(composite).filter(({ at }) => at >= start && at <= start + seconds * 1000).length,
      );
      // 8 + 8 + 10 composites: two or three calls a minute.
      expect(composites).toHaveLength(26);
      const [least, most] = [Math.floor(seconds / TIME_TO_LIVE), Math.ceil(seconds / TIME_TO_LIVE)];
      expect(times.filter((count) => count < least || count > most)).toEqual([]);
      await expectNoOpenBreaker(stage);
    },
    (WATCHED + 240) * 1000,
  );
});
