import type { z } from 'zod';
import { jsonProblems } from './json.ts';
import { schemaRemarks, type ConfigProblem } from './problems.ts';
import { refusedTexts } from './refused.ts';
import { pathText, shown } from './text.ts';

/** A file as it was read; `path` is how messages call it. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

export type Read<Value> = { readonly value: Value } | { readonly problems: readonly ConfigProblem[] };

/** The JSON of a file, exactly as the person wrote it, if it fits the schema; else everything that is wrong with it. */
export function readFile<Schema extends z.ZodType>(file: ConfigFile, schema: Schema): Read<z.input<Schema>> {
  const { path, text } = file;
  // Windows editors begin a file with a byte order mark.
  const json = text.replace(/^\ufeff/, '');
  const broken = jsonProblems(json);
  if (broken.length > 0) return { problems: broken.map((problem) => wholeFile(path, problem)) };
  const value: unknown = JSON.parse(json);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problems: [wholeFile(path, `holds ${shown(value)}; it must hold one JSON object in { }.`)] };
  }
  const refused = refusedTexts(value);
  // What must not stand there at all need not have the right form as well.
  const places = new Set(refused.map((remark) => pathText(remark.path)));
  const remarks = [...schemaRemarks(schema, value).filter((remark) => !places.has(pathText(remark.path))), ...refused];
  if (remarks.length > 0 || !fits(value, schema)) {
    return {
      problems: remarks.map((remark) => {
        const at = pathText(remark.path);
        return { file: path, path: at, message: `${path}: ${at} ${remark.message}` };
      }),
    };
  }
  return { value };
}

function fits<Schema extends z.ZodType>(value: unknown, schema: Schema): value is z.input<Schema> {
  return schema.safeParse(value).success;
}

function wholeFile(file: string, problem: string): ConfigProblem {
  return { file, path: '', message: `${file} ${problem}` };
}
