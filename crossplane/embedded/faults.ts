import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import type { ResourceId } from '../reference/identity.ts';
import { asObject } from '../schema/json.ts';

/**
 * What goes wrong with one managed resource: `fail` (AWS refuses), `freeze` (the provider does not look at it),
 * `drop` (a field of `atProvider` is not reported), `never-ready`.
 */
export type Fault =
  | { readonly kind: 'fail' | 'freeze' | 'never-ready'; readonly resource: ResourceId }
  | { readonly kind: 'drop'; readonly resource: ResourceId; readonly field: string };

/** Whether the resource has a fault of this kind. */
export function isFaulty(faults: readonly Fault[], resource: ResourceId, kind: Fault['kind']): boolean {
  return faults.some((fault) => fault.kind === kind && fault.resource === resource);
}

/** The object without the fields of `status.atProvider` that a fault drops. */
export function withoutField(object: KubernetesObject, faults: readonly Fault[], id: ResourceId): KubernetesObject {
  const dropped = faults.flatMap((fault) => (fault.kind === 'drop' && fault.resource === id ? [fault.field] : []));
  if (dropped.length === 0) return object;
  const atProvider = Object.entries(asObject(object.status?.['atProvider'])).filter(([key]) => !dropped.includes(key));
  const status: JsonObject = { ...object.status, atProvider: Object.fromEntries(atProvider) };
  return { ...object, status };
}
