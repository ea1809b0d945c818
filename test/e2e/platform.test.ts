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
import { damaged, damagesOf, valueOf } from '../config/arbitrary.ts';
import { RULE_CASES } from '../config/rule-cases.ts';
import { MINIMAL } from '../config/sample.ts';
import { ApiError } from './harness/client.ts';
import { isReady } from './harness/conditions.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { kindOf, managedDefinition, providerCrds } from './harness/crds.ts';
import { StandInProvider } from './harness/provider.ts';
import { until } from './harness/until.ts';
import { accountsOf, managedCrds } from './spine-world.ts';

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

/** The shortest spec: what is in the shortest file, but for what tells editors about it. */
const { $schema: _, ...WRITTEN } = MINIMAL;

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
    for (const crd of providerCrds([...activated, idle])) await plane.client.apply(managedDefinition(crd));
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

  const kind = workshop.schemas.find({ apiVersion: API_VERSION, kind: 'Environment' });
  const { properties: settings = {} } = kind?.schema.properties?.['spec'] ?? {};

  /** The verdicts of the check of files and of the API server on the shortest file with these changes. */
  async function verdictsOn(
    name: string,
    changes: JsonObject,
  ): Promise<{ readonly ours: boolean; readonly theirs: string }> {
    const object: KubernetesObject = {
      apiVersion: API_VERSION,
      kind: 'Environment',
      metadata: { name, namespace: 'owlnest-production' },
      spec: { ...WRITTEN, ...changes },
    };
    const theirs = await plane.client.dryRun(object).then(
      () => '',
      (error: unknown) => String(error),
    );
    return { ours: kind?.validate(object).length === 0, theirs };
  }

  test.each(RULE_CASES.map(([name, changes, broken = '']) => ({ name, changes, broken })))(
    'the API server and the check of files give one verdict on $name',
    async ({ changes, broken }) => {
      const { ours, theirs } = await verdictsOn('rule', changes);
      expect({ ours, isTheirs: theirs === '', theirs }).toEqual({
        ours: broken === '',
        isTheirs: broken === '',
        theirs,
      });
      if (broken !== '') expect(theirs).toContain(`spec.${broken}`);
    },
  );

  test('the API server and the check of files give one verdict on 120 good and bad Environments', async () => {
    const names = Object.keys(settings).filter((name) => name !== 'crossplane');
    const change = fc
      .subarray(names, { minLength: 1, maxLength: 2 })
      .chain((keys) => fc.record(Object.fromEntries(keys.map((key) => [key, valueOf(settings[key] ?? {})]))))
      .chain((value) => {
        const schema = { type: 'object' as const, properties: settings };
        const damages = damagesOf(schema, value).filter(({ kind: what }) => what !== 'null');
        const bad = fc.constantFrom(...damages).map((damage) => ({ changes: damaged(value, damage), damage }));
        return fc.oneof(fc.constant({ changes: value, damage: undefined }), bad);
      });
    const verdicts = { good: 0, bad: 0 };
    for (const [index, { changes, damage }] of fc.sample(change, { numRuns: 120, seed: 5 }).entries()) {
      const { ours, theirs } = await verdictsOn(`verdict-${index}`, changes as JsonObject);
      expect({ changes, damage, ours, theirs }).toEqual({ changes, damage, ours: theirs === '', theirs });
      if (damage !== undefined) expect({ damage, ours }).toEqual({ damage, ours: false });
      verdicts[ours ? 'good' : 'bad'] += 1;
    }
    expect(verdicts.good).toBeGreaterThan(20);
    expect(verdicts.bad).toBeGreaterThan(50);
  }, 120_000);
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
    const provider = new StandInProvider({ client: plane.provider, kinds, aws: accountsOf() });
    try {
      for (const { environment } of all) {
        await plane.client.waitFor(environment.object, 'is Ready and Converged', isReady, 60_000);
      }
      const managed = rendered.filter(({ apiVersion }) => apiVersion.includes('.aws.m.'));
      expect(provider.calls.filter(({ action }) => action === 'created')).toHaveLength(managed.length);
    } finally {
      await provider.stop();
    }
  });
});
