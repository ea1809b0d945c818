import type { Json, JsonObject, KubernetesObject } from '../../imports/base.ts';
import type { Context } from '../definition/context.ts';
import { DATA_ENTRIES_ANNOTATION, dataEntriesOn, type DataEntries } from '../reference/marks.ts';
import { asObject, isList } from '../schema/json.ts';
import type { Violation } from '../schema/violation.ts';
import { removalEntry } from './leaving.ts';
import { unreadableMark } from './marks.ts';
import { forProviderOf } from './naming.ts';
import { sameJson } from './values.ts';

/** What keeps a resource from losing an entry that holds data. */
export interface EntryVerdict {
  readonly reason: 'not-declared' | 'leaving' | 'invalid';
  readonly object: KubernetesObject;
  readonly field: string;
  readonly message: string;
  readonly invalid: readonly Violation[];
}

/** One resource as it was seen, as it was applied last, and as the chart declares it now. */
export interface Versions {
  readonly observed: KubernetesObject;
  readonly last: KubernetesObject;
  readonly next: KubernetesObject;
}

/**
 * Law 4 for entries of a list that hold data themselves, such as the replicas of a table: one that is no longer declared
 * stays until `allowRemoval` names it (`<layer>/<Kind>/<name>.<entry>`). Then its protection goes first, and the entry in
 * a later pass. `undefined` when nothing is lost, or all that is lost may go now. Which lists hold data is read from the
 * chart and from the object: what another hand strips from the object takes no protection away.
 * @param id how messages call the resource
 * @param synced whether AWS has what was applied last
 */
export function keptEntries(
  id: string,
  { observed, last, next }: Versions,
  synced: boolean,
  context: Context,
): EntryVerdict | undefined {
  if (!context.protectData) return undefined;
  const [declared, seen] = [dataEntriesOn(next), dataEntriesOn(observed)];
  if ('unreadable' in seen) {
    const violation = unreadableMark(id, DATA_ENTRIES_ANNOTATION, seen.unreadable);
    const { path: field, message } = violation;
    const object = withMarkOf(next, last);
    return { reason: 'invalid', object, field, message: `${id} stays as it is: ${message}`, invalid: [violation] };
  }
  const marks = [...('mark' in declared ? [declared.mark] : []), seen.mark].filter((mark) => mark !== undefined);
  // Of two marks for one list the chart's counts.
  const lists = new Map([...marks].reverse().map((mark) => [mark.field, mark]));
  for (const mark of lists.values()) {
    const verdict = keptIn(mark, id, { observed, last, next }, synced, context);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

/** What was applied last with the mark that the chart has now, which puts a spoiled one right. */
function withMarkOf(next: KubernetesObject, last: KubernetesObject): KubernetesObject {
  const mark = next.metadata.annotations?.[DATA_ENTRIES_ANNOTATION];
  if (mark === undefined) return last;
  const annotations = { ...last.metadata.annotations, [DATA_ENTRIES_ANNOTATION]: mark };
  return { ...last, metadata: { ...last.metadata, annotations } };
}

/**
 * Which entry that holds data AWS still has although it is gone from the spec, or does not have yet, in words. The
 * provider says Synced while the update before still runs, so its
 * conditions do not tell; what it has seen in AWS does.
 */
export function openEntry(object: KubernetesObject): string | undefined {
  const read = dataEntriesOn(object);
  const mark = 'mark' in read ? read.mark : undefined;
  if (mark === undefined) return undefined;
  const { field, key } = mark;
  const wanted = entriesIn(object, field).map((entry) => String(entry[key]));
  const seen = listIn(object.status?.['atProvider'], field).map((entry) => String(entry[key]));
  const [left] = seen.filter((name) => !wanted.includes(name));
  const [missing] = wanted.filter((name) => !seen.includes(name));
  if (left !== undefined) return `AWS still has ${left} in ${field}`;
  return missing === undefined ? undefined : `AWS does not have ${missing} in ${field} yet`;
}

function keptIn(
  { field, key, unprotect }: DataEntries,
  id: string,
  { last, next }: Versions,
  synced: boolean,
  context: Context,
): EntryVerdict | undefined {
  const before = entriesIn(last, field);
  const after = entriesIn(next, field).map((entry) => entry[key]);
  const lost = before.filter((entry) => !after.includes(entry[key]));
  const path = `spec.forProvider.${field}`;
  const nameOf = (entry: JsonObject) => `${removalEntry(last, context)}.${String(entry[key])}`;
  const kept = lost.find((entry) => !context.allowRemoval.includes(nameOf(entry)));
  if (kept !== undefined) {
    const message = `${String(kept[key])} in ${path} of ${id} holds data and is no longer declared; all stays as it is until allowRemoval names ${nameOf(kept)}.`;
    return { reason: 'not-declared', object: last, field: path, message, invalid: [] };
  }
  const [first] = lost;
  const open = lost.every((entry) => covers(entry, unprotect));
  if (first === undefined || (open && synced)) return undefined;
  const entries = before.map((entry) => (lost.includes(entry) ? { ...entry, ...unprotect } : entry));
  const forProvider: JsonObject = { ...forProviderOf(last), [field]: entries };
  const message = `${String(first[key])} in ${path} of ${id} may be removed; its protection is taken off before it goes.`;
  const object = { ...last, spec: { ...last.spec, forProvider } };
  return { reason: 'leaving', object, field: path, message, invalid: [] };
}

function entriesIn(object: KubernetesObject, field: string): readonly JsonObject[] {
  return listIn(forProviderOf(object), field);
}

function listIn(value: Json | undefined, field: string): readonly JsonObject[] {
  const list = asObject(value)[field];
  return isList(list) ? list.map(asObject) : [];
}

function covers(entry: JsonObject, fields: JsonObject): boolean {
  return Object.entries(fields).every(([name, value]) => sameJson(entry[name] ?? null, value));
}
