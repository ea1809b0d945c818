import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import type { Json } from '../../imports/base.ts';
import type { StructuralSchema } from '../../crossplane/schema/structural.ts';
import { ImportError } from './error.ts';

/** The pinned provider version; its files carry it in their names. */
export const PROVIDER_VERSION = 'v2.6.0';
export const GROUP_SUFFIX = 'aws.m.upbound.io';

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
}

/** A reader for each CRD of the provider by service and kind; a CRD that is not selected is never read in full. */
export type Definitions = ReadonlyMap<string, ReadonlyMap<string, () => Definition>>;

/** Reads the CRD file of the folder `from`. */
export function readDefinitions(from: string): Definitions {
  const name = `provider-upjet-aws-${PROVIDER_VERSION}.ndjson.gz`;
  const lines = gunzip(readInput(from, name), name)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const services = new Map<string, Map<string, () => Definition>>();
  lines.forEach((line, index) => {
    const value = parseJson(line, `line ${index + 1} of ${name}`);
    const { spec } = parsed(header, value, `line ${index + 1} of ${name}`);
    const [service = ''] = spec.group.split('.');
    const kinds = services.get(service) ?? new Map<string, () => Definition>();
    services.set(service, kinds);
    kinds.set(spec.names.kind, () => readDefinition(service, value));
  });
  return services;
}

function readDefinition(service: string, value: unknown): Definition {
  const { kind } = parsed(header, value, service).spec.names;
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
  };
}

/** Some kinds, none of which we use, have a class of their own; so the class is looked at only where it is needed. */
const externalNames = z.record(z.string(), z.object({ class: z.string() }));
export type ExternalNames = z.infer<typeof externalNames>;

/** Reads how AWS identities come about, by `<service>/<Kind>`. */
export function readExternalNames(from: string): ExternalNames {
  const name = `external-names-${PROVIDER_VERSION}.json`;
  return parsed(externalNames, parseJson(readInput(from, name).toString('utf8'), name), name);
}

/** Reads a JSON file that stands beside this one. */
export function readBeside<T>(name: string, shape: z.ZodType<T>): T {
  return parsed(shape, parseJson(readFileSync(new URL(name, import.meta.url), 'utf8'), name), `tools/import/${name}`);
}

function readInput(from: string, name: string): Buffer {
  if (!existsSync(from)) throw new ImportError(`The folder ${from} does not exist; give the CRD folder with --from.`);
  const file = path.join(from, name);
  if (!existsSync(file)) throw new ImportError(`The file ${name} is missing in ${from}.`);
  return readFileSync(file);
}

function gunzip(bytes: Buffer, name: string): string {
  try {
    return gunzipSync(bytes).toString('utf8');
  } catch (cause) {
    throw new ImportError(`The file ${name} is no gzip file.`, { cause });
  }
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ImportError(`${capital(what)} is no JSON.`, { cause });
  }
}

function parsed<T>(shape: z.ZodType<T>, value: unknown, what: string): T {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw new ImportError(`${capital(what)} is not as expected${where}: ${issue?.message ?? 'unknown reason'}.`);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
