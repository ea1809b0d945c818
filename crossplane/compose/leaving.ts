import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import type { Context } from '../definition/context.ts';
import { API_VERSION } from '../definition/api.ts';
import type { ResourceId } from '../reference/identity.ts';
import {
  parentOf,
  saysItGuardsData,
  saysItHoldsData,
  UNPROTECT_ANNOTATION,
  unprotectionOn,
} from '../reference/marks.ts';
import { nearest } from '../schema/nearest.ts';
import type { Violation } from '../schema/violation.ts';
import { isInAws } from './conditions.ts';
import { lastApplied } from './hold.ts';
import { unreadableMark } from './marks.ts';
import { mentionsIn } from './mentions.ts';
import { forProviderOf, mayDelete } from './naming.ts';
import { stronglyConnected } from './order.ts';
import type { Held, HeldReason } from './types.ts';
import { sameJson } from './values.ts';

/** What happens to resources that exist and are declared no longer. */
export interface Leaving {
  /** Still desired: held as they are, or on the way out in a first pass. */
  readonly kept: ReadonlyMap<ResourceId, KubernetesObject>;
  readonly held: readonly Held[];
  readonly invalid: readonly Violation[];
  /** Left out of desired: Crossplane deletes them, or is at it. */
  readonly going: readonly ResourceId[];
}

interface Verdict {
  readonly object?: KubernetesObject;
  readonly held?: Held;
  readonly invalid?: Violation;
}

/** What the rest of the pass says of resources that are declared no longer. */
export interface Claims {
  /** Older generations, each with the sentence that says why it stays for now. */
  readonly replaced: ReadonlyMap<ResourceId, string>;
  /** Given up to another composite, or to a resource of another name: what they stand for in AWS goes on. */
  readonly handedOver: ReadonlySet<ResourceId>;
  /** Declared resources that are held in this pass. */
  readonly held: ReadonlySet<string>;
}

/** Laws 3 to 6 for what exists and is declared no longer. */
export function leave(
  observed: ReadonlyMap<ResourceId, KubernetesObject>,
  undeclared: readonly ResourceId[],
  claims: Claims,
  context: Context,
  manager: string,
): Leaving {
  const verdicts = new Map<ResourceId, Verdict>();
  for (const id of undeclared) {
    const object = observed.get(id);
    if (object === undefined || object.metadata.deletionTimestamp !== undefined) continue;
    const verdict = firstVerdict(id, object, claims, context, manager);
    if (verdict !== undefined) verdicts.set(id, verdict);
  }
  stayWithParents(observed, undeclared, verdicts, claims.held, manager);
  const free = undeclared.filter((id) => !verdicts.has(id));
  for (const [id, message] of stillNamed(observed, free)) {
    const object = observed.get(id);
    if (object !== undefined) verdicts.set(id, hold(id, object, manager, 'still-named', message));
  }
  const kept = [...verdicts].flatMap(([id, { object }]) => (object === undefined ? [] : [[id, object] as const]));
  return {
    kept: new Map(kept),
    held: [...verdicts.values()].flatMap(({ held }) => held ?? []),
    invalid: [...verdicts.values()].flatMap(({ invalid }) => invalid ?? []),
    going: undeclared.filter((id) => !verdicts.has(id)),
  };
}

/**
 * What is a part of a resource that stays stays with it: AWS would take the encryption off a bucket that is only held, or
 * the name off a key.
 */
function stayWithParents(
  observed: ReadonlyMap<ResourceId, KubernetesObject>,
  undeclared: readonly ResourceId[],
  verdicts: Map<ResourceId, Verdict>,
  heldParents: ReadonlySet<string>,
  manager: string,
): void {
  const stays = new Set<string>([...heldParents, ...verdicts.keys()]);
  // A part may have parts itself: until nothing more stays.
  for (let before = -1; before !== verdicts.size;) {
    before = verdicts.size;
    for (const id of undeclared) {
      const object = observed.get(id);
      const parent = object === undefined ? undefined : parentOf(object);
      if (object === undefined || parent === undefined || verdicts.has(id) || !stays.has(parent)) continue;
      if (object.metadata.deletionTimestamp !== undefined) continue;
      const message = `${id} is no longer declared, but it is a part of ${parent}, which stays.`;
      verdicts.set(id, hold(id, object, manager, 'parent-held', message));
      stays.add(id);
    }
  }
}

