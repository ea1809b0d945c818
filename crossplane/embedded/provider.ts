import type { GroupVersionKind, Json, JsonObject, KubernetesObject } from '../../imports/base.ts';
import { EXTERNAL_NAME_ANNOTATION } from '../reference/marks.ts';
import { resourceId, type ResourceId } from '../reference/identity.ts';
import type { ExternalName } from '../schema/external-name.ts';
import type { ProviderFacts, SchemaRegistry } from '../schema/registry.ts';
import { forProviderOf } from '../compose/naming.ts';
import { sameJson } from '../compose/values.ts';
import { AwsAccount, initial, type AwsResource, type Creation } from './aws.ts';
import { isFaulty, withFaults, type Fault } from './faults.ts';
import { failedLook, failedOperation, type ConditionReport, type Report } from './report.ts';
import { shapeOf } from '../../kinds/index.ts';
import { shapeInput, type Shape } from '../../kinds/shape.ts';

/**
 * What became of a resource in AWS when its object was deleted: `kept` where the policies say so, `absent` when it was
 * gone already or nobody knows its name, `refused` with AWS's words when something still uses it.
 */
export type Removal =
  { readonly outcome: 'deleted' | 'kept' | 'absent' } | { readonly outcome: 'refused'; readonly message: string };

/**
 * Stands in for provider-upjet-aws and for AWS behind it, as unkind as their sources say: upjet's
 * `external_async_tfpluginsdk.go` and `nofork_store.go`, and crossplane-runtime's managed reconciler.
 */
export interface StandInProvider {
  /**
   * One look at an object that is not being deleted; undefined when the provider does not get to it. A creation takes two
   * looks: AWS has the resource after the first, its name and status come with the second.
   */
  reconcile(object: KubernetesObject, faults?: readonly Fault[]): Report | undefined;
  /** The object is being deleted: the resource goes with it, where the policies say so and AWS lets it go. */
  remove(object: KubernetesObject): Removal;
  /** The provider is killed and starts again: what it had in memory, and nowhere else, is gone. */
  restart(): void;
  /** Somebody puts an object into the bucket of this name. */
  putObject(bucket: string): void;
  /** Another hand has made it in AWS: an object with an external name and a `forProvider`. */
  adopt(object: KubernetesObject): void;
  /** Another hand deletes what AWS calls so. */
  vanish(externalName: string): void;
  /** By kind, region and external name. */
  readonly aws: ReadonlyMap<string, AwsResource>;
  /** All that AWS has ever made, in order. */
  readonly creations: readonly Creation[];
}

/** What the provider remembers of an object, by its uid (upjet's operation tracker). */
interface Memory {
  /** The Terraform id; the annotation is only read while there is none. */
  readonly id?: string;
  /** `creating` until the next look; `broken` until a restart. */
  readonly state: 'creating' | 'known' | 'broken';
}

/**
 * A provider for one AWS account (12 digits).
 * @param findShape how AWS answers for a kind
 * @param existing what another hand has made in AWS before: objects with an external name and a `forProvider`; or
 *   `whatever-is-looked-for`: then all that is only looked at is there, as its object says
 */
