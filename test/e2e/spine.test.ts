import { describe, expect } from '@jest/globals';
import { API_VERSION } from '../../crossplane/definition/api.ts';
import type { ResourceId } from '../../crossplane/reference/identity.ts';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { expectNoOpenBreaker } from './harness/breaker.ts';
import { condition } from './harness/client.ts';
import { isReady } from './harness/conditions.ts';
import { objectsIn } from './harness/objects.ts';
import { endToEnd } from './harness/suite.ts';
import { until } from './harness/until.ts';
import {
  accountsOf,
  chartCrds,
  converged,
  environmentIn,
  everythingIn,
  normalised,
  parentIn,
  spineWorldOf,
  familyCrds,
} from './spine-world.ts';

const { charts, checkout, releases, families } = spineWorldOf('spine');

/** A family of its own name: faults go by name, and the stand-in provider serves all namespaces. */
function familyIn(
  namespace: string,
  name: string,
  values: JsonObject = {},
  { release = 1, ...more }: { readonly release?: 1 | 2; readonly allowRemoval?: readonly string[] } = {},
): KubernetesObject {
  return parentIn(namespace, name, releases[release], { values: { topics: 'a b', ...values }, ...more });
}

const aws = accountsOf();
const suite = endToEnd({
  crds: [...familyCrds(), ...chartCrds()],
  functions: Object.fromEntries([charts, families[1], families[2]].map(({ name, composer }) => [name, composer])),
  objects: [...charts.objects, ...families[1].objects, ...families[2].objects],
  aws,
});

const managed = (kind: string, group: string, name: string, namespace: string): KubernetesObject => ({
  apiVersion: `${group}.aws.m.upbound.io/v1beta1`,
  kind,
  metadata: { name, namespace },
});
const heldReasons = (object: KubernetesObject): readonly unknown[] =>
  ((object.status?.['held'] ?? []) as readonly JsonObject[]).map(({ reason }) => reason);
const child = (kind: string, name: string, namespace: string): KubernetesObject => ({
  apiVersion: API_VERSION,
  kind,
  metadata: { name, namespace },
});

describe('the charts under the real core', () => {
  suite.test('environments converge, to the very objects of the embedded control plane', async (stage) => {
    const { plane, namespace } = stage;
    for (const environment of [environmentIn(namespace, 'production', checkout), everythingIn(namespace, checkout)]) {
      const object = await plane.client.apply(environment);
      const ready = await plane.client.waitFor(object, 'is Ready and Converged', isReady, 60_000);
      const embedded = converged(environment, charts);
      const root = embedded.find(({ kind }) => kind === 'Environment');
      const count = embedded.filter(({ apiVersion }) => apiVersion !== API_VERSION).length;
      expect(ready.status).toMatchObject({
        resources: { text: `${count}/${count}` },
        release: checkout.version,
        waiting: [],
        held: [],
      });
      const real = [...(await objectsIn(stage, object)).values()];
      expect(normalised(real)).toEqual(normalised(embedded));
      expect(ready.status?.['outputs']).toEqual(root?.status?.['outputs']);
    }
  });
});

