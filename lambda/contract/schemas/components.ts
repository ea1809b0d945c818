import * as z from 'zod';

/** Schemas that have a name of their own in the OpenAPI documents. Letters and digits only: API Gateway's rule for models. */
export const components = z.registry<{ id: string }>();

/** The schema, known by `id` in the OpenAPI documents. */
export function component<S extends z.ZodType>(id: string, schema: S): S {
  components.add(schema, { id });
  return schema;
}
