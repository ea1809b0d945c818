import { z } from 'zod';
import { fileSchema, type EnvironmentFile } from './environment.ts';
import { printable } from './text.ts';
import { defaultOf, descriptionOf, settingsIn } from './schema.ts';

/** One setting of an environment as `owlnest config show` lists it. */
export interface Setting {
  readonly path: string;
  /** JSON of the value in the file, else of the default; `undefined` where there is neither. */
  readonly value: string | undefined;
  readonly from: 'file' | 'default' | 'nowhere';
  /** What it means, from the schema. */
  readonly description: string;
}

/** Every setting that a file can have, in the order of the schema. */
export function settingsOf(config: EnvironmentFile): readonly Setting[] {
  const { $schema: _, ...shape } = fileSchema.shape;
  return Object.entries(shape).flatMap(([key, schema]) => settingsBelow(schema, Reflect.get(config, key), [key], true));
}

/** @param on whether what holds the setting is there, written or not: only then its default holds */
function settingsBelow(schema: unknown, value: unknown, path: readonly string[], on: boolean): readonly Setting[] {
  const inner = Object.entries(settingsIn(schema) ?? {});
  // Settings that the schema does not describe one by one (tags, budgets by name) are shown with what holds them.
  if (inner.length > 0 && inner.every(([, child]) => descriptionOf(child) !== '')) {
    const object = typeof value === 'object' && value !== null ? value : {};
    const isThere = value !== undefined || (on && !(schema instanceof z.ZodOptional));
    return inner.flatMap(([key, child]) => settingsBelow(child, Reflect.get(object, key), [...path, key], isThere));
  }
  const setting = { path: path.join('.'), description: descriptionOf(schema) };
  if (value !== undefined) return [{ ...setting, value: json(value), from: 'file' }];
  const fallback = on ? defaultOf(schema) : undefined;
  return fallback === undefined
    ? [{ ...setting, value: undefined, from: 'nowhere' }]
    : [{ ...setting, value: json(fallback), from: 'default' }];
}

function json(value: unknown): string {
  return printable(JSON.stringify(value));
}
