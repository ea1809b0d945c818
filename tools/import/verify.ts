import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../imports/base.ts';
import { isList, isObject } from '../../crossplane/schema/json.ts';
import { parseServiceLock } from '../../crossplane/schema/lock-format.ts';
import { objectSchema } from '../../crossplane/schema/lock.ts';
import type { StructuralSchema } from '../../crossplane/schema/structural.ts';
import { ImportError } from './error.ts';
import type { Definition, SourceSchema } from './sources.ts';

/** Reads a lock file back and compares each kind with its CRD, so that the lock cannot lose anything unnoticed. */
export function verifyLock(text: string, definitions: readonly Definition[]): void {
  const lock = parseServiceLock(text);
  for (const definition of definitions) {
    const kind = lock.kinds.get(definition.kind)?.();
    const decoded = kind === undefined ? undefined : comparable(objectSchema(kind));
    const at = firstDifference(comparable(definition.schema), decoded ?? null, '');
    if (at === undefined) continue;
    throw new ImportError(`The lock cannot hold ${definition.service} ${definition.kind}: it would change ${at}.`);
  }
}

/**
 * The schema of a whole object as JSON, without what the lock leaves out on purpose: of a managed resource, `initProvider`
 * (it repeats `forProvider`) and the rules on its spec (kept as marks); of all, prose. `metadata` is described by nobody.
 */
function comparable(schema: SourceSchema | StructuralSchema): JsonObject {
  const { spec = {}, metadata, ...others } = schema.properties ?? {};
  return plain({
    ...schema,
    properties: { ...others, spec: spec.properties?.['forProvider'] ? managedSpec(spec) : spec },
  });
}

function managedSpec(spec: SourceSchema | StructuralSchema): SourceSchema | StructuralSchema {
  const { 'x-kubernetes-validations': rules, properties: { initProvider, ...properties } = {}, ...rest } = spec;
  return { ...rest, properties };
}

function plain(schema: SourceSchema | StructuralSchema): JsonObject {
  const { properties, items, additionalProperties, required, description, ...rest } = schema;
  const { 'x-kubernetes-validations': rules, ...keywords } = rest;
  return {
    ...keywords,
    ...(rules !== undefined && { 'x-kubernetes-validations': rules.map(({ rule }) => rule) }),
    ...(required !== undefined && { required: required.toSorted() }),
    ...(items !== undefined && { items: plain(items) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: plain(additionalProperties) }),
    ...(additionalProperties === true && { additionalProperties: true }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, plain(field)])),
    }),
  };
}

/** The path of the first difference, named as deep as possible. */
function firstDifference(a: Json, b: Json, path: string): string | undefined {
  if (isDeepStrictEqual(a, b)) return undefined;
  if (!isObject(a) || !isObject(b) || isList(a)) return path === '' ? 'everything' : path;
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const found = firstDifference(a[key] ?? null, b[key] ?? null, path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return path;
}
