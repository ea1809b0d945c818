import type { Json } from '../../imports/base.ts';
import { twins, type Field, type Fields } from '../../crossplane/schema/lock-format.ts';

/** The interfaces of one file. */
export interface Interfaces {
  /** The name of the interface for `fields`: `wanted`, or another when that is taken by something else. */
  name(wanted: string, fields: Fields, body: () => string): string;
  /** Whether `name` is an interface for fields like these. */
  has(name: string, fields: Fields): boolean;
  /** Bodies by name, in the order in which they were named first. */
  readonly bodies: ReadonlyMap<string, string>;
}

/** An empty set of interfaces; `taken` are the names of classes and imports. */
export function interfacesOf(taken: Iterable<string>): Interfaces {
  const reserved = new Set(taken);
  const shapes = new Map<string, string>();
  const bodies = new Map<string, string>();
  return {
    bodies,
    has: (name, fields) => shapes.get(name) === shape(fields),
    name(wanted, fields, body) {
      const wantedShape = shape(fields);
      let name = wanted;
      // `Table` with a field `replica` beside the kind `TableReplica`: the kind keeps its name.
      while (reserved.has(name) || (shapes.get(name) ?? wantedShape) !== wantedShape) name += 'Value';
      shapes.set(name, wantedShape);
      bodies.set(name, body());
      return name;
    },
  };
}

/** One text for fields that make the same interface. */
function shape(fields: Fields): string {
  return JSON.stringify(
    [...fields].map(([name, field]) => [
      name,
      { ...field, marks: [...field.marks], fields: field.fields && shape(field.fields) },
    ]),
  );
}

export interface Scope {
  readonly interfaces: Interfaces;
  /** What names of nested interfaces start with. */
  readonly prefix: string;
  /** The prefix in `forProvider`, when this is `atProvider`: an equal interface is used again. */
  readonly desired?: string;
}

/** The body of the interface for `fields`; `linkOf` says where a field is described, if that is known. */
export function interfaceBody(
  fields: Fields,
  scope: Scope,
  linkOf: (field: string) => string | undefined = () => undefined,
): string {
  const lines = [...fields].flatMap(([name, field]) => {
    const link = linkOf(name);
    const required = field.marks.has('required') || field.marks.has('needed');
    const pair = twins(name, field.marks);
    const line = `  readonly ${key(name)}${required ? '' : '?'}: ${fieldType(name, field, scope)};`;
    const lines = link === undefined ? [line] : [`  /** @see ${link} */`, line];
    if (pair === undefined) return lines;
    const reference = pair.list ? 'readonly Reference[]' : 'Reference';
    return [...lines, `  readonly ${key(pair.ref)}?: ${reference};`, `  readonly ${key(pair.selector)}?: Selector;`];
  });
  return lines.join('\n');
}

function fieldType(name: string, field: Field, scope: Scope): string {
  const type = field.containers.reduceRight(
    (held, { array }) => (array ? `readonly ${parenthesized(held)}[]` : `{ readonly [key: string]: ${held} }`),
    baseType(name, field, scope),
  );
  return field.marks.has('nullable') ? `${type} | null` : type;
}

function parenthesized(type: string): string {
  return /[ |]/.test(type) && !type.startsWith('{') ? `(${type})` : type;
}

function baseType(name: string, field: Field, scope: Scope): string {
  if (field.enum !== undefined) return field.enum.map(literal).join(' | ');
  switch (field.base) {
    case 'object':
      return field.fields === undefined ? 'JsonObject' : objectType(name, field.fields, scope);
    case 'secret-key':
      return 'SecretKey';
    case 'int-or-string':
      return 'number | string';
    case 'any':
      return 'Json';
    case 'integer':
    case 'int64':
      return 'number';
    case 'date-time':
      return 'string';
    default:
      return field.base;
  }
}

function objectType(name: string, fields: Fields, { interfaces, prefix, desired }: Scope): string {
  const part = name.charAt(0).toUpperCase() + name.slice(1);
  if (desired !== undefined && interfaces.has(desired + part, fields)) return desired + part;
  const below = { interfaces, prefix: prefix + part, ...(desired !== undefined && { desired: desired + part }) };
  return interfaces.name(prefix + part, fields, () => interfaceBody(fields, below));
}

function literal(value: Json): string {
  return typeof value === 'string' ? quote(value) : JSON.stringify(value);
}

/** A string literal in the project's style. */
export function quote(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}
