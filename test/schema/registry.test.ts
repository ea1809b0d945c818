import { describe, expect, it } from '@jest/globals';
import { kindSchema, schemaRegistry } from '../../crossplane/schema/registry.ts';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { Table } from '../../imports/dynamodb.ts';
import { Role } from '../../imports/iam.ts';
import { filesRead, index, kind, readLock, registry } from './lock-files.ts';

const REF = { kind: 'ProviderConfig', name: 'production' };

function table(forProvider: JsonObject, spec: JsonObject = {}): KubernetesObject {
  const { apiVersion, kind: name } = Table.kind;
  return { apiVersion, kind: name, metadata: { name: 'main' }, spec: { forProvider, providerConfigRef: REF, ...spec } };
}

function role(forProvider: JsonObject, managementPolicies?: readonly string[]): KubernetesObject {
  const { apiVersion, kind: name } = Role.kind;
  const spec = { forProvider, ...(managementPolicies && { managementPolicies }) };
  return { apiVersion, kind: name, metadata: { name: 'api' }, spec };
}

const GOOD = {
  region: 'eu-central-1',
  billingMode: 'PAY_PER_REQUEST',
  hashKey: 'pk',
  rangeKey: 'sk',
  attribute: ['pk', 'sk', 'gsi1pk', 'gsi1sk'].map((name) => ({ name, type: 'S' })),
  globalSecondaryIndex: [{ name: 'gsi1', hashKey: 'gsi1pk', rangeKey: 'gsi1sk', projectionType: 'ALL' }],
  serverSideEncryption: { enabled: true, kmsKeyArnRef: { name: 'data' } },
  ttl: { attributeName: 'ttl', enabled: true },
};

describe('a table', () => {
  it('with an index is valid', () => {
    expect(kind(Table.kind).validate(table(GOOD))).toEqual([]);
  });

  it('is reported with resource, path, value and remedy', () => {
    const { region, ...homeless } = GOOD;
    expect(kind(Table.kind).validate(table({ ...homeless, tableClas: region }))).toEqual([
      {
        resource: 'Table.dynamodb.aws.m.upbound.io/main',
        path: 'spec.forProvider.region',
        rule: 'required',
        received: null,
        message: 'spec.forProvider.region is required, received null; add it.',
      },
      {
        resource: 'Table.dynamodb.aws.m.upbound.io/main',
        path: 'spec.forProvider.tableClas',
        rule: 'unknown-field',
        received: 'eu-central-1',
        message:
          'spec.forProvider.tableClas is not a known field, received "eu-central-1"; write tableClass or remove it.',
      },
    ]);
  });

  it('gets the defaults of the provider', () => {
    const { apiVersion, kind: name } = Table.kind;
    const bare = { apiVersion, kind: name, metadata: { name: 'main' }, spec: { forProvider: GOOD } };
    expect(kind(Table.kind).withDefaults(bare).spec).toEqual({
      forProvider: { ...GOOD, serverSideEncryption: { enabled: true, kmsKeyArnRef: { name: 'data' } } },
      managementPolicies: ['*'],
      providerConfigRef: { kind: 'ClusterProviderConfig', name: 'default' },
    });
  });

  it('must have a spec, and nothing beside it that is unknown', () => {
    const { spec, ...bare } = table(GOOD);
    expect(kind(Table.kind).validate(bare)).toMatchObject([{ path: 'spec', rule: 'required' }]);
    const odd = { ...bare, ...(spec && { spec }), data: {} };
    expect(kind(Table.kind).validate(odd)).toMatchObject([{ path: 'data', rule: 'unknown-field' }]);
  });

  it('takes in initProvider what forProvider takes, and nothing else', () => {
    expect(kind(Table.kind).validate(table(GOOD, { initProvider: { readCapacity: 5 } }))).toEqual([]);
    const found = kind(Table.kind).validate(table(GOOD, { initProvider: { readCapacities: 5 } }));
    expect(found).toMatchObject([{ path: 'spec.initProvider.readCapacities', rule: 'unknown-field' }]);
  });

  it('has its facts', () => {
    expect(kind(Table.kind)).toMatchObject({
      plural: 'tables',
      provider: {
        package: 'provider-aws-dynamodb',
        regional: true,
        externalName: { class: 'chosen', form: '^[A-Za-z0-9_.-]{3,255}$' },
        references: ['replica[].kmsKeyArn', 'serverSideEncryption.kmsKeyArn'],
      },
    });
    const replace = kind(Table.kind).provider?.replace ?? [];
    expect(replace).toEqual(expect.arrayContaining(['hashKey', 'rangeKey', 'localSecondaryIndex']));
    expect(replace).not.toContain('region');
  });
});

