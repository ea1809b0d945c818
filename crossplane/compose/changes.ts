import { factsOf } from '../../kinds/index.ts';
import type { KubernetesObject } from '../../imports/base.ts';
import type { Context } from '../definition/context.ts';
import { asObject } from '../schema/json.ts';
import type { Versions } from './entries.ts';
import { isTakenOver } from './external-names.ts';
import { removalEntry } from './leaving.ts';
import { forProviderOf } from './naming.ts';
import type { HeldReason } from './types.ts';

/** Why a change does not go to AWS. */
export interface StoppedChange {
  readonly reason: HeldReason;
  readonly field: string;
  /** A sentence a field. */
  readonly message: string;
}

/**
 * What keeps a change from what exists: it would take something away in AWS that nobody has named, or never get there.
 * `undefined` when it may go on. What is known of a kind stands in `kinds/`.
 * @param id how messages call the resource
 */
export function stoppedChange(id: string, versions: Versions, context: Context): StoppedChange | undefined {
  return (
    stopped('would-remove', lostByTakeOver(id, versions, context)) ?? stopped('never-arrives', dropped(id, versions))
  );
}

interface Sentence {
  readonly field: string;
  readonly message: string;
}

function stopped(reason: HeldReason, sentences: readonly Sentence[]): StoppedChange | undefined {
  const [first] = sentences;
  if (first === undefined) return undefined;
  const message = sentences.map((sentence) => sentence.message).join(' ');
  return { reason, field: `spec.forProvider.${first.field}`, message };
}

/** What was only looked at so far: parts of it that the chart does not have, until `allowRemoval` names each. */
function lostByTakeOver(id: string, { observed, last, next }: Versions, context: Context): readonly Sentence[] {
  if (!context.protectData || !isTakenOver(next, last)) return [];
  const there = asObject(observed.status?.['atProvider']);
  return (factsOf(next)?.lost?.(there, wantedOf(next)) ?? []).flatMap(({ field, entry, does }) => {
    const name = `${removalEntry(next, context)}.${entry}`;
    if (context.allowRemoval.includes(name)) return [];
    const message = `AWS ${does}, once ${id} is taken over: change it there by hand, or let allowRemoval name ${name}.`;
    return [{ field, message }];
  });
}

/** The provider leaves alone in AWS what stands in `initProvider`. */
function wantedOf(object: KubernetesObject): ReturnType<typeof asObject> {
  return { ...asObject(object.spec?.['initProvider']), ...forProviderOf(object) };
}

function dropped(id: string, { last, next }: Versions): readonly Sentence[] {
  return (factsOf(next)?.neverArrives?.(forProviderOf(last), forProviderOf(next)) ?? []).map(({ field, way }) => ({
    field,
    message: `The provider does not bring this change of ${field} of ${id} to AWS: ${way}.`,
  }));
}
