/**
 * A function that does what it is told, right or wrong, and so falls into every trap of core: a Naive's spec is its
 * desired state, key by key.
 */
import type { RunFunctionRequest } from '@crossplane-org/function-sdk-typescript';
import type { Composer, ComposeRequest, DesiredResource } from '../../crossplane/compose/types.ts';
import type { ResourceId } from '../../crossplane/reference/identity.ts';
import { isKubernetesObject, isList, isObject } from '../../crossplane/schema/json.ts';
import { readRequest } from '../../crossplane/server/codec.ts';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { isTrue } from './harness/client.ts';
import type { Served } from './harness/functions.ts';
import { definition, toyGroup } from './toy.ts';

export const naiveFunction = 'naive';
const apiVersion = `${toyGroup}/v1alpha1`;

/** What the function shall answer. */
export interface NaiveSpec {
  /** Objects by the key that core knows them under, `<word>/<word>`. */
  readonly resources: Readonly<Record<string, KubernetesObject>>;
  /** A field of the status that the XRD does not have. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** The sentence of a fatal result. */
  readonly fatal?: string;
}

/** A composite whose function does what the spec says. */
export function naive(namespace: string, name: string, { resources, ...spec }: NaiveSpec): KubernetesObject {
  const entries = Object.entries(resources).map(([key, object]) => ({ key, object }));
  const json = JSON.parse(JSON.stringify({ ...spec, resources: entries })) as JsonObject;
  return { apiVersion, kind: 'Naive', metadata: { name, namespace }, spec: json };
}

/** Ours is never shown what it observes under such keys. */
export const naiveComposer: Served = { kinds: ['Naive'], compose, reads: withAllObserved };

function withAllObserved(request: RunFunctionRequest): ComposeRequest {
  const observed = Object.entries(request.observed?.resources ?? {}).flatMap(([key, { resource }]) =>
    isKubernetesObject(resource) ? [[key as ResourceId, resource] as const] : [],
  );
  return { ...readRequest(request), resources: new Map(observed) };
}

function compose({ composite, resources }: ComposeRequest): ReturnType<Composer['compose']> {
  const { fatal, outputs } = composite.spec ?? {};
  if (typeof fatal === 'string') {
    const said = { resource: 'Naive', path: 'spec', rule: 'fatal', received: fatal };
    return { outcome: 'refused', violations: [{ ...said, message: fatal }] };
  }
  const wanted = composite.spec?.['resources'];
  const desired = new Map<ResourceId, DesiredResource>();
  for (const entry of isList(wanted) ? wanted : []) {
    const [key, object] = isObject(entry) ? [entry['key'], entry['object']] : [];
    if (typeof key !== 'string' || !isKubernetesObject(object))
      throw new Error(`No resource: ${JSON.stringify(entry)}`);
    const observed = resources.get(key as ResourceId);
    desired.set(key as ResourceId, { object, ready: observed !== undefined && isTrue(observed, 'Ready') });
  }
  const ready = [...desired.values()].every((one) => one.ready);
  const count = { desired: desired.size, observed: resources.size, ready: desired.size, text: '' };
  return {
    outcome: 'composed',
    desired,
    ready,
    status: {
      outputs: isObject(outputs) ? (outputs as Readonly<Record<string, string>>) : {},
      waiting: [],
      held: [],
      invalid: [],
      foreign: [],
      identities: {},
      resources: count,
      waitingText: '',
      heldText: '',
      invalidText: '',
      observedGeneration: composite.metadata.generation,
      release: 'naive',
      converged: { status: ready, message: '' },
    },
    edges: [],
  };
}

/** XRD and Composition of Naive; the status has no `outputs`. */
export function naiveDefinitions(): readonly KubernetesObject[] {
  return definition('Naive', 'naives', {
    functionName: naiveFunction,
    composition: 'naives',
    spec: ['resources', 'outputs', 'fatal'],
    status: [
      'waiting',
      'held',
      'invalid',
      'foreign',
      'resources',
      'waitingText',
      'heldText',
      'invalidText',
      'release',
      'observedGeneration',
    ],
  });
}
