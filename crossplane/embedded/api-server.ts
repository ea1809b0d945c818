import type { Json, JsonObject, KubernetesObject, ObjectMetadata } from '../../imports/base.ts';
import { asObject, isObject, isSameText, own } from '../schema/json.ts';
import type { SchemaRegistry } from '../schema/registry.ts';
import type { StructuralSchema } from '../schema/structural.ts';
import type { Violation } from '../schema/violation.ts';
import { changedFields, fieldsOf, mergeValue, removeFields, withoutFields, type FieldSet } from './ownership.ts';

/** Which object: kinds of two groups may share a name. */
export interface ObjectKey {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export type Applied = { readonly object: KubernetesObject } | { readonly violations: readonly Violation[] };

/**
 * What an API server keeps, in memory: objects with uid, generation, defaults and field ownership. An apply that
 * breaks the schema, or a rule over changes, changes nothing.
 */
export class EmbeddedApiServer {
  readonly #objects = new Map<string, KubernetesObject>();
  /** What `list()` gave, until something changes. */
  #listed: readonly KubernetesObject[] | undefined;
  readonly #schemas: SchemaRegistry;
  /** By the object that is there: what was applied to it and changed nothing, which it never does then. */
  readonly #idle = new WeakMap<KubernetesObject, { readonly object: KubernetesObject; readonly manager: string }>();
  /** Field sets by spec: controllers apply the same one again and again. */
  readonly #fields = new WeakMap<JsonObject, FieldSet>();
  #version = 0;
  #uids = 0;

  constructor(schemas: SchemaRegistry) {
    this.#schemas = schemas;
  }

  /** Grows with every real change. */
  get version(): number {
    return this.#version;
  }

  get(key: ObjectKey): KubernetesObject | undefined {
    return this.#objects.get(textOf(key));
  }

  /** All objects, in the order of their making. */
  list(): readonly KubernetesObject[] {
    this.#listed ??= [...this.#objects.values()];
    return this.#listed;
  }

  /** Server-side apply with force: `manager` owns what it sets, and what it no longer sets goes unless another has it. */
  apply(object: KubernetesObject, manager: string): Applied {
    const current = this.get(keyOf(object));
    const idle = current && this.#idle.get(current);
    if (current !== undefined && idle?.manager === manager && isSameText(idle.object, object)) {
      return { object: current };
    }
    const applied = this.#apply(object, manager, current);
    if (current !== undefined && 'object' in applied && applied.object === current) {
      this.#idle.set(current, { object, manager });
    }
    return applied;
  }

  #apply(object: KubernetesObject, manager: string, current: KubernetesObject | undefined): Applied {
    const kind = this.#schemas.find(object);
    const schema = kind?.schema;
    const applied = applicable(object);
    const fields = this.#fieldsOf(object, schema);
    const before = current?.metadata.managedFields ?? [];
    const mine = before.find((entry) => entry['manager'] === manager && entry['operation'] === 'Apply');
    const others = before.filter((entry) => entry !== mine);
    const merged = mergeValue(current && applicable(current), applied, schema);
    const abandoned = abandonedFields(mine, fields, others);
    const left = abandoned === undefined ? merged : removeFields(merged, abandoned, schema);
    const assembled = this.#assemble(object, current, asObject(nullEmptied(left, applied)));
    const next = kind?.withDefaults(assembled) ?? assembled;
    const violations = kind?.validate(next, current) ?? [];
    if (violations.length > 0) return { violations };
    const taken = current && changedFields(fields, applicable(current), applicable(next), schema);
    const managedFields = [
      ...others.flatMap((entry) => withoutTaken(entry, taken)),
      { manager, operation: 'Apply', apiVersion: object.apiVersion, fieldsType: 'FieldsV1', fieldsV1: fields },
    ];
    return { object: this.#put({ ...next, metadata: { ...next.metadata, managedFields } }) };
  }

  /** Changes that a controller makes: status, annotations, finalizers. */
  patch(key: ObjectKey, change: (object: KubernetesObject) => KubernetesObject): void {
    const current = this.get(key);
    if (current !== undefined) this.#put(change(current));
  }

  /** Marks the object as being deleted; without a finalizer it is gone at once. */
  delete(key: ObjectKey): void {
    const current = this.get(key);
    if (current === undefined || current.metadata.deletionTimestamp !== undefined) return;
    if ((current.metadata.finalizers ?? []).length === 0) this.remove(key);
    else this.#put({ ...current, metadata: { ...current.metadata, deletionTimestamp: '2000-01-01T00:00:00Z' } });
  }

