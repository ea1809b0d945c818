import { RunFunctionRequest } from '@crossplane-org/function-sdk-typescript';
import type { KubernetesObject } from '../../imports/base.ts';
import type { Composed, DesiredResource } from '../../crossplane/compose/types.ts';
import { resourceId } from '../../crossplane/reference/identity.ts';

export const composite: KubernetesObject = {
  apiVersion: 'owlnest.io/v1alpha1',
  kind: 'Storage',
  metadata: { name: 'production-storage', namespace: 'owlnest-production', generation: 2 },
  spec: { replicas: 2 },
  status: { conditions: [{ type: 'Converged', status: 'True' }] },
};

export const key: KubernetesObject = {
  apiVersion: 'kms.aws.m.upbound.io/v1beta1',
  kind: 'Key',
  metadata: { name: 'storage-data', namespace: 'owlnest-production' },
  spec: { forProvider: { region: 'eu-central-1', deletionWindowInDays: 30 } },
};

/** A call of Crossplane for the composite and these observed resources. */
export function requestOf(object: KubernetesObject, observed: readonly KubernetesObject[]): RunFunctionRequest {
  const resource = (of: KubernetesObject) => ({ resource: { ...of } });
  return RunFunctionRequest.fromPartial({
    meta: { tag: 'tag-1' },
    observed: {
      composite: resource(object),
      resources: Object.fromEntries(observed.map((of) => [resourceId(of, of.metadata.name), resource(of)])),
    },
  });
}

/** A result of compose in which all is well. */
export function composed({ desired = [] }: { readonly desired?: readonly DesiredResource[] }): Composed {
  return {
    outcome: 'composed',
    desired: new Map(desired.map((one) => [resourceId(one.object, one.object.metadata.name), one])),
    ready: true,
    status: {
      outputs: { dataKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/1' },
      waiting: [],
      held: [],
      invalid: [],
      foreign: [],
      identities: {},
      resources: { desired: desired.length, observed: 0, ready: 0, text: `0/${desired.length}` },
      waitingText: '',
      heldText: '',
      invalidText: '',
      release: '1.0.0',
      observedGeneration: 1,
      converged: { status: true, message: 'Everything is as declared.' },
    },
    edges: [],
  };
}
