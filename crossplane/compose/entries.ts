import type { Json, JsonObject, KubernetesObject } from '../../imports/base.ts';
import type { Context } from '../definition/context.ts';
import { DATA_ENTRIES_ANNOTATION, type DataEntries } from '../reference/marks.ts';
import { asObject, isList } from '../schema/json.ts';
import { removalEntry } from './leaving.ts';
import { forProviderOf } from './naming.ts';
import { sameJson } from './values.ts';

/** What keeps a resource from losing an entry that holds data. */
export interface EntryVerdict {
  readonly reason: 'not-declared' | 'leaving';
  readonly object: KubernetesObject;
  readonly field: string;
  readonly message: string;
}

/**
 * Law 4 for entries of a list that hold data themselves, such as the replicas of a table: one that is no longer declared
 * stays until `allowRemoval` names it (`<layer>/<Kind>/<name>.<entry>`). Then its protection goes first, and the entry in
 * a later pass. `undefined` when nothing is lost, or all that is lost may go now.
 * @param id how messages call the resource
 * @param last what was applied last
 * @param synced whether AWS has what was applied last
 */
export function keptEntries(
  id: string,
  last: KubernetesObject,
  next: KubernetesObject,
  synced: boolean,
  context: Context,
): EntryVerdict | undefined {
  const mark = entriesOf(last);
  if (mark === undefined || !context.protectData) return undefined;
  const { field, key, unprotect } = mark;
  const before = entriesIn(last, field);
  const after = entriesIn(next, field).map((entry) => entry[key]);
  const lost = before.filter((entry) => !after.includes(entry[key]));
  const path = `spec.forProvider.${field}`;
  const nameOf = (entry: JsonObject) => `${removalEntry(last, context)}.${String(entry[key])}`;
  const kept = lost.find((entry) => !context.allowRemoval.includes(nameOf(entry)));
  if (kept !== undefined) {
    const message = `${String(kept[key])} in ${path} of ${id} holds data and is no longer declared; all stays as it is until allowRemoval names ${nameOf(kept)}.`;
    return { reason: 'not-declared', object: last, field: path, message };
  }
  const [first] = lost;
  const open = lost.every((entry) => covers(entry, unprotect));
  if (first === undefined || (open && synced)) return undefined;
  const entries = before.map((entry) => (lost.includes(entry) ? { ...entry, ...unprotect } : entry));
  const forProvider: JsonObject = { ...forProviderOf(last), [field]: entries };
  const message = `${String(first[key])} in ${path} of ${id} may be removed; its protection is taken off before it goes.`;
  return { reason: 'leaving', object: { ...last, spec: { ...last.spec, forProvider } }, field: path, message };
}

/** Written by `entriesHoldData()`, so it is JSON of ours. */
function entriesOf(object: KubernetesObject): DataEntries | undefined {
  const text = object.metadata.annotations?.[DATA_ENTRIES_ANNOTATION];
  return text === undefined ? undefined : (JSON.parse(text) as DataEntries);
}

function entriesIn(object: KubernetesObject, field: string): readonly JsonObject[] {
  const value: Json | undefined = forProviderOf(object)[field];
  return isList(value) ? value.map(asObject) : [];
}

function covers(entry: JsonObject, fields: JsonObject): boolean {
  return Object.entries(fields).every(([name, value]) => sameJson(entry[name] ?? null, value));
}
