import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { GroupVersionKind, Json } from '../../imports/base.ts';
import { resourceId, type ResourceId } from './identity.ts';

/** Says on the object itself, to later releases, that it holds data (law 4). */
export const HOLDS_DATA_LABEL = 'owlnest.io/holds-data';
/** Merged into `spec.forProvider` before a removal that was asked for, as JSON: switches AWS's own protection off. */
export const UNPROTECT_ANNOTATION = 'owlnest.io/unprotect';
export const EXTERNAL_NAME_ANNOTATION = 'crossplane.io/external-name';
/** Refused by our own admission policy, so that applying a preview by mistake does nothing. */
export const PREVIEW_ANNOTATION = 'owlnest.io/preview';
export const SOURCE_ANNOTATION = 'owlnest.io/source';
export const CONFIG_ANNOTATION = 'owlnest.io/config';

const MOVED = 'owlnest.io/moved';
const HANDED_OVER = 'owlnest.io/handed-over';

/** Where a resource was before: its old name, in this composite or in another one (`<Kind>/<name>`). */
export interface MovedFrom {
  readonly name: string;
  readonly composite?: string;
}

/**
 * Marks a resource as holding data (law 4): no `Delete` policy where the environment protects data, and it outlives
 * its declaration until `allowRemoval` names it. `unprotect` are the provider fields that switch AWS's own deletion
 * protection off; they are set only in a removal that was asked for.
 */
export function holdsData<R extends ApiObject>(resource: R, unprotect?: Readonly<Record<string, Json>>): R {
  resource.metadata.addLabel(HOLDS_DATA_LABEL, 'true');
  if (unprotect !== undefined) resource.metadata.addAnnotation(UNPROTECT_ANNOTATION, JSON.stringify(unprotect));
  return resource;
}

/**
 * A declared rename (law 5). Within a composite the object keeps its old name. From another composite the AWS resource
 * is taken over by its external name, which must be known (chosen, or recorded); the other chart says `handOver()`.
 */
export function moved<R extends ApiObject>(resource: R, from: MovedFrom): R {
  resource.node.addMetadata(MOVED, from);
  return resource;
}

/**
 * The other side of `moved()`: this composite gives the object up without deleting what it stands for in AWS.
 * Delete is taken from its policies first; the object goes in a later pass.
 */
export function handOver(chart: Construct, gvk: GroupVersionKind, name: string): void {
  chart.node.addMetadata(HANDED_OVER, resourceId(gvk, name));
}

/** The mark that `moved()` left. */
export function movedFrom(resource: Construct): MovedFrom | undefined {
  const entry = resource.node.metadata.find(({ type }) => type === MOVED);
  return entry?.data as MovedFrom | undefined;
}

/** The marks that `handOver()` left. */
export function handedOver(chart: Construct): ReadonlySet<ResourceId> {
  const entries = chart.node.metadata.filter(({ type }) => type === HANDED_OVER);
  return new Set(entries.map(({ data }) => data as ResourceId));
}

/** Points an object back at the chart file and the config path that it comes from. */
export function pointBack<R extends ApiObject>(
  resource: R,
  from: { readonly source: string; readonly config: string },
): R {
  resource.metadata.addAnnotation(SOURCE_ANNOTATION, from.source);
  resource.metadata.addAnnotation(CONFIG_ANNOTATION, from.config);
  return resource;
}
