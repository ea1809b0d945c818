/** What `owlnest remains` says beforehand is what AWS then has; and it says so until the last object is gone. */
import { describe, expect, it } from '@jest/globals';
import { loadEnvironments, type LoadedEnvironment } from '../../cli/environments.ts';
import { openToolchain } from '../../cli/toolchain.ts';
import { keyOf } from '../../crossplane/embedded/api-server.ts';
import { EmbeddedControlPlane } from '../../crossplane/embedded/control-plane.ts';
import { standInProvider } from '../../crossplane/embedded/provider.ts';
import { resourceId } from '../../crossplane/reference/identity.ts';
import { resourceName } from '../../crossplane/schema/violation.ts';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { remainsOf, type RemainState } from '../../plan/remains.ts';
import { remainsText } from '../../report/remains.ts';

const toolchain = openToolchain();
const environments = loadEnvironments(toolchain.schemas, toolchain.release);

function environment(name: string, more: JsonObject = {}): LoadedEnvironment {
  const found = environments.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no environment ${name}.`);
  return { ...found, object: { ...found.object, spec: { ...found.object.spec, ...more } } };
}

/** An environment at rest, in an account of its own. */
function atRest({ account, object }: LoadedEnvironment) {
  const provider = standInProvider(account, toolchain.schemas);
  const plane = new EmbeddedControlPlane(toolchain.composer, toolchain.schemas, provider);
  plane.apply(object);
  expect(plane.converge().ready).toBe(true);
  const managed = () => plane.apiServer.list().filter((one) => toolchain.schemas.find(one)?.provider !== undefined);
  return {
    plane,
    provider,
    remains: () => remainsOf(managed()),
    managed,
    /** `<Kind>.<group>/<name>` of the objects that AWS's resources were made for. */
    inAws: () =>
      [...provider.aws.values()]
        .map(({ apiVersion, kind, madeFor }) =>
          resourceName({ apiVersion, kind, metadata: { name: madeFor.split('|').at(-1) ?? '' } }),
        )
        .sort(),
  };
}

const production = environment('production');
const productions = atRest(production);
const ephemeral = environment('staging', { protectData: false });

const resourcesOf = ({ remaining }: { readonly remaining: readonly { readonly resource: string }[] }) =>
  remaining.map(({ resource }) => resource).sort();

describe('what remains of an environment', () => {
  it('is told before the deletion, and is what AWS then has', () => {
    const { plane, remains, inAws } = productions;
    const before = remains();
    expect(before.remaining.every(({ state }) => state === 'kept')).toBe(true);
    expect(before.remaining.find(({ resource }) => resource.startsWith('Table.'))).toMatchObject({
      why: 'it holds data, and its environment protects data',
    });
    const encryption = before.remaining.find(({ resource }) =>
      resource.endsWith('/production-storage-files-encryption'),
    );
    expect(encryption).toMatchObject({
      why: 'it is a part of Bucket.s3.aws.m.upbound.io/production-storage-files-bucket, which stays',
    });
    expect(before.goes).toBeGreaterThan(0);
    plane.remove(keyOf(production.object));
    plane.converge();
    expect(inAws()).toEqual(resourcesOf(before));
    expect(remains()).toEqual({ remaining: [], goes: 0 });
  });

  it('is nothing where data is not protected, and what is not gone yet is told until it is', () => {
    const { plane, managed, remains, inAws } = atRest(ephemeral);
    expect(remains()).toEqual({ remaining: [], goes: managed().length });
    const table = managed().find(({ kind }) => kind === 'Table');
    if (table === undefined) throw new Error('There is no table.');
    const id = resourceName(table);
    plane.inject([{ kind: 'freeze', resource: resourceId(table, table.metadata.name) }]);
    plane.remove(keyOf(ephemeral.object));
    plane.converge();
    expect(remains().remaining).toEqual([
      expect.objectContaining({ resource: id, state: 'going', why: 'the provider is deleting it' }),
    ]);
    plane.inject([]);
    plane.converge();
    expect(remains()).toEqual({ remaining: [], goes: 0 });
    expect(inAws()).toEqual([]);
  });
});

const FINALIZER = 'finalizer.managedresource.crossplane.io';

function bucket({
  finalizers = [FINALIZER],
  status = {},
  labels = {},
  deleted = true,
}: Partial<{
  finalizers: readonly string[];
  status: JsonObject;
  labels: Readonly<Record<string, string>>;
  deleted: boolean;
}>): KubernetesObject {
  return {
    apiVersion: 's3.aws.m.upbound.io/v1beta1',
    kind: 'Bucket',
    metadata: {
      name: 'b',
      namespace: 'owlnest-staging',
      labels,
      finalizers,
      ...(deleted && { deletionTimestamp: '2026-11-25T00:00:00Z' }),
    },
    spec: { managementPolicies: ['*'], forProvider: {} },
    status,
  };
}

describe('the reason', () => {
  const refused = {
    type: 'LastAsyncOperation',
    status: 'False',
    reason: 'AsyncDeleteFailure',
    message: 'BucketNotEmpty: …',
  };
  const cases: readonly (readonly [string, KubernetesObject, RemainState | undefined, RegExp])[] = [
    ['of AWS, word by word', bucket({ status: { conditions: [refused] } }), 'refused', /^BucketNotEmpty/],
    ['of a finalizer', bucket({ finalizers: ['foregroundDeletion'] }), 'waiting', /foregroundDeletion/],
    ['of nobody but the provider', bucket({}), 'going', /the provider/],
    ['of nobody', bucket({ finalizers: [] }), 'going', /only its object/],
    ['of a Usage', bucket({ deleted: false, labels: { 'crossplane.io/in-use': 'true' } }), 'waiting', /Usage/],
    ['is missing where it would go', bucket({ deleted: false }), undefined, /^$/],
  ];
  it.each(cases)('%s', (_, object, state, why) => {
    const [one] = remainsOf([object]).remaining;
    expect(one?.state).toBe(state);
    expect(one?.why ?? '').toMatch(why);
  });

  it('stands above its resources', () => {
    const report = { environment: 'staging', ...remainsOf([bucket({ status: { conditions: [refused] } })]) };
    expect(remainsText(report)).toBe(
      [
        'staging: 1 of 1 resources stay when it is deleted, 0 go.',
        '',
        'refused (1): their deletion was asked for, and is refused; the provider tries again',
        '  BucketNotEmpty: …:',
        '    Bucket.s3/b',
        '',
        'What AWS has and no object stands for any more: owlnest orphans staging.',
      ].join('\n'),
    );
    expect(remainsText({ environment: 'staging', remaining: [], goes: 0 })).toMatch(/^No managed resource of staging/);
  });
});
