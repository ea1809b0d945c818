/** The stand-in is as unkind as provider-upjet-aws: what its sources say, one by one. */
import { describe, expect, it } from '@jest/globals';
import { standInProvider } from '../../crossplane/embedded/provider.ts';
import type { Fault } from '../../crossplane/embedded/faults.ts';
import type { Report } from '../../crossplane/embedded/report.ts';
import { resourceId } from '../../crossplane/reference/identity.ts';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { Table } from '../../imports/dynamodb.ts';
import { Key } from '../../imports/kms.ts';
import { Role } from '../../imports/iam.ts';
import { WebACL } from '../../imports/wafv2.ts';
import { ACCOUNT, schemasOf } from '../support/world.ts';

const schemas = schemasOf([]);
const providerOf = () => standInProvider(ACCOUNT, schemas);
type Gvk = typeof Key.kind;

function objectOf(
  gvk: Gvk,
  spec: JsonObject = {},
  annotations: Readonly<Record<string, string>> = {},
): KubernetesObject {
  return {
    apiVersion: gvk.apiVersion,
    kind: gvk.kind,
    metadata: { name: 'one', namespace: 'test', uid: '1', annotations },
    spec: { managementPolicies: ['Observe', 'Create', 'Update', 'Delete'], forProvider: {}, ...spec },
  };
}

const named = (name: string) => ({ 'crossplane.io/external-name': name });

function conditionsOf(report: Report | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (report?.conditions ?? []).map(({ type, status, message }) => [type, message ?? String(status)]),
  );
}

describe('a creation', () => {
  it('takes two looks: AWS has the resource after the first, its status comes with the second, its name nowhere', () => {
    const provider = providerOf();
    const first = provider.reconcile(objectOf(Key.kind));
    expect(first).toMatchObject({ busy: true, writes: undefined, atProvider: undefined });
    expect(conditionsOf(first)).toEqual({ Synced: 'true', Ready: 'false', AsyncOperation: 'false' });
    expect(provider.creations).toHaveLength(1);
    const second = provider.reconcile(objectOf(Key.kind));
    expect(second).toMatchObject({ busy: false, writes: undefined });
    expect(second?.atProvider?.['id']).toBe(provider.creations[0]?.externalName);
    expect(conditionsOf(second)).toMatchObject({ Synced: 'true', Ready: 'true', LastAsyncOperation: 'true' });
  });

  it('saves the name only where the policies allow LateInitialize', () => {
    const provider = providerOf();
    const object = objectOf(Key.kind, { managementPolicies: ['*'] });
    provider.reconcile(object);
    expect(provider.reconcile(object)?.writes).toBe(provider.creations[0]?.externalName);
  });

  it('writes the name of the object where a name of our choosing is missing, at once', () => {
    expect(providerOf().reconcile(objectOf(Role.kind))?.writes).toBe('one');
    expect(providerOf().reconcile(objectOf(Role.kind, {}, named('reader')))?.writes).toBeUndefined();
  });

  it('that fails after AWS has made the resource leaves the provider at a loss until it is restarted', () => {
    const provider = providerOf();
    const faults: Fault[] = [{ kind: 'half-made', resource: resourceId(Table.kind, 'one') }];
    const object = objectOf(Table.kind, {}, named('forum'));
    provider.reconcile(object, faults);
    provider.reconcile(object, faults);
    const later = conditionsOf(provider.reconcile(object));
    expect(later['Synced']).toContain('null fields');
    provider.restart();
    expect(conditionsOf(provider.reconcile(object))).toMatchObject({ Synced: 'true', Ready: 'true' });
    expect(provider.creations).toHaveLength(1);
  });
});

