import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { z } from 'zod';
import { ImportError } from './error.ts';
import { readBeside } from './read.ts';
import type { Definition } from './sources.ts';

/*
 * Which fields cannot change in place (law 6). CloudFormation's own specification knows it for each property of each
 * type; kinds and fields are matched by name, ignoring case, plus `cloudformation.json`. It covers most kinds, not all
 * (a test counts them), speaks of top-level fields only, and what CloudFormation may replace ('maybe') is left out.
 * `replace.json` adds what is known to matter and is not found that way.
 */

const mapShape = z.object({
  namespaces: z.record(z.string(), z.string()),
  types: z.record(z.string(), z.string().nullable()),
  properties: z.record(z.string(), z.record(z.string(), z.string())),
});
const replaceShape = z.record(z.string(), z.union([z.literal('*'), z.array(z.string())]));

export interface ReplaceRules {
  /** The CloudFormation type of a kind, if there is one. */
  typeOf(definition: Definition): string | undefined;
  /** Fields of `forProvider`, sorted; `region` never is among them, as it cannot change in any kind. */
  fieldsOf(definition: Definition): readonly string[];
}

let database: ReturnType<typeof loadAwsServiceSpecSync> | undefined;

/** Loads AWS's specification, once (it takes about a second). */
export function replaceRules(): ReplaceRules {
  const map = readBeside('cloudformation.json', mapShape);
  const byHand = readBeside('replace.json', replaceShape);
  database ??= loadAwsServiceSpecSync();
  const types = new Map(database.all('resource').map((one) => [one.cloudFormationType.toLowerCase(), one]));

  const typeFor = ({ service, kind }: Definition): ReturnType<typeof types.get> => {
    const type = map.types[`${service}/${kind}`];
    if (type === null) return undefined;
    const wanted = type ?? `AWS::${map.namespaces[service] ?? service}::${kind}`;
    const found = types.get(wanted.toLowerCase());
    if (found === undefined && type !== undefined) {
      throw new ImportError(
        `The file cloudformation.json names ${type} for ${service}/${kind}, which AWS does not have.`,
      );
    }
    return found;
  };

  return {
    typeOf: (definition) => typeFor(definition)?.cloudFormationType,
    fieldsOf(definition) {
      const key = `${definition.service}/${definition.kind}`;
      const fields = Object.keys(forProvider(definition));
      const type = typeFor(definition);
      const aliases = map.properties[type?.cloudFormationType ?? ''] ?? {};
      const fixed = Object.entries(type?.properties ?? {})
        .filter(([, { causesReplacement }]) => causesReplacement === 'yes')
        .map(([name]) => fields.find((field) => field.toLowerCase() === (aliases[name] ?? name).toLowerCase()));
      const more = byHand[key] ?? [];
      const all = [...fixed, ...(more === '*' ? fields.filter((field) => !isTwin(field, fields)) : more)];
      const unknown = more === '*' ? undefined : more.find((field) => !fields.includes(field));
      if (unknown !== undefined) {
        throw new ImportError(`The file replace.json names the field ${unknown} of ${key}, which does not exist.`);
      }
      const names = all.flatMap((field) => (field === undefined || field === 'region' ? [] : [field]));
      return [...new Set(names)].sort();
    },
  };
}

function forProvider(definition: Definition): object {
  return definition.schema.properties?.['spec']?.properties?.['forProvider']?.properties ?? {};
}

/** `…Ref` and `…Selector` only say where the value of the field beside them comes from. */
function isTwin(field: string, fields: readonly string[]): boolean {
  const stem = field.replace(/(Refs?|Selector)$/, '');
  return stem !== field && (fields.includes(stem) || fields.includes(`${stem}s`));
}
