import type { JsonObject } from '../../imports/base.ts';

/** When the provider's rules ask for a field: in all of these policies the resource may be written. */
export const POLICIES = ['*', 'Create', 'Update']
  .map((policy) => `'${policy}' in self.managementPolicies`)
  .join(' || ');
/** A rule of the provider: the field `policy` is required. */
export const inEither = `!(${POLICIES}) || has(self.forProvider.policy) || (has(self.initProvider) && has(self.initProvider.policy))`;

export const STRING = { type: 'string' };
const CONDITION = {
  type: 'object',
  properties: {
    lastTransitionTime: { type: 'string', format: 'date-time' },
    message: STRING,
    observedGeneration: { type: 'integer', format: 'int64' },
    reason: STRING,
    status: STRING,
    type: STRING,
  },
  required: ['lastTransitionTime', 'reason', 'status', 'type'],
};

/** A small CRD in the provider's form, the kind `QueuePolicy` of `sqs`, which always has a `queueUrl`. */
export function crd(forProvider: JsonObject, rules: readonly string[] = [], message?: string): JsonObject {
  const name = { type: 'object', properties: { name: STRING }, required: ['name'] };
  const spec = {
    type: 'object',
    required: ['forProvider'],
    'x-kubernetes-validations': rules.map((rule) => ({
      rule,
      message: message ?? 'spec.forProvider.policy is a required parameter',
    })),
    properties: {
      forProvider: { type: 'object', properties: { queueUrl: STRING, ...forProvider } },
      initProvider: { type: 'object' },
      managementPolicies: {
        type: 'array',
        default: ['*'],
        items: { type: 'string', enum: ['Observe', 'Create', 'Update', 'Delete', 'LateInitialize', '*'] },
      },
      providerConfigRef: {
        type: 'object',
        default: { kind: 'ClusterProviderConfig', name: 'default' },
        properties: { kind: STRING, name: STRING },
        required: ['kind', 'name'],
      },
      writeConnectionSecretToRef: name,
    },
  };
  const conditions = {
    type: 'array',
    items: CONDITION,
    'x-kubernetes-list-map-keys': ['type'],
    'x-kubernetes-list-type': 'map',
  };
  const status = {
    type: 'object',
    properties: {
      atProvider: { type: 'object', properties: { id: STRING } },
      conditions,
      observedGeneration: { type: 'integer', format: 'int64' },
    },
  };
  const properties = { apiVersion: STRING, kind: STRING, metadata: { type: 'object' }, spec, status };
  const schema = { openAPIV3Schema: { type: 'object', required: ['spec'], properties } };
  return {
    spec: {
      group: 'sqs.aws.m.upbound.io',
      names: { kind: 'QueuePolicy', plural: 'queuepolicies' },
      versions: [{ name: 'v1beta1', schema }],
    },
  };
}
