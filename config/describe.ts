import { z } from 'zod';
import { environmentSchema, type EnvironmentConfig } from './environment.ts';
import { unwrapped } from './schema.ts';
import { printable } from './text.ts';

/** One setting of an environment as `owlnest config show` lists it. */
export interface Setting {
  readonly path: string;
  /** JSON of the value, or `undefined` where the file does not say. */
  readonly value: string | undefined;
  /** What it means, from the schema. */
  readonly description: string;
}

/** Every setting that an environment can have, in the order of the schema. */
export function settingsOf(config: EnvironmentConfig): readonly Setting[] {
  return settingsIn(environmentSchema, config, []);
}

function settingsIn(schema: unknown, value: unknown, path: readonly string[]): readonly Setting[] {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) {
    const shape: Readonly<Record<string, unknown>> = inner.shape;
    return Object.entries(shape).flatMap(([key, child]) =>
      settingsIn(child, typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined, [
        ...path,
        key,
      ]),
    );
  }
  const description = schema instanceof z.ZodType ? (schema.description ?? '') : '';
  const shown = value === undefined ? undefined : printable(JSON.stringify(value));
  return [{ path: path.join('.'), value: shown, description }];
}
