import type { Json, KubernetesObject } from '../../imports/base.ts';
import { isList, isObject, own } from '../../crossplane/schema/json.ts';
import type { StructuralSchema } from '../../crossplane/schema/structural.ts';
import { fieldPath } from '../../crossplane/schema/violation.ts';
import { placeOf, type Managed } from './managed.ts';

/** A `…Ref` in a rendered spec, and the one rendered resource that it names. */
export interface RenderedReference {
  readonly from: Managed;
  readonly field: string;
  readonly to: Managed;
}

/**
 * Every reference between rendered resources. Throws a sentence that names the place for a reference to nothing, to
 * more than one kind, or by labels: the provider would wait for ever, and its target might not be activated.
 */
export function referencesBetween(managed: readonly Managed[]): readonly RenderedReference[] {
  const byName = byAddress(managed);
  return managed.flatMap((from) =>
    twinsIn(from).map(({ field, value }) => ({ from, field, to: targetOf(from, field, value, byName) })),
  );
}

interface Twin {
  readonly field: string;
  readonly value: Json;
}

function targetOf(from: Managed, field: string, value: Json, byName: ReadonlyMap<string, readonly Managed[]>): Managed {
  const place = `${field} of ${placeOf(from.object)}`;
  const name = isObject(value) ? own(value, 'name') : undefined;
  const namespace = isObject(value) ? own(value, 'namespace') : undefined;
  if (typeof name !== 'string') {
    throw new Error(`${place} finds its target by labels, which a build cannot follow; name it in a …Ref.`);
  }
  const [target, ...others] = byName.get(addressOf(from.object, name, namespace)) ?? [];
  if (target === undefined) {
    throw new Error(`${place} names ${name}, which nothing renders; write the name of a rendered resource.`);
  }
  const kinds = [target, ...others].map(({ object }) => object.kind);
  if (others.length > 0) {
    throw new Error(`${place} names ${name}, which is ${kinds.join(' and ')}; give each a name of its own.`);
  }
  return target;
}

function byAddress(managed: readonly Managed[]): ReadonlyMap<string, readonly Managed[]> {
  const found = new Map<string, Managed[]>();
  for (const one of managed) {
    const address = addressOf(one.object, one.object.metadata.name);
    const same = found.get(address);
    if (same === undefined) found.set(address, [one]);
    else same.push(one);
  }
  return found;
}

function addressOf(object: KubernetesObject, name: string, namespace?: Json): string {
  return `${typeof namespace === 'string' ? namespace : (object.metadata.namespace ?? '')}/${name}`;
}

/** The references and selectors in the spec. Which fields are such is known by the shape that the schema gives them. */
function twinsIn({ object, schema }: Managed): readonly Twin[] {
  const forProvider = schema.schema.properties?.['spec']?.properties?.['forProvider'] ?? {};
  const value = own(object.spec, 'forProvider');
  return value === undefined ? [] : twinsBelow(forProvider, value, 'spec.forProvider');
}

function twinsBelow(schema: StructuralSchema, value: Json, path: string): readonly Twin[] {
  if (isTwin(schema)) return [{ field: path, value }];
  const { items, properties, additionalProperties } = schema;
  if (isList(value)) {
    return items === undefined ? [] : value.flatMap((item, index) => twinsBelow(items, item, `${path}[${index}]`));
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const below = own(properties, key) ?? (additionalProperties === true ? undefined : additionalProperties);
    return below === undefined ? [] : twinsBelow(below, child, fieldPath(path, key));
  });
}

/** Only references and selectors have a policy of how they are resolved. */
function isTwin({ properties }: StructuralSchema): boolean {
  return own(own(properties, 'policy')?.properties, 'resolution') !== undefined;
}
