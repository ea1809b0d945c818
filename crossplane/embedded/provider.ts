import type { GroupVersionKind, JsonObject, KubernetesObject } from '../../imports/base.ts';
import { EXTERNAL_NAME_ANNOTATION } from '../reference/marks.ts';
import { asObject } from '../schema/json.ts';
import type { SchemaRegistry } from '../schema/registry.ts';
import { forProviderOf } from '../compose/naming.ts';
import { goesWith, refusalOf } from './deletions.ts';
import { shapeOf } from '../../kinds/index.ts';
import { madeUp, shapeInput, type Shape } from '../../kinds/shape.ts';

/** A resource as AWS has it, whether Kubernetes still knows it or not. */
export interface AwsResource extends GroupVersionKind {
  readonly externalName: string;
  /** Of the last update that was allowed. */
  readonly forProvider: JsonObject;
}

export interface ProviderAnswer {
  readonly externalName: string;
  readonly atProvider: JsonObject;
}

/**
 * What became of a resource in AWS when its object was deleted: `kept` where the policies say so, `absent` when it was
 * gone already, `refused` with AWS's words when something still uses it.
 */
export type Removal =
  { readonly outcome: 'deleted' | 'kept' | 'absent' } | { readonly outcome: 'refused'; readonly message: string };

/** Stands in for the provider and for AWS behind it: answers as AWS would, and remembers what it made. */
export interface StandInProvider {
  /**
   * Makes or updates the resource as the policies of the object allow; says what its status becomes, or `undefined` when
   * it may only look and there is nothing.
   */
  reconcile(object: KubernetesObject): ProviderAnswer | undefined;
  /** The object is being deleted: the resource goes with it, where the policies say so and AWS lets it go. */
  remove(object: KubernetesObject): Removal;
  /** Somebody puts an object into the bucket of this name. */
  putObject(bucket: string): void;
  /** By kind, region and external name. */
  readonly aws: ReadonlyMap<string, AwsResource>;
}

/**
 * A provider for one AWS account (12 digits). Which names AWS makes up is a fact of the schema lock.
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
  const findsAll = existing === 'whatever-is-looked-for';
  const before = findsAll ? [] : existing;
  const aws = new Map(before.map((object) => [awsKey(object), awsResource(object, forProviderOf(object))]));
  const made = new Map<string, number>();
  const filled = new Set<string>();

  function nameOf(object: KubernetesObject): string {
    const given = externalNameOf(object);
    if (given !== '') return given;
    const make = findShape(object).externalName;
    const isMadeUp = make !== undefined || schemas.find(object)?.provider?.externalName === 'generated';
    return isMadeUp ? invent(object, make) : object.metadata.name;
  }

  /** Another resource under the same object name is another resource, and AWS gives no name twice. */
  function invent(object: KubernetesObject, make: Shape['externalName']): string {
    const seed = `${object.kind}.${object.apiVersion}/${object.metadata.name}`;
    let name: string | undefined;
    for (;;) {
      const turn = (made.get(seed) ?? 0) + 1;
      made.set(seed, turn);
      const invented = madeUp(`${account} ${seed} ${turn}`);
      const before = name;
      name = make?.(invented, forProviderOf(object)) ?? invented.hex(20);
      // A name that follows from other fields (a replica's, from its primary) is the same in every turn.
      if (name === before || !aws.has(awsKey(withExternalName(object, name)))) return name;
    }
  }

  return {
    aws,
    reconcile(object) {
      // Only looking needs a name to look for.
      const looksBlindly = !allows(object, 'Create') && externalNameOf(object) === '';
      const named = looksBlindly ? object : withExternalName(object, nameOf(object));
      const key = awsKey(named);
      const before = aws.get(key);
      if (before === undefined && !allows(object, 'Create') && (!findsAll || looksBlindly)) return undefined;
      const after =
        before === undefined || allows(object, 'Update') ? awsResource(named, wanted(object, before)) : before;
      aws.set(key, after);
      const { externalName, forProvider } = after;
      const seen = { ...named, spec: { ...named.spec, forProvider } };
      return { externalName, atProvider: findShape(object).atProvider(shapeInput(seen, account)) };
    },
    remove(object) {
      if (!allows(object, 'Delete')) return { outcome: 'kept' };
      const key = awsKey(object);
      const resource = aws.get(key);
      if (resource === undefined) return { outcome: 'absent' };
      const message = refusalOf(resource, { others: [...aws.values()], filled });
      if (message !== undefined) return { outcome: 'refused', message };
      aws.delete(key);
      if (resource.kind === 'Bucket') filled.delete(resource.externalName);
      for (const [other, child] of aws) if (goesWith(child, resource)) aws.delete(other);
      return { outcome: 'deleted' };
    },
    putObject(bucket) {
      filled.add(bucket);
    },
  };
}

function awsResource(object: KubernetesObject, forProvider: JsonObject): AwsResource {
  return { apiVersion: object.apiVersion, kind: object.kind, externalName: externalNameOf(object), forProvider };
}

/** What `initProvider` says counts once: later AWS has its own. */
function wanted(object: KubernetesObject, before: AwsResource | undefined): JsonObject {
  const initial = asObject(object.spec?.['initProvider']);
  const kept = Object.keys(initial).flatMap((field) => {
    const value = (before?.forProvider ?? initial)[field];
    return value === undefined ? [] : [[field, value] as const];
  });
  return { ...Object.fromEntries(kept), ...forProviderOf(object) };
}

function awsKey(object: KubernetesObject): string {
  const region = String(forProviderOf(object)['region'] ?? '');
  return [object.apiVersion, object.kind, region, externalNameOf(object)].join('|');
}

function externalNameOf({ metadata }: KubernetesObject): string {
  return metadata.annotations?.[EXTERNAL_NAME_ANNOTATION] ?? '';
}

function withExternalName(object: KubernetesObject, name: string): KubernetesObject {
  const annotations = { ...object.metadata.annotations, [EXTERNAL_NAME_ANNOTATION]: name };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function allows(object: KubernetesObject, policy: string): boolean {
  const policies = object.spec?.['managementPolicies'];
  return !Array.isArray(policies) || policies.includes('*') || policies.includes(policy);
}
