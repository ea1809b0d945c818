import type { Json } from '../../imports/base.ts';
import { isList, isObject } from '../../crossplane/schema/json.ts';

const WIDTH = 120;

/**
 * JSON for readers of a diff: what fits on a line stands on one line, except objects on the outer `open` levels,
 * which always have one entry a line.
 */
export function printJson(value: Json, open: number): string {
  return `${print(value, open, 0, 0)}\n`;
}

function print(value: Json, open: number, indent: number, before: number): string {
  const flat = flatten(value);
  const simple = !isObject(value) && !isList(value);
  const closed = open <= 0 || !isObject(value);
  if (simple || (closed && indent + before + flat.length <= WIDTH)) return flat;
  const pad = ' '.repeat(indent + 2);
  const entries = isList(value)
    ? value.map((item) => `${pad}${print(item, open - 1, indent + 2, 0)}`)
    : Object.entries(value).map(([key, field]) => {
        const name = `${JSON.stringify(key)}: `;
        return `${pad}${name}${print(field, open - 1, indent + 2, name.length)}`;
      });
  const [start, end] = isList(value) ? '[]' : '{}';
  return entries.length === 0 ? flat : `${start}\n${entries.join(',\n')}\n${' '.repeat(indent)}${end}`;
}

function flatten(value: Json): string {
  if (isList(value)) return `[${value.map(flatten).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}: ${flatten(field)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