export function standInProvider(
  account: string,
  schemas: SchemaRegistry,
  findShape: (gvk: GroupVersionKind) => Shape = (gvk) => shapeOf(gvk, schemas),
  existing: readonly KubernetesObject[] | 'whatever-is-looked-for' = [],
): StandInProvider {
  const aws = new AwsAccount(account, schemas);
  const findsAll = existing === 'whatever-is-looked-for';
  if (!findsAll) for (const object of existing) aws.put(object, annotated(object), forProviderOf(object));
  const memories = new Map<string, Memory>();

  /** The Terraform id with which the provider looks for the resource; empty for what is then absent without asking. */
  function idOf(object: KubernetesObject, external: ExternalName | undefined): string {
    const { id } = memories.get(uidOf(object)) ?? {};
    if (id !== undefined) return id;
    if (external?.rule === 'ignored') return '';
    const name = annotated(object);
    return name === '' && external?.class !== 'generated' ? object.metadata.name : name;
  }

  function lookedFor(object: KubernetesObject, id: string): AwsResource | undefined {
    const found = aws.get(object, id);
    if (found !== undefined || !findsAll || id === '' || allows(object, 'Create')) return found;
    return aws.put(object, id, forProviderOf(object));
  }

  function create(object: KubernetesObject): Report {
    const created = aws.create(object, findShape(object));
    const creating: ConditionReport = { type: 'Ready', status: false, reason: 'Creating', ofGeneration: false };
    if ('refusal' in created) {
      return { ...looked([creating, ...failedOperation('Create', created.refusal)]), busy: false };
    }
    memories.set(uidOf(object), { id: created.externalName, state: 'creating' });
    const ongoing: ConditionReport = { type: 'AsyncOperation', status: false, reason: 'Ongoing', ofGeneration: false };
    return { ...looked([synced, creating, ongoing]), busy: true };
  }

  /** There is nothing: as the policies say, and to the Terraform provider an update of what is absent is a creation. */
  function absent(object: KubernetesObject, facts: ProviderFacts | undefined): Report {
    if (allows(object, 'Create')) return create(object);
    if (!allows(object, 'Update') && !allows(object, 'Delete')) {
      return failedLook('observe failed: external resource does not exist');
    }
    if (!allows(object, 'Update')) return looked([synced]);
    const forProvider = forProviderOf(object);
    const fixed = facts?.replace.find((field) => forProvider[field] !== undefined);
    if (fixed === undefined) return create(object);
    return looked(failedOperation('Update', cannotChange(fixed, '', forProvider[fixed])));
  }

  function present(
    object: KubernetesObject,
    before: AwsResource,
    facts: ProviderFacts | undefined,
    faults: readonly Fault[],
  ): Report {
    const id = resourceId(object, object.metadata.name);
    const ready = !isFaulty(faults, id, 'never-ready');
    const readiness: ConditionReport = {
      type: 'Ready',
      status: ready,
      reason: ready ? 'Available' : 'Creating',
      ofGeneration: false,
    };
    const wanted = { ...kept(object, before), ...forProviderOf(object) };
    const updates = allows(object, 'Update');
    const fixed = updates ? fixedChange(before.forProvider, wanted, facts) : undefined;
    const after = updates && fixed === undefined ? aws.put(object, before.externalName, wanted) : before;
    const seen = {
      ...object,
      metadata: withAnnotation(object, before.externalName),
      spec: { ...object.spec, forProvider: after.forProvider },
    };
    const atProvider = { id: after.externalName, ...findShape(object).atProvider(shapeInput(seen, account)) };
    return {
      ...looked([readiness, ...(fixed === undefined ? done : failedOperation('Update', fixed))]),
      // Only late initialisation saves the name.
      writes: allows(object, 'LateInitialize') ? after.externalName : undefined,
      atProvider: withFaults(atProvider, faults, id),
    };
  }

  function look(object: KubernetesObject, id: ResourceId, faults: readonly Fault[]): Report {
    if (isFaulty(faults, id, 'fail')) return failedLook('observe failed: AWS refused the request.');
    if (isFaulty(faults, id, 'throttle')) return failedLook('observe failed: ThrottlingException: Rate exceeded');
    const facts = schemas.find(object)?.provider;
    const uid = uidOf(object);
    const memory = memories.get(uid);
    if (memory?.state === 'creating') {
      memories.set(uid, { ...memory, state: isFaulty(faults, id, 'half-made') ? 'broken' : 'known' });
    }
    if (memories.get(uid)?.state === 'broken') {
      return looked(
        failedOperation('Create', 'Unexpected Identity Change: the resource has an identity of null fields'),
      );
    }
    const name = idOf(object, facts?.externalName);
    const found = lookedFor(object, name);
    if (found === undefined) return absent(object, facts);
    memories.set(uid, { id: found.externalName, state: 'known' });
    return present(object, found, facts, faults);
  }

  return {
    aws: aws.resources,
    creations: aws.creations,
    reconcile(object, faults = []) {
      const id = resourceId(object, object.metadata.name);
      if (isFaulty(faults, id, 'freeze')) return undefined;
      const isChosen = schemas.find(object)?.provider?.externalName.class === 'chosen';
      // Before anything else the initializer writes the object's name where a name of our choosing is missing.
      const initialised = isChosen && annotated(object) === '' ? object.metadata.name : undefined;
      const report = look(object, id, faults);
      return initialised === undefined ? report : { ...report, writes: initialised };
    },
    remove(object) {
      const id = idOf(object, schemas.find(object)?.provider?.externalName);
      memories.delete(uidOf(object));
      if (!allows(object, 'Delete')) return { outcome: 'kept' };
      const resource = aws.get(object, id);
      if (resource === undefined) return { outcome: 'absent' };
      const message = aws.delete(resource);
      if (message === undefined) return { outcome: 'deleted' };
      memories.set(uidOf(object), { id, state: 'known' });
      return { outcome: 'refused', message };
    },
    restart: () => memories.clear(),
    putObject: (bucket) => aws.putObject(bucket),
    adopt: (object) => void aws.put(object, annotated(object), forProviderOf(object)),
    vanish: (externalName) => aws.vanish(externalName),
  };
}

