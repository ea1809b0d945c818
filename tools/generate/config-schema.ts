import { z } from 'zod';
import { fileSchema } from '../../config/environment.ts';
import { isObject } from '../../crossplane/schema/json.ts';

export type FileSchema = z.core.JSONSchema.BaseSchema;

/** What editors check `config/<environment>.json` by while somebody types. Rules over several settings are not in it. */
export function fileJsonSchema(): FileSchema {
  const { $schema, ...schema } = z.toJSONSchema(fileSchema, {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      if (jsonSchema.properties !== undefined) jsonSchema.additionalProperties = false;
      // An object's settings have defaults of their own.
      if (isObject(jsonSchema.default)) delete jsonSchema.default;
    },
  });
  return { ...($schema === undefined ? {} : { $schema }), title: 'An environment of OwlNest', ...schema };
}
