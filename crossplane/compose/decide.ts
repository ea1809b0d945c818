import type { KubernetesObject } from '../../imports/base.ts';
import type { Context } from '../definition/context.ts';
import { API_VERSION } from '../definition/api.ts';
import type { ResourceId } from '../reference/identity.ts';
import { EXTERNAL_NAME_ANNOTATION, HOLDS_DATA_LABEL, parentOf, saysItHoldsData } from '../reference/marks.ts';
import type { ProviderFacts, SchemaRegistry } from '../schema/registry.ts';
import type { Violation } from '../schema/violation.ts';
import { notActivated } from './activated.ts';
import { isSynced, unreadyComposite, unreadyManaged, unreadyOther } from './conditions.ts';
import { describeToken, type Rendered } from './declared.ts';
import { keptEntries, openEntry } from './entries.ts';
import { stoppedChange } from './changes.ts';
import { adopting, givenNameViolations, lostName, nameOn, onlyLooked, withSavedName } from './external-names.ts';
import { awsIdentity, forProviderOf, mayDelete, nameViolations } from './naming.ts';
import type { Held, HeldReason, Waiting } from './types.ts';
import { sameJson } from './values.ts';

/** What happens to one declared resource in this pass. */
export type Decision =
  | { readonly type: 'apply'; readonly object: KubernetesObject }
  | {
      readonly type: 'hold';
      readonly object: KubernetesObject;
      readonly held: Held;
      readonly invalid: readonly Violation[];
    }
  | { readonly type: 'withhold'; readonly waiting: readonly Waiting[]; readonly invalid: readonly Violation[] };

export interface Surroundings {
  readonly context: Context;
  readonly schemas: SchemaRegistry;
  readonly observed: ReadonlyMap<ResourceId, KubernetesObject>;
  /** Managed kinds that the cluster has activated; undefined when nothing is known. */
  readonly activated: ReadonlySet<string> | undefined;
  /** Sentences for the resources that are not ready; a ready one is absent. */
  readonly unreadyReasons: ReadonlyMap<ResourceId, string>;
  /** Resources that are held in this pass, decided on so far, by declared and by present identity. */
  readonly held: ReadonlySet<string>;
}

/** Laws 2, 3 and 7 for one declared resource. */
export function decide(rendered: Rendered, around: Surroundings): Decision {
  const { observed, last } = rendered;
  return observed === undefined || last === undefined
    ? decideNew(rendered, around)
    : decideExisting(rendered, observed, last, around);
}

function decideNew(rendered: Rendered, around: Surroundings): Decision {
  const waiting = [...waitingForValues(rendered), ...waitingForOthers(rendered, around)];
  if (waiting.length > 0) return { type: 'withhold', waiting, invalid: [] };
  const invalid = [...cannotBeMade(rendered, around), ...violationsOf(rendered, around.schemas)];
  return invalid.length > 0 ? { type: 'withhold', waiting: [], invalid } : { type: 'apply', object: rendered.object };
}

function decideExisting(
  rendered: Rendered,
  observed: KubernetesObject,
  last: KubernetesObject,
  around: Surroundings,
): Decision {
  const id = rendered.id ?? rendered.declared.id;
  const hold: Hold = (reason, message, invalid = [], field) => ({
    type: 'hold',
    object: last,
    held: { resource: id, reason, message, ...(field === undefined ? {} : { field }) },
    invalid,
  });
  const still = cannotChange(rendered, observed, around, hold);
  if (still !== undefined) return still;
  const fixed = fixedChanges(rendered, last, around.schemas);
  const renamed = newAwsName(rendered, observed, last);
  // A release may forget the mark that an older one has left on the object.
  const holdsData = rendered.declared.holdsData || saysItHoldsData(observed);
  const invalid = [
    ...violationsOf(rendered, around.schemas),
    // A name that AWS made up stands nowhere else, so nobody would find again what it names.
    ...(holdsData || isGenerated(rendered, around.schemas) ? renamed : []),
    ...(holdsData ? fixed : []),
  ];
  const [first] = invalid;
  if (first !== undefined) return hold('invalid', `${id} stays as it is: ${first.message}`, invalid, first.path);
  const entries = keptEntries(id, { observed, last, next: rendered.object }, isSynced(observed), around.context);
  if (entries !== undefined) {
    const { reason, object, message, field, invalid: spoiled } = entries;
    return { type: 'hold', object, held: { resource: id, reason, message, field }, invalid: spoiled };
  }
  const stopped = stoppedChange(id, { observed, last, next: rendered.object }, around.context);
  if (stopped !== undefined) return hold(stopped.reason, stopped.message, [], stopped.field);
  const [change] = [...renamed, ...fixed];
  if (change === undefined) return { type: 'apply', object: rendered.object };
  return replaceInPlace(rendered, change, around, hold);
}

/** Holds the resource as it was applied last. */
type Hold = (reason: HeldReason, message: string, invalid?: readonly Violation[], field?: string) => Decision;

