import { z } from 'zod';

/** The schema of the value itself: without what says that it may be left out. */
export function unwrapped(schema: unknown): unknown {
  const wrapped = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  return wrapped ? unwrapped(schema.unwrap()) : schema;
}
