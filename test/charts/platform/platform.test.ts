import { describe, expect, test } from '@jest/globals';
import { crossplaneValues, platformFiles } from '../../../charts/platform/index.ts';
import type { KubernetesObject } from '../../../imports/base.ts';
import { index, managed, platformInput, schemas } from './rendered.ts';

const input = platformInput('staging', 'production');
const files = platformFiles(input);
const objects = files.flatMap((file) => file.objects);

const ofKind = (kind: string): readonly KubernetesObject[] => objects.filter((object) => object.kind === kind);
const named = (kind: string): readonly string[] => ofKind(kind).map(({ metadata }) => metadata.name);
const specs = (kind: string): readonly KubernetesObject['spec'][] => ofKind(kind).map(({ spec }) => spec);

describe('platformFiles', () => {
  test('are named in apply order, each kind before what needs it', () => {
    const names = files.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    for (const name of names) expect(name).toMatch(/^[0-9]{2}-[a-z]+\.yaml$/);
    const order = ['DeploymentRuntimeConfig', 'Provider', 'CompositeResourceDefinition', 'Function', 'Composition'];
    const places = order.map((kind) => objects.findIndex((object) => object.kind === kind));
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(places).not.toContain(-1);
  });

  test('hold every object once', () => {
    const ids = objects.map(({ kind, metadata }) => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('do not depend on the order of what is rendered', () => {
    const reversed = { ...input, rendered: [...input.rendered].reverse(), kinds: [...input.kinds].reverse() };
    expect(JSON.stringify(platformFiles(reversed))).toBe(JSON.stringify(files));
  });

  test('have one provider a service that is rendered, and the family under the name that core gives it', () => {
    const services = input.rendered.flatMap((object) => schemas.find(object)?.provider?.package ?? []);
    expect(services).toContain('provider-aws-dynamodb');
    expect(named('Provider')).toEqual([
      'upbound-provider-family-aws',
      ...[...new Set(services)].sort().map((service) => `upbound-${service}`),
    ]);
    expect(specs('Provider').map((spec) => spec?.['package'])).toContain(
      `xpkg.upbound.io/upbound/provider-aws-dynamodb:${index.version}`,
    );
    const fewer = input.rendered.filter(({ apiVersion }) => !apiVersion.startsWith('dynamodb.'));
    const packages = platformFiles({ ...input, rendered: fewer }).flatMap((file) => file.objects);
    expect(packages.map(({ metadata }) => metadata.name)).not.toContain('upbound-provider-aws-dynamodb');
  });

  test('take every provider package in the version that the schemas are of', () => {
    const other = { ...input, schemas: { ...schemas, providerVersion: 'v9.8.7' } };
    const providers = platformFiles(other).flatMap((file) => file.objects.filter(({ kind }) => kind === 'Provider'));
    expect(providers).toHaveLength(named('Provider').length);
    for (const { spec } of providers) expect(spec?.['package']).toMatch(/:v9\.8\.7$/);
  });

  test('run every package by a runtime configuration of ours', () => {
    const refs = [...specs('Provider'), ...specs('Function')].map((spec) => spec?.['runtimeConfigRef']);
    const runtimes = named('DeploymentRuntimeConfig').map((name) => ({ name }));
    expect(refs).toHaveLength(named('Provider').length + 1);
    for (const ref of refs) expect(runtimes).toContainEqual(ref);
  });

  test('run packages under accounts of ours, without taking them from us', () => {
    const text = JSON.stringify(specs('DeploymentRuntimeConfig'));
    for (const name of named('ServiceAccount')) expect(text).toContain(`"serviceAccountName":"${name}"`);
    expect(text).not.toContain('serviceAccountTemplate');
  });

  test('name the function and its compositions by release, the function outside the package lock', () => {
    expect(named('Function')).toEqual(['owlnest-0-1-0']);
    expect(specs('Function')[0]).toMatchObject({
      package: 'ghcr.io/owlnest/function-owlnest:v0.1.0',
      skipDependencyResolution: true,
    });
    expect(named('Composition')).toEqual(input.kinds.map(({ kind }) => `${kind.toLowerCase()}-0-1-0`).sort());
    expect(named('CompositeResourceDefinition')).toEqual(
      input.kinds.map(({ plural }) => `${plural}.owlnest.io`).sort(),
    );
  });

  test('give core what it composes, and the function nothing', () => {
    const role: unknown = JSON.parse(JSON.stringify(ofKind('ClusterRole')[0]));
    const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];
    expect(role).toMatchObject({ metadata: { labels: { 'rbac.crossplane.io/aggregate-to-crossplane': 'true' } } });
    expect(role).toHaveProperty(
      'rules',
      expect.arrayContaining([
        { apiGroups: ['dynamodb.aws.m.upbound.io'], resources: ['tables'], verbs },
        { apiGroups: ['protection.crossplane.io'], resources: ['usages'], verbs },
      ]),
    );
    expect(objects.map(({ kind }) => kind)).not.toContain('ClusterRoleBinding');
    expect(ofKind('ServiceAccount')[0]).toMatchObject({
      metadata: { name: 'owlnest-function' },
      automountServiceAccountToken: false,
    });
  });

  test('never let a managed resource fall back to a configuration of the cluster', () => {
    expect(JSON.stringify(objects)).not.toContain('ClusterProviderConfig');
  });

  test('refuse a managed resource outside the namespaces of the environments', () => {
    const lost = managed('kms.aws.m.upbound.io/v1beta1', 'Key', 'lost');
    const environments = [{ name: 'production', account: '1', region: 'r' }];
    expect(() => platformFiles({ ...input, rendered: [lost], environments })).toThrow(
      "Key.kms.aws.m.upbound.io/lost in namespace owlnest-staging stands in no environment's namespace; render it into " +
        'one of owlnest-production.',
    );
  });

  test('have no empty activation policy, which the API server refuses', () => {
    const none = platformFiles({ ...input, rendered: [] }).flatMap((file) => file.objects);
    expect(none.map(({ kind }) => kind)).not.toContain('ManagedResourceActivationPolicy');
  });
});

test('crossplaneValues activate nothing by themselves and raise the breaker', () => {
  expect(crossplaneValues()).toMatchObject({ provider: { defaultActivations: [] } });
  expect(crossplaneValues()['args']).toContain('--circuit-breaker-burst=1000');
});