/** Why the object itself says that it stays; `undefined` when it may go. */
function firstVerdict(
  id: ResourceId,
  object: KubernetesObject,
  { replaced, handedOver }: Claims,
  context: Context,
  manager: string,
): Verdict | undefined {
  if (handedOver.has(id)) return withoutDelete(id, object, manager, 'is handed over');
  const reason = replaced.get(id);
  if (reason !== undefined) return hold(id, object, manager, 'being-replaced', reason);
  if (object.metadata.labels?.['crossplane.io/in-use'] === 'true') {
    return hold(id, object, manager, 'in-use', `${id} is no longer declared, but a Usage still names it.`);
  }
  // Another hand may have given it back what `guardsData()` takes away.
  if (saysItGuardsData(object)) return withoutDelete(id, object, manager, 'guards data that may stay');
  if (!context.protectData || !saysItHoldsData(object)) return undefined;
  if (!isAllowed(object, context)) {
    const entry = removalEntry(object, context);
    const meant = nearest(entry, context.allowRemoval);
    const other = meant === undefined ? '' : `, not ${meant}`;
    const message = `${id} holds data and is no longer declared; it stays until allowRemoval names ${entry}${other}.`;
    return hold(id, object, manager, 'not-declared', message);
  }
  return object.apiVersion === API_VERSION ? undefined : withDelete(id, object, manager);
}

function hold(id: ResourceId, object: KubernetesObject, manager: string, reason: HeldReason, message: string): Verdict {
  return { object: lastApplied(object, manager), held: { resource: id, reason, message } };
}

/** The entry of `allowRemoval` that names the object: `<layer>/<Kind>/<name>`. */
export function removalEntry(object: KubernetesObject, context: Pick<Context, 'environment'>): string {
  const { name } = object.metadata;
  const prefix = `${context.environment}-`;
  const [layer = name] = (name.startsWith(prefix) ? name.slice(prefix.length) : name).split('-');
  return `${layer}/${object.kind}/${name}`;
}

function isAllowed(object: KubernetesObject, context: Context): boolean {
  return context.allowRemoval.includes(removalEntry(object, context));
}

/** A removal that was asked for: first the protections go, and only once AWS knows that, the object (law 4). */
function withDelete(id: ResourceId, object: KubernetesObject, manager: string): Verdict | undefined {
  const read = unprotectionOn(object);
  if ('unreadable' in read) {
    const invalid = unreadableMark(id, UNPROTECT_ANNOTATION, read.unreadable);
    return { ...hold(id, object, manager, 'invalid', `${id} stays as it is: ${invalid.message}`), invalid };
  }
  const unprotect = read.mark ?? {};
  const open = mayDelete(object) && coversFields(forProviderOf(object), unprotect);
  if (open && isInAws(object, unprotect)) return undefined;
  const last = lastApplied(object, manager);
  const message = `${id} may be removed; its protection is taken off before it goes.`;
  const spec: JsonObject = {
    ...last.spec,
    managementPolicies: ['Observe', 'Create', 'Update', 'Delete'],
    forProvider: { ...forProviderOf(last), ...unprotect },
  };
  return { object: { ...last, spec }, held: { resource: id, reason: 'leaving', message } };
}

/** What AWS keeps, in this composite's hands or another's: the object may go once its deletion no longer reaches AWS. */
function withoutDelete(id: ResourceId, object: KubernetesObject, manager: string, why: string): Verdict | undefined {
  if (!mayDelete(object)) return undefined;
  const last = lastApplied(object, manager);
  const spec: JsonObject = { ...last.spec, managementPolicies: ['Observe', 'Create', 'Update'] };
  const message = `${id} ${why}; it may no longer delete what it stands for before it goes.`;
  return { object: { ...last, spec }, held: { resource: id, reason: 'leaving', message } };
}

function coversFields(object: JsonObject, fields: JsonObject): boolean {
  return Object.entries(fields).every(([key, value]) => sameJson(object[key] ?? null, value));
}

/**
 * Of the resources that may go, those that another observed one still names, with the reason. Resources that name only
 * each other go together.
 */
function stillNamed(
  observed: ReadonlyMap<ResourceId, KubernetesObject>,
  free: readonly ResourceId[],
): ReadonlyMap<ResourceId, string> {
  if (free.length === 0) return new Map();
  const names = mentionsIn(observed);
  const naming = free.flatMap((to) => {
    const target = observed.get(to);
    const namers = target === undefined ? [] : names.mentionsOf(target);
    return namers.filter(({ from }) => from !== to).map(({ from, field }) => ({ from, to, field }));
  });
  const groups = stronglyConnected(free, naming);
  const groupOf = new Map(groups.flatMap((members, index) => members.map((id) => [id, index] as const)));
  // Within a group nobody can be first.
  const fromOutside = naming.filter(({ from, to }) => groupOf.get(from) !== groupOf.get(to));
  const reasons = new Map(fromOutside.map((reason) => [groupOf.get(reason.to), reason]));
  return new Map(
    free.flatMap((id) => {
      const reason = reasons.get(groupOf.get(id));
      if (reason === undefined) return [];
      const { from, to, field } = reason;
      return [[id, `${id} is no longer declared, but ${field} of ${from} still names ${to}.`] as const];
    }),
  );
}