/** Why nothing may change on what exists in this pass, whatever the chart says. */
function cannotChange(
  rendered: Rendered,
  observed: KubernetesObject,
  around: Surroundings,
  hold: Hold,
): Decision | undefined {
  const id = rendered.id ?? rendered.declared.id;
  if (observed.metadata.deletionTimestamp !== undefined) {
    return hold('being-deleted', `${id} is being deleted; it is made again once it is gone.`);
  }
  const [unknown] = rendered.unknown;
  if (unknown !== undefined) {
    const message = `${id} stays as it is: ${unknown.field} takes ${describeToken(unknown.token)}, which is not known now.`;
    return hold('unknown-token', message, [], unknown.field);
  }
  const parent = parentOf(rendered.object) ?? parentOf(observed);
  if (parent !== undefined && around.held.has(parent)) {
    return hold('parent-held', `${id} stays as it is, since it is a part of ${parent}, which is held.`);
  }
  return undefined;
}

/** The same decision with the name that AWS gave, and with the policies that go with a name (law 5). */
export function withName(decision: Decision, rendered: Rendered, around: Surroundings): Decision {
  const { observed, last, declared } = rendered;
  if (decision.type === 'withhold') return decision;
  const external = around.schemas.find(decision.object)?.provider?.externalName;
  if (decision.type === 'hold') {
    return { ...decision, object: withSavedName(decision.object, observed, external, around.context) };
  }
  const isRecorded = around.context.identities[declared.id] !== undefined;
  const wanted = isRecorded ? adopting(decision.object, observed, last, external) : decision.object;
  const taken = withSavedName(wanted, observed, external, around.context);
  const isLost = observed !== undefined && lostName(observed, external) !== undefined;
  return { ...decision, object: isLost ? onlyLooked(taken) : taken };
}

function isGenerated({ object }: Rendered, schemas: SchemaRegistry): boolean {
  return schemas.find(object)?.provider?.externalName.class === 'generated';
}

/** Why an object of this kind cannot be made in this cluster. */
function cannotBeMade({ object, observed }: Rendered, around: Surroundings): readonly Violation[] {
  const others = [...around.observed.values()].filter((other) => other !== observed);
  return notActivated(object, around.schemas.find(object), around.activated, others);
}

function waitingForValues(rendered: Rendered): readonly Waiting[] {
  return rendered.unknown.map(({ token, field }) => ({
    resource: rendered.id ?? rendered.declared.id,
    on: token.type === 'input' ? 'input' : token.resource,
    field,
    message: `${rendered.declared.id} waits for ${describeToken(token)}, which ${field} takes.`,
  }));
}

/** For those that must be ready first, and for the AWS name that another, leaving object still has. */
function waitingForOthers(rendered: Rendered, around: Surroundings): readonly Waiting[] {
  const resource = rendered.id ?? rendered.declared.id;
  const notReady = rendered.declared.after.flatMap((on): readonly Waiting[] => {
    const unready = around.unreadyReasons.get(on);
    return unready === undefined
      ? []
      : [{ resource, on, field: 'ready', message: `${resource} waits until ${on} is ready: ${unready}.` }];
  });
  const holder = holderOfName(rendered.object, around.observed, around.schemas);
  if (holder === undefined) return notReady;
  const data = around.observed.get(holder)?.metadata.labels?.[HOLDS_DATA_LABEL] === 'true';
  const remedy = data ? 'holds with its data; declare the rename with moved()' : 'gives up first';
  const message = `${resource} waits for its AWS name, which ${holder} ${remedy}.`;
  return [...notReady, { resource, on: holder, field: 'metadata.annotations', message }];
}

/** The other object that has this AWS name and could still delete the resource behind it, or holds its data. */
export function holderOfName(
  object: KubernetesObject,
  observed: ReadonlyMap<ResourceId, KubernetesObject>,
  schemas: SchemaRegistry,
): ResourceId | undefined {
  const facts = schemas.find(object)?.provider;
  const name = awsIdentity(object, facts);
  if (name === undefined) return undefined;
  const [holder] = [...observed].find(([, other]) => awsIdentity(other, facts) === name && !isGivenUp(other)) ?? [];
  return holder;
}

function isGivenUp(object: KubernetesObject): boolean {
  return !mayDelete(object) && object.metadata.labels?.[HOLDS_DATA_LABEL] !== 'true';
}

function violationsOf(rendered: Rendered, schemas: SchemaRegistry): readonly Violation[] {
  const { object, declared } = rendered;
  const names = nameViolations(object, object.apiVersion === API_VERSION);
  const schema = schemas.find(object);
  if (schema === undefined) {
    const message = `OwlNest has no schema of ${object.kind} (${object.apiVersion}): import it (npm run import).`;
    return [...names, { resource: declared.id, path: 'kind', rule: 'unknown-kind', received: object.kind, message }];
  }
  const given = schema.provider === undefined ? [] : givenNameViolations(object, schema.provider.externalName);
  return [...names, ...given, ...unclaimed(rendered), ...schema.validate(object)];
}

