/** What `npm start` writes, taken by a real API server and core: the cheap first tier of the end-to-end tests. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadEnvironments } from '../../cli/environments.ts';
import { convergeEnvironment } from '../../cli/rendering.ts';
import { openWorkshop } from '../../cli/workshop.ts';
import { environmentFile, platformFiles } from '../../charts/platform/index.ts';
import { API_VERSION } from '../../crossplane/definition/definition.ts';
import { functionName } from '../../crossplane/definition/release.ts';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { ApiError, isTrue } from './harness/client.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { kindOf, providerCrds } from './harness/crds.ts';
import { StandInProvider } from './harness/provider.ts';
import { until } from './harness/until.ts';
import { awsOf, managedCrds } from './spine-world.ts';

const workshop = openWorkshop();
const all = loadEnvironments(workshop.schemas, workshop.release).map((one) => convergeEnvironment(one, workshop));
const rendered = all.flatMap(({ objects }) => objects);
const environments = all.map(({ environment: { name, account, region } }) => ({ name, account, region }));
const platform = platformFiles({ ...workshop, rendered, environments });
const inFile = (name: string): readonly KubernetesObject[] =>
  platform.find((file) => file.name.includes(name))?.objects ?? [];
const files = all.map(({ environment }) =>
  environmentFile({ ...environment, environment: environment.object, release: workshop.release }),
);

/** Nothing can be pulled here: packages are checked, not applied. */
const PACKAGES = new Set(['Provider', 'Function']);
const activated = managedCrds(rendered);
/** One that nothing renders, to see that it stays off. */
const idle = 'grants.kms.aws.m.upbound.io';

let plane: ControlPlane;
beforeAll(async () => {
  // Core gets no right to compose but from dist/platform.
  plane = await startControlPlane({ crds: ['providerconfigs.aws.m.upbound.io'], functions: {}, objects: [] });
});
afterAll(async () => {
  await plane.stop({ keepFolder: false });
});

/** As a provider package brings its kinds: switched off. */
function definitionOf(crd: KubernetesObject): KubernetesObject {
  return {
    apiVersion: 'apiextensions.crossplane.io/v1alpha1',
    kind: 'ManagedResourceDefinition',
    metadata: { name: crd.metadata.name },
    spec: { ...crd.spec, state: 'Inactive' },
  };
}

describe('dist/platform', () => {
  test('is accepted, object by object, in the order of its files', async () => {
    await plane.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'crossplane-system' } });
    for (const object of platform.flatMap(({ objects }) => objects)) {
      if (PACKAGES.has(object.kind)) await plane.client.dryRun(object);
      // The policies have tests of their own, below: from then on only core and the provider may write.
      else if (!object.kind.startsWith('ValidatingAdmission')) await plane.client.apply(object);
    }
    for (const xrd of inFile('kinds')) {
      await plane.client.waitFor(xrd, 'is Established', ({ status }) =>
        JSON.stringify(status ?? {}).includes('WatchingCompositeResource'),
      );
    }
  });

  test('activates exactly what the charts render', async () => {
    for (const crd of providerCrds([...activated, idle])) await plane.client.apply(definitionOf(crd));
    const [policy] = inFile('activation');
    if (policy === undefined) throw new Error('There is no activation policy.');
    const names = await until('the policy says what it activated', 30_000, async () => {
      const found = (await plane.client.get(policy))?.status?.['activated'];
      return Array.isArray(found) && found.length >= activated.length ? [...found].sort() : undefined;
    });
    expect(names).toEqual(activated);
    for (const name of activated) {
      const crd = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name } };
      await plane.client.waitFor(crd, 'is there', ({ status }) =>
        JSON.stringify(status ?? {}).includes('"Established"'),
      );
    }
    const off = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: idle } };
    expect(await plane.client.get(off)).toBeUndefined();
  });

  test('every managed resource of the previews is accepted by a dry run', async () => {
    for (const objects of files)
      await plane.client.apply(objects[0] ?? { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' } });
    for (const { apiVersion, kind, metadata, spec } of rendered.filter((object) =>
      object.apiVersion.includes('.aws.m.'),
    )) {
      const { name, namespace = '', annotations = {} } = metadata;
      await plane.client.dryRun({ apiVersion, kind, metadata: { name, namespace, annotations }, spec: spec ?? {} });
    }
  });
});

