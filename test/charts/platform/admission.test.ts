import { describe, expect, test } from '@jest/globals';
import { Environment } from '@marcbachmann/cel-js';
import { admissionObjects } from '../../../charts/platform/index.ts';
import { isList, isObject } from '../../../crossplane/schema/json.ts';
import type { Json, JsonObject } from '../../../imports/base.ts';

const CORE = 'system:serviceaccount:crossplane-system:crossplane';
const PROVIDER = 'system:serviceaccount:crossplane-system:owlnest-provider-aws';
const FUNCTION = 'system:serviceaccount:crossplane-system:owlnest-function';

const cel = new Environment({ enableOptionalTypes: true, unlistedVariablesAreDyn: true });

interface Request {
  readonly username?: string;
  readonly namespace?: string;
  readonly object: JsonObject;
  readonly oldObject?: JsonObject;
}

/** Messages of the policy's rules that the request breaks, as the API server evaluates them; undefined if unmatched. */
function refusals(name: string, { username = CORE, namespace = '', object, oldObject }: Request): unknown {
  const policy = admissionObjects(['s3.aws.m.upbound.io']).find(({ metadata }) => metadata.name === name)?.spec;
  const request = { namespace, userInfo: { username } };
  const context = { request, object, oldObject: oldObject ?? null };
  const variables: Record<string, unknown> = {};
  const evaluate = (rule: Json | undefined): unknown => cel.evaluate(String(rule), { ...context, variables });
  if (!entries(policy?.['matchConditions']).every(({ expression }) => evaluate(expression) === true)) return undefined;
  for (const variable of entries(policy?.['variables'])) {
    variables[String(variable['name'])] = evaluate(variable['expression']);
  }
  const broken = entries(policy?.['validations']).filter(({ expression }) => evaluate(expression) !== true);
  return broken.map(({ message, messageExpression }) =>
    messageExpression === undefined ? message : evaluate(messageExpression),
  );
}

function entries(list: Json | undefined): readonly JsonObject[] {
  return isList(list) ? list.filter(isObject) : [];
}

const ref = (name: string): JsonObject => ({ providerConfigRef: { kind: 'ProviderConfig', name } });
const bucket = (spec: JsonObject, metadata: JsonObject = {}): JsonObject => ({ metadata, spec });

const own = bucket(ref('staging'));
const ONLY_CROSSPLANE =
  'Only Crossplane changes managed resources: change the file of the environment in git and let it be applied.';
const OWN_CONFIG =
  'Set spec.providerConfigRef to {kind: ProviderConfig, name: staging}: the namespace owlnest-staging reaches no other ' +
  'AWS account.';

describe('owlnest-managed-resources', () => {
  const check = (request: Request): unknown =>
    refusals('owlnest-managed-resources', { namespace: 'owlnest-staging', ...request });

  test.each([CORE, PROVIDER])('lets %s create and change', (username) => {
    expect(check({ username, object: own })).toEqual([]);
    expect(check({ username, object: bucket({ ...ref('staging'), more: 1 }), oldObject: own })).toEqual([]);
  });

  test.each([FUNCTION, 'kubernetes-admin', 'system:serviceaccount:owlnest-staging:crossplane', `${CORE}-2`])(
    'refuses %s',
    (username) => {
      expect(check({ username, object: own })).toEqual([ONLY_CROSSPLANE]);
      expect(check({ username, object: bucket({ ...ref('staging'), more: 1 }), oldObject: own })).toEqual([
        ONLY_CROSSPLANE,
      ]);
    },
  );

  test('lets everybody change what no AWS resource follows from', () => {
    const paused = bucket(ref('staging'), { annotations: { 'crossplane.io/paused': 'true' } });
    expect(check({ username: 'kubernetes-admin', object: paused, oldObject: own })).toEqual([]);
  });

  test('refuses another external name: the object would stand for another AWS resource', () => {
    const other = bucket(ref('staging'), { annotations: { 'crossplane.io/external-name': 'other' } });
    expect(check({ username: 'kubernetes-admin', object: other, oldObject: own })).toEqual([ONLY_CROSSPLANE]);
    expect(check({ username: 'kubernetes-admin', object: own, oldObject: other })).toEqual([ONLY_CROSSPLANE]);
    expect(check({ username: PROVIDER, object: other, oldObject: own })).toEqual([]);
  });

  test.each([
    ['of another environment', ref('production')],
    ['of the whole cluster', { providerConfigRef: { kind: 'ClusterProviderConfig', name: 'staging' } }],
    ['that is not named', { providerConfigRef: {} }],
    ['that is absent', {}],
  ])('refuses, from core too, a configuration %s', (_, spec) => {
    expect(check({ object: bucket(spec) })).toEqual([OWN_CONFIG]);
  });

  test('lets a wrong object go', () => {
    const deleting = bucket({}, { deletionTimestamp: '2026-01-01T00:00:00Z' });
    expect(check({ object: deleting, oldObject: deleting })).toEqual([]);
  });

  test('is not about other namespaces', () => {
    expect(check({ namespace: 'default', username: 'kubernetes-admin', object: own })).toBeUndefined();
  });
});

