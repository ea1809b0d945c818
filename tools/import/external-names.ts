import { z } from 'zod';
import {
  fieldsOfFormula,
  NAME_CLASSES,
  NAME_RULES,
  SECOND_CREATIONS,
  type ExternalName,
} from '../../crossplane/schema/external-name.ts';
import { ImportError } from './error.ts';
import { readBeside } from './read.ts';
import type { Definition } from './sources.ts';

/*
 * How AWS calls the resources of a kind is written down upstream as Go code only (config/externalname.go and the create,
 * read and find functions of the Terraform provider), so it was read there once and is kept in `external-names.json`.
 */

const nameShape = z.strictObject({
  class: z.enum(NAME_CLASSES),
  form: z.string().exactOptional(),
  formula: z.string().exactOptional(),
  within: z.array(z.string()).exactOptional(),
  again: z.enum(SECOND_CREATIONS).exactOptional(),
  rule: z.enum(NAME_RULES).exactOptional(),
});
const fileShape = z.object({ kinds: z.record(z.string(), nameShape) });

export interface ExternalNames {
  /** Throws an `ImportError` for a kind that is not in the file, and for a row that does not fit its kind. */
  nameOf(definition: Definition): ExternalName;
}

/** Looks kinds up by `<service>/<Kind>`. */
export function externalNames(
  { kinds }: { readonly kinds: { readonly [key: string]: ExternalName } } = readBeside(
    'external-names.json',
    fileShape,
  ),
): ExternalNames {
  return {
    nameOf(definition) {
      const { service, kind } = definition;
      const name = kinds[`${service}/${kind}`];
      if (name === undefined) {
        throw new ImportError(
          `How AWS calls a ${service} ${kind} is not known: add "${service}/${kind}" to tools/import/external-names.json, ` +
            `with its class (${NAME_CLASSES.join(', ')}; config/externalname.go of the provider shows which).`,
        );
      }
      if (name.class === 'generated' && name.again === undefined) {
        throw new ImportError(
          `The row of ${service}/${kind} in external-names.json does not say what a second creation does: give "again".`,
        );
      }
      const fields = definition.schema.properties?.['spec']?.properties?.['forProvider']?.properties ?? {};
      const taken = [...fieldsOfFormula(name.formula ?? ''), ...(name.within ?? [])];
      const unknown = taken.find((field) => !Object.hasOwn(fields, field));
      if (unknown !== undefined) {
        throw new ImportError(
          `The row of ${service}/${kind} in external-names.json takes the field ${unknown}, which the kind does not have.`,
        );
      }
      return name;
    },
  };
}
