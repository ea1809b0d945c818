import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { ImportError } from './error.ts';

/** Reads a JSON file that stands beside this one. */
export function readBeside<T>(name: string, shape: z.ZodType<T>): T {
  return parsed(shape, parseJson(readFileSync(new URL(name, import.meta.url), 'utf8'), name), `tools/import/${name}`);
}

export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ImportError(`${capital(what)} is no JSON.`, { cause });
  }
}

/** The value in this shape; throws an `ImportError` that names the first place where it differs. */
export function parsed<T>(shape: z.ZodType<T>, value: unknown, what: string): T {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw new ImportError(`${capital(what)} is not as expected${where}: ${issue?.message ?? 'unknown reason'}.`);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
