/** Objects exactly as Crossplane core v2.4 sent them: what compose reads from them, and what a hold does to them. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unreadyComposite, unreadyManaged, unreadyOther } from '../../crossplane/compose/conditions.ts';
import { composedFieldManager, foreignFields, lastApplied } from '../../crossplane/compose/hold.ts';
import { countResources, identitiesOf, shortText } from '../../crossplane/compose/status.ts';
import { API_VERSION } from '../../crossplane/definition/api.ts';
import { keyOf, EmbeddedApiServer } from '../../crossplane/embedded/api-server.ts';
import { resourceId, type ResourceId } from '../../crossplane/reference/identity.ts';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { contentOf, MANAGERS, objectOf, ownershipOf, sequence } from '../embedded/applies.ts';
import { baseContext, schemasOf } from '../support/world.ts';

const folder = new URL('../fixtures/observed/', import.meta.url);
const schemas = schemasOf([]);

function fixture(name: string): KubernetesObject {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as KubernetesObject;
}

/** The composite that composed the object, as far as its field manager needs it. */
function parentOf({ metadata }: KubernetesObject): KubernetesObject {
  const owner = metadata.ownerReferences?.find((one) => one['controller'] === true);
  if (owner === undefined) throw new Error(`${metadata.name} has no owner.`);
  const { apiVersion, kind, name } = owner as { apiVersion: string; kind: string; name: string };
  return { apiVersion, kind, metadata: { name } };
}

const managerOf = (object: KubernetesObject): string => composedFieldManager(parentOf(object));

const around = {
  managementPolicies: ['Observe', 'Create', 'Update', 'Delete'],
  providerConfigRef: { kind: 'ProviderConfig', name: 'default' },
};
const forProvider = { region: 'eu-central-1', deletionWindowInDays: 7, description: 'toy' };
const toyLabel = { 'owlnest.io/toy': 'yes' };
const key = { labels: toyLabel, spec: { ...around, forProvider } };

/** What the toy function applied; nothing of core, of the provider, of the CRD's defaults or of other hands. */
const APPLIED: Readonly<Record<string, { readonly labels?: object; readonly spec: object }>> = {
  'child-fresh': { spec: { table: false } },
  'child-ready': { spec: { table: false } },
  grandchild: key,
  'key-being-deleted': key,
  'key-edited-by-hand': key,
  'key-filled-by-provider': key,
  'key-fresh': key,
  'key-in-use': key,
  'key-ready': key,
  'key-update-refused': key,
  'key-with-defaults': { labels: toyLabel, spec: { forProvider } },
  'table-ready': {
    labels: toyLabel,
    spec: {
      ...around,
      forProvider: {
        region: 'eu-central-1',
        billingMode: 'PAY_PER_REQUEST',
        hashKey: 'pk',
        attribute: [{ name: 'pk', type: 'S' }],
        serverSideEncryption: {
          enabled: true,
          kmsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-4000-8000-000000000003',
        },
      },
    },
  },
  'usage-ready': {
    spec: {
      of: { apiVersion: 'kms.aws.m.upbound.io/v1beta1', kind: 'Key', resourceRef: { name: 'used-key' } },
      by: { apiVersion: 'dynamodb.aws.m.upbound.io/v1beta1', kind: 'Table', resourceRef: { name: 'used-table' } },
      replayDeletion: true,
    },
  },
};
const names = Object.keys(APPLIED);

it('every composed object that was recorded has its case here', () => {
  const recorded = readdirSync(folder).map((file) => file.replace('.json', ''));
  expect(recorded.filter((name) => !name.startsWith('composite-'))).toEqual(names);
});

