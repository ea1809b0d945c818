import type { Composed, ComposeRequest, ComposeResult } from '../../crossplane/compose/types.ts';
import type { ResourceId } from '../../crossplane/reference/identity.ts';
import { asObject, isList, isObject } from '../../crossplane/schema/json.ts';
import type { Json, JsonObject, KubernetesObject } from '../../imports/base.ts';
import { entryOf } from './states.ts';

/*
 * What docs/laws.md promises of one answer, told from the request and the answer alone: nothing here asks compose what
 * it thinks.
 */

/** Kinds that guard data, and the fields in which they do. */
const GUARDS: Readonly<Record<string, readonly string[]>> = {
  BucketVersioning: ['versioningConfiguration'],
  BucketPublicAccessBlock: ['blockPublicAcls', 'blockPublicPolicy', 'ignorePublicAcls', 'restrictPublicBuckets'],
  BucketOwnershipControls: ['rule'],
  BucketPolicy: [],
  BucketObjectLockConfiguration: ['objectLockEnabled'],
  BucketServerSideEncryptionConfiguration: [],
};

/** Fields of what holds data that keep it, and never change by themselves. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  Table: ['deletionProtectionEnabled', 'hashKey', 'rangeKey', 'region'],
  Bucket: ['region', 'forceDestroy'],
  Key: ['region', 'multiRegion', 'enableKeyRotation'],
  ReplicaKey: ['region'],
};

/** Sentences of what the answer breaks; none in a good world. */
export function brokenBy(request: ComposeRequest, result: ComposeResult): readonly string[] {
  if (result.outcome === 'refused') {
    // Nothing is applied or removed: what is left to ask is whether a person is told why.
    return result.violations.length > 0 && result.violations.every(({ message }) => isSentence(message))
      ? []
      : ['law 7: refused without a sentence'];
  }
  return [
    ...[...request.resources].flatMap(([id, observed]) => [
      ...removed(id, observed, request, result),
      ...changed(id, observed, request, result),
    ]),
    ...[...result.desired].flatMap(([id, { object }]) =>
      JSON.stringify(object).includes('${owlnest:') ? [`law 2: a token in ${id}`] : [],
    ),
    ...heldOtherwise(request, result),
    ...untold(request, result),
  ];
}

function contextOf({ composite }: ComposeRequest): JsonObject {
  return asObject(asObject(composite.spec)['context']);
}

function isAllowed(entry: string, request: ComposeRequest): boolean {
  const allowed = contextOf(request)['allowRemoval'];
  return isList(allowed) && allowed.includes(entry);
}

function saysData({ metadata }: KubernetesObject): boolean {
  return metadata.labels?.['owlnest.io/holds-data'] === 'true';
}

function deletes(object: KubernetesObject): boolean {
  const policies = object.spec?.['managementPolicies'];
  return !isList(policies) || policies.includes('Delete') || policies.includes('*');
}

/** What desired state leaves out, core deletes, and the provider with it where the policies say so. */
function removed(
  id: ResourceId,
  observed: KubernetesObject,
  request: ComposeRequest,
  { desired }: Composed,
): readonly string[] {
  if (desired.has(id) || observed.metadata.deletionTimestamp !== undefined) return [];
  if (observed.kind in GUARDS && deletes(observed)) return [`law 4: ${id} guards data, and its deletion reaches AWS`];
  if (contextOf(request)['protectData'] !== true || !saysData(observed)) return [];
  if (!isAllowed(entryOf(observed), request)) return [`law 4: ${id} holds data and is not desired`];
  const isProtected = observed.kind === 'Table' && forProvider(observed)['deletionProtectionEnabled'] === true;
  return isProtected ? [`law 4: ${id} goes before its protection`] : [];
}

