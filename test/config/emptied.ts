import { compositeKinds } from '../../charts/index.ts';
import { specOf } from '../../config/environment.ts';
import { compositeKindSchema } from '../../crossplane/definition/xrd.ts';
import { API_VERSION } from '../../crossplane/definition/api.ts';
import { asObject, isObject, own } from '../../crossplane/schema/json.ts';
import type { StructuralSchema } from '../../crossplane/schema/structural.ts';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { FULL } from './sample.ts';

/** An Environment with content in every section, which no core composes: its Composition does not exist. */
export const FULL_ENVIRONMENT: KubernetesObject & { readonly spec: JsonObject } = {
  apiVersion: API_VERSION,
  kind: 'Environment',
  metadata: { name: 'emptied', namespace: 'owlnest-production' },
  spec: {
    ...asObject(JSON.parse(JSON.stringify(specOf(FULL)))),
    identities: { 'Table.dynamodb.aws.m.upbound.io/main': { externalName: 'main', mode: 'adopt' } },
    crossplane: { compositionRef: { name: 'none' } },
  },
};

/** Paths of all objects in the spec that the schema lets be empty: sections, those within them, and maps. */
export function emptiable(): readonly (readonly string[])[] {
  const kind = compositeKinds.find((one) => one.kind === 'Environment');
  if (kind === undefined) throw new Error('There is no Environment.');
  const spec = own(compositeKindSchema(kind).schema.properties, 'spec') ?? {};
  return objectsIn(spec, FULL_ENVIRONMENT.spec, []).filter(([first]) => first !== 'crossplane');
}

function objectsIn(
  schema: StructuralSchema,
  value: JsonObject,
  path: readonly string[],
): readonly (readonly string[])[] {
  return Object.entries(value).flatMap(([key, item]) => {
    const { additionalProperties } = schema;
    const child = own(schema.properties, key) ?? (additionalProperties === true ? undefined : additionalProperties);
    if (child === undefined || !isObject(item)) return [];
    const here = [...path, key];
    return [...((child.required ?? []).length === 0 ? [here] : []), ...objectsIn(child, item, here)];
  });
}

/** The full Environment with the object at the path emptied, or left out. */
export function emptiedAt(path: readonly string[], left: JsonObject | undefined): KubernetesObject {
  return { ...FULL_ENVIRONMENT, spec: withValue(FULL_ENVIRONMENT.spec, path, left) };
}

function withValue(
  object: JsonObject,
  [key = '', ...rest]: readonly string[],
  value: JsonObject | undefined,
): JsonObject {
  const { [key]: old, ...others } = object;
  const next = rest.length === 0 ? value : withValue(asObject(old), rest, value);
  return next === undefined ? others : { ...object, [key]: next };
}