  /** Takes the object away, finalizers or not. */
  remove(key: ObjectKey): void {
    if (this.#objects.delete(textOf(key))) this.#changed();
  }

  #fieldsOf(object: KubernetesObject, schema: StructuralSchema | undefined): FieldSet {
    const { spec, ...rest } = applicable(object);
    const ofRest = fieldsOf(rest, schema);
    if (!isObject(spec)) return ofRest;
    const ofSpec = this.#fields.get(spec) ?? fieldsOf({ spec }, schema);
    this.#fields.set(spec, ofSpec);
    return { ...ofRest, ...ofSpec };
  }

  #assemble(object: KubernetesObject, current: KubernetesObject | undefined, body: JsonObject): KubernetesObject {
    const metadata = asObject(own(body, 'metadata'));
    const kept: ObjectMetadata = current?.metadata ?? {
      name: object.metadata.name,
      uid: this.#newUid(),
      generation: 1,
    };
    const { labels: _labels, annotations: _annotations, ownerReferences: _owners, ...rest } = kept;
    const spec = own(body, 'spec');
    return {
      apiVersion: object.apiVersion,
      kind: object.kind,
      metadata: {
        ...rest,
        ...(object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace }),
        ...metadata,
      },
      ...(isObject(spec) ? { spec } : {}),
      ...(current?.status === undefined ? {} : { status: current.status }),
    };
  }

  #put(object: KubernetesObject): KubernetesObject {
    const key = textOf(keyOf(object));
    const current = this.#objects.get(key);
    if (current !== undefined && isSameText(current, object)) return current;
    const specChanged = current !== undefined && !isSameText(current.spec, object.spec);
    const generation = (object.metadata.generation ?? 1) + (specChanged ? 1 : 0);
    const next = { ...object, metadata: { ...object.metadata, generation } };
    this.#objects.set(key, next);
    this.#changed();
    return next;
  }

  #changed(): void {
    this.#version += 1;
    this.#listed = undefined;
  }

  /** Numbers, not chance: two runs make the same. */
  #newUid(): string {
    this.#uids += 1;
    return `00000000-0000-4000-8000-${String(this.#uids).padStart(12, '0')}`;
  }
}

/** Which object this is. */
export function keyOf(object: KubernetesObject): ObjectKey {
  const { apiVersion, kind, metadata } = object;
  return { apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name };
}

function textOf({ apiVersion, kind, namespace, name }: ObjectKey): string {
  return [apiVersion, kind, namespace, name].join('|');
}

/**
 * As the API server: an object applied as `{}` whose last field goes with this apply becomes `null`. Where nothing does,
 * `left` is returned as it is.
 */
function nullEmptied(left: Json | undefined, applied: Json): Json | undefined {
  if (!isObject(applied)) return left;
  if (left === undefined) return Object.keys(applied).length === 0 ? null : left;
  if (!isObject(left)) return left;
  const nulls: [string, Json][] = [];
  for (const [key, item] of Object.entries(applied)) {
    const before = own(left, key);
    const value = nullEmptied(before, item);
    if (value !== undefined && value !== before) nulls.push([key, value]);
  }
  return nulls.length === 0 ? left : { ...left, ...Object.fromEntries(nulls) };
}

/** The part of an object that server-side apply owns field by field. */
function applicable(object: KubernetesObject): JsonObject {
  const { labels, annotations, ownerReferences } = object.metadata;
  return {
    metadata: {
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(ownerReferences === undefined ? {} : { ownerReferences }),
    },
    ...(object.spec === undefined ? {} : { spec: object.spec }),
  };
}

/** What a manager owned, applies no longer, and nobody else owns. */
function abandonedFields(
  mine: JsonObject | undefined,
  fields: FieldSet,
  others: readonly JsonObject[],
): FieldSet | undefined {
  return others
    .filter((entry) => entry['subresource'] === undefined)
    .reduce<FieldSet | undefined>(
      (left, entry) => left && withoutFields(left, asObject(entry['fieldsV1'])),
      withoutFields(asObject(mine?.['fieldsV1']), fields),
    );
}

function withoutTaken(entry: JsonObject, taken: FieldSet | undefined): readonly JsonObject[] {
  if (taken === undefined || entry['subresource'] !== undefined) return [entry];
  const left = withoutFields(asObject(entry['fieldsV1']), taken);
  return left === undefined ? [] : [{ ...entry, fieldsV1: left }];
}