/** What stays keeps its AWS name, what guards it, and its entries with data. */
function changed(
  id: ResourceId,
  observed: KubernetesObject,
  request: ComposeRequest,
  { desired }: Composed,
): readonly string[] {
  const next = desired.get(id)?.object;
  if (next === undefined || contextOf(request)['protectData'] !== true) return [];
  const entry = entryOf(observed);
  const isLeaving = isAllowed(entry, request);
  const fields = GUARDS[observed.kind] ?? (isLeaving ? [] : (KEPT[observed.kind] ?? []));
  const broken = fields
    .filter((field) => isWeaker(field, forProvider(observed)[field], forProvider(next)[field]))
    .map((field) => `law 4: ${field} of ${id} becomes ${JSON.stringify(forProvider(next)[field])}`);
  const name = nameOn(observed);
  return [
    ...broken,
    ...lostReplicas(id, observed, next, request),
    ...(name !== '' && nameOn(next) !== '' && nameOn(next) !== name
      ? [`law 5: ${id} is ${name}, and would become ${nameOn(next)}`]
      : []),
  ];
}

/** A protection may come, and none may go; all else stays. */
function isWeaker(field: string, before: Json | undefined, after: Json | undefined): boolean {
  if (before === undefined || JSON.stringify(before) === JSON.stringify(after)) return false;
  if (field === 'forceDestroy') return after === true;
  return typeof before === 'boolean' ? before : true;
}

function lostReplicas(
  id: ResourceId,
  observed: KubernetesObject,
  next: KubernetesObject,
  request: ComposeRequest,
): readonly string[] {
  const after = listOf(forProvider(next)['replica']);
  return listOf(forProvider(observed)['replica']).flatMap((before) => {
    const region = String(before['regionName']);
    if (isAllowed(`${entryOf(observed)}.${region}`, request)) return [];
    const found = after.find((one) => one['regionName'] === region);
    if (found === undefined) return [`law 4: ${id} loses its replica in ${region}`];
    const isOpen = before['deletionProtectionEnabled'] === true && found['deletionProtectionEnabled'] !== true;
    return isOpen ? [`law 4: the replica of ${id} in ${region} loses its protection`] : [];
  });
}

/** A hold changes nothing: all that is desired is there already. */
function heldOtherwise(request: ComposeRequest, { desired, status }: Composed): readonly string[] {
  return status.held.flatMap(({ resource, reason }) => {
    const [observed, next] = [request.resources.get(resource), desired.get(resource)?.object];
    if (observed === undefined) return [`law 3: ${resource} is held, and is not there`];
    if (next === undefined) return [`law 3: ${resource} is held, and is not desired`];
    return reason === 'leaving' || isPartOf(next.spec ?? {}, observed.spec ?? {})
      ? []
      : [`law 3: holding ${resource} (${reason}) changes it`];
  });
}

function isPartOf(part: Json, whole: Json | undefined): boolean {
  if (isList(part)) {
    return isList(whole) && part.length === whole.length && part.every((item, index) => isPartOf(item, whole[index]));
  }
  if (!isObject(part)) return part === whole;
  return isObject(whole) && Object.entries(part).every(([key, item]) => isPartOf(item, whole[key]));
}

/** Whatever is not as it should be has a sentence, and only then. */
function untold({ resources }: ComposeRequest, { desired, ready, status }: Composed): readonly string[] {
  const open = [...status.waiting, ...status.held, ...status.invalid];
  const silent = open
    .filter(({ message }) => !isSentence(message))
    .map(({ resource }) => `no sentence for ${resource}`);
  const { converged } = status;
  const missing = [...desired.keys()].filter((id) => !resources.has(id));
  return [
    ...silent,
    ...(converged.status === ready ? [] : ['law 8: ready and Converged differ']),
    ...(ready && open.length + missing.length > 0 ? ['law 8: ready, although something is open'] : []),
    ...(!ready && !/ready(; .*)?\. \S.*/.test(converged.message)
      ? [`law 8: not ready, and no word why: ${converged.message}`]
      : []),
  ];
}

function isSentence(message: string): boolean {
  return /^\S+ \S+ \S+ .*\S$/.test(message) && !/undefined|\[object/.test(message);
}

function nameOn({ metadata }: KubernetesObject): string {
  return metadata.annotations?.['crossplane.io/external-name'] ?? '';
}

function forProvider(object: KubernetesObject): JsonObject {
  return asObject(object.spec?.['forProvider']);
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.map(asObject) : [];
}
