/** The provider is killed again and again, and at last the cluster is lost: nothing in AWS is made twice or deleted. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { asObject } from '../../crossplane/schema/json.ts';
import { expectNoOpenBreaker } from './harness/breaker.ts';
import { isReady } from './harness/conditions.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { isXrd, kindOf, providerCrds } from './harness/crds.ts';
import { objectsIn } from './harness/objects.ts';
import { StandInProvider } from './harness/provider.ts';
import type { Stage } from './harness/suite.ts';
import { until } from './harness/until.ts';
import { creationsOf, expectEachOnce, isManaged, namedIn, nameIn, orphansIn } from './in-aws.ts';
import { accountsOf, chartCrds, environmentIn, spineWorldOf } from './spine-world.ts';
import { pause } from './family.ts';

const { charts, checkout } = spineWorldOf('restarts');
const definitions = charts.objects.filter(isXrd);
const crds = chartCrds();

/** Kills, half of them while nothing changes; a nightly run has more. */
const KILLS = Number(process.env['OWLNEST_KILLS'] ?? 20);
/** Milliseconds after which one comes; every run has the same ones. */
const moments = fc.sample(fc.integer({ min: 0, max: 2500 }), { numRuns: KILLS / 2, seed: 31 });

/** A cluster with the charts and a provider in it; AWS is behind it, and outlives it. */
async function cluster(namespace: string, aws: ReturnType<typeof accountsOf>): Promise<Stage<ControlPlane>> {
  const plane = await startControlPlane({ crds, objects: definitions });
  await plane.addFunction(charts.name, charts.composer);
  await plane.install(charts.objects.filter((object) => !isXrd(object)));
  await plane.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const provider = new StandInProvider({ client: plane.provider, kinds: providerCrds(crds).map(kindOf), aws });
  return { plane, provider, namespace, definitions };
}

/** Without its cluster everything is gone but AWS. */
async function lose({ plane, provider }: Stage<ControlPlane>): Promise<void> {
  await provider.stop();
  await plane.stop({ keepFolder: false });
}

const ready = (stage: Stage, environment: KubernetesObject): Promise<KubernetesObject> =>
  stage.plane.client.waitFor(environment, 'is Ready and Converged', isReady, 90_000);

/** Nothing is being made: every object has the name that it will have. */
async function allNamed(stage: Stage): Promise<readonly KubernetesObject[]> {
  return until('every managed resource has its name', 60_000, async () => {
    const managed = [...(await objectsIn(stage)).values()].filter(isManaged);
    return managed.every((object) => nameIn(object) !== '') ? managed : undefined;
  });
}

describe('production', () => {
  const aws = accountsOf();
  const namespace = 'restarts';
  const account = aws.of(namespace);
  let stage: Stage<ControlPlane>;
  beforeAll(async () => {
    stage = await cluster(namespace, aws);
  }, 120_000);
  afterAll(() => lose(stage));

  const environment = environmentIn(namespace, 'production', checkout);
  /**
   * A setting that changes some objects in place. The tags of all change once: they are so many that core's watch breaker
   * would open if they did so every few seconds, which nobody does.
   */
  const changed = (turn: number): KubernetesObject => {
    const spec = environment.spec ?? {};
    const storage = asObject(spec['storage']);
    const files = { ...asObject(storage['files']), extraUploadOrigins: [`https://turn-${turn}.example.org`] };
    const tags = { ...asObject(spec['tags']), tried: 'yes' };
    return { ...environment, spec: { ...spec, tags, storage: { ...storage, files } } };
  };

  test(
    `converges, and is left alone by ${KILLS} kills of the provider`,
    async () => {
      await stage.plane.client.apply(environment);
      await ready(stage, environment);
      await allNamed(stage);
      for (const moment of moments) {
        await pause(moment);
        stage.provider.crash();
      }
      await ready(stage, environment);
      await expectEachOnce(stage, account);
      for (const [turn, moment] of moments.entries()) {
        await stage.plane.client.apply(changed(turn));
        await pause(moment);
        stage.provider.crash();
        await ready(stage, environment);
      }
      await expectNoOpenBreaker(stage);
      await expectEachOnce(stage, account);
    },
    180_000 + KILLS * 10_000,
  );

  test('is found again by a cluster that is built anew from its files and the names that were recorded', async () => {
    const before = await allNamed(stage);
    const composites = [...(await objectsIn(stage)).values()].filter((object) => !isManaged(object));
    const identities = composites.flatMap(({ status }) => Object.entries(asObject(status?.['identities'])));
    expect(identities.length).toBeGreaterThan(0);
    const made = account.creations.length;
    await lose(stage);
    aws.restart();
    stage = await cluster(namespace, aws);
    const recorded = identities.map(([id, externalName]) => [id, { externalName, mode: 'owned' }]);
    const rebuilt = changed(moments.length - 1);
    await stage.plane.client.apply({
      ...rebuilt,
      spec: { ...rebuilt.spec, identities: Object.fromEntries(recorded) as JsonObject },
    });
    await ready(stage, environment);
    const after = await allNamed(stage);
    const names = (objects: readonly KubernetesObject[]): readonly string[] =>
      objects.map((object) => `${object.kind}/${object.metadata.name} ${nameIn(object)}`).sort();
    expect(names(after)).toEqual(names(before));
    expect(account.creations.length).toBe(made);
    await expectEachOnce(stage, account);
  }, 300_000);
});

describe('what AWS is just making', () => {
  const aws = accountsOf();
  const namespace = 'window';
  const account = aws.of(namespace);
  let stage: Stage<ControlPlane>;
  beforeAll(async () => {
    stage = await cluster(namespace, aws);
  }, 120_000);
  afterAll(() => lose(stage));

  test('is made twice if the provider is killed just then; the first is what `owlnest orphans` names, and nobody uses it', async () => {
    const environment = environmentIn(namespace, 'production', checkout);
    await stage.plane.client.apply(environment);
    // Each time that AWS has made something whose object does not know its name.
    const named = new Set<string>();
    for (let kill = 0; kill < 3; kill++) {
      await until('AWS is making something', 60_000, async () => {
        for (const uid of await namedIn(stage)) named.add(uid);
        return account.creations.some(({ uid }) => !named.has(uid)) || undefined;
      });
      stage.provider.crash();
    }
    await ready(stage, environment);
    const orphans = await orphansIn(stage, account);
    // What had a name was made once.
    expect(Object.values(creationsOf(account, named)).filter((times) => times > 1)).toEqual([]);
    expect(orphans.length).toBeGreaterThan(0);
    expect(new Set(orphans.map(({ state }) => state))).toEqual(new Set(['doubled']));
    expect(orphans.flatMap(({ mentionedBy }) => mentionedBy)).toEqual([]);
    const managed = [...(await objectsIn(stage)).values()].filter(isManaged);
    expect(account.aws.size - managed.length).toBe(orphans.length);
  }, 300_000);
});