describe('law 3: what we applied last, read back from an object of the real core', () => {
  it.each(names)('%s: exactly that, and no more', (name) => {
    const object = fixture(name);
    const { apiVersion, kind, metadata } = object;
    const { labels, spec } = APPLIED[name] ?? {};
    expect(lastApplied(object, managerOf(object))).toEqual({
      apiVersion,
      kind,
      metadata: { name: metadata.name, namespace: metadata.namespace, ...(labels === undefined ? {} : { labels }) },
      spec,
    });
  });

  it.each(names)('%s: applied again it changes nothing and adopts nothing', (name) => {
    const object = fixture(name);
    const apiServer = new EmbeddedApiServer(schemas);
    apiServer.apply(object, 'anybody');
    apiServer.patch(keyOf(object), () => object);
    const before = apiServer.get(keyOf(object));
    const held = lastApplied(object, managerOf(object));
    expect(apiServer.apply(withCores(held, object), managerOf(object))).toHaveProperty('object');
    const after = apiServer.get(keyOf(object));
    expect(after && contentOf(after)).toEqual(before && contentOf(before));
    expect(after && ownersBut(after)).toEqual(before && ownersBut(before));
    expect(after?.metadata.generation).toBe(before?.metadata.generation);
    expect(after?.metadata.managedFields).toHaveLength(object.metadata.managedFields?.length ?? -1);
  });

  it('is nothing of ours for another composite of the same name, kind or group', () => {
    const object = fixture('key-ready');
    const parent = parentOf(object);
    for (const other of [
      { ...parent, metadata: { name: 'other' } },
      { ...parent, kind: 'Part' },
      { ...parent, apiVersion: 'owlnest.io/v1alpha1' },
    ]) {
      expect(composedFieldManager(other)).not.toBe(managerOf(object));
    }
    // The version is not part of the identity: a new one of the same kind goes on owning.
    expect(composedFieldManager({ ...parent, apiVersion: 'e2e.owlnest.io/v1beta1' })).toBe(managerOf(object));
  });

  it('takes an object whole that nobody has applied for us, but never what core added', () => {
    const object = fixture('key-ready');
    const whole = lastApplied(object, 'another-manager');
    expect(whole.spec).toEqual(object.spec);
    expect(whole.metadata.labels).toEqual(toyLabel);
    expect(Object.keys(whole.metadata.annotations ?? {})).toEqual(['crossplane.io/external-name']);
    expect(whole).not.toHaveProperty('status');
  });
});

