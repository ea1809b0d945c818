import {
  Ready,
  Severity,
  Status,
  Target,
  type Condition,
  type Resource,
  type Result,
  type RunFunctionRequest,
  type RunFunctionResponse,
} from '@crossplane-org/function-sdk-typescript';
import type { KubernetesObject } from '../../imports/base.ts';
import { activatedIn } from '../compose/activation.ts';
import { statusFields } from '../compose/status.ts';
import type { ComposeRequest, ComposeResult, DesiredResource } from '../compose/types.ts';
import { eventsOf } from './events.ts';

/** The name of a composed resource, `<Kind>.<group>/<metadata.name>` (law 5). */
type ResourceId = Parameters<ComposeRequest['resources']['get']>[0];

/** A fatal answer stays readable, and far below what core reads, whatever the composite says. */
const most = { sentences: 20, characters: 1000 };

/**
 * Seconds until Crossplane calls again though nothing that it watches has changed: in each such round it applies every
 * resource of the composite again, which is what a large installation spends at rest (docs/reference/scale.md).
 */
const ttlSeconds = { open: 10, converged: 600 };

/**
 * The compose request in a call of Crossplane. Observed resources arrive under the name that our last answer gave
 * them, which is their identity (law 5). Throws when the composite or a resource is no Kubernetes object, and when a
 * resource has a name that we do not give: to answer without it would delete it. Required resources are not observed
 * ones: of them only the activation policies are read.
 */
export function readRequest(request: RunFunctionRequest): ComposeRequest {
  const observed = request.observed;
  const resources = new Map<ResourceId, KubernetesObject>();
  for (const [name, resource] of Object.entries(observed?.resources ?? {})) {
    if (!isResourceId(name)) throw new TypeError(`The observed resource "${name}" was not composed by this function.`);
    resources.set(name, readObject(resource, `The observed resource "${name}"`));
  }
  const required = (name: string): readonly KubernetesObject[] =>
    (request.requiredResources[name]?.items ?? []).map((item) => readObject(item, `The required resource "${name}"`));
  return {
    composite: readObject(observed?.composite, 'The observed composite'),
    resources,
    activated: activatedIn(required),
  };
}

function isResourceId(name: string): name is ResourceId {
  return /^[^/]+\/[^/]+$/.test(name);
}

function readObject(resource: Resource | undefined, what: string): KubernetesObject {
  const object: unknown = resource?.resource;
  if (!isKubernetesObject(object)) {
    throw new TypeError(`${what} is no Kubernetes object: apiVersion, kind or metadata.name is missing.`);
  }
  return object;
}

/** True for a value with `apiVersion`, `kind` and `metadata.name`; what else it holds is the API server's business. */
export function isKubernetesObject(value: unknown): value is KubernetesObject {
  return (
    isRecord(value) &&
    typeof value['apiVersion'] === 'string' &&
    typeof value['kind'] === 'string' &&
    isRecord(value['metadata']) &&
    typeof value['metadata']['name'] === 'string'
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The whole answer to a call: Crossplane starts each pass from nothing, so what is left out here is removed.
 * @param composite as observed: what its status says already is no event
 */
export function writeResponse(
  request: RunFunctionRequest,
  composite: KubernetesObject,
  result: ComposeResult,
): RunFunctionResponse {
  if (result.outcome === 'refused') {
    return fatalResponse(
      request,
      result.violations.map((violation) => violation.message),
    );
  }
  const { converged } = result.status;
  return {
    ...emptyResponse(request, converged.status ? ttlSeconds.converged : ttlSeconds.open),
    desired: {
      composite: {
        resource: { status: statusFields(result.status) },
        connectionDetails: {},
        ready: readiness(result.ready),
      },
      resources: Object.fromEntries([...result.desired].map(([id, desired]) => [id, desiredResource(desired)])),
    },
    results: [...eventsOf(composite, result.status)],
    conditions: [convergedCondition(converged)],
  };
}

/**
 * An answer that stops the pass: Crossplane applies and removes nothing, and shows the sentences on the composite.
 * Never without a fatal result, since an empty answer would remove everything.
 */
export function fatalResponse(request: RunFunctionRequest, sentences: readonly string[]): RunFunctionResponse {
  const messages = readable(sentences.length > 0 ? sentences : ['The composite was refused without a reason.']);
  return {
    ...emptyResponse(request, ttlSeconds.open),
    results: messages.map((message): Result => ({
      severity: Severity.SEVERITY_FATAL,
      message,
      target: Target.TARGET_COMPOSITE,
    })),
    conditions: [convergedCondition({ status: false, message: messages.join(' ') })],
  };
}

function readable(sentences: readonly string[]): readonly string[] {
  const more = sentences.length - most.sentences;
  const shown = sentences.slice(0, most.sentences).map((sentence) => {
    return sentence.length > most.characters ? `${sentence.slice(0, most.characters - 1)}…` : sentence;
  });
  return more > 0 ? [...shown, `And ${more} more.`] : shown;
}

function emptyResponse(request: RunFunctionRequest, seconds: number): RunFunctionResponse {
  return {
    meta: { tag: request.meta?.tag ?? '', ttl: { seconds, nanos: 0 } },
    desired: { composite: undefined, resources: {} },
    results: [],
    requirements: undefined,
    conditions: [],
  };
}

/**
 * Without a namespace, which core fills in: to do so it looks the kind up before it removes or remembers anything. With
 * one, a kind that is not activated shows only afterwards, and then core asks the function nothing until it is there.
 */
function desiredResource({ object, ready }: DesiredResource): Resource {
  const { namespace: _, ...metadata } = object.metadata;
  return { resource: { ...object, metadata }, connectionDetails: {}, ready: readiness(ready) };
}

function readiness(ready: boolean): Ready {
  return ready ? Ready.READY_TRUE : Ready.READY_FALSE;
}

function convergedCondition({ status, message }: { readonly status: boolean; readonly message: string }): Condition {
  return {
    type: 'Converged',
    status: status ? Status.STATUS_CONDITION_TRUE : Status.STATUS_CONDITION_FALSE,
    reason: status ? 'Converged' : 'Open',
    message,
    target: Target.TARGET_COMPOSITE,
  };
}