describe('owlnest-accounts', () => {
  const config = (...roles: readonly string[]): JsonObject => ({
    metadata: {},
    spec: { credentials: { source: 'PodIdentity' }, assumeRoleChain: roles.map((roleARN) => ({ roleARN })) },
  });
  const role = (account: string, name = 'owlnest-provisioner'): string => `arn:aws:iam::${account}:role/${name}`;
  const own = config(role('111111111111'));
  const check = (object: JsonObject, oldObject: JsonObject, namespace = 'owlnest-staging'): unknown =>
    refusals('owlnest-accounts', { username: 'argocd', namespace, object, oldObject });
  const KEPT =
    'The account of an environment cannot change, since its data is there: make a new environment and move the data.';

  test.each([
    ['another account', config(role('222222222222'))],
    ['another account on the way', config(role('222222222222'), role('111111111111'))],
    ['one account more', config(role('111111111111'), role('222222222222'))],
    ['no account', config()],
    ['no chain', { metadata: {}, spec: { credentials: { source: 'PodIdentity' } } }],
    ['no role', { metadata: {}, spec: { assumeRoleChain: [{}] } }],
    ['a role of another form', config('owlnest-provisioner')],
  ])('refuses %s', (_, object) => {
    expect(check(object, own)).toEqual([KEPT]);
    expect(check(own, object)).toEqual([KEPT]);
  });

  test.each([
    ['another role', config(role('111111111111', 'owlnest'))],
    ['labels', { ...own, metadata: { labels: { a: 'b' } } }],
    ['what is being deleted', { ...own, metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }],
  ])('lets %s be', (_, object) => {
    expect(check(object, own)).toEqual([]);
  });

  test('lets one that never had a role lose its finalizers', () => {
    const without = { metadata: {}, spec: { credentials: { source: 'None' } } };
    expect(check(without, { ...without, metadata: { finalizers: ['in-use.crossplane.io'] } })).toEqual([]);
  });

  test('is not about other namespaces', () => {
    expect(check(config(role('222222222222')), own, 'default')).toBeUndefined();
  });
});

describe('owlnest-previews', () => {
  const check = (metadata: JsonObject): unknown => refusals('owlnest-previews', { object: { metadata } });

  test('refuses what a preview rendered, and nothing else', () => {
    expect(check({ annotations: { 'owlnest.io/preview': 'true' } })).toEqual([
      'This object was rendered for a preview (annotation owlnest.io/preview): apply what npm start renders.',
    ]);
    for (const other of [{}, { annotations: {} }, { annotations: { 'owlnest.io/preview': 'false' } }]) {
      expect(check(other)).toEqual([]);
    }
    expect(refusals('owlnest-previews', { object: {} })).toEqual([]);
  });
});

test('every policy is bound, and denies', () => {
  const objects = admissionObjects(['s3.aws.m.upbound.io']);
  const policies = objects.filter(({ kind }) => kind === 'ValidatingAdmissionPolicy');
  const bindings = objects.filter(({ kind }) => kind === 'ValidatingAdmissionPolicyBinding');
  expect(bindings.map(({ spec }) => spec)).toEqual(
    policies.map(({ metadata }) => ({ policyName: metadata.name, validationActions: ['Deny'] })),
  );
});
