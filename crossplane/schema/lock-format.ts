import type { Json, JsonObject } from '../../imports/base.ts';
import { NAME_CLASSES, NAME_RULES, SECOND_CREATIONS, type ExternalName } from './external-name.ts';
import { isList, isObject, own } from './json.ts';

/*
 * The schema lock: what we keep of the provider's CRDs, one file a service.
 *
 * A field is a line of words, containers first, then what they hold, then marks:
 *   "string"   "number needed"   "set string refs"   "list object"   "granular string"
 * or, when words do not suffice, an object: { "is": words, "fields": …, "enum": …, "default": … }
 */

const CONTAINERS = {
  list: { array: true },
  set: { array: true, kind: 'set' },
  atomic: { array: true, kind: 'atomic' },
  /** Written `keyed:name,region`: a list whose entries are told apart by these fields. */
  keyed: { array: true, kind: 'map' },
  map: { array: false },
  granular: { array: false, kind: 'granular' },
  'atomic-map': { array: false, kind: 'atomic' },
} as const;

const BASES = [
  'string',
  'date-time',
  'number',
  'integer',
  'int64',
  'boolean',
  'object',
  /** Name and key of a Kubernetes secret. */
  'secret-key',
  'int-or-string',
  'any',
] as const;

const MARKS = [
  /** In the structural schema's `required`. */
  'required',
  /** Required unless the resource is only observed: what the CRD says in CEL. */
  'needed',
  'nullable',
  /** Has twins `<name>Ref` and `<name>Selector`. */
  'ref',
  /** A list `<name>s` with twins `<name>Refs` and `<name>Selector`. */
  'refs',
  /** A list `<name>` with twins `<name>Refs` and `<name>Selector`. */
  'list-ref',
] as const;

export type ContainerName = keyof typeof CONTAINERS;
export type Base = (typeof BASES)[number];
export type Mark = (typeof MARKS)[number];

export interface Container {
  readonly name: ContainerName;
  readonly array: boolean;
  readonly kind?: 'set' | 'atomic' | 'map' | 'granular';
  /** Of a `keyed` list. */
  readonly keys: readonly string[];
}

export interface Field {
  readonly containers: readonly Container[];
  readonly base: Base;
  readonly marks: ReadonlySet<Mark>;
  /** Of base `object`; undefined for an object that describes no field. */
  readonly fields: Fields | undefined;
  readonly enum: readonly Json[] | undefined;
  readonly default: Json | undefined;
}
export type Fields = ReadonlyMap<string, Field>;

export interface ManagedLock {
  readonly plural: string;
  readonly externalName: ExternalName;
  readonly replace: readonly string[];
  readonly forProvider: Fields;
  /** Already whole: the file keeps only how it differs from `forProvider`. */
  readonly atProvider: Fields;
}

/** A kind of the provider that is no resource of AWS: its configuration. */
export interface PlainLock {
  readonly plural: string;
  readonly spec: Field;
  readonly status: Field;
}

export interface ServiceLock {
  readonly apiVersion: string;
  readonly package: string;
  readonly kinds: ReadonlyMap<string, () => ManagedLock | PlainLock>;
}

/** Reads a lock file. Kinds are read when asked for; throws a sentence that names the place if a file is damaged. */
export function parseServiceLock(text: string): ServiceLock {
  const file = objectAt(JSON.parse(text), 'the lock');
  const kinds = objectAt(own(file, 'kinds'), 'kinds');
  return {
    apiVersion: textAt(own(file, 'apiVersion'), 'apiVersion'),
    package: textAt(own(file, 'package'), 'package'),
    kinds: new Map(Object.entries(kinds).map(([kind, lock]) => [kind, () => parseKind(objectAt(lock, kind), kind)])),
  };
}

function parseKind(lock: JsonObject, kind: string): ManagedLock | PlainLock {
  const plural = textAt(own(lock, 'plural'), `${kind}.plural`);
  if (own(lock, 'forProvider') === undefined) {
    const [spec, status] = [own(lock, 'spec'), own(lock, 'status')];
    return { plural, spec: parseField(spec, `${kind}.spec`), status: parseField(status, `${kind}.status`) };
  }
  const forProvider = parseFields(own(lock, 'forProvider'), `${kind}.forProvider`);
  const atProvider = objectAt(own(lock, 'atProvider'), `${kind}.atProvider`);
  const without = new Set(textsAt(own(atProvider, 'without') ?? [], `${kind}.atProvider.without`));
  const observed = [...observedFields(forProvider)].filter(([name]) => !without.has(name));
  const more = parseFields(own(atProvider, 'fields') ?? {}, `${kind}.atProvider.fields`);
  return {
    plural,
    externalName: externalNameAt(own(lock, 'externalName'), `${kind}.externalName`),
    replace: textsAt(own(lock, 'replace') ?? [], `${kind}.replace`),
    forProvider,
    atProvider: new Map([...observed, ...more]),
  };
}

