import { z } from 'zod';
import type { Json } from '../../imports/base.ts';
import { encodeManaged, encodePlain } from './encode.ts';
import { ImportError } from './error.ts';
import { externalNames, type ExternalNames } from './external-names.ts';
import { printJson } from './print.ts';
import { readBeside } from './read.ts';
import { replaceRules } from './replace.ts';
import type { Definition, Definitions, Source, SourceSchema } from './sources.ts';
import { verifyLock } from './verify.ts';

/** The service label of the group that holds the provider's own configuration. */
const FAMILY = 'aws';

const selectionShape = z.record(z.string(), z.union([z.literal('*'), z.array(z.string())]));
/** Services, each with its kinds or `*` for all. */
export type Selection = z.infer<typeof selectionShape>;

export function readSelection(): Selection {
  return readBeside('selection.json', selectionShape);
}

/** The files of the lock by name; throws an `ImportError`. */
export function makeLock(
  source: Source,
  selection: Selection,
  names: ExternalNames = externalNames(),
): ReadonlyMap<string, string> {
  const chosen = select(source.definitions, selection);
  const replace = replaceRules();
  const files = new Map<string, string>();
  const index: { [service: string]: Json } = {};
  for (const [service, kinds] of chosen) {
    const [first] = kinds;
    if (first === undefined) throw new ImportError(`The selection names no kind of the service ${service}.`);
    const other = kinds.find(({ apiVersion }) => apiVersion !== first.apiVersion);
    if (other !== undefined) {
      throw new ImportError(`${service} ${other.kind} has version ${other.apiVersion}, others ${first.apiVersion}.`);
    }
    const encode = (definition: Definition): Json => {
      if (service === FAMILY) return encodePlain(definition);
      return encodeManaged(definition, {
        externalName: names.nameOf(definition),
        replace: replace.fieldsOf(definition),
      });
    };
    const text = printJson(
      {
        apiVersion: first.apiVersion,
        package: service === FAMILY ? 'upbound-provider-family-aws' : `provider-aws-${service}`,
        kinds: Object.fromEntries(kinds.map((definition) => [definition.kind, encode(definition)])),
      },
      4,
    );
    verifyLock(text, kinds);
    files.set(`${service}.json`, text);
    index[service] = { apiVersion: first.apiVersion, kinds: kinds.map(({ kind }) => kind) };
  }
  files.set('index.json', printJson({ provider: `provider-upjet-aws ${source.version}`, services: index }, 3));
  return files;
}

/** The definitions that the selection names, in a fixed order. */
export function select(definitions: Definitions, selection: Selection): ReadonlyMap<string, readonly Definition[]> {
  const services = Object.entries(selection).sort(([a], [b]) => order(a, b));
  return new Map(
    services.map(([service, wanted]) => {
      const kinds = definitions.get(service);
      if (kinds === undefined)
        throw new ImportError(`The selection names the service ${service}, which does not exist.`);
      const names = wanted === '*' ? [...kinds.keys()] : [...new Set(wanted)];
      const chosen = names.sort(order).map((kind) => {
        const read = kinds.get(kind);
        if (read === undefined) throw new ImportError(`The selection names ${service} ${kind}, which does not exist.`);
        return service === FAMILY ? withoutOwnRules(read()) : read();
      });
      return [service, chosen];
    }),
  );
}

/**
 * The provider's configuration has a field with rules that the lock cannot keep. It tunes retries, we never set it, so it
 * is left out: using it then is reported as an unknown field.
 */
function withoutOwnRules(definition: Definition): Definition {
  const spec = definition.schema.properties?.['spec'];
  if (spec?.properties === undefined) return definition;
  const { reconciliationPolicy: dropped, ...properties } = spec.properties;
  const bare: SourceSchema = { ...spec, properties };
  return {
    ...definition,
    schema: { ...definition.schema, properties: { ...definition.schema.properties, spec: bare } },
  };
}

/** Independent of the machine's language. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