describe('dist/environments', () => {
  test('is accepted; an environment that protects its data refuses to be deleted, with the reason', async () => {
    for (const object of files.flat()) await plane.client.apply(object);
    const production = files
      .flat()
      .find(({ kind, metadata }) => kind === 'Environment' && metadata.name === 'production');
    if (production === undefined) throw new Error('There is no production.');
    const refused = await until('the guard stands', 30_000, async () => {
      try {
        await plane.client.dryRunDelete(production);
        return undefined;
      } catch (error) {
        return error instanceof ApiError ? error.message : undefined;
      }
    });
    expect(refused).toContain('production protects its data');
    await expect(plane.client.delete(production)).rejects.toThrow('production protects its data');
    expect((await plane.client.get(production))?.metadata.deletionTimestamp).toBeUndefined();
  });

  test('the API server and the check of files give one verdict on 60 good and bad Environments', async () => {
    const [minimal] = all.map(({ environment }) => environment.object);
    const good = minimal?.spec ?? {};
    const kind = workshop.schemas.find({ apiVersion: API_VERSION, kind: 'Environment' });
    const settings: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
      environment: fc.constantFrom('production', 'staging', 'x', 'UPPER', 'two words'),
      budgetLimit: fc.constantFrom(0, 1, 60, 1e9, '60'),
      account: fc.constantFrom('123456789012', '12345', 5),
      region: fc.constantFrom('eu-west-1', 'Mars'),
      replicaRegion: fc.constantFrom('eu-west-1', 'eu-central-1', 'ap-northeast-1'),
      protectData: fc.constantFrom(true, false, 'no'),
      tags: fc.constantFrom({}, { team: 'a' }, { 'aws:x': 'a' }, { team: 5 }, { käse: 'a' }),
      allowRemoval: fc.constantFrom([], ['storage/Table/production-storage-main-table'], ['nonsense']),
      storage: fc.constantFrom(
        {},
        { table: { billing: 'on-demand' } },
        { table: { billing: 'free' } },
        { tabel: {} },
        { files: { versionsKeptDays: 1.5 } },
      ),
    };
    const change = fc
      .subarray(Object.keys(settings), { maxLength: 2 })
      .chain((keys) => fc.record(Object.fromEntries(keys.map((key) => [key, settings[key] ?? fc.constant(null)]))));
    const verdicts = { good: 0, bad: 0 };
    for (const [index, changes] of fc.sample(change, { numRuns: 60, seed: 5 }).entries()) {
      const object: KubernetesObject = {
        apiVersion: API_VERSION,
        kind: 'Environment',
        metadata: { name: `verdict-${index}`, namespace: 'owlnest-production' },
        spec: { ...good, ...(changes as JsonObject) },
      };
      const ours = kind?.validate(object) ?? [];
      const theirs = await plane.client.dryRun(object).then(
        () => '',
        (error: unknown) => String(error),
      );
      expect({ changes, ours: ours.length === 0, theirs }).toEqual({ changes, ours: theirs === '', theirs });
      verdicts[ours.length === 0 ? 'good' : 'bad'] += 1;
    }
    expect(verdicts.good).toBeGreaterThan(4);
    expect(verdicts.bad).toBeGreaterThan(4);
  });
});

describe('the admission policies', () => {
  const refusal = (object: KubernetesObject) =>
    until('the policy is in force', 20_000, () =>
      plane.client.dryRun(object).then(
        () => undefined,
        (error: unknown) => String(error),
      ),
    );

  test('refuse a managed resource of anybody but core and the providers', async () => {
    for (const object of inFile('admission')) await plane.client.apply(object);
    const table = rendered.find(
      ({ kind, metadata }) => kind === 'Table' && metadata.namespace === 'owlnest-production',
    );
    if (table === undefined) throw new Error('There is no table.');
    const { apiVersion, kind, spec = {}, metadata } = table;
    const byHand = { apiVersion, kind, metadata: { name: 'by-hand', namespace: metadata.namespace ?? '' }, spec };
    expect(await refusal(byHand)).toContain("ValidatingAdmissionPolicy 'owlnest-managed-resources'");
  });

  test('refuse a preview that is applied by mistake, wherever and whatever it is', async () => {
    const metadata = { name: 'by-mistake', namespace: 'default', annotations: { 'owlnest.io/preview': 'true' } };
    const text = await refusal({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
    expect(text).toContain("ValidatingAdmissionPolicy 'owlnest-previews'");
    await plane.client.dryRun({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'fine', namespace: 'default' },
    });
  });
});

describe('the whole of it', () => {
  test('all environments converge, under the permissions and the policies that dist/platform brings', async () => {
    await plane.addFunction(functionName(workshop.release), workshop.composer);
    const kinds = providerCrds(activated).map(kindOf);
    const provider = new StandInProvider({ client: plane.provider, kinds, aws: awsOf() });
    try {
      for (const { environment } of all) {
        await plane.client.waitFor(
          environment.object,
          'is Ready and Converged',
          (object) => isTrue(object, 'Ready') && isTrue(object, 'Converged'),
          60_000,
        );
      }
      const managed = rendered.filter(({ apiVersion }) => apiVersion.includes('.aws.m.'));
      expect(provider.calls.filter(({ action }) => action === 'created')).toHaveLength(managed.length);
    } finally {
      await provider.stop();
    }
  });
});