/** The same fields as AWS reports them: nothing is required, and there are neither references nor secrets. */
export function observedFields(fields: Fields): Fields {
  return new Map(
    [...fields]
      .filter(([, field]) => field.base !== 'secret-key')
      .map(([name, field]) => [
        name,
        {
          ...field,
          marks: new Set([...field.marks].filter((mark) => mark === 'nullable')),
          fields: field.fields && observedFields(field.fields),
        },
      ]),
  );
}

/** Reads a mapping of names to fields. */
export function parseFields(value: unknown, where: string): Fields {
  const fields = objectAt(value, where);
  return new Map(Object.entries(fields).map(([name, field]) => [name, parseField(field, `${where}.${name}`)]));
}

/** Reads one field: its words, or an object around them. */
export function parseField(value: unknown, where: string): Field {
  if (typeof value === 'string') return parseWords(value, where);
  const object = objectAt(value, where);
  const fields = own(object, 'fields');
  const allowed = own(object, 'enum');
  return {
    ...parseWords(textAt(own(object, 'is'), `${where}.is`), where),
    fields: fields === undefined ? undefined : parseFields(fields, where),
    enum: isList(allowed) ? allowed : undefined,
    default: own(object, 'default'),
  };
}

function parseWords(words: string, where: string): Field {
  const containers: Container[] = [];
  const marks = new Set<Mark>();
  let base: Base | undefined;
  for (const word of words.split(' ')) {
    const [name = '', keys] = word.split(':');
    const asBase = BASES.find((one) => one === word);
    const asMark = MARKS.find((one) => one === word);
    if (base === undefined && isContainer(name)) {
      containers.push({ name, ...CONTAINERS[name], keys: keys === undefined ? [] : keys.split(',') });
    } else if (base === undefined && asBase !== undefined) base = asBase;
    else if (base !== undefined && asMark !== undefined) marks.add(asMark);
    else throw damaged(where, `the word "${word}" has no meaning there`);
  }
  if (base === undefined) throw damaged(where, 'it does not say what it is');
  return { containers, base, marks, fields: undefined, enum: undefined, default: undefined };
}

function isContainer(name: string): name is ContainerName {
  return Object.hasOwn(CONTAINERS, name);
}

/** The names of the twins of a field that can hold a reference. */
export function twins(
  name: string,
  marks: ReadonlySet<Mark>,
): { ref: string; selector: string; list: boolean } | undefined {
  if (marks.has('ref')) return { ref: `${name}Ref`, selector: `${name}Selector`, list: false };
  const stem = marks.has('refs') ? name.slice(0, -1) : marks.has('list-ref') ? name : undefined;
  return stem === undefined ? undefined : { ref: `${stem}Refs`, selector: `${stem}Selector`, list: true };
}

function objectAt(value: unknown, where: string): JsonObject {
  if (!isObject(value)) throw damaged(where, 'it is no object');
  return value;
}

function textAt(value: unknown, where: string): string {
  if (typeof value !== 'string') throw damaged(where, 'it is no text');
  return value;
}

function textsAt(value: unknown, where: string): readonly string[] {
  if (!isList(value)) throw damaged(where, 'it is no list');
  return value.map((one) => textAt(one, where));
}

function externalNameAt(value: unknown, where: string): ExternalName {
  const name = objectAt(value, where);
  const [form, formula, within] = [own(name, 'form'), own(name, 'formula'), own(name, 'within')];
  const [again, rule] = [own(name, 'again'), own(name, 'rule')];
  return {
    class: wordAt(NAME_CLASSES, own(name, 'class'), `${where}.class`),
    ...(form !== undefined && { form: textAt(form, `${where}.form`) }),
    ...(formula !== undefined && { formula: textAt(formula, `${where}.formula`) }),
    ...(within !== undefined && { within: textsAt(within, `${where}.within`) }),
    ...(again !== undefined && { again: wordAt(SECOND_CREATIONS, again, `${where}.again`) }),
    ...(rule !== undefined && { rule: wordAt(NAME_RULES, rule, `${where}.rule`) }),
  };
}

function wordAt<Word extends string>(words: readonly Word[], value: unknown, where: string): Word {
  const known = words.find((one) => one === value);
  if (known === undefined) throw damaged(where, `it is none of ${words.join(', ')}`);
  return known;
}

function damaged(where: string, why: string): Error {
  return new Error(`The schema lock is damaged at ${where}: ${why}; run \`npm run import\` again.`);
}
