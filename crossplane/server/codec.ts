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
import { activatedIn } from '../compose/activated.ts';
import { statusFields } from '../compose/status.ts';
import type { Composed, ComposeRequest, ComposeResult, DesiredResource } from '../compose/types.ts';
import { canonical } from '../compose/values.ts';
import { resourceId, type ResourceId } from '../reference/identity.ts';
import { isKubernetesObject, isObject } from '../schema/json.ts';
import { eventsOf } from './events.ts';

/** A fatal answer stays readable, and far below what core reads, whatever the composite says. */
const most = { sentences: 20, characters: 1000 };

/**
 * Seconds until Crossplane calls again though nothing that it watches has changed: in each such round it applies every
 * resource of the composite again, which is what a large installation spends at rest (docs/reference/scale.md).
 */
const ttlSeconds = { open: 10, converged: 600 };

/**
 * The compose request in a call of Crossplane. Observed resources arrive under the name that our last answer gave
 * them, which is their identity (law 5). Those of another name, and those that an earlier step of the pipeline desires,
 * belong to other functions: they are not ours to count, hold or delete. Throws when the composite or a resource of ours
 * is no Kubernetes object. Required resources are not observed ones: of them only the activation policies are read.
 */
export function readRequest(request: RunFunctionRequest): ComposeRequest {
  const observed = request.observed;
  const resources = new Map<ResourceId, KubernetesObject>();
  for (const [name, resource] of Object.entries(observed?.resources ?? {})) {
    if (!hasFormOfId(name) || request.desired?.resources[name] !== undefined) continue;
    const object = readObject(resource, `The observed resource "${name}"`);
    const id = resourceId(object, object.metadata.name);
    if (id === name) resources.set(id, object);
  }
  const required = (name: string): readonly KubernetesObject[] =>
    (request.requiredResources[name]?.items ?? []).map((item) => readObject(item, `The required resource "${name}"`));
  return {
    composite: readObject(observed?.composite, 'The observed composite'),
    resources,
    activated: activatedIn(required),
  };
}

function hasFormOfId(name: string): boolean {
  return /^[^/.]+\.[^/]*\/[^/]+$/.test(name);
}

function readObject(resource: Resource | undefined, what: string): KubernetesObject {
  const object: unknown = resource?.resource;
  if (!isKubernetesObject(object)) {
    throw new TypeError(`${what} is no Kubernetes object: apiVersion, kind or metadata.name is missing.`);
  }
  return object;
}

/**
 * The whole answer to a call: Crossplane starts each pass from nothing, so what is left out here is removed. What earlier
 * steps of the pipeline desire and their context is in it as it came; their results and conditions do not come with the
 * call, core keeps them itself. Refuses to desire what an earlier step desires, too.
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
  const earlier = request.desired?.resources ?? {};
  const twice = [...result.desired.keys()].filter((id) => earlier[id] !== undefined);
  if (twice.length > 0) {
    return fatalResponse(
      request,
      twice.map((id) => `${id} is desired by an earlier step of the pipeline as well: one of them must leave it out.`),
    );
  }
  const { converged } = result.status;
  return {
    ...emptyResponse(request, converged.status ? ttlSeconds.converged : ttlSeconds.open),
    desired: {
      composite: desiredComposite(request.desired?.composite, Object.keys(earlier).length > 0, result),
      resources: Object.fromEntries([
        ...Object.entries(earlier)
          .map(([name, resource]) => [name, canonicalResource(resource)] as const)
          .sort(byName),
        ...[...result.desired].map(([id, desired]) => [id, desiredResource(desired)] as const),
      ]),
    },
    context: request.context === undefined ? undefined : canonical(request.context),
    results: [...eventsOf(composite, result.status)],
    conditions: [convergedCondition(converged)],
  };
}

/** The composite as earlier steps desire it, with our status. */
function desiredComposite(earlier: Resource | undefined, hasOthers: boolean, result: Composed): Resource {
  const { resource = {}, connectionDetails = {}, ready = Ready.READY_UNSPECIFIED } = earlier ?? {};
  const status: unknown = resource['status'];
  // Of others' resources we do not know whether they are ready: core looks at them unless it is told.
  const others = ready === Ready.READY_UNSPECIFIED && !hasOthers ? Ready.READY_TRUE : ready;
  return {
    resource: canonical({
      ...resource,
      status: { ...(isObject(status) ? status : {}), ...statusFields(result.status) },
    }),
    connectionDetails,
    ready: result.ready ? others : Ready.READY_FALSE,
  };
}

function canonicalResource(resource: Resource): Resource {
  return { ...resource, resource: canonical(resource.resource) };
}

/** By code units. */
function byName(one: readonly [string, unknown], other: readonly [string, unknown]): number {
  return one[0] < other[0] ? -1 : 1;
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