describe('a restart', () => {
  it('loses what stands on no object: a key is made again, a web ACL is refused for ever', () => {
    const provider = providerOf();
    for (const kind of [Key.kind, WebACL.kind]) {
      provider.reconcile(objectOf(kind));
      provider.reconcile(objectOf(kind));
    }
    provider.restart();
    provider.reconcile(objectOf(Key.kind));
    const refused = conditionsOf(provider.reconcile(objectOf(WebACL.kind)));
    expect(provider.creations.map(({ kind }) => kind)).toEqual(['Key', 'WebACL', 'Key']);
    expect(refused['LastAsyncOperation']).toContain('exists already');
  });

  it('makes a deletion without a name count as done, and AWS keeps the resource', () => {
    const provider = providerOf();
    provider.reconcile(objectOf(Key.kind));
    provider.restart();
    expect(provider.remove(objectOf(Key.kind))).toEqual({ outcome: 'absent' });
    expect(provider.aws.size).toBe(1);
    const { externalName = '' } = provider.creations[0] ?? {};
    expect(provider.remove(objectOf(Key.kind, {}, named(externalName)))).toEqual({ outcome: 'deleted' });
  });
});

describe('a resource that is not there', () => {
  const look = (managementPolicies: string[], forProvider: JsonObject = {}) => {
    const provider = providerOf();
    const report = provider.reconcile(
      objectOf(Key.kind, { managementPolicies, forProvider }, named('arn:aws:kms:::key/a')),
    );
    return { made: provider.creations.length, conditions: conditionsOf(report) };
  };

  it('is made again although a name is recorded, also of another form, and with another name', () => {
    expect(look(['Observe', 'Create', 'Update'])).toMatchObject({ made: 1 });
  });

  it('fails only where nothing but Observe is allowed', () => {
    const { made, conditions } = look(['Observe']);
    expect([made, conditions['Synced']]).toEqual([0, 'observe failed: external resource does not exist']);
    expect(look(['Observe', 'Delete'])).toEqual({ made: 0, conditions: { Synced: 'true' } });
  });

  it('is made by an update, unless a field is set that cannot change', () => {
    expect(look(['Observe', 'Update'])).toMatchObject({ made: 1 });
    const { made, conditions } = look(['Observe', 'Update'], { multiRegion: true });
    expect([made, conditions['Synced']]).toEqual([0, expect.stringContaining('refuse to update')]);
  });
});

describe('an update', () => {
  it('of a field that cannot change is refused: Ready stays, nothing is changed', () => {
    const provider = providerOf();
    const table = (hashKey: string) => objectOf(Table.kind, { forProvider: { hashKey } }, named('forum'));
    provider.reconcile(table('PK'));
    provider.reconcile(table('PK'));
    expect(conditionsOf(provider.reconcile(table('SK')))).toEqual({
      Ready: 'true',
      AsyncOperation: 'true',
      Synced: expect.stringContaining('cannot change the value of the argument "hash_key" from "PK" to "SK"'),
      LastAsyncOperation: expect.stringContaining('refuse to update the external resource'),
    });
    expect([...provider.aws.values()][0]?.forProvider).toEqual({ hashKey: 'PK' });
  });

  it('never sends initProvider, which counts at creation only', () => {
    const provider = providerOf();
    const table = (readCapacity: number, hashKey = 'PK') =>
      objectOf(Table.kind, { forProvider: { hashKey }, initProvider: { readCapacity } }, named('forum'));
    provider.reconcile(table(5));
    provider.reconcile(table(9));
    expect([...provider.aws.values()][0]?.forProvider).toEqual({ hashKey: 'PK', readCapacity: 5 });
  });
});

describe('faults', () => {
  it('say Ready and Synced of what nothing is reported of, or that AWS has no time', () => {
    const provider = providerOf();
    const fault = (kind: 'empty' | 'throttle'): Fault[] => [{ kind, resource: resourceId(Table.kind, 'one') }];
    const object = objectOf(Table.kind, {}, named('forum'));
    provider.reconcile(object);
    const empty = provider.reconcile(object, fault('empty'));
    expect(empty?.atProvider).toEqual({});
    expect(conditionsOf(empty)).toMatchObject({ Ready: 'true', Synced: 'true' });
    const throttled = provider.reconcile(object, fault('throttle'));
    expect(throttled).toMatchObject({ atProvider: undefined, finalizer: false });
    expect(conditionsOf(throttled)['Synced']).toContain('Rate exceeded');
  });
});
