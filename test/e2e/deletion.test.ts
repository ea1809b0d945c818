/**
 * What deletion does under the real core: to an environment that is thrown away, and to one that holds data. That the
 * latter refuses to be deleted at all is seen in `platform.test.ts`, where its guard is installed.
 */
import { describe, expect } from '@jest/globals';
import { API_VERSION } from '../../crossplane/definition/api.ts';
import { resourceId } from '../../crossplane/reference/identity.ts';
import { asObject } from '../../crossplane/schema/json.ts';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { remainsOf } from '../../plan/remains.ts';
import { isManaged } from './in-aws.ts';
import { expectNoOpenBreaker } from './harness/breaker.ts';
import { condition } from './harness/client.ts';
import { isReady } from './harness/conditions.ts';
import { kindOf } from './harness/crds.ts';
import { objectsIn } from './harness/objects.ts';
import { endToEnd, type Stage } from './harness/suite.ts';
import { accountsOf, chartCrds, environmentIn, parentIn, spineWorldOf, familyCrds } from './spine-world.ts';

const FILES = 'owlnest-files-staging-345678901234-ap-northeast-1';

const { charts, checkout, releases, families } = spineWorldOf('deletion');
const accounts = accountsOf();
const suite = endToEnd({
  crds: [...familyCrds(), ...chartCrds()],
  functions: { [families[1].name]: families[1].composer, [charts.name]: charts.composer },
  objects: [...families[1].objects, ...charts.objects],
  aws: accounts,
});

function parent(namespace: string, name: string, more: JsonObject = {}): KubernetesObject {
  return parentIn(namespace, name, releases[1], more);
}

function environment(namespace: string, more: JsonObject): KubernetesObject {
  const staging = environmentIn(namespace, 'staging', checkout);
  return { ...staging, spec: { ...staging.spec, ...more } };
}

/** What the provider asked AWS to delete, in order, by kind; `refused` where AWS did not. */
function deletions({ provider, namespace }: Stage): readonly string[] {
  return provider.calls
    .filter((call) => call.namespace === namespace && call.action !== 'created')
    .map(({ action, resource }) => `${action} ${resource.split('.')[0] ?? ''}`);
}

const DATA = /^(Key|ReplicaKey|Table|Bucket)$/;
const dataInAws = (namespace: string): readonly string[] =>
  [...accounts.of(namespace).aws.values()]
    .filter(({ kind }) => DATA.test(kind))
    .map(({ externalName }) => externalName)
    .sort();

