/** Two releases side by side: one environment moves and comes back, and the other does not notice. */
import { describe, expect } from '@jest/globals';
import { compositeKinds } from '../../charts/index.ts';
import type { KubernetesObject } from '../../imports/base.ts';
import { expectNoOpenBreaker } from './harness/breaker.ts';
import { isReady } from './harness/conditions.ts';
import { objectsIn, uidsOf, versionsAtRest, versionsOf } from './harness/objects.ts';
import { endToEnd, type Stage } from './harness/suite.ts';
import { accountsOf, chartCrds, environmentIn, packageOf, parentIn, spineWorldOf, familyCrds } from './spine-world.ts';

const { charts, checkout, releases, families } = spineWorldOf('releases');
/** The charts as they are, released once more. */
const next = { version: '0.2.0-releases' };
const nextCharts = packageOf(compositeKinds, next);
const packages = [charts, nextCharts, families[1], families[2]];

const suite = endToEnd({
  crds: [...familyCrds(), ...chartCrds()],
  functions: Object.fromEntries(packages.map(({ name, composer }) => [name, composer])),
  objects: packages.flatMap(({ objects }) => objects),
  // Families give their resources the same names in AWS, so each needs an account; core labels what is below one with it.
  aws: accountsOf(
    ({ metadata }) => `${metadata.namespace ?? ''}/${metadata.labels?.['crossplane.io/composite'] ?? ''}`,
  ),
});

/** Applies the environment, and waits until its release is what it is at. */
async function moveTo({ plane }: Stage, object: KubernetesObject, { version }: { version: string }): Promise<void> {
  await plane.client.apply(object);
  const arrived = (seen: KubernetesObject): boolean => seen.status?.['release'] === version && isReady(seen);
  await plane.client.waitFor(object, `is Ready at ${version}`, arrived, 60_000);
}

describe('two releases in one control plane', () => {
  suite.test('production is promoted and rolled back: the same objects, and staging is untouched', async (stage) => {
    const { namespace, provider } = stage;
    const at = (release: { version: string }) => environmentIn(namespace, 'production', release);
    const staging = environmentIn(namespace, 'staging', next);
    await Promise.all([moveTo(stage, staging, next), moveTo(stage, at(checkout), checkout)]);
    const before = uidsOf(await objectsIn(stage, at(checkout)));
    const other = await versionsAtRest(stage, staging);
    expect(Object.keys(before).length).toBeGreaterThan(10);
    expect(Object.keys(other).length).toBeGreaterThan(10);

    await moveTo(stage, at(next), next);
    expect(uidsOf(await objectsIn(stage, at(next)))).toEqual(before);
    await moveTo(stage, at(checkout), checkout);
    expect(uidsOf(await objectsIn(stage, at(checkout)))).toEqual(before);

    expect(versionsOf(await objectsIn(stage, staging))).toEqual(other);
    const calls = provider.calls.filter((call) => call.namespace === namespace);
    expect(calls.filter(({ action }) => action === 'deleted')).toEqual([]);
  });

  suite.test('a release that differs moves one family there and back, and the other is untouched', async (stage) => {
    const { namespace, provider } = stage;
    const at = (release: 1 | 2) => parentIn(namespace, 'moving', releases[release]);
    const staying = { 1: parentIn(namespace, 'old', releases[1]), 2: parentIn(namespace, 'new', releases[2]) };
    await Promise.all([
      moveTo(stage, at(1), releases[1]),
      moveTo(stage, staying[1], releases[1]),
      moveTo(stage, staying[2], releases[2]),
    ]);
    const before = uidsOf(await objectsIn(stage, at(1)));
    const others = [await versionsAtRest(stage, staying[1]), await versionsAtRest(stage, staying[2])];

    await moveTo(stage, at(2), releases[2]);
    const there = uidsOf(await objectsIn(stage, at(2)));
    // What both releases declare under one name is one object; the policy is renamed, and handed over.
    expect(there).toMatchObject(without(before, 'Policy/moving-right-policy'));
    expect(Object.keys(there)).toEqual(expect.arrayContaining(['Topic/moving-right-topic-extra']));
    await moveTo(stage, at(1), releases[1]);
    const back = uidsOf(await objectsIn(stage, at(1)));
    expect(back).toMatchObject(without(before, 'Policy/moving-right-policy'));

    expect([versionsOf(await objectsIn(stage, staying[1])), versionsOf(await objectsIn(stage, staying[2]))]).toEqual(
      others,
    );
    const gone = provider.calls.filter((call) => call.namespace === namespace && call.action === 'deleted');
    expect(gone.filter(({ resource }) => !resource.includes('/moving-right-topic-extra'))).toEqual([]);
  });

  suite.test('no watch breaker of core has opened', expectNoOpenBreaker);
});

function without(names: Readonly<Record<string, string>>, name: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(names).filter(([one]) => one !== name));
}
