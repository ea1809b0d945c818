import type { JsonObject } from '../../imports/base.ts';
import type { ResourceId } from '../reference/identity.ts';

/**
 * What goes wrong with one managed resource:
 * - `fail`: AWS refuses whatever it is asked.
 * - `throttle`: AWS has no time.
 * - `freeze`: the provider does not look at it.
 * - `never-ready`: it exists, and does not become ready.
 * - `drop`: a field of `atProvider` is not reported.
 * - `empty`: Ready and Synced are True, and nothing is reported.
 * - `half-made`: a creation fails after AWS has made the resource; the provider fails on it until it is restarted.
 */
export type Fault =
  | { readonly kind: Exclude<FaultKind, 'drop'>; readonly resource: ResourceId }
  | { readonly kind: 'drop'; readonly resource: ResourceId; readonly field: string };

export type FaultKind = (typeof FAULT_KINDS)[number];
export const FAULT_KINDS = ['fail', 'throttle', 'freeze', 'never-ready', 'drop', 'empty', 'half-made'] as const;

/** Whether the resource has a fault of this kind. */
export function isFaulty(faults: readonly Fault[], resource: ResourceId, kind: FaultKind): boolean {
  return faults.some((fault) => fault.kind === kind && fault.resource === resource);
}

/** `atProvider` without what faults keep from being reported. */
export function withFaults(atProvider: JsonObject, faults: readonly Fault[], id: ResourceId): JsonObject {
  if (isFaulty(faults, id, 'empty')) return {};
  const dropped = faults.flatMap((fault) => (fault.kind === 'drop' && fault.resource === id ? [fault.field] : []));
  if (dropped.length === 0) return atProvider;
  return Object.fromEntries(Object.entries(atProvider).filter(([key]) => !dropped.includes(key)));
}