const synced: ConditionReport = { type: 'Synced', status: true, reason: 'ReconcileSuccess', ofGeneration: true };
const done: readonly ConditionReport[] = [
  synced,
  { type: 'LastAsyncOperation', status: true, reason: 'Success', ofGeneration: false },
  { type: 'AsyncOperation', status: true, reason: 'Finished', ofGeneration: false },
];

function looked(conditions: readonly ConditionReport[]): Report {
  return { writes: undefined, finalizer: true, atProvider: undefined, conditions, busy: false };
}

/** What `initProvider` says counts once: later AWS has its own. */
function kept(object: KubernetesObject, { forProvider }: AwsResource): JsonObject {
  const fields = Object.keys(initial(object)).filter((field) => forProvider[field] !== undefined);
  return Object.fromEntries(fields.map((field) => [field, forProvider[field] ?? null]));
}

/** Upjet's sentence about the first field whose change would replace the resource. */
function fixedChange(before: JsonObject, wanted: JsonObject, facts: ProviderFacts | undefined): string | undefined {
  const field = facts?.replace.find(
    (name) => before[name] !== undefined && wanted[name] !== undefined && !sameJson(before[name], wanted[name]),
  );
  return field === undefined ? undefined : cannotChange(field, before[field], wanted[field]);
}

function cannotChange(field: string, from: Json | undefined, to: Json | undefined): string {
  const argument = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const text = (value: Json | undefined) => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));
  return (
    'refuse to update the external resource because the following update requires replacing it: ' +
    `cannot change the value of the argument "${argument}" from "${text(from)}" to "${text(to)}"`
  );
}

function annotated({ metadata }: KubernetesObject): string {
  return metadata.annotations?.[EXTERNAL_NAME_ANNOTATION] ?? '';
}

function withAnnotation({ metadata }: KubernetesObject, name: string): KubernetesObject['metadata'] {
  return { ...metadata, annotations: { ...metadata.annotations, [EXTERNAL_NAME_ANNOTATION]: name } };
}

function uidOf(object: KubernetesObject): string {
  return object.metadata.uid ?? resourceId(object, object.metadata.name);
}

function allows(object: KubernetesObject, policy: string): boolean {
  const policies = object.spec?.['managementPolicies'];
  return !Array.isArray(policies) || policies.includes('*') || policies.includes(policy);
}
