import { mayDelete } from '../crossplane/compose/naming.ts';
import { MANAGED_FINALIZER } from '../crossplane/embedded/report.ts';
import {
  EXTERNAL_NAME_ANNOTATION,
  parentOf,
  saysItGuardsData,
  saysItHoldsData,
} from '../crossplane/reference/marks.ts';
import { isList, isObject } from '../crossplane/schema/json.ts';
import { resourceName } from '../crossplane/schema/violation.ts';
import type { KubernetesObject } from '../imports/base.ts';

/**
 * What a deletion leaves of a resource.
 * - `kept`: its object goes, or would go, and AWS keeps the resource
 * - `refused`: its deletion was asked for, and AWS or the provider refuses it; it is tried again
 * - `waiting`: its deletion was asked for, and something else has to go first
 * - `going`: its deletion is under way
 */
export type RemainState = 'kept' | 'refused' | 'waiting' | 'going';

/** A managed resource that a deletion leaves behind, or has not taken away yet. */
export interface Remaining {
  /** `<Kind>.<group>/<name>` */
  readonly resource: string;
  /** What AWS calls it; empty as long as nobody knows. */
  readonly externalName: string;
  readonly state: RemainState;
  /** A sentence without its subject. */
  readonly why: string;
}

/** What the deletion of an environment leaves. */
export interface Remains {
  readonly remaining: readonly Remaining[];
  /** How many resources go, or would go, with their objects. */
  readonly goes: number;
}

/**
 * What of these managed resources stays when their composites are deleted, and what is still there of a deletion that was
 * asked for. A resource that is kept by nothing but a mark on it goes with what it is a part of: the encryption of a
 * bucket ends with the bucket.
 * @param objects all managed resources of one environment, as the cluster has them
 */
export function remainsOf(objects: readonly KubernetesObject[]): Remains {
  const byId = new Map<string, KubernetesObject>(objects.map((object) => [resourceName(object), object]));
  const remaining = [...byId]
    .flatMap(([resource, object]): readonly Remaining[] => {
      const left = leftOf(object, byId);
      const externalName = object.metadata.annotations?.[EXTERNAL_NAME_ANNOTATION] ?? '';
      return left === undefined ? [] : [{ resource, externalName, ...left }];
    })
    .sort((one, other) => (one.resource < other.resource ? -1 : 1));
  return { remaining, goes: byId.size - remaining.length };
}

/** Why AWS keeps the resource when its object goes, without its subject; `undefined` when it goes as well. */
export function whyKept(object: KubernetesObject, byId: ReadonlyMap<string, KubernetesObject>): string | undefined {
  if (mayDelete(object)) return undefined;
  if (saysItHoldsData(object)) return 'it holds data, and its environment protects data';
  const parent = parentOf(object);
  const owner = parent === undefined ? undefined : byId.get(parent);
  if (parent !== undefined && owner !== undefined) {
    return whyKept(owner, byId) === undefined ? undefined : `it is a part of ${parent}, which stays`;
  }
  if (saysItGuardsData(object)) return 'it guards data';
  const policies = object.spec?.['managementPolicies'];
  const isObserved = isList(policies) && policies.every((policy) => policy === 'Observe');
  return isObserved ? 'it is only looked at' : 'its management policies have no Delete';
}

function leftOf(
  object: KubernetesObject,
  byId: ReadonlyMap<string, KubernetesObject>,
): Pick<Remaining, 'state' | 'why'> | undefined {
  const kept = whyKept(object, byId);
  if (kept !== undefined) return { state: 'kept', why: kept };
  if (object.metadata.labels?.['crossplane.io/in-use'] === 'true') {
    return { state: 'waiting', why: 'a Usage says that something still uses it' };
  }
  return object.metadata.deletionTimestamp === undefined ? undefined : goingOf(object);
}

function goingOf(object: KubernetesObject): Pick<Remaining, 'state' | 'why'> {
  const { finalizers = [] } = object.metadata;
  const others = finalizers.filter((name) => name !== MANAGED_FINALIZER);
  if (others.length === finalizers.length) {
    return others.length === 0
      ? { state: 'going', why: 'only its object is still there' }
      : { state: 'waiting', why: `AWS has it no longer, and something else holds its object: ${others.join(', ')}` };
  }
  const refusal = refusalOn(object);
  return refusal === undefined
    ? { state: 'going', why: 'the provider is deleting it' }
    : { state: 'refused', why: refusal };
}

/** What AWS or the provider said of the last attempt, where it failed. */
function refusalOn({ status }: KubernetesObject): string | undefined {
  const conditions = isList(status?.['conditions']) ? status['conditions'].filter(isObject) : [];
  const failed = conditions.filter(
    ({ type, status: is }) => is === 'False' && (type === 'LastAsyncOperation' || type === 'Synced'),
  );
  return failed
    .map(({ message }) => message)
    .find((text) => typeof text === 'string' && text !== '')
    ?.toString();
}