describe('the laws under the real core', () => {
  suite.test('law 8: not Ready while something waits, and it says what', async ({ plane, provider, namespace }) => {
    const key = 'Key.kms.aws.m.upbound.io/waits-left-key' as ResourceId;
    provider.inject([{ kind: 'drop', resource: key, field: 'arn' }]);
    const parent = await plane.client.apply(familyIn(namespace, 'waits'));
    const left = await plane.client.waitFor(child('Left', 'waits-left', namespace), 'waits', (object) =>
      String(object.status?.['waitingText']).includes('waits-left-table-x'),
    );
    await plane.client.waitFor(
      left,
      'is open',
      (object) => condition(object, 'Converged')?.reason === 'Open' && condition(object, 'Ready')?.status === 'False',
    );
    // Inputs never withhold a layer: the other one is there, and only what uses the input waits.
    await plane.client.waitFor(child('Right', 'waits-right', namespace), 'waits for its input', (object) =>
      JSON.stringify(object.status?.['waiting'] ?? []).includes('"on":"input"'),
    );
    expect(condition((await plane.client.get(parent)) ?? parent, 'Ready')?.status).not.toBe('True');
    provider.inject([]);
    await plane.client.waitFor(parent, 'is Ready and Converged', isReady, 60_000);
  });

  suite.test('law 3: a value that vanishes holds what takes it, as it is', async ({ plane, provider, namespace }) => {
    const parent = await plane.client.apply(familyIn(namespace, 'vanish'));
    await plane.client.waitFor(parent, 'is Ready and Converged', isReady, 60_000);
    const table = managed('Table', 'dynamodb', 'vanish-left-table-x', namespace);
    const before = await plane.client.get(table);
    provider.inject([
      { kind: 'drop', resource: 'Key.kms.aws.m.upbound.io/vanish-left-key' as ResourceId, field: 'arn' },
    ]);
    await plane.client.waitFor(child('Left', 'vanish-left', namespace), 'holds the table', (object) =>
      heldReasons(object).includes('unknown-token'),
    );
    await plane.client.waitFor(parent, 'holds the child that takes it', (object) =>
      heldReasons(object).includes('unknown-token'),
    );
    expect((await plane.client.get(table))?.metadata.generation).toBe(before?.metadata.generation);
    provider.inject([]);
    await plane.client.waitFor(parent, 'is Ready and Converged', isReady, 60_000);
  });

  suite.test(
    'law 4: what is removed goes, what holds data stays until it may go',
    async ({ plane, provider, namespace }) => {
      const parent = await plane.client.apply(familyIn(namespace, 'removed', { tables: 'x y' }));
      await plane.client.waitFor(parent, 'is Ready and Converged', isReady, 60_000);
      await plane.client.apply(familyIn(namespace, 'removed', { tables: 'x', topics: 'a' }));
      await plane.client.waitGone(managed('Topic', 'sns', 'removed-right-topic-b', namespace));
      const left = child('Left', 'removed-left', namespace);
      await plane.client.waitFor(left, 'keeps the table', (object) => heldReasons(object).includes('not-declared'));
      const gone = managed('Table', 'dynamodb', 'removed-left-table-y', namespace);
      expect(await plane.client.get(gone)).toBeDefined();
      const message = JSON.stringify((await plane.client.get(left))?.status?.['held']);
      const entry = /names (\S+?)\.?"/.exec(message)?.[1] ?? '';
      await plane.client.apply(familyIn(namespace, 'removed', { tables: 'x', topics: 'a' }, { allowRemoval: [entry] }));
      await plane.client.waitGone(gone);
      await plane.client.waitFor(parent, 'is Ready and Converged', isReady, 60_000);
      const deleted = provider.calls.filter(
        ({ action, namespace: where }) => action === 'deleted' && where === namespace,
      );
      expect(deleted.map(({ externalName }) => externalName).sort()).toEqual(['table-y', 'topic-b']);
    },
  );

  suite.test('law 3: a resource deleted by hand is made again', async ({ plane, namespace }) => {
    const parent = await plane.client.apply(familyIn(namespace, 'byhand'));
    await plane.client.waitFor(parent, 'is Ready and Converged', isReady, 60_000);
    const topic = managed('Topic', 'sns', 'byhand-right-topic-a', namespace);
    const before = await plane.client.get(topic);
    await plane.client.delete(topic);
    await plane.client.waitFor(topic, 'is a new one', ({ metadata }) => metadata.uid !== before?.metadata.uid);
    await plane.client.waitFor(parent, 'is Ready and Converged', isReady, 60_000);
  });

  suite.test('law 5: a pinned release moves on, with its renames; and back', async ({ plane, provider, namespace }) => {
    const parent = await plane.client.apply(familyIn(namespace, 'renamed'));
    await plane.client.waitFor(parent, 'is Ready and Converged', isReady, 60_000);
    const key = managed('Key', 'kms', 'renamed-left-key', namespace);
    const before = await plane.client.get(key);
    await plane.client.apply(familyIn(namespace, 'renamed', {}, { release: 2 }));
    const moved = (release: string) => (object: KubernetesObject) =>
      object.status?.['release'] === release && isReady(object);
    await plane.client.waitFor(parent, 'is at the later release', moved(releases[2].version), 60_000);
    expect((await plane.client.get(key))?.metadata.uid).toBe(before?.metadata.uid);
    expect((await plane.client.get(key))?.spec?.['forProvider']).toMatchObject({ enableKeyRotation: true });
    await plane.client.waitGone(managed('Policy', 'iam', 'renamed-right-policy', namespace));
    expect(await plane.client.get(managed('Policy', 'iam', 'renamed-right-rules', namespace))).toBeDefined();
    await plane.client.apply(familyIn(namespace, 'renamed'));
    await plane.client.waitFor(parent, 'is back', moved(releases[1].version), 60_000);
    await plane.client.waitGone(managed('Topic', 'sns', 'renamed-right-topic-extra', namespace));
    expect((await plane.client.get(key))?.metadata.uid).toBe(before?.metadata.uid);
    const deleted = provider.calls.filter(
      ({ action, namespace: where }) => action === 'deleted' && where === namespace,
    );
    // The renamed policy was handed over, never deleted in AWS.
    expect(deleted.map(({ externalName }) => externalName)).toEqual(['topic-extra']);
  });

  suite.test('law 6: a new generation comes before the old one goes', async ({ plane, provider, namespace }) => {
    const parent = await plane.client.apply(familyIn(namespace, 'generation'));
    await plane.client.waitFor(parent, 'is Ready and Converged', isReady, 60_000);
    await plane.client.apply(familyIn(namespace, 'generation', { body: 'two' }));
    const actions = (): readonly string[] =>
      provider.calls
        .filter((call) => call.namespace === namespace && call.resource.startsWith('Deployment.'))
        // AWS may refuse at first: the stage moves over there a little after its object.
        .filter(({ action }) => action !== 'refused')
        .map(({ action }) => action);
    await until('the old generation is gone', 30_000, async () =>
      Promise.resolve(actions().at(-1) === 'deleted' || undefined),
    );
    expect(actions()).toEqual(['created', 'created', 'deleted']);
    await plane.client.waitFor(parent, 'is Ready and Converged', isReady, 60_000);
  });

  suite.test('law 4: data in AWS outlives its composite', async ({ plane, provider, namespace }) => {
    const parent = await plane.client.apply(familyIn(namespace, 'outlived'));
    await plane.client.waitFor(parent, 'is Ready and Converged', isReady, 60_000);
    await plane.client.delete(parent, 'Foreground');
    await plane.client.waitGone(parent, 60_000);
    const deleted = provider.calls.filter(
      ({ action, namespace: where }) => action === 'deleted' && where === namespace,
    );
    expect(deleted.map(({ resource }) => resource).some((id) => /^(Key|Table)\./.test(id))).toBe(false);
    expect(deleted.length).toBeGreaterThan(0);
  });
});

describe('all the while', () => {
  suite.test('no watch breaker of core has opened', expectNoOpenBreaker);
});
