import type { GroupVersionKind } from '../../imports/base.ts';

/** `<Kind>.<group>/<metadata.name>`: the one identity of a composed resource (law 5); never a construct path. */
export type ResourceId = string & { readonly __brand: 'ResourceId' };

/** The group of an `apiVersion`; empty for Kubernetes's core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** The identity of the object of this kind and name. */
export function resourceId(gvk: GroupVersionKind, name: string): ResourceId {
  return `${gvk.kind}.${groupOf(gvk.apiVersion)}/${name}` as ResourceId;
}
