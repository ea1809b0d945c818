/** What `npm start` writes, taken by a real API server and core: the cheap first tier of the end-to-end tests. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { environmentsIn, loadEnvironments, readConfig } from '../../cli/environments.ts';
import { convergeEnvironment } from '../../cli/rendering.ts';
import { openToolchain } from '../../cli/toolchain.ts';
import { environmentFile, platformFiles } from '../../charts/platform/index.ts';
import { environmentTransitions } from '../../config/rules.ts';
import { API_VERSION } from '../../crossplane/definition/api.ts';
import { functionName } from '../../crossplane/definition/release.ts';
import { EmbeddedApiServer } from '../../crossplane/embedded/api-server.ts';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { damaged, damagesOf, valueOf } from '../config/arbitrary.ts';
import { emptiable, emptiedAt, FULL_ENVIRONMENT } from '../config/emptied.ts';
import { RULE_CASES, TRANSITION_CASES } from '../config/rule-cases.ts';
import { MINIMAL } from '../config/sample.ts';
import { ApiError } from './harness/client.ts';
import { isReady } from './harness/conditions.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';
import { kindOf, managedDefinition, providerCrds } from './harness/crds.ts';
import { StandInProvider } from './harness/provider.ts';
import { until } from './harness/until.ts';
import { accountsOf, managedCrds } from './spine-world.ts';

const toolchain = openToolchain();
const all = loadEnvironments(toolchain.schemas, toolchain.release).map((one) => convergeEnvironment(one, toolchain));
const rendered = all.flatMap(({ objects }) => objects);
const environments = all.map(({ environment: { name, account, region } }) => ({ name, account, region }));
const platform = platformFiles({ ...toolchain, rendered, environments });
const inFile = (name: string): readonly KubernetesObject[] =>
  platform.find((file) => file.name.includes(name))?.objects ?? [];
const files = all.map(({ environment }) =>
  environmentFile({ ...environment, environment: environment.object, release: toolchain.release }),
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
  plane = await startControlPlane({ crds: ['providerconfigs.aws.m.upbound.io'], objects: [] });
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

  test('every object of the previews is accepted by a dry run', async () => {
    for (const objects of files)
      await plane.client.apply(objects[0] ?? { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' } });
    for (const { apiVersion, kind, metadata, spec } of rendered) {
      const { name, namespace = '', annotations = {} } = metadata;
      await plane.client.dryRun({ apiVersion, kind, metadata: { name, namespace, annotations }, spec: spec ?? {} });
    }
  });
});

/** What the API server says against a request; empty when it does as asked. */
function refusalOf(request: Promise<unknown>): Promise<string> {
  return request.then(
    () => '',
    (error: unknown) => String(error),
  );
}

/** The spec without what core adds to it. */
function written(object: KubernetesObject | undefined): JsonObject {
  const { crossplane: _crossplane, ...spec } = object?.spec ?? {};
  return spec;
}

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

  const kind = toolchain.schemas.find({ apiVersion: API_VERSION, kind: 'Environment' });
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
    const theirs = await refusalOf(plane.client.dryRun(object));
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

  /** Pinned to a Composition that does not exist: no core composes it. */
  const uncomposed = (changes: JsonObject): KubernetesObject => ({
    apiVersion: API_VERSION,
    kind: 'Environment',
    metadata: { name: 'changing', namespace: 'owlnest-production' },
    spec: { ...WRITTEN, ...changes, crossplane: { compositionRef: { name: 'none' } } },
  });

  test.each(TRANSITION_CASES.map(([name, before, after, broken]) => ({ name, before, after, broken })))(
    'the API server and the embedded one give one verdict on $name',
    async ({ before, after, broken }) => {
      const [is, toBe] = [uncomposed(before), uncomposed(after)];
      const apiServer = new EmbeddedApiServer(toolchain.schemas);
      apiServer.apply(is, 'argocd');
      const ours = apiServer.apply(toBe, 'argocd');
      await plane.client.apply(is, 'argocd');
      const theirs = await refusalOf(plane.client.apply(toBe, 'argocd'));
      const kept = await plane.client.get(is);
      await plane.client.delete(is);
      await plane.client.waitGone(is);
      const message = environmentTransitions.find(({ fieldPath }) => fieldPath === `.${broken ?? ''}`)?.message;
      expect(theirs).toEqual(message === undefined ? '' : expect.stringContaining(`spec.${broken ?? ''}`));
      expect(theirs).toContain(message ?? '');
      expect('violations' in ours ? ours.violations.map((one) => one.message) : []).toEqual(
        message === undefined ? [] : [expect.stringContaining(message)],
      );
      expect(written(kept)).toEqual(written(message === undefined ? toBe : is));
    },
  );

  test('a section that had content may be emptied or left out, whatever it is', async () => {
    const applied = await plane.client.apply(FULL_ENVIRONMENT, 'argocd');
    expect(written(applied)).toEqual(written(FULL_ENVIRONMENT));
    for (const path of emptiable()) {
      for (const object of [emptiedAt(path, {}), emptiedAt(path, undefined)]) {
        const answer = await plane.client.dryRun(object, 'argocd').then(written, (error: unknown) => String(error));
        expect({ path, answer }).toEqual({ path, answer: written(object) });
      }
    }
    await plane.client.delete(FULL_ENVIRONMENT);
    await plane.client.waitGone(FULL_ENVIRONMENT);
  });

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

  test.each([
    ['account', '999999999999', ['ProviderConfig', 'Environment']],
    ['region', 'us-east-1', ['Environment']],
  ])('leave an environment where it is, whose file names another %s', async (key, value, refused) => {
    const edited = readConfig().map(({ path, text }) =>
      path === 'config/production.json'
        ? { path, text: JSON.stringify({ ...(JSON.parse(text) as JsonObject), [key]: value }) }
        : { path, text },
    );
    const production = environmentsIn(edited, toolchain.schemas, toolchain.release).find(
      ({ name }) => name === 'production',
    );
    if (production === undefined) throw new Error('There is no production.');
    const objects = environmentFile({ ...production, environment: production.object, release: toolchain.release });
    const before = await Promise.all(objects.map((object) => plane.client.get(object)));
    const answers = new Map<string, string>();
    for (const object of objects) {
      // As Argo CD, which goes on with the others.
      const policed = object.kind === 'ProviderConfig' && refused.includes(object.kind);
      answers.set(object.kind, policed ? await refusal(object) : await refusalOf(plane.client.apply(object)));
    }
    expect([...answers].filter(([, answer]) => answer !== '').map(([kind]) => kind)).toEqual(refused);
    for (const kind of refused) {
      expect(answers.get(kind)).toContain(`he ${key} of an environment cannot change, since its data is there`);
    }
    const after = await Promise.all(objects.map((object) => plane.client.get(object)));
    expect(after.map(written)).toEqual(before.map(written));
  });

  test('let all else about the ProviderConfig of an environment change', async () => {
    const config = files.flat().find(({ kind }) => kind === 'ProviderConfig');
    if (config === undefined) throw new Error('There is no ProviderConfig.');
    const labelled = { ...config, metadata: { ...config.metadata, labels: { a: 'b' } } };
    await plane.client.dryRun(labelled);
    const text = JSON.stringify(config).replace(':role/owlnest-provisioner', ':role/another');
    await plane.client.dryRun(JSON.parse(text) as KubernetesObject);
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
    await plane.addFunction(functionName(toolchain.release), toolchain.composer);
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
