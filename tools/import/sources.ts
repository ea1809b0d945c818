import { z } from 'zod';
import type { Json, JsonObject } from '../../imports/base.ts';
import type { StructuralSchema } from '../../crossplane/schema/structural.ts';
import { ImportError } from './error.ts';
import { parsed } from './read.ts';

/** What a lock is made from, wherever it was read: `folder.ts` or `upstream.ts`. */
export interface Source {
  /** Of the provider, as its tags are: `v2.6.0`. */
  readonly version: string;
  readonly definitions: Definitions;
}

const json: z.ZodType<Json> = z.json();

export interface CelValidation {
  readonly rule: string;
  readonly message?: string | undefined;
}

/**
 * Only the keywords that the lock can hold, strictly: a CRD that uses another one is refused instead of losing it.
 * Validation rules are read apart (`SourceSchema`), since the lock does not keep them as rules.
 */
export interface SourceSchema extends Omit<StructuralSchema, 'properties' | 'items' | 'additionalProperties'> {
  readonly properties?: { readonly [name: string]: SourceSchema };
  readonly items?: SourceSchema;
  readonly additionalProperties?: SourceSchema | true;
}

const schema: z.ZodType<SourceSchema> = z.lazy(() =>
  z.strictObject({
    type: z.enum(['object', 'array', 'string', 'integer', 'number', 'boolean']).exactOptional(),
    format: z.string().exactOptional(),
    description: z.string().exactOptional(),
    properties: z.record(z.string(), schema).exactOptional(),
    required: z.array(z.string()).exactOptional(),
    items: schema.exactOptional(),
    additionalProperties: z.union([schema, z.literal(true)]).exactOptional(),
    enum: z.array(json).exactOptional(),
    default: json.exactOptional(),
    nullable: z.boolean().exactOptional(),
    'x-kubernetes-int-or-string': z.boolean().exactOptional(),
    'x-kubernetes-preserve-unknown-fields': z.boolean().exactOptional(),
    'x-kubernetes-list-type': z.enum(['atomic', 'set', 'map']).exactOptional(),
    'x-kubernetes-list-map-keys': z.array(z.string()).exactOptional(),
    'x-kubernetes-map-type': z.enum(['granular', 'atomic']).exactOptional(),
    'x-kubernetes-validations': z
      .array(z.object({ rule: z.string(), message: z.string().exactOptional() }))
      .exactOptional(),
  }),
);

const header = z.object({ spec: z.object({ group: z.string(), names: z.object({ kind: z.string() }) }) });

const wholeCrd: z.ZodType<JsonObject> = z.record(z.string(), json);

const definition = z.object({
  spec: z.object({
    group: z.string(),
    names: z.object({ kind: z.string(), plural: z.string() }),
    versions: z.array(z.object({ name: z.string(), schema: z.object({ openAPIV3Schema: schema }) })),
  }),
});

/** What we take from one CRD. */
export interface Definition {
  readonly service: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly schema: SourceSchema;
  /** The whole CRD, as it was read. */
  readonly crd: JsonObject;
}

/** A reader for each CRD of the provider by service and kind; a CRD that is not selected is never read in full. */
export type Definitions = ReadonlyMap<string, ReadonlyMap<string, () => Definition>>;

/** One CRD as it was read, and where, for messages. */
export interface ReadCrd {
  readonly where: string;
  readonly value: unknown;
}

/** The CRDs by service and kind. */
export function definitionsOf(crds: Iterable<ReadCrd>): Definitions {
  const services = new Map<string, Map<string, () => Definition>>();
  for (const { where, value } of crds) {
    const { spec } = parsed(header, value, where);
    const [service = ''] = spec.group.split('.');
    const kinds = services.get(service) ?? new Map<string, () => Definition>();
    services.set(service, kinds);
    kinds.set(spec.names.kind, () => readDefinition(service, spec.names.kind, value));
  }
  return services;
}

function readDefinition(service: string, kind: string, value: unknown): Definition {
  const { spec } = parsed(definition, value, `the CRD of ${service} ${kind}`);
  const [version, ...others] = spec.versions;
  if (version === undefined || others.length > 0) {
    throw new ImportError(`The CRD of ${service} ${kind} has ${spec.versions.length} versions; only one is supported.`);
  }
  return {
    service,
    apiVersion: `${spec.group}/${version.name}`,
    kind,
    plural: spec.names.plural,
    schema: version.schema.openAPIV3Schema,
    crd: parsed(wholeCrd, value, `the CRD of ${service} ${kind}`),
  };
}