describe('an environment that is deleted', () => {
  suite.test('goes with all it made, when it does not protect its data', async ({ plane, namespace }) => {
    const object = await plane.client.apply(parent(namespace, 'ephemeral', { protectData: false }));
    await plane.client.waitFor(object, 'is Ready', isReady, 60_000);
    expect(accounts.of(namespace).aws.size).toBeGreaterThan(0);
    await plane.client.delete(object, 'Foreground');
    await plane.client.waitGone(object, 60_000);
    expect(accounts.of(namespace).aws.size).toBe(0);
  });

  suite.test('goes in an order that AWS accepts: what is refused is kept, and tried again', async (stage) => {
    const { plane, provider, namespace } = stage;
    const object = await plane.client.apply(parent(namespace, 'ordered', { protectData: false }));
    await plane.client.waitFor(object, 'is Ready', isReady, 60_000);
    const group = { apiVersion: 'apigateway.aws.m.upbound.io/v1beta1' };
    const [deployment] = await plane.client.list({ ...group, kind: 'Deployment' }, { namespace });
    const others = await Promise.all(
      ['Stage', 'RestAPI'].map((kind) => plane.client.list({ ...group, kind }, { namespace })),
    );
    if (deployment === undefined) throw new Error('There is no deployment.');
    // The worst order: the deployment is asked for while its stage cannot go.
    provider.inject(others.flat().map((one) => ({ kind: 'freeze', resource: resourceId(one, one.metadata.name) })));
    await plane.client.delete(object, 'Foreground');
    const refused = await plane.client.waitFor(
      deployment,
      'is refused',
      (seen) => condition(seen, 'LastAsyncOperation')?.reason === 'AsyncDeleteFailure',
    );
    expect(condition(refused, 'Synced')?.message).toContain('Active stages pointing to this deployment');
    provider.inject([]);
    await plane.client.waitGone(object, 60_000);

    const done = deletions(stage);
    expect(done.filter((line) => line === 'refused Deployment').length).toBeGreaterThan(0);
    expect(done.filter((line) => line.startsWith('refused') && line !== 'refused Deployment')).toEqual([]);
    // Not the other way round: the stage first, or the API with both of them.
    const [last, first] = [done.lastIndexOf('deleted Deployment'), done.indexOf('deleted Stage')];
    expect(last === -1 ? done.includes('deleted RestAPI') : first !== -1 && first < last).toBe(true);
    expect(accounts.of(namespace).aws.size).toBe(0);
  });

  suite.test('goes with the files in its buckets: the real charts', async (stage) => {
    const { plane, namespace } = stage;
    const object = await plane.client.apply(environment(namespace, { protectData: false }));
    await plane.client.waitFor(object, 'is Ready', isReady, 60_000);
    expect([...accounts.of(namespace).aws.values()].map(({ externalName }) => externalName)).toContain(FILES);
    accounts.of(namespace).putObject(FILES);
    await plane.client.delete(object, 'Foreground');
    await plane.client.waitGone(object, 60_000);
    // A pool waits for its domain to go: AWS refuses it until then.
    const refused = deletions(stage).filter((line) => line.startsWith('refused'));
    expect(refused.filter((line) => line !== 'refused UserPool')).toEqual([]);
    expect(deletions(stage)).toEqual(expect.arrayContaining(['deleted Bucket', 'deleted Table', 'deleted Key']));
    expect(accounts.of(namespace).aws.size).toBe(0);
  });

  suite.test(
    'leaves its data in AWS; made again with the recorded names, it finds them and makes none',
    async ({ plane, namespace }) => {
      const object = await plane.client.apply(parent(namespace, 'kept'));
      await plane.client.waitFor(object, 'is Ready', isReady, 60_000);
      const left = { apiVersion: API_VERSION, kind: 'Left', metadata: { name: 'kept-left', namespace } };
      const recorded = ((await plane.client.get(left))?.status?.['identities'] ?? {}) as Readonly<
        Record<string, string>
      >;
      expect(Object.keys(recorded)).toEqual(['Key.kms.aws.m.upbound.io/kept-left-key']);
      const before = dataInAws(namespace);
      expect(before.length).toBeGreaterThan(1);

      await plane.client.delete(object, 'Foreground');
      await plane.client.waitGone(object, 60_000);
      expect(dataInAws(namespace)).toEqual(before);

      const identities = Object.fromEntries(
        Object.entries(recorded).map(([id, externalName]) => [id, { externalName, mode: 'owned' }]),
      );
      const again = await plane.client.apply(parent(namespace, 'kept', { identities }));
      await plane.client.waitFor(again, 'is Ready', isReady, 60_000);
      expect(dataInAws(namespace)).toEqual(before);
      const key = await plane.client.get({
        apiVersion: 'kms.aws.m.upbound.io/v1beta1',
        kind: 'Key',
        metadata: { name: 'kept-left-key', namespace },
      });
      expect(key?.metadata.annotations?.['crossplane.io/external-name']).toBe(Object.values(recorded)[0]);
    },
  );

  suite.test(
    'leaves all data of production in AWS; made again from git it finds all of it: the real charts',
    async (stage) => {
      const { plane, namespace, definitions } = stage;
      const production = environmentIn(namespace, 'production', checkout);
      await plane.client.apply(production);
      await plane.client.waitFor(production, 'is Ready', isReady, 60_000);
      const composites = await Promise.all(definitions.map((one) => plane.client.list(kindOf(one), { namespace })));
      const managed = async () => [...(await objectsIn(stage)).values()].filter(isManaged);
      const { remaining } = remainsOf(await managed());
      const kept = new Set(remaining.map(({ resource }) => resource));
      // What a person records in config/production.identities.json: the names that AWS made up, of all that stays.
      const identities = Object.fromEntries(
        composites
          .flat()
          .flatMap(({ status }) => Object.entries(asObject(status?.['identities'])))
          .filter(([id]) => kept.has(id))
          .map(([id, externalName]) => [id, { externalName, mode: 'owned' }]),
      );
      // The name of the fourth, a replica, follows from that of its key.
      expect(Object.keys(identities).filter((id) => id.startsWith('Key.'))).toHaveLength(3);
      const before = dataInAws(namespace);
      expect(before).toHaveLength(12);
      const told = remaining.filter(({ resource }) => DATA.test(resource.split('.')[0] ?? ''));
      expect(told.map(({ externalName }) => externalName).sort()).toEqual(before);

      await plane.client.delete(production, 'Foreground');
      await plane.client.waitGone(production, 60_000);
      expect(dataInAws(namespace)).toEqual(before);
      expect(remainsOf(await managed())).toEqual({ remaining: [], goes: 0 });

      const again = { ...production, spec: { ...production.spec, identities } };
      await plane.client.apply(again);
      await plane.client.waitFor(again, 'is Ready', isReady, 60_000);
      expect(dataInAws(namespace)).toEqual(before);
    },
  );

  suite.test('leaves its data in AWS when its whole namespace is deleted', async ({ plane, namespace }) => {
    const object = await plane.client.apply(parent(namespace, 'swept'));
    await plane.client.waitFor(object, 'is Ready', isReady, 60_000);
    const before = dataInAws(namespace);
    expect(before.length).toBeGreaterThan(1);
    await plane.client.delete({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    await plane.client.waitGone({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, 60_000);
    expect(dataInAws(namespace)).toEqual(before);
  });
});

describe('all the while', () => {
  suite.test('no watch breaker of core has opened', expectNoOpenBreaker);
});