describe('field sets that the fixtures do not show', () => {
  const spec = {
    ports: [
      { name: 'http', protocol: 'TCP', port: 80, note: 'theirs' },
      { name: 'http', protocol: 'UDP', port: 81 },
      { name: 'dns', protocol: 'UDP', port: 53 },
    ],
    set: ['a', 'b', 5, { x: 1 }],
    list: ['first', 'second'],
    text: 'not a list',
  };
  const read = (fields: JsonObject) => {
    const fieldsV1 = { 'f:spec': fields };
    const managedFields = [
      { manager: 'us', operation: 'Update', fieldsV1: { 'f:spec': {} } },
      { manager: 'us', operation: 'Apply', fieldsV1 },
    ];
    return lastApplied({ apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a', managedFields }, spec }, 'us').spec;
  };

  it('entries of a list map by all their keys, each with its own fields', () => {
    expect(
      read({
        'f:ports': {
          'k:{"name":"http","protocol":"UDP"}': { '.': {}, 'f:name': {}, 'f:protocol': {}, 'f:port': {} },
          'k:{"name":"http","protocol":"TCP"}': { '.': {}, 'f:name': {}, 'f:protocol': {}, 'f:port': {} },
        },
      }),
    ).toEqual({
      ports: [
        { name: 'http', protocol: 'TCP', port: 80 },
        { name: 'http', protocol: 'UDP', port: 81 },
      ],
    });
  });

  it('entries of a set by their value, of a list by their index', () => {
    expect(read({ 'f:set': { 'v:5': {}, 'v:"b"': {}, 'v:{"x":1}': {} } })).toEqual({ set: ['b', 5, { x: 1 }] });
    expect(read({ 'f:list': { 'i:1': {} } })).toEqual({ list: ['second'] });
    expect(read({ 'f:list': { 'i:0': {}, 'i:7': {} } })).toEqual({ list: ['first'] });
  });

  it('names that lead nowhere are no fields', () => {
    expect(read({ 'f:gone': {}, 'f:text': {}, 'f:toString': {}, 'v:"a"': {} })).toEqual({ text: 'not a list' });
    expect(read({ 'f:text': { 'f:below': {} } })).toEqual({});
  });
});

describe('fields of other hands', () => {
  it.each(names.filter((name) => !/edited|filled|child/.test(name)))('%s has none', (name) => {
    const object = fixture(name);
    expect(foreignFields(object, managerOf(object))).toEqual([]);
  });

  it.each(['key-filled-by-provider', 'key-edited-by-hand'])(
    '%s: only those below spec, each with its manager, and not the tags of the provider',
    (name) => {
      const object = fixture(name);
      expect(foreignFields(object, managerOf(object))).toEqual([
        { field: 'spec.forProvider.enableKeyRotation', manager: 'provider' },
      ]);
    },
  );

  it('what the provider adds to every object is no other hand, but what else it sets there is', () => {
    const object = fixture('key-fresh');
    const tags = { 'f:crossplane-kind': {}, 'f:crossplane-name': {}, 'f:crossplane-providerconfig': {}, 'f:owner': {} };
    const foreign = (initProvider: JsonObject) => {
      const fieldsV1 = { 'f:spec': { 'f:forProvider': { 'f:tags': tags }, 'f:initProvider': initProvider } };
      const managedFields = [...(object.metadata.managedFields ?? []), { manager: 'provider', fieldsV1 }];
      const touched = { ...object, metadata: { ...object.metadata, managedFields } };
      return foreignFields(touched, managerOf(object)).map(({ field }) => field);
    };
    expect(foreign({})).toEqual(['spec.forProvider.tags.owner']);
    expect(foreign({ 'f:enableKeyRotation': {} })).toEqual([
      'spec.forProvider.tags.owner',
      'spec.initProvider.enableKeyRotation',
    ]);
  });

  it('an object around our fields, which another hand has applied empty, is not foreign', () => {
    const object = fixture('key-fresh');
    const fieldsV1 = { 'f:spec': { 'f:forProvider': {} } };
    const other = { manager: 'somebody', operation: 'Apply', fieldsV1 };
    const managedFields = [...(object.metadata.managedFields ?? []), other];
    expect(foreignFields({ ...object, metadata: { ...object.metadata, managedFields } }, managerOf(object))).toEqual(
      [],
    );
  });

  it('a field that we own as well is not foreign', () => {
    const object = fixture('key-ready');
    const mine = object.metadata.managedFields?.find(({ manager }) => manager === managerOf(object));
    const shared = { ...mine, manager: 'kubectl', operation: 'Update' };
    const managedFields = [...(object.metadata.managedFields ?? []), shared];
    expect(foreignFields({ ...object, metadata: { ...object.metadata, managedFields } }, managerOf(object))).toEqual(
      [],
    );
  });
});

describe('law 8: why it is not ready, from what core and the provider said', () => {
  /** The object with these conditions changed or added, by type. */
  const withConditions = (
    object: KubernetesObject,
    changes: Readonly<Record<string, JsonObject>>,
  ): KubernetesObject => {
    const given = (object.status?.['conditions'] ?? []) as readonly JsonObject[];
    const kept = given.filter((one) => changes[String(one['type'])] === undefined);
    const changed = Object.entries(changes).map(([type, change]) => {
      return { ...given.find((one) => one['type'] === type), type, ...change };
    });
    return { ...object, status: { ...object.status, conditions: [...kept, ...changed] } };
  };
  const readyKey = fixture('key-ready');
  const readyChild = fixture('child-ready');

  it('nothing, for what is ready', () => {
    expect(unreadyManaged(readyKey)).toBeUndefined();
    expect(unreadyManaged(fixture('table-ready'))).toBeUndefined();
    expect(unreadyComposite(readyChild)).toBeUndefined();
    expect(unreadyOther(fixture('usage-ready'))).toBeUndefined();
  });

  it.each([
    ['key-fresh', 'Synced is not reported yet'],
    ['key-update-refused', 'Synced is False (update failed: async update failed: refused by AWS)'],
    ['key-being-deleted', 'it is being deleted'],
  ])('%s: %s', (name, sentence) => {
    expect(unreadyManaged(fixture(name))).toBe(sentence);
  });

  it('a spec that the provider has not seen yet', () => {
    // Its Ready carries no generation, so only Synced can tell.
    const object = fixture('key-filled-by-provider');
    expect(object.metadata.generation).toBe(2);
    expect(unreadyManaged(object)).toBe('Synced speaks of an older generation');
  });

  it.each<readonly [string, Readonly<Record<string, JsonObject>>, string | undefined]>([
    ['Ready False', { Ready: { status: 'False', reason: 'Creating' } }, 'Ready is False (Creating)'],
    ['Ready Unknown', { Ready: { status: 'Unknown', reason: '', message: '' } }, 'Ready is Unknown'],
    [
      'the last operation failed, though Synced says True',
      { LastAsyncOperation: { status: 'False', reason: 'AsyncUpdateFailure', message: 'no' } },
      'its last operation failed (no)',
    ],
    ['an operation is running', { AsyncOperation: { status: 'True', reason: 'Ongoing' } }, 'an operation is running'],
    ['an operation has finished', { AsyncOperation: { status: 'True', reason: 'Finished' } }, undefined],
  ])('a managed resource: %s', (_, changes, sentence) => {
    expect(unreadyManaged(withConditions(readyKey, changes))).toBe(sentence);
  });

  it.each<readonly [string, Readonly<Record<string, JsonObject>>, string]>([
    ['Synced of an older generation', { Synced: { observedGeneration: 3 } }, 'Synced speaks of an older generation'],
    ['Ready of an older generation', { Ready: { observedGeneration: 3 } }, 'Ready speaks of an older generation'],
    ['not Ready', { Ready: { status: 'False', reason: 'Creating' } }, 'Ready is False (Creating)'],
    ['not converged', { Converged: { status: 'False', message: 'one waits' } }, 'one waits'],
  ])('a child composite: %s', (_, changes, sentence) => {
    expect(unreadyComposite(withConditions(readyChild, changes))).toBe(sentence);
  });

  it('a child composite whose function has not seen its newest spec, whatever core says of it', () => {
    const stale = { ...readyChild, status: { ...readyChild.status, observedGeneration: 1 } };
    expect(unreadyComposite(stale)).toBe('its status speaks of an older generation');
  });

  it('a child composite that core has not composed yet', () => {
    expect(unreadyComposite(fixture('child-fresh'))).toBe('Synced is not reported yet');
  });

  it('other kinds: only a False Ready, and being deleted', () => {
    const usage = fixture('usage-ready');
    expect(unreadyOther({ ...usage, status: {} })).toBeUndefined();
    expect(unreadyOther(withConditions(usage, { Ready: { status: 'False', reason: 'Creating' } }))).toBe(
      'Ready is False (Creating)',
    );
    const metadata = { ...usage.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' };
    expect(unreadyOther({ ...usage, metadata })).toBe('it is being deleted');
  });
});

describe('what the status counts', () => {
  const key = [resourceId(fixture('key-ready'), 'named-key'), fixture('key-ready')] as const;
  const child = [resourceId(fixture('child-ready'), 'parent-part'), fixture('child-ready')] as const;
  const counted = { desired: 7, observed: 5, ready: 3, text: '3/7' };
  const parent = { ...child[1], apiVersion: API_VERSION, status: { resources: counted } };

  it('the resources of a child composite as it reports them, and not the child itself', () => {
    const declared = [[key[0], key[1]] as const, [child[0], parent] as const];
    const observed = new Map([key, [child[0], parent] as const]);
    expect(countResources(declared, observed, new Map())).toEqual({ desired: 8, observed: 6, ready: 4, text: '4/8' });
    expect(countResources(declared, new Map(), new Map([[key[0], 'unready']]))).toEqual({
      desired: 1,
      observed: 0,
      ready: 0,
      text: '0/1',
    });
  });

  it('names that AWS made up, but not those that the chart has given', () => {
    const name = key[1].metadata.annotations?.['crossplane.io/external-name'];
    expect(identitiesOf([key], schemas, new Set(), baseContext)).toEqual({ [key[0]]: name });
    expect(identitiesOf([key], schemas, new Set([key[0]]), baseContext)).toEqual({});
    const table = fixture('table-ready');
    expect(identitiesOf([[resourceId(table, 'named-table'), table]], schemas, new Set(), baseContext)).toEqual({});
  });

  it('each open resource once, the first by name', () => {
    const waiting = (resource: string) => ({ resource: resource as ResourceId, on: key[0], field: 'a', message: '' });
    expect(shortText([])).toBe('');
    expect(shortText([waiting('a'), waiting('a')])).toBe('a');
    expect(shortText([waiting('a'), waiting('b'), waiting('a'), waiting('c')])).toBe('a and 2 more');
  });
});

describe('law 3, for any object', () => {
  const place = { name: 'any', namespace: 'test' };
  const owned = fixture('key-ready');

  it('a hold after whatever others did is a no-op and adopts nothing', () => {
    const [manager] = MANAGERS;
    fc.assert(
      fc.property(sequence, (one) => {
        const apiServer = new EmbeddedApiServer(schemas);
        for (const apply of one.applies) apiServer.apply(withCores(objectOf(one, apply, place), owned), apply.manager);
        const before = apiServer.list()[0];
        // Without an apply of ours there is nothing to hold.
        if (before?.metadata.managedFields?.some((entry) => entry['manager'] === manager) !== true) return;
        const held = apiServer.apply(withCores(lastApplied(before, manager), owned), manager);
        expect(held).toHaveProperty('object');
        const after = apiServer.get(keyOf(before));
        expect(after && contentOf(after)).toEqual(contentOf(before));
        expect(after && ownershipOf(after)).toEqual(ownershipOf(before));
        // A set that others have entries in is put into another order: see `differences.ts`.
        if (one.kind !== 'Grant') expect(after?.metadata.generation).toBe(before.metadata.generation);
      }),
      { numRuns: 150 },
    );
  });

  it('what is read back is what was applied', () => {
    fc.assert(
      fc.property(sequence, (one) => {
        const apiServer = new EmbeddedApiServer(schemas);
        for (const apply of one.applies) {
          const object = objectOf(one, apply, place);
          const applied = apiServer.apply(withCores(object, owned), apply.manager);
          if ('violations' in applied) continue;
          const read = lastApplied(applied.object, apply.manager);
          expect(contentOf(read)).toEqual(contentOf(object));
        }
      }),
      { numRuns: 150 },
    );
  });
});

/** Without the entries of `ownerReferences`, which the embedded API server takes as a whole (see `api-server.test.ts`). */
function ownersBut(object: KubernetesObject): unknown {
  return JSON.parse(JSON.stringify(ownershipOf(object)).replaceAll(/(f:ownerReferences) k:\{.*?\}/g, '$1'));
}

/** As core applies it: with its own label, annotation and owner. */
function withCores(object: KubernetesObject, { metadata }: KubernetesObject): KubernetesObject {
  const pick = (map: Readonly<Record<string, string>> | undefined, name: string) =>
    map?.[name] === undefined ? {} : { [name]: map[name] };
  const controller = metadata.ownerReferences?.filter((one) => one['controller'] === true) ?? [];
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...object.metadata.labels, ...pick(metadata.labels, 'crossplane.io/composite') },
      annotations: {
        ...object.metadata.annotations,
        ...pick(metadata.annotations, 'crossplane.io/composition-resource-name'),
      },
      ownerReferences: controller,
    },
  };
}
