import { createHash } from 'node:crypto';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import type { Declared } from '../definition/declared.ts';
import { resourceId, type ResourceId } from '../reference/identity.ts';
import { EXTERNAL_NAME_ANNOTATION } from '../reference/marks.ts';
import { asObject, isList } from '../schema/json.ts';
import type { ProviderFacts } from '../schema/registry.ts';
import type { Violation } from '../schema/violation.ts';
import { canonical } from './values.ts';

/** Kubernetes's limit of an object's name (a DNS subdomain), in characters. */
const NAME_LIMIT = 253;
/** A composite's name becomes a label of everything below it: a label's limit, in characters. */
const COMPOSITE_NAME_LIMIT = 63;
const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * Fields whose change needs a new resource, if this one is replaced by a new generation (law 6): it holds no data, and
 * AWS makes its name up, so that the old and the new one can stand side by side.
 */
export function generationFields(declared: Declared, facts: ProviderFacts | undefined): readonly string[] {
  if (facts === undefined || declared.holdsData || facts.externalName.class !== 'generated') return [];
  if (declared.object.metadata.annotations?.[EXTERNAL_NAME_ANNOTATION] !== undefined) return [];
  const forProvider = forProviderOf(declared.object);
  const set = facts.replace.filter((field) => forProvider[field] !== undefined);
  return set.length === 0 || !facts.regional ? set : ['region', ...set];
}

/** The name of this generation: the declared name and a hash of the fields that cannot change in place. */
export function generationName(object: KubernetesObject, fields: readonly string[]): string {
  const forProvider = forProviderOf(object);
  const fixed = canonical(fields.map((field) => [field, forProvider[field] ?? null]));
  const hash = createHash('sha256').update(JSON.stringify(fixed)).digest('hex').slice(0, 8);
  return `${object.metadata.name}-${hash}`;
}

/** The declared identity that `id` would be a generation of; `undefined` when it has not the form of one. */
export function declaredIdOf(id: ResourceId): ResourceId | undefined {
  return /^[^/]+\/.+-[0-9a-f]{8}$/.test(id) ? (id.slice(0, id.lastIndexOf('-')) as ResourceId) : undefined;
}

/** The same object under this name. */
export function renamed(object: KubernetesObject, name: string): KubernetesObject {
  return object.metadata.name === name ? object : { ...object, metadata: { ...object.metadata, name } };
}

/** Where the object's name is not one that Kubernetes takes. */
export function nameViolations(object: KubernetesObject, isComposite: boolean): readonly Violation[] {
  const { name } = object.metadata;
  const limit = isComposite ? COMPOSITE_NAME_LIMIT : NAME_LIMIT;
  const said = { resource: resourceId(object, name), path: 'metadata.name', received: name };
  if (name.length > limit) {
    const message = `The name ${name} of ${object.kind} has ${name.length} characters; at most ${limit} are possible: shorten the ids on its way.`;
    return [{ ...said, rule: 'name-length', message }];
  }
  if (NAME.test(name)) return [];
  const message = `The name ${name} of ${object.kind} is not one that Kubernetes takes: use lower-case letters, digits and hyphens.`;
  return [{ ...said, rule: 'name-form', message }];
}

/**
 * What AWS would call the resource, as one text; `undefined` while AWS makes the name up.
 * @param facts say within which other fields the name is unique
 */
export function awsIdentity(object: KubernetesObject, facts: ProviderFacts | undefined): string | undefined {
  const externalName = object.metadata.annotations?.[EXTERNAL_NAME_ANNOTATION];
  if (externalName === undefined) return undefined;
  const forProvider = forProviderOf(object);
  const within = ['region', ...(facts?.externalName.within ?? [])].map((field) => String(forProvider[field] ?? ''));
  return `${object.kind}.${object.apiVersion} ${[externalName, ...within].join(' ')}`;
}

/** Whether the object's deletion reaches AWS. */
export function mayDelete(object: KubernetesObject): boolean {
  const policies = object.spec?.['managementPolicies'];
  return !isList(policies) || policies.includes('Delete') || policies.includes('*');
}

/** `spec.forProvider`, empty where there is none. */
export function forProviderOf(object: KubernetesObject): JsonObject {
  return asObject(object.spec?.['forProvider']);
}
