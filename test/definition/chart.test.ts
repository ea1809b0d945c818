/** What a chart says of a resource, and what the layer fills in. */
import { describe, expect, it } from '@jest/globals';
import { JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { z } from 'zod';
import { about } from '../../crossplane/definition/about.ts';
import { contextOf, nameInAws, regionOf, type CompositeChart } from '../../crossplane/definition/chart.ts';
import { ChildComposite } from '../../crossplane/definition/child.ts';
import type { Context } from '../../crossplane/definition/context.ts';
import { defineComposite, type CompositeKind } from '../../crossplane/definition/definition.ts';
import { guardsData, holdsData, moved } from '../../crossplane/reference/marks.ts';
import { Table } from '../../imports/dynamodb.ts';
import { Role, RolePolicy } from '../../imports/iam.ts';
import { Key } from '../../imports/kms.ts';
import { Bucket, BucketPolicy } from '../../imports/s3.ts';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { asObject } from '../../crossplane/schema/json.ts';
import { baseContext, byName, compositeObject, schemasOf } from '../support/world.ts';
import { createComposer } from '../../crossplane/compose/compose.ts';
import { releaseOf } from '../support/release.ts';

function kindOf(declare: (chart: CompositeChart) => void, context: Context): CompositeKind {
  return defineComposite({
    kind: 'Layer',
    plural: 'layers',
    shortNames: [],
    description: 'A layer.',
    schema: z.object({}),
    stateful: false,
    context: () => context,
    chart: (chart) => {
      declare(chart);
      return {};
    },
  });
}

/** What is made of a chart, by kind and name; throws what it is refused for. */
function made(
  declare: (chart: CompositeChart) => void,
  more: Partial<Context> = {},
  others: readonly CompositeKind[] = [],
): Readonly<Record<string, KubernetesObject>> {
  const kind = kindOf(declare, { ...baseContext, ...more });
  const result = createComposer([kind], schemasOf([kind, ...others]), releaseOf('1.0.0')).compose({
    composite: compositeObject(kind),
    resources: new Map(),
  });
  if (result.outcome === 'refused') throw new Error(result.violations.map(({ message }) => message).join('\n'));
  expect(result.status.invalid).toEqual([]);
  return byName([...result.desired.values()].map(({ object }) => object));
}

const role = { why: 'For a test', name: 'role', forProvider: { assumeRolePolicy: '{}' } };
const key = { why: 'For a test', forProvider: {} };

describe('what a chart may not say', () => {
  it('is red in an editor', () => {
    const red = (chart: CompositeChart) => {
      // @ts-expect-error -- why it is there must be said
      new Key(chart, 'silent', { forProvider: {} });
      // @ts-expect-error -- the name of a table is chosen, so it must be said
      new Table(chart, 'nameless', { why: 'For a test', forProvider: { hashKey: 'PK' } });
      // @ts-expect-error -- policies are the layer's
      new Key(chart, 'policies', { ...key, managementPolicies: ['*'] });
      // @ts-expect-error -- so is the provider configuration
      new Key(chart, 'config', { ...key, providerConfigRef: { kind: 'ClusterProviderConfig', name: 'default' } });
      // @ts-expect-error -- so are regions that the environment does not have
      new Key(chart, 'region', { ...key, region: 'us-east-1' });
      // @ts-expect-error -- IAM has no regions
      new Role(chart, 'global', { ...role, region: 'home' });
    };
    // And where somebody passes by the types, it has no effect.
    for (const { kind, spec } of Object.values(made(red))) {
      expect([kind, spec?.['managementPolicies']]).toEqual([kind, ['Observe', 'Create', 'Update', 'Delete']]);
      expect(spec?.['providerConfigRef']).toEqual({ kind: 'ProviderConfig', name: 'test' });
    }
  });

  it.each([
    ['spec.managementPolicies', JsonPatch.add('/spec/managementPolicies', ['*'])],
    ['spec.providerConfigRef', JsonPatch.add('/spec/providerConfigRef', { kind: 'ClusterProviderConfig', name: 'x' })],
    ['spec.writeConnectionSecretToRef', JsonPatch.add('/spec/writeConnectionSecretToRef', { name: 'x' })],
    ['spec.forProvider.region', JsonPatch.add('/spec/forProvider/region', 'us-east-1')],
    ['spec.forProvider.tags', JsonPatch.add('/spec/forProvider/tags', {})],
    ['spec.initProvider.region', JsonPatch.add('/spec/initProvider', { region: 'us-east-1' })],
  ])('%s is refused where types do not see it', (field, patch) => {
    expect(() => made((chart) => new Key(chart, 'key', key).addJsonPatch(patch))).toThrow(
      `The chart of Layer test cannot be built: Key test-key sets ${field} by itself, which is the layer's alone.`,
    );
    const spread = { ...{ description: 'a key' }, ...{ region: 'us-east-1' } };
    expect(() => made((chart) => new Key(chart, 'key', { ...key, forProvider: spread }))).toThrow('forProvider.region');
  });
});

describe('the layer fills in', () => {
  it('policies by what the resource is for, and the environment as provider configuration', () => {
    const declare = (chart: CompositeChart) => {
      holdsData(new Key(chart, 'data', key));
      guardsData(new Key(chart, 'guard', key));
      new Key(chart, 'other', key);
    };
    const policies = (protectData: boolean) =>
      Object.values(made(declare, { protectData })).map(({ spec }) => spec?.['managementPolicies']);
    const [all, keep] = [
      ['Observe', 'Create', 'Update', 'Delete'],
      ['Observe', 'Create', 'Update'],
    ];
    expect(policies(true)).toEqual([keep, keep, all]);
    // A guard goes with what it guards, in any environment.
    expect(policies(false)).toEqual([all, keep, all]);
    expect(made(declare)['Key/test-data']?.spec?.['providerConfigRef']).toEqual({
      kind: 'ProviderConfig',
      name: 'test',
    });
  });

  it("the environment's region, or that of its replicas, where the kind has one", () => {
    const objects = made(
      (chart) => {
        new Key(chart, 'here', key);
        new Key(chart, 'there', {
          ...key,
          region: 'replica',
          forProvider: { description: regionOf(chart, 'replica') },
        });
        new Role(chart, 'global', role);
      },
      { replicaRegion: 'eu-north-1' },
    );
    expect(objects['Key/test-here']?.spec?.['forProvider']).toEqual({ region: 'eu-west-1' });
    expect(objects['Key/test-there']?.spec?.['forProvider']).toEqual({
      region: 'eu-north-1',
      description: 'eu-north-1',
    });
    expect(objects['Role/test-global']?.spec?.['forProvider']).toEqual({ assumeRolePolicy: '{}' });
  });

  it('no region that the environment does not have', () => {
    const { replicaRegion: _, ...alone } = baseContext;
    const kind = kindOf((chart) => new Key(chart, 'there', { ...key, region: 'replica' }), alone);
    const result = createComposer([kind], schemasOf([kind]), releaseOf('1.0.0')).compose({
      composite: compositeObject(kind),
      resources: new Map(),
    });
    expect(result).toMatchObject({
      violations: [{ message: 'The chart of Layer test cannot be built: test has no replicaRegion.' }],
    });
  });

  it('tags of the environment and of the part, where the kind takes any', () => {
    const objects = made(
      (chart) => {
        about(chart, { component: 'keys' });
        new Key(chart, 'key', { ...key, tags: { owner: 'us' } });
        new RolePolicy(chart, 'policy', { why: 'For a test', name: 'p', forProvider: { role: 'r', policy: '{}' } });
      },
      { tags: { owner: 'them', team: 'forum' } },
    );
    expect(asObject(objects['Key/test-key']?.spec?.['forProvider'])['tags']).toEqual({
      owner: 'us',
      team: 'forum',
      component: 'keys',
    });
    expect(objects['RolePolicy/test-policy']?.spec?.['forProvider']).not.toHaveProperty('tags');
  });

  it('what it is for, and the config path that it or the nearest part around it follows from', () => {
    const objects = made((chart) => {
      about(chart, { config: 'storage' });
      const part = new Construct(chart, 'part');
      about(part, { config: 'storage.table' });
      new Key(chart, 'chart', key);
      new Key(part, 'part', key);
      new Key(part, 'own', { ...key, config: 'storage.files' });
    });
    const annotations = Object.values(objects).map(({ metadata }) => metadata.annotations);
    expect(annotations).toEqual([
      { 'owlnest.io/why': 'For a test', 'owlnest.io/config': 'storage' },
      { 'owlnest.io/why': 'For a test', 'owlnest.io/config': 'storage.files' },
      { 'owlnest.io/why': 'For a test', 'owlnest.io/config': 'storage.table' },
    ]);
  });
});

describe('a resource that was there before', () => {
  const BUCKET = 'Bucket.s3.aws.m.upbound.io/test-bucket';
  const declare = (chart: CompositeChart) => {
    const bucket = new Bucket(chart, 'bucket', { why: 'For a test', name: 'ours', forProvider: {} });
    const aspect = { why: 'For a test', name: nameInAws(bucket), partOf: bucket };
    new BucketPolicy(chart, 'policy', { ...aspect, forProvider: { bucket: nameInAws(bucket), policy: '{}' } });
    const part = new Construct(chart, 'part');
    about(part, { partOf: bucket });
    const made = new Role(part, 'role', role);
    new RolePolicy(chart, 'grant', {
      why: 'For a test',
      name: 'grant',
      partOf: made,
      forProvider: { role: 'role', policy: '{}' },
    });
    new Key(chart, 'key', key);
  };

  it('is only looked at, and what is part of it is not made', () => {
    const objects = made(declare, { identities: { [BUCKET]: { externalName: 'old', mode: 'adopt' } } });
    expect(Object.keys(objects)).toEqual(['Bucket/test-bucket', 'Key/test-key']);
    expect(objects['Bucket/test-bucket']?.spec?.['managementPolicies']).toEqual(['Observe']);
  });

  it('is known by its recorded name to all that is part of it, once it is ours', () => {
    const objects = made(declare, { identities: { [BUCKET]: { externalName: 'old', mode: 'owned' } } });
    const names = Object.values(objects).map(({ metadata }) => metadata.annotations?.['crossplane.io/external-name']);
    expect(names).toEqual(['old', 'old', undefined, 'role', 'grant']);
    expect(objects['BucketPolicy/test-policy']?.spec?.['forProvider']).toMatchObject({ bucket: 'old' });
  });

  it('has no name before AWS makes one up', () => {
    expect(() => made((chart) => nameInAws(new Key(chart, 'key', key)))).toThrow(
      'AWS makes up the name of test-key: take it by observed().',
    );
  });
});

describe('a child composite', () => {
  const Inner = defineComposite({
    kind: 'Inner',
    plural: 'inners',
    shortNames: [],
    description: 'A child.',
    schema: z.object({}),
    stateful: false,
    chart: (chart) => {
      new Role(chart, 'role', { ...role, name: contextOf(chart).environment });
      return {};
    },
  });
  const child = { why: 'For a test', spec: {} };
  const record = (name: string) => ({
    [`Role.iam.aws.m.upbound.io/${name}`]: { externalName: name, mode: 'owned' as const },
  });
  const identitiesOf = (object: KubernetesObject | undefined) =>
    Object.keys(asObject(asObject(object?.spec?.['context'])['identities']));

  it('gets the context of its parent, with the recorded identities of its own resources only', () => {
    const names = ['test-left-role', 'test-lefthand-role', 'test-right-role', 'test-role'];
    const identities = Object.assign({}, ...names.map(record)) as ReturnType<typeof record>;
    const objects = made(
      (chart) => {
        new ChildComposite(chart, 'left', Inner, child);
        new ChildComposite(chart, 'right', Inner, child);
        new Role(chart, 'role', role);
      },
      { identities },
      [Inner],
    );
    const { environment, region } = asObject(objects['Inner/test-left']?.spec?.['context']);
    expect([environment, region]).toEqual(['test', baseContext.region]);
    expect(identitiesOf(objects['Inner/test-left'])).toEqual(['Role.iam.aws.m.upbound.io/test-left-role']);
    expect(identitiesOf(objects['Inner/test-right'])).toEqual(['Role.iam.aws.m.upbound.io/test-right-role']);
  });

  it('that was renamed keeps the identities of its old name, as it keeps the name', () => {
    const identities = { ...record('test-old-role'), ...record('test-new-role') };
    const rename = (chart: CompositeChart) =>
      moved(new ChildComposite(chart, 'new', Inner, child), { name: 'test-old' });
    const objects = made(rename, { identities }, [Inner]);
    expect(identitiesOf(objects['Inner/test-old'])).toEqual(['Role.iam.aws.m.upbound.io/test-old-role']);
  });

  it('shares the beginning of its name with nothing else, so that each identity belongs to one', () => {
    const beside = (declare: (chart: CompositeChart) => void) => () =>
      made(
        (chart) => {
          new ChildComposite(chart, 'files', Inner, child);
          declare(chart);
        },
        {},
        [Inner],
      );
    expect(beside((chart) => new ChildComposite(chart, 'files-replica', Inner, child))).toThrow(
      'Inner test-files-replica has a name that belongs to the resources of Inner test-files; give one of the two another id.',
    );
    expect(beside((chart) => new Role(chart, 'files-role', role))).toThrow('Role test-files-role has a name');
    expect(beside((chart) => new Role(chart, 'filesrole', role))).not.toThrow();
  });

  it('checks what it was given, context and all', () => {
    const composer = createComposer([Inner], schemasOf([Inner]), releaseOf('1.0.0'));
    const result = composer.compose({
      composite: compositeObject(Inner, { context: { region: 1 } }),
      resources: new Map(),
    });
    expect(result).toMatchObject({
      outcome: 'refused',
      violations: expect.arrayContaining([expect.objectContaining({ path: 'spec.context.region' })]),
    });
  });
});

describe('labels of the place', () => {
  const Store = defineComposite({
    kind: 'Store',
    plural: 'stores',
    shortNames: [],
    description: 'A store.',
    schema: z.object({}),
    part: 'store',
    stateful: false,
    chart: (chart: CompositeChart) => {
      new Role(chart, 'role', role);
      return {};
    },
  });
  /** Labels of every object of one composite, by the object. */
  const labelsIn = (kinds: readonly [CompositeKind, ...CompositeKind[]], name: string, spec: JsonObject = {}) => {
    const composer = createComposer(kinds, schemasOf(kinds), releaseOf('1.0.0'));
    const result = composer.compose({ composite: compositeObject(kinds[0], spec, name), resources: new Map() });
    if (result.outcome === 'refused') throw new Error(JSON.stringify(result.violations));
    const objects = byName([...result.desired.values()].map(({ object }) => object));
    return Object.fromEntries(Object.entries(objects).map(([id, { metadata }]) => [id, metadata.labels]));
  };
  const environment = { 'owlnest.io/environment': 'test' };

  it('are on what a chart declares without a word of it: a resource, a part of a part, a child composite', () => {
    const layer = kindOf((chart) => {
      new Role(new Construct(chart, 'part'), 'role', role);
      new ChildComposite(chart, 'files', Store, { why: 'For a test', spec: {} });
    }, baseContext);
    const ofLayer = { ...environment, 'owlnest.io/layer': 'media' };
    expect(labelsIn([layer, Store], 'test-media')).toEqual({
      'Role/test-media-part-role': ofLayer,
      'Store/test-media-files': { ...ofLayer, 'owlnest.io/store': 'files' },
    });
  });

  it('name what the composite is to its layer, hyphens and all', () => {
    const context = JSON.parse(JSON.stringify(baseContext)) as JsonObject;
    expect(labelsIn([Store], 'test-media-replica-files', { context })).toEqual({
      'Role/test-media-replica-files-role': {
        ...environment,
        'owlnest.io/layer': 'media',
        'owlnest.io/store': 'replica-files',
      },
    });
  });

  it('are no layer for what the Environment itself declares', () => {
    const root = kindOf((chart) => new Role(chart, 'role', role), baseContext);
    expect(labelsIn([root], 'test')).toEqual({ 'Role/test-role': environment });
  });
});

describe('outputs', () => {
  it('that no definition declares are refused: core would refuse a whole status for one', () => {
    const kind = defineComposite({
      kind: 'Giving',
      plural: 'givings',
      shortNames: [],
      description: 'Gives too much.',
      schema: z.object({}),
      outputs: { arn: 'An ARN.' },
      stateful: false,
      context: () => baseContext,
      chart: () => ({ arn: 'a', secret: 'b' }),
    });
    const result = createComposer([kind], schemasOf([kind]), releaseOf('1.0.0')).compose({
      composite: compositeObject(kind),
      resources: new Map(),
    });
    expect(result).toMatchObject({
      violations: [{ message: expect.stringContaining('it gives secret, which is not among the outputs of Giving.') }],
    });
  });
});