describe('a field that is needed unless the resource is only observed', () => {
  it.each<[string, readonly string[] | undefined, boolean]>([
    ['no policies (the default is *)', undefined, true],
    ['*', ['*'], true],
    ['Create', ['Observe', 'Create'], true],
    ['Update', ['Observe', 'Update'], true],
    ['Observe', ['Observe'], false],
    ['Observe and Delete', ['Observe', 'Delete'], false],
    ['none', [], false],
  ])('%s', (_, policies, needed) => {
    const found = kind(Role.kind).validate(role({}, policies));
    expect(found.map(({ path }) => path)).toEqual(needed ? ['spec.forProvider.assumeRolePolicy'] : []);
    expect(kind(Role.kind).validate(role({ assumeRolePolicy: '{}' }, policies))).toEqual([]);
  });
});

describe('the registry', () => {
  it('knows all kinds of the lock without reading it', () => {
    const before = filesRead.length;
    const fresh = schemaRegistry(readLock, index, []);
    expect(fresh.kinds.length).toBe(Object.values(index.services).flatMap(({ kinds }) => kinds).length);
    expect(filesRead.length).toBe(before);
    fresh.find(Table.kind);
    fresh.find({ ...Table.kind, kind: 'TableReplica' });
    fresh.find(Table.kind);
    expect(filesRead.slice(before)).toEqual(['dynamodb']);
  });

  it('finds every kind that it lists, and no other', () => {
    expect(registry.kinds.filter((gvk) => registry.find(gvk)?.gvk.kind !== gvk.kind)).toEqual([]);
    for (const unknown of ['Tabel', 'constructor', '__proto__']) {
      expect(registry.find({ ...Table.kind, kind: unknown })).toBeUndefined();
    }
    expect(registry.find({ apiVersion: 'dynamodb.aws.m.upbound.io/v1', kind: 'Table' })).toBeUndefined();
    expect(registry.find({ apiVersion: 'v1', kind: 'Secret' })).toBeUndefined();
  });

  it('holds our own kinds beside them', () => {
    const gvk = { apiVersion: 'owlnest.io/v1alpha1', kind: 'Storage' };
    const storage = kindSchema({ gvk, plural: 'storages', schema: { type: 'object' } });
    const both = schemaRegistry(readLock, index, [storage]);
    expect(both.find(gvk)).toBe(storage);
    expect(both.find(gvk)?.provider).toBeUndefined();
    expect(both.kinds).toContainEqual(gvk);
  });

  it('checks an object with its defaults, not without', () => {
    const gvk = { apiVersion: 'owlnest.io/v1alpha1', kind: 'Storage' };
    const mode = { type: 'string', default: 'A' } as const;
    const spec = { type: 'object', required: ['mode'], properties: { mode } } as const;
    const schema = {
      type: 'object',
      properties: { apiVersion: {}, kind: {}, metadata: { 'x-kubernetes-preserve-unknown-fields': true }, spec },
    } as const;
    const storage = kindSchema({ gvk, plural: 'storages', schema });
    expect(storage.validate({ ...gvk, metadata: { name: 'main' }, spec: {} })).toEqual([]);
    expect(storage.validate({ ...gvk, metadata: { name: 'main' }, spec: { mode: 1 } })).toHaveLength(1);
  });

  it('names the place of a damaged lock', () => {
    const damaged = schemaRegistry(
      (name) => readLock(name).replace('"billingMode": "string"', '"billingMode": "text"'),
      index,
      [],
    );
    expect(() => damaged.find(Table.kind)).toThrow(
      'The schema lock is damaged at Table.forProvider.billingMode: the word "text" has no meaning there',
    );
  });

  it('knows the provider configuration as a plain kind', () => {
    const gvk = { apiVersion: 'aws.m.upbound.io/v1beta1', kind: 'ProviderConfig' };
    const config = { ...gvk, metadata: { name: 'a' }, spec: { credentials: { source: 'IRSB' } } };
    expect(kind(gvk).provider).toBeUndefined();
    expect(kind(gvk).validate(config)).toMatchObject([{ path: 'spec.credentials.source', rule: 'enum' }]);
  });
});
