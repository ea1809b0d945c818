import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../imports/base.ts';
import type { ExternalName } from '../../crossplane/schema/external-name.ts';
import { observedFields, parseFields } from '../../crossplane/schema/lock-format.ts';
import { ImportError } from './error.ts';
import type { CelValidation, Definition, SourceSchema } from './sources.ts';

interface Words {
  readonly [name: string]: Json;
}

/** The lock of one managed resource. */
export function encodeManaged(
  definition: Definition,
  facts: { readonly externalName: ExternalName; readonly replace: readonly string[] },
): JsonObject {
  const title = `${definition.service} ${definition.kind}`;
  const spec = property(definition.schema, 'spec', title);
  const needed = neededNames(title, spec['x-kubernetes-validations'] ?? []);
  const wanted = property(spec, 'forProvider', title);
  const unknown = needed.find((name) => wanted.properties?.[name] === undefined);
  if (unknown !== undefined) throw new ImportError(`${title} requires the field ${unknown}, which it does not have.`);
  const forProvider = encodeFields(wanted, new Set(needed));
  const atProvider = encodeFields(property(property(definition.schema, 'status', title), 'atProvider', title));
  return {
    plural: definition.plural,
    externalName: { ...facts.externalName },
    ...(facts.replace.length > 0 && { replace: facts.replace }),
    forProvider,
    atProvider: difference(forProvider, atProvider),
  };
}

/** The lock of a kind that is no managed resource. */
export function encodePlain(definition: Definition): JsonObject {
  const title = `${definition.service} ${definition.kind}`;
  const encoded = (name: string): Json => encodeField(property(definition.schema, name, title), []);
  return { plural: definition.plural, spec: encoded('spec'), status: encoded('status') };
}

const NEEDED_MESSAGE = /^spec\.forProvider\.(\w+) is a required parameter$/;

/** The field names behind the rules. Any other form of rule would be lost, so it stops the import. */
function neededNames(title: string, rules: readonly CelValidation[]): readonly string[] {
  return rules.map(({ rule, message }) => {
    const [, name] = NEEDED_MESSAGE.exec(message ?? '') ?? [];
    const unlessObserved = `!('*' in self.managementPolicies || 'Create' in self.managementPolicies || 'Update' in self.managementPolicies)`;
    const inSpec = `${unlessObserved} || has(self.forProvider.${name})`;
    const inEither = `${inSpec} || (has(self.initProvider) && has(self.initProvider.${name}))`;
    if (name !== undefined && (rule === inSpec || rule === inEither)) return name;
    throw new ImportError(`${title} has a validation rule that the lock cannot keep: ${rule}`);
  });
}

/** What `status.atProvider` has beyond, or otherwise than, what follows from `forProvider`. */
function difference(forProvider: Words, atProvider: Words): JsonObject {
  const implied = observedFields(parseFields(forProvider, 'forProvider'));
  const observed = parseFields(atProvider, 'atProvider');
  const without = [...implied.keys()].filter((name) => !observed.has(name));
  const fields = Object.entries(atProvider).filter(
    ([name]) => !isDeepStrictEqual(observed.get(name), implied.get(name)),
  );
  return { ...(without.length > 0 && { without }), fields: Object.fromEntries(fields) };
}

/** The fields of an object as the lock writes them. */
function encodeFields(schema: SourceSchema, needed: ReadonlySet<string> = new Set()): Words {
  const properties = schema.properties ?? {};
  const pairs = new Map(Object.keys(properties).flatMap((name) => twinOf(name, properties)));
  const dropped = new Set([...pairs.values()].flatMap(({ drop }) => drop));
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => !dropped.has(name))
      .map(([name, field]) => {
        const marks = [
          ...(schema.required?.includes(name) === true ? ['required'] : []),
          ...(needed.has(name) ? ['needed'] : []),
          ...(pairs.has(name) ? [pairs.get(name)?.mark ?? ''] : []),
        ];
        return [name, encodeField(field, marks)];
      }),
  );
}

interface Twin {
  readonly mark: 'ref' | 'refs' | 'list-ref';
  readonly drop: readonly string[];
}

/** The field that `name`, if it is a selector, stands beside; such a selector always has a `…Ref` or `…Refs` twin. */
function twinOf(name: string, properties: { readonly [name: string]: SourceSchema }): [string, Twin][] {
  const selects = properties[name]?.properties?.['matchControllerRef'] !== undefined;
  if (!selects || !name.endsWith('Selector')) return [];
  const stem = name.slice(0, -'Selector'.length);
  const has = (one: string): boolean => properties[one] !== undefined;
  if (has(stem) && has(`${stem}Ref`)) return [[stem, { mark: 'ref', drop: [name, `${stem}Ref`] }]];
  if (!has(`${stem}Refs`)) return [];
  if (has(`${stem}s`)) return [[`${stem}s`, { mark: 'refs', drop: [name, `${stem}Refs`] }]];
  return has(stem) ? [[stem, { mark: 'list-ref', drop: [name, `${stem}Refs`] }]] : [];
}

function encodeField(schema: SourceSchema, marks: readonly string[]): Json {
  const containers: string[] = [];
  let held = schema;
  for (;;) {
    const others = typeof held.additionalProperties === 'object' ? held.additionalProperties : undefined;
    const next = held.items ?? others;
    if (next === undefined) break;
    containers.push(containerWord(held));
    held = next;
  }
  const base = baseWord(held);
  const words = [...containers, base, ...(schema.nullable === true ? ['nullable'] : []), ...marks].join(' ');
  const more = {
    ...(base === 'object' && held.properties !== undefined && { fields: encodeFields(held) }),
    ...(held.enum !== undefined && { enum: held.enum }),
    ...(schema.default !== undefined && { default: schema.default }),
  };
  return Object.keys(more).length === 0 ? words : { is: words, ...more };
}

function containerWord(schema: SourceSchema): string {
  if (schema.items === undefined) {
    const mapType = schema['x-kubernetes-map-type'];
    return mapType === 'atomic' ? 'atomic-map' : (mapType ?? 'map');
  }
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const kind = schema['x-kubernetes-list-type'];
  return kind === 'map' ? `keyed:${keys.join()}` : (kind ?? 'list');
}

function baseWord(schema: SourceSchema): string {
  if (schema['x-kubernetes-int-or-string'] === true) return 'int-or-string';
  if (schema.type === undefined) return 'any';
  if (schema.format === 'date-time' || schema.format === 'int64') return schema.format;
  const names = Object.keys(schema.properties ?? {})
    .sort()
    .join();
  return schema.type === 'object' && names === 'key,name' && schema.required?.length === 2 ? 'secret-key' : schema.type;
}

function property(schema: SourceSchema, name: string, title: string): SourceSchema {
  const found = schema.properties?.[name];
  if (found === undefined) throw new ImportError(`${title} has no field ${name} where every managed resource has one.`);
  return found;
}
