/**
 * What core v2.4.0 sends to the function: facts that compose and the embedded control plane are built on. With
 * `OWLNEST_RECORD=1` the objects are written to `test/fixtures/observed/`, exactly as they came.
 */
import { createHash } from 'node:crypto';
import { describe, expect } from '@jest/globals';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { condition, isTrue } from './harness/client.ts';
import { Recorder } from './harness/recorder.ts';
import { endToEnd, type Stage } from './harness/suite.ts';
import { until } from './harness/until.ts';
import {
  idOf,
  keyOf,
  partOf,
  stringAt,
  tableOf,
  toyAws,
  toyComposer,
  toyCrds,
  toyOf,
  usageOf,
  type ToySpec,
} from './toy.ts';

const { demo, functionName, objects } = toyOf('observed');
const recorder = new Recorder();
const suite = endToEnd({
  crds: toyCrds,
  functions: { [functionName]: recorder.around(toyComposer) },
  objects,
  aws: toyAws(),
  delay: 400,
});

/** Applies a Demo and waits until it is Ready. */
async function readyDemo({ plane, namespace }: Stage, name: string, spec: ToySpec = {}): Promise<KubernetesObject> {
  const composite = await plane.client.apply(demo(namespace, name, spec));
  return plane.client.waitFor(composite, 'is Ready', (object) => isTrue(object, 'Ready'));
}

/** The composite and the resources of the newest call. */
function lastCall(composite: KubernetesObject) {
  return recorder.callsFor(composite).at(-1)?.request;
}

describe('a managed resource', () => {
  suite.test('arrives with what core added, under the field manager of its composite', async (stage) => {
    const composite = await readyDemo(stage, 'fresh');
    const key = await recorder.observed(composite, idOf(keyOf(composite)), 'once', () => true);
    recorder.save('key-fresh', key);

    expect(key.metadata.labels).toEqual({ 'crossplane.io/composite': 'fresh', 'owlnest.io/toy': 'yes' });
    expect(key.metadata.annotations).toEqual({ 'crossplane.io/composition-resource-name': idOf(key) });
    expect(key.metadata.ownerReferences).toEqual([ownerReference(composite)]);
    expect(key.metadata.finalizers).toBeUndefined();
    expect(key.status).toBeUndefined();
    expect(managers(key)).toEqual([[composedBy(composite), 'Apply', undefined]]);
    expect(key.metadata.managedFields?.[0]?.['fieldsV1']).toEqual({
      'f:metadata': {
        'f:annotations': { 'f:crossplane.io/composition-resource-name': {} },
        'f:labels': { 'f:crossplane.io/composite': {}, 'f:owlnest.io/toy': {} },
        'f:ownerReferences': { [`k:{"uid":"${composite.metadata.uid ?? ''}"}`]: {} },
      },
      'f:spec': {
        'f:forProvider': { 'f:deletionWindowInDays': {}, 'f:description': {}, 'f:region': {} },
        'f:managementPolicies': {},
        'f:providerConfigRef': { 'f:kind': {}, 'f:name': {} },
      },
    });
  });

  suite.test('arrives with defaults of its CRD, which nobody owns', async (stage) => {
    const composite = await readyDemo(stage, 'defaults', { bare: true });
    const key = await recorder.observed(composite, idOf(keyOf(composite)), 'once', () => true);
    recorder.save('key-with-defaults', key);

    expect(key.spec?.['managementPolicies']).toEqual(['*']);
    expect(key.spec?.['providerConfigRef']).toEqual({ kind: 'ClusterProviderConfig', name: 'default' });
    expect(JSON.stringify(key.metadata.managedFields)).not.toContain('f:managementPolicies');
  });

  suite.test('arrives again with what the provider has added', async (stage) => {
    const composite = await readyDemo(stage, 'named');
    const key = lastCall(composite)?.resources.get(idOf(keyOf(composite)));
    const table = lastCall(composite)?.resources.get(idOf(tableOf(composite)));
    if (key === undefined || table === undefined) throw new Error('Key and table are observed.');
    recorder.save('key-ready', key);
    recorder.save('table-ready', table);

    expect(key.metadata.finalizers).toEqual(['finalizer.managedresource.crossplane.io']);
    expect(stringAt(key, 'arn')).toMatch(/^arn:/);
    expect(managers(key)).toEqual([
      [composedBy(composite), 'Apply', undefined],
      ['provider', 'Update', undefined],
      ['provider', 'Update', 'status'],
    ]);
  });

  suite.test('keeps fields of the spec that another manager has set', async (stage) => {
    const { client } = stage.plane;
    const composite = await readyDemo(stage, 'foreign');
    const id = idOf(keyOf(composite));
    const late = { spec: { forProvider: { enableKeyRotation: true, tags: { 'filled-in': 'yes' } } } };
    await client.patch(keyOf(composite), late, { manager: 'provider' });
    const filled = await recorder.observed(composite, id, 'with tags', (object) => text(object).includes('filled-in'));
    recorder.save('key-filled-by-provider', filled);
    await client.patch(keyOf(composite), { metadata: { labels: { team: 'platform' } } }, { manager: 'kubectl-edit' });
    const edited = await recorder.observed(composite, id, 'edited', (object) => text(object).includes('kubectl-edit'));
    recorder.save('key-edited-by-hand', edited);

    expect(filled.spec?.['forProvider']).toMatchObject({ ...late.spec.forProvider, description: 'toy' });
    expect(edited.metadata.labels).toMatchObject({ team: 'platform' });
  });

  suite.test('shows a refused update in Synced and LastAsyncOperation only', async (stage) => {
    const composite = await readyDemo(stage, 'refused');
    const id = idOf(keyOf(composite));
    stage.provider.inject([{ kind: 'fail', resource: id }]);
    const refused = await recorder.observed(
      composite,
      id,
      'refused',
      (key) => condition(key, 'Synced')?.status === 'False',
    );
    recorder.save('key-update-refused', refused);

    expect(condition(refused, 'LastAsyncOperation')?.reason).toBe('AsyncUpdateFailure');
    expect(condition(refused, 'Ready')?.status).toBe('True');
  });

  suite.test('that a Usage names carries the label in-use', async (stage) => {
    const composite = await readyDemo(stage, 'used', { usage: true });
    const key = lastCall(composite)?.resources.get(idOf(keyOf(composite)));
    const usage = lastCall(composite)?.resources.get(idOf(usageOf(composite)));
    if (key === undefined || usage === undefined) throw new Error('Key and usage are observed.');
    recorder.save('key-in-use', key);
    recorder.save('usage-ready', usage);

    expect(key.metadata.labels?.['crossplane.io/in-use']).toBe('true');
    await expect(stage.plane.client.delete(keyOf(composite))).rejects.toThrow('This resource is in-use by 1 usage(s)');
    await stage.plane.client.delete(composite);
    await stage.plane.client.waitGone(keyOf(composite), 60_000);
  });
});

