import { Severity, Target, type Result } from '@crossplane-org/function-sdk-typescript';
import type { Json, JsonObject, KubernetesObject } from '../../imports/base.ts';
import type { ComposeStatus } from '../compose/types.ts';
import { isList, isObject } from '../schema/json.ts';

/** More than these in one pass say no more than their number. */
const MOST = 5;

/**
 * Results that become Kubernetes events: what the status says now and did not say before this pass. A state that lasts
 * is in the status and needs no event a pass.
 * @param before the observed composite, with the status of an earlier pass
 */
export function eventsOf(before: KubernetesObject, now: ComposeStatus): readonly Result[] {
  const held = newIn(before.status?.['held'], now.held, ['resource', 'reason']);
  const invalid = newIn(before.status?.['invalid'], now.invalid, ['resource', 'path', 'rule']);
  return [
    ...warnings('Held', held),
    ...warnings('Invalid', invalid),
    ...convergence(wasConverged(before), now.converged),
  ];
}

/** Entries that the list of before has not; two are the same when these fields are: a message may vary. */
function newIn<Entry extends object>(
  before: Json | undefined,
  now: readonly Entry[],
  fields: readonly (keyof Entry & string)[],
): readonly Entry[] {
  const identity = (entry: object): string => JSON.stringify(fields.map((field): unknown => Reflect.get(entry, field)));
  const known = new Set(objectsIn(before).map(identity));
  return now.filter((entry) => !known.has(identity(entry)));
}

function warnings(reason: string, entries: readonly { readonly message: string }[]): readonly Result[] {
  const shown = entries.slice(0, MOST).map(({ message }) => event(Severity.SEVERITY_WARNING, reason, message));
  const more = entries.length - shown.length;
  return more > 0 ? [...shown, event(Severity.SEVERITY_WARNING, reason, `And ${more} more; see the status.`)] : shown;
}

/** Nothing at the first pass: to be under way is no change. */
function convergence(before: boolean | undefined, { status, message }: ComposeStatus['converged']): readonly Result[] {
  if (status) return before === true ? [] : [event(Severity.SEVERITY_NORMAL, 'Converged', message)];
  return before === true ? [event(Severity.SEVERITY_WARNING, 'Open', message)] : [];
}

function wasConverged(before: KubernetesObject): boolean | undefined {
  const condition = objectsIn(before.status?.['conditions']).find(({ type }) => type === 'Converged');
  return condition === undefined ? undefined : condition['status'] === 'True';
}

/** A list of the status as an earlier pass left it; one that is something else costs an event and no more. */
function objectsIn(list: Json | undefined): readonly JsonObject[] {
  return isList(list) ? list.filter(isObject) : [];
}

function event(severity: Severity, reason: string, message: string): Result {
  return { severity, reason, message, target: Target.TARGET_COMPOSITE };
}
