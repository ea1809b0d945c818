import type { GroupVersionKind, JsonObject, KubernetesObject } from '../../imports/base.ts';
import { forProviderOf } from '../compose/naming.ts';
import { nameByFormula, type ExternalName } from '../schema/external-name.ts';
import type { SchemaRegistry } from '../schema/registry.ts';
import { goesWith, refusalOf } from './deletions.ts';
import { ofForm } from '../../kinds/from-form.ts';
import { madeUp, type Shape } from '../../kinds/shape.ts';

/** A resource as AWS has it, whether Kubernetes still knows it or not. */
export interface AwsResource extends GroupVersionKind {
  readonly externalName: string;
  /** Of the last update that was allowed. */
  readonly forProvider: JsonObject;
  /** Of the object that it was made for. */
  readonly madeFor: string;
}

/** A creation that AWS has done. */
export interface Creation {
  /** `metadata.uid` of the object. */
  readonly uid: string;
  readonly kind: string;
  readonly externalName: string;
}

export type Created = { readonly externalName: string } | { readonly refusal: string };

/** One AWS account: what it has, and how it answers to create and delete. */
export class AwsAccount {
  readonly resources = new Map<string, AwsResource>();
  readonly creations: Creation[] = [];
  readonly #account: string;
  readonly #turns = new Map<string, number>();
  /** Names of buckets that objects were put into. */
  readonly #filled = new Set<string>();

  readonly #schemas: SchemaRegistry;

  /** @param account 12 digits */
  constructor(account: string, schemas: SchemaRegistry) {
    this.#account = account;
    this.#schemas = schemas;
  }

  get(object: KubernetesObject, externalName: string): AwsResource | undefined {
    return externalName === '' ? undefined : this.resources.get(this.#keyOf(object, externalName));
  }

  put(object: KubernetesObject, externalName: string, forProvider: JsonObject): AwsResource {
    const { apiVersion, kind } = object;
    const key = this.#keyOf(object, externalName);
    const madeFor = this.resources.get(key)?.madeFor ?? placeOf(object);
    const resource = { apiVersion, kind, externalName, forProvider, madeFor };
    this.resources.set(key, resource);
    return resource;
  }

  /**
   * Makes the resource of an object, whatever its external name says: AWS never takes a name from outside for what it
   * makes names up for. What a second creation does is a fact of the kind.
   */
  create(object: KubernetesObject, shape: Shape): Created {
    const external = this.#schemas.find(object)?.provider?.externalName;
    const first = [...this.resources.values()].find(({ madeFor }) => madeFor === placeOf(object));
    if (first !== undefined && external?.again === 'conflict') {
      return { refusal: `${object.kind}AlreadyExists: ${object.kind} ${first.externalName} exists already` };
    }
    const taken = external?.again === 'same' ? first?.externalName : undefined;
    const externalName = taken ?? this.#nameOf(object, external, shape);
    this.put(object, externalName, { ...initial(object), ...forProviderOf(object) });
    this.creations.push({ uid: object.metadata.uid ?? '', kind: object.kind, externalName });
    return { externalName };
  }

  /** AWS's words when it refuses; undefined when it has deleted the resource and what goes with it. */
  delete(resource: AwsResource): string | undefined {
    const message = refusalOf(resource, { others: [...this.resources.values()], filled: this.#filled });
    if (message !== undefined) return message;
    for (const [key, other] of this.resources) {
      if (other === resource || goesWith(other, resource)) this.resources.delete(key);
    }
    if (resource.kind === 'Bucket') this.#filled.delete(resource.externalName);
    return undefined;
  }

  vanish(externalName: string): void {
    for (const [key, resource] of this.resources)
      if (resource.externalName === externalName) this.resources.delete(key);
  }

  putObject(bucket: string): void {
    this.#filled.add(bucket);
  }

  #nameOf(object: KubernetesObject, external: ExternalName | undefined, shape: Shape): string {
    const forProvider = forProviderOf(object);
    const given = object.metadata.annotations?.['crossplane.io/external-name'] ?? '';
    if (external?.again === undefined) return given === '' ? object.metadata.name : given;
    const region = String(forProvider['region'] ?? '');
    const source = { name: object.metadata.name, forProvider, account: this.#account, region };
    return nameByFormula(external, source) ?? this.#invent(object, external, shape.externalName);
  }

  /** By what a name is unique within. */
  #keyOf(object: KubernetesObject, externalName: string): string {
    const { apiVersion, kind } = object;
    const forProvider = forProviderOf(object);
    const within = this.#schemas.find(object)?.provider?.externalName.within ?? [];
    const place = ['region', ...within].map((field) => String(forProvider[field] ?? ''));
    return [apiVersion, kind, ...place, externalName].join('|');
  }

  /** Another resource under the same object name is another resource, and AWS gives no name twice. */
  #invent(object: KubernetesObject, { form }: ExternalName, make: Shape['externalName']): string {
    const seed = `${object.kind}.${object.apiVersion}/${object.metadata.name}`;
    let name: string | undefined;
    for (;;) {
      const turn = (this.#turns.get(seed) ?? 0) + 1;
      this.#turns.set(seed, turn);
      const invented = madeUp(`${this.#account} ${seed} ${turn}`);
      const before = name;
      name =
        make?.(invented, forProviderOf(object)) ?? (form === undefined ? invented.hex(20) : ofForm(form, invented));
      // A name that follows from other fields is the same in every turn.
      if (name === before || !this.resources.has(this.#keyOf(object, name))) return name;
    }
  }
}

/** What counts at creation only. */
export function initial(object: KubernetesObject): JsonObject {
  const value = object.spec?.['initProvider'];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** What stays the same when a cluster is rebuilt. */
function placeOf(object: KubernetesObject): string {
  const { apiVersion, kind, metadata } = object;
  const region = String(forProviderOf(object)['region'] ?? '');
  return [apiVersion, kind, region, metadata.namespace ?? '', metadata.name].join('|');
}