describe('a managed resource that is going', () => {
  suite.test('though it is wanted is still observed, may be applied, and is made again', async (stage) => {
    const { client } = stage.plane;
    const composite = await readyDemo(stage, 'going');
    const before = await client.get(keyOf(composite));
    stage.provider.inject([{ kind: 'freeze', resource: idOf(keyOf(composite)) }]);
    await client.delete(keyOf(composite));
    const going = await recorder.observed(composite, idOf(keyOf(composite)), 'going', isGoing);
    recorder.save('key-being-deleted', going);
    await client.apply(demo(stage.namespace, 'going', { description: 'changed' }));
    const applied = await client.waitFor(keyOf(composite), 'is changed', (key) => text(key.spec).includes('changed'));

    expect(applied.metadata.uid).toBe(before?.metadata.uid);
    expect(isGoing(applied)).toBe(true);

    stage.provider.inject([]);
    await client.waitFor(keyOf(composite), 'is made again', (key) => key.metadata.uid !== before?.metadata.uid);
  });

  suite.test('because it is wanted no more is not observed any longer', async (stage) => {
    const { client } = stage.plane;
    const composite = await readyDemo(stage, 'dropped');
    const id = idOf(tableOf(composite));
    stage.provider.inject([{ kind: 'freeze', resource: id }]);
    await client.apply(demo(stage.namespace, 'dropped', { table: false }));
    await client.waitFor(tableOf(composite), 'is going', isGoing);
    await until('core sends no table', 10_000, () =>
      Promise.resolve(lastCall(composite)?.resources.has(id) === false ? true : undefined),
    );
    const still = await client.get(tableOf(composite));

    expect(isGoing(still)).toBe(true);

    await client.apply(demo(stage.namespace, 'dropped'));
    await recorder.observed(composite, id, 'going', isGoing);
    stage.provider.inject([]);
    await client.waitFor(tableOf(composite), 'is made again', (table) => table.metadata.uid !== still?.metadata.uid);
  });
});