/** A resource that comes from another composite must say which AWS resource it takes over (law 5). */
function unclaimed({ declared, object }: Rendered): readonly Violation[] {
  if (declared.moved?.composite === undefined || nameOn(object) !== '') return [];
  const message = `${declared.id} moves here from ${declared.moved.composite}, but its AWS name is not recorded: record its identity first.`;
  return [
    { resource: declared.id, path: 'metadata.annotations', rule: 'moved', received: declared.moved.name, message },
  ];
}

/**
 * A resource that holds no data and has a name of our choosing cannot stand beside its successor: it is left out once,
 * so that core deletes it, and made again under the same name. It stays as it is as long as its successor would have to
 * wait.
 */
function replaceInPlace(rendered: Rendered, change: Violation, around: Surroundings, hold: Hold): Decision {
  const id = rendered.id ?? rendered.declared.id;
  // It exists, so its kind is there; but once it is gone only a policy can say so.
  const [obstacle] = cannotBeMade(rendered, around);
  if (obstacle !== undefined) {
    const message = `${id} stays as it is, since it could not be made again: ${obstacle.message}`;
    return hold('invalid', message, [obstacle], change.path);
  }
  const [wait] = waitingForOthers(rendered, around).filter(({ on }) => on !== id);
  if (wait !== undefined) {
    const message = `${id} stays as it is, since it could not be made again at once: ${wait.message}`;
    return hold('being-replaced', message, [], change.path);
  }
  const message = `${id} is deleted and made again, since ${change.path} cannot change in place.`;
  return { type: 'withhold', waiting: [{ resource: id, on: id, field: change.path, message }], invalid: [] };
}

/** Changes of fields that cannot change in place, on a resource that has no generations (law 6). */
function fixedChanges(rendered: Rendered, last: KubernetesObject, schemas: SchemaRegistry): readonly Violation[] {
  const facts = schemas.find(rendered.object)?.provider;
  const fields = facts === undefined ? [] : ['region', ...facts.replace];
  const before = forProviderOf(last);
  const after = forProviderOf(rendered.object);
  return fields.flatMap((field) => {
    if (before[field] === undefined || sameJson(before[field], after[field] ?? null)) return [];
    const path = `spec.forProvider.${field}`;
    const resource = rendered.id ?? rendered.declared.id;
    const was = JSON.stringify(before[field]);
    const message = `${path} of ${resource} cannot change in place (it is ${was}): AWS would replace the resource and its data; give the new one another name.`;
    return [{ resource, path, rule: 'immutable', received: after[field] ?? null, message }];
  });
}

/**
 * Another AWS name is another resource in AWS: the object would let go of the old one. A name that AWS made up stands on
 * the observed object only.
 */
function newAwsName(
  { id, object, declared }: Rendered,
  observed: KubernetesObject,
  last: KubernetesObject,
): readonly Violation[] {
  const before = nameOn(nameOn(last) === '' ? observed : last);
  const after = nameOn(object);
  if (before === '' || after === '' || before === after) return [];
  const resource = id ?? declared.id;
  const path = `metadata.annotations["${EXTERNAL_NAME_ANNOTATION}"]`;
  const message = `The AWS name of ${resource} cannot change from ${before} to ${after}: the object would let go of what it stands for.`;
  return [{ resource, path, rule: 'immutable', received: after, message }];
}

/** Why a resource is not ready, in words; `undefined` when it is as we want it (law 8). */
export function unreadyReason(
  decision: Decision,
  { observed, last }: Pick<Rendered, 'observed' | 'last'>,
  schemas: SchemaRegistry,
): string | undefined {
  if (decision.type === 'withhold') return decision.invalid[0]?.message ?? 'it waits';
  if (observed === undefined || last === undefined) return 'it does not exist yet';
  if (decision.type === 'hold') return 'it is held as it is';
  const schema = schemas.find(decision.object);
  const complete = (object: KubernetesObject) => schema?.withDefaults(object) ?? object;
  // Conditions speak of what was applied before: a change that this pass brings is not there yet.
  if (!sameIntent(last, decision.object) && !sameIntent(complete(last), complete(decision.object))) {
    return 'its newest change is not applied yet';
  }
  if (observed.apiVersion === API_VERSION) return unreadyComposite(observed);
  return schema?.provider === undefined ? unreadyOther(observed) : unreadyInAws(observed, schema.provider);
}

function unreadyInAws(observed: KubernetesObject, { externalName }: ProviderFacts): string | undefined {
  return lostName(observed, externalName) ?? unreadyManaged(observed) ?? openEntry(observed);
}

function sameIntent(one: KubernetesObject, other: KubernetesObject): boolean {
  return (
    sameJson(one.metadata.labels ?? {}, other.metadata.labels ?? {}) &&
    sameJson(one.metadata.annotations ?? {}, other.metadata.annotations ?? {}) &&
    sameJson(one.spec ?? {}, other.spec ?? {})
  );
}
