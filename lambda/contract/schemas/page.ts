import * as z from 'zod';
import { component } from './components.ts';

/** A whole number in a query string: digits only, so ` 5`, `0x10` and `1e1` are refused and not repaired. */
function whole(least: number, most: number): z.ZodType<number> {
  return z.preprocess(
    (value) => (typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value),
    z.int().min(least).max(most),
  );
}

/** `true` or `false` in a query string; absent means either. */
export const flag = z.preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean());

/** Query of every list: how many items, and where the last page ended. */
export const pageQuery = {
  limit: whole(1, 100).default(20).describe('Items of a page.'),
  cursor: z.string().min(1).max(2048).optional().describe('`nextCursor` of the page before; lasts a day.'),
};

/** A page of a list, by its name in the OpenAPI documents. A short page can have a `nextCursor` all the same. */
export function page<S extends z.ZodType>(
  name: string,
  item: S,
): z.ZodObject<{ items: z.ZodArray<S>; nextCursor: z.ZodOptional<z.ZodString> }, z.core.$strict> {
  return component(name, z.strictObject({ items: z.array(item), nextCursor: z.string().optional() }));
}
