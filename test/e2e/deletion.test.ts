/** What deletion does under the real core: to an environment that is thrown away, and to one that holds data. */
import { describe, expect } from '@jest/globals';
import { API_VERSION } from '../../crossplane/definition/definition.ts';
import { compositionName } from '../../crossplane/definition/release.ts';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { expectNoOpenBreaker } from './harness/breaker.ts';
import { isTrue } from './harness/client.ts';
import { endToEnd } from './harness/suite.ts';
import { awsOf, converged, managedCrds, releases, villages } from './spine-world.ts';

const aws = awsOf();
const suite = endToEnd({
  crds: managedCrds(converged(parent('any', 'test'), villages[1])),
  functions: { [villages[1].name]: villages[1].composer },
  objects: villages[1].objects,
  aws,
});

function parent(namespace: string, name: string, more: JsonObject = {}): KubernetesObject {
  return {
    apiVersion: API_VERSION,
    kind: 'Parent',
    metadata: { name, namespace },
    spec: {
      values: { topics: 'a', tables: 'x', body: 'one', text: 'p' },
      ...more,
      crossplane: { compositionRef: { name: compositionName('Parent', releases[1]) } },
    },
  };
}

const isReady = (object: KubernetesObject): boolean => isTrue(object, 'Ready') && isTrue(object, 'Converged');
const DATA = /^(Key|Table)$/;
const dataInAws = (): readonly string[] =>
  [...aws.aws.values()]
    .filter(({ kind }) => DATA.test(kind))
    .map(({ externalName }) => externalName)
    .sort();

describe('an environment that is deleted', () => {
  suite.test('goes with all it made, when it does not protect its data', async ({ plane, namespace }) => {
    const before = aws.aws.size;
    const object = await plane.client.apply(parent(namespace, 'ephemeral', { protectData: false }));
    await plane.client.waitFor(object, 'is Ready', isReady, 60_000);
    expect(aws.aws.size).toBeGreaterThan(before);
    await plane.client.delete(object, 'Foreground');
    await plane.client.waitGone(object, 60_000);
    expect(aws.aws.size).toBe(before);
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
      const before = dataInAws();

      await plane.client.delete(object, 'Foreground');
      await plane.client.waitGone(object, 60_000);
      expect(dataInAws()).toEqual(before);

      const identities = Object.fromEntries(
        Object.entries(recorded).map(([id, externalName]) => [id, { externalName, mode: 'owned' }]),
      );
      const again = await plane.client.apply(parent(namespace, 'kept', { identities }));
      await plane.client.waitFor(again, 'is Ready', isReady, 60_000);
      expect(dataInAws()).toEqual(before);
      const key = await plane.client.get({
        apiVersion: 'kms.aws.m.upbound.io/v1beta1',
        kind: 'Key',
        metadata: { name: 'kept-left-key', namespace },
      });
      expect(key?.metadata.annotations?.['crossplane.io/external-name']).toBe(Object.values(recorded)[0]);
    },
  );

  suite.test('leaves its data in AWS when its whole namespace is deleted', async ({ plane, namespace }) => {
    const object = await plane.client.apply(parent(namespace, 'swept'));
    await plane.client.waitFor(object, 'is Ready', isReady, 60_000);
    const before = dataInAws();
    await plane.client.delete({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    await plane.client.waitGone({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, 60_000);
    expect(dataInAws()).toEqual(before);
  });
});

describe('all the while', () => {
  suite.test('no watch breaker of core has opened', ({ plane }) => expectNoOpenBreaker(plane));
});
