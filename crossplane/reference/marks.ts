import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { z } from 'zod';
import type { GroupVersionKind, Json, JsonObject, KubernetesObject } from '../../imports/base.ts';
import { resourceId, type ResourceId } from './identity.ts';

/** Says on the object itself, to later releases, that it holds data (law 4). */
export const HOLDS_DATA_LABEL = 'owlnest.io/holds-data';
/** Says on the object itself that it guards what holds data. */
export const GUARDS_DATA_LABEL = 'owlnest.io/guards-data';
/** Merged into `spec.forProvider` before a removal that was asked for, as JSON: switches AWS's own protection off. */
export const UNPROTECT_ANNOTATION = 'owlnest.io/unprotect';
/** Which entries of a list hold data themselves, as JSON (`DataEntries`). */
export const DATA_ENTRIES_ANNOTATION = 'owlnest.io/holds-data-entries';
/** On a part: the identity of the resource that it is a part of, as the alias of a key or the encryption of a bucket. */
export const PART_OF_ANNOTATION = 'owlnest.io/part-of';
export const EXTERNAL_NAME_ANNOTATION = 'crossplane.io/external-name';
/** Refused by our own admission policy, so that applying a preview by mistake does nothing. */
export const PREVIEW_ANNOTATION = 'owlnest.io/preview';
export const SOURCE_ANNOTATION = 'owlnest.io/source';
export const CONFIG_ANNOTATION = 'owlnest.io/config';
export const WHY_ANNOTATION = 'owlnest.io/why';

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

/** Entries of a list of `spec.forProvider` that hold data themselves: the replicas of a table. */
export interface DataEntries {
  readonly field: string;
  /** The field of an entry that tells it from the others. */
  readonly key: string;
  /** What switches AWS's own protection of an entry off; set only in a removal that was asked for. */
  readonly unprotect: Readonly<Record<string, Json>>;
}

/** Marks entries of a list as holding data (law 4): each outlives its declaration until `allowRemoval` names it. */
export function entriesHoldData<R extends ApiObject>(resource: R, entries: DataEntries): R {
  resource.metadata.addAnnotation(DATA_ENTRIES_ANNOTATION, JSON.stringify(entries));
  return resource;
}

const dataEntries = z.object({ field: z.string(), key: z.string(), unprotect: z.record(z.string(), z.json()) });
const fields = z.record(z.string(), z.json());

/** What an annotation of ours on an object says; `unreadable` is its text where another hand has spoiled it. */
export type ReadMark<Mark> = { readonly mark: Mark | undefined } | { readonly unreadable: string };

/** The mark that `entriesHoldData()` left on the object. */
export function dataEntriesOn({ metadata }: KubernetesObject): ReadMark<DataEntries> {
  return readMark(dataEntries, metadata.annotations?.[DATA_ENTRIES_ANNOTATION]);
}

/** The fields that `holdsData()` left on the object: they switch AWS's own deletion protection off. */
export function unprotectionOn({ metadata }: KubernetesObject): ReadMark<JsonObject> {
  return readMark(fields, metadata.annotations?.[UNPROTECT_ANNOTATION]);
}

function readMark<Mark>(schema: z.ZodType<Mark>, text: string | undefined): ReadMark<Mark> {
  if (text === undefined) return { mark: undefined };
  try {
    const read = schema.safeParse(JSON.parse(text));
    return read.success ? { mark: read.data } : { unreadable: text };
  } catch {
    return { unreadable: text };
  }
}

/** The resource that the object says it is a part of. */
export function parentOf({ metadata }: KubernetesObject): string | undefined {
  return metadata.annotations?.[PART_OF_ANNOTATION];
}

/** Whether the object says that it holds data, whatever the chart of this release says of it. */
export function saysItHoldsData({ metadata }: KubernetesObject): boolean {
  return metadata.labels?.[HOLDS_DATA_LABEL] === 'true';
}

/** Whether the object says that it guards what holds data. */
export function saysItGuardsData({ metadata }: KubernetesObject): boolean {
  return metadata.labels?.[GUARDS_DATA_LABEL] === 'true';
}

/**
 * Marks a resource that guards what holds data: a bucket's encryption, its block of public access. It never has a `Delete`
 * policy: the deletion of a composite or namespace would take the guard off data that stays, or that is still there for a
 * while. It goes with what it guards. One that is no longer declared goes as an object, and AWS keeps the guard.
 */
export function guardsData<R extends ApiObject>(resource: R): R {
  resource.metadata.addLabel(GUARDS_DATA_LABEL, 'true');
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

/** The name that an object keeps: after a declared rename within the composite its old one (law 5). */
export function keptName(resource: ApiObject): string {
  const from = movedFrom(resource);
  return from === undefined || from.composite !== undefined ? resource.name : from.name;
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
