import { z } from 'zod';
import { awsTypes } from './cloudformation.ts';
import { ImportError } from './error.ts';
import { readBeside } from './read.ts';
import type { Definition } from './sources.ts';

/*
 * Which fields cannot change in place (law 6). CloudFormation's own specification knows it for each property of each
 * type (`cloudformation.ts`); what CloudFormation may replace ('maybe') is left out.
 * The provider cannot change more than that: `force-new.json` has what its source says, kind by kind, and
 * `replace.json` what else is known to matter.
 */

/** Fields by `<service>/<Kind>`; `*` where none can change. */
const fieldsShape = z.record(z.string(), z.union([z.literal('*'), z.array(z.string())]));
const forceNewShape = z.object({ source: z.string(), kinds: fieldsShape });

export interface ReplaceRules {
  /** The CloudFormation type of a kind, if there is one. */
  typeOf(definition: Definition): string | undefined;
  /** Fields of `forProvider`, sorted; `region` never is among them, as it cannot change in any kind. */
  fieldsOf(definition: Definition): readonly string[];
}

/** Loads AWS's specification, once (it takes about a second). */
export function replaceRules(): ReplaceRules {
  const lists = [
    { file: 'force-new.json', kinds: readBeside('force-new.json', forceNewShape).kinds },
    { file: 'replace.json', kinds: readBeside('replace.json', fieldsShape) },
  ];
  const typeFor = awsTypes();

  return {
    typeOf: (definition) => typeFor(definition)?.name,
    fieldsOf(definition) {
      const key = `${definition.service}/${definition.kind}`;
      const fields = Object.keys(forProvider(definition));
      const fixed = (typeFor(definition)?.properties ?? [])
        .filter(({ causesReplacement }) => causesReplacement === 'yes')
        .map(({ field }) => fields.find((name) => name.toLowerCase() === field.toLowerCase()));
      const listed = lists.flatMap(({ file, kinds }) => {
        const more = kinds[key] ?? [];
        if (more === '*') return fields.filter((field) => !isTwin(field, fields));
        const unknown = more.find((field) => !fields.includes(field));
        if (unknown === undefined) return more;
        throw new ImportError(`The file ${file} names the field ${unknown} of ${key}, which does not exist.`);
      });
      const names = [...fixed, ...listed].flatMap((field) =>
        field === undefined || field === 'region' ? [] : [field],
      );
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