describe('a composite', () => {
  suite.test('arrives with the managedFields and the status of the pass before', async (stage) => {
    const composite = await readyDemo(stage, 'again', { part: true });
    const [first] = recorder.callsFor(composite);
    const last = lastCall(composite);
    if (first === undefined || last === undefined) throw new Error('The function was called.');
    recorder.save('composite-first', first.request.composite);
    recorder.save('composite-last', last.composite);

    expect(first.request.resources.size).toBe(0);
    expect(first.request.composite.status).toBeUndefined();
    expect(last.composite.status).toMatchObject({ release: 'toy', resources: { desired: 3 } });
    expect(last.composite.spec?.['crossplane']).toMatchObject({ compositionRef: { name: `${functionName}-demo` } });
    expect(managers(last.composite)).toContainEqual(['apiextensions.crossplane.io/composite', 'Apply', 'status']);
  });

  suite.test('has conditions of core with a generation, and ours without one', async (stage) => {
    const composite = await readyDemo(stage, 'conditions', { table: false });
    const generation = composite.metadata.generation;

    expect(condition(composite, 'Synced')).toMatchObject({
      reason: 'ReconcileSuccess',
      observedGeneration: generation,
    });
    expect(condition(composite, 'Ready')).toMatchObject({ reason: 'Available', observedGeneration: generation });
    expect(condition(composite, 'Responsive')).toMatchObject({ reason: 'WatchCircuitClosed' });
    expect(condition(composite, 'Converged')).toMatchObject({ status: 'True', reason: 'Converged' });
    expect(condition(composite, 'Converged')?.observedGeneration).toBeUndefined();
  });

  suite.test('below another is managed by that one, and labelled with the root', async (stage) => {
    const composite = await readyDemo(stage, 'parent', { part: true });
    const id = idOf(partOf(composite));
    recorder.save('child-fresh', await recorder.observed(composite, id, 'once', () => true));
    const part = await recorder.observed(composite, id, 'ready', (object) => isTrue(object, 'Ready'));
    recorder.save('child-ready', part);
    const key = await recorder.observed(part, idOf(keyOf(part)), 'once', () => true);
    recorder.save('grandchild', key);

    expect(part.metadata.ownerReferences).toEqual([ownerReference(composite)]);
    expect(managers(part)).toContainEqual([composedBy(composite), 'Apply', undefined]);
    expect(managers(key)).toContainEqual([composedBy(part), 'Apply', undefined]);
    expect(key.metadata.labels?.['crossplane.io/composite']).toBe('parent');
  });

  suite.test('is composed again soon after the status of a resource changes', async (stage) => {
    const composite = await readyDemo(stage, 'soon', { table: false });
    const laps: number[] = [];
    stage.provider.inject([{ kind: 'freeze', resource: idOf(keyOf(composite)) }]);
    for (let lap = 0; lap < 5; lap++) {
      const calls = recorder.callsFor(composite).length;
      const start = performance.now();
      const atProvider = { keyUsage: `lap ${lap}` };
      await stage.plane.client.patch(
        keyOf(composite),
        { status: { atProvider } },
        { manager: 'provider', status: true },
      );
      await until('core calls', 10_000, () => Promise.resolve(recorder.callsFor(composite)[calls]));
      laps.push((recorder.callsFor(composite)[calls]?.at ?? Infinity) - start);
    }

    expect(Math.min(...laps)).toBeLessThan(1_000);
  });
});

function isGoing(object: KubernetesObject | undefined): boolean {
  return object?.metadata.deletionTimestamp !== undefined;
}

function text(value: JsonObject | KubernetesObject | undefined): string {
  return JSON.stringify(value ?? {});
}

function ownerReference({ apiVersion, kind, metadata: { name, uid = '' } }: KubernetesObject): JsonObject {
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** Core's field manager for what this composite composes. */
function composedBy({ apiVersion, kind, metadata: { name } }: KubernetesObject): string {
  const seed = `${name}${kind}.${apiVersion.split('/')[0] ?? ''}`;
  return `apiextensions.crossplane.io/composed/${createHash('sha256').update(seed).digest('hex')}`;
}

function managers({ metadata: { managedFields = [] } }: KubernetesObject): unknown[] {
  return managedFields.map((entry) => [entry['manager'], entry['operation'], entry['subresource']]);
}
