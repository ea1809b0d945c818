import fc from 'fast-check';
import type { StructuralSchema } from '../../crossplane/schema/structural.ts';
import { isList, isObject } from '../../crossplane/schema/json.ts';
import type { Json, JsonObject } from '../../imports/base.ts';

/** Any value that the schema takes; rules over several settings aside. */
export function valueOf(schema: StructuralSchema): fc.Arbitrary<Json> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const { properties, additionalProperties, required = [], items, minimum: min, maximum: max } = schema;
  if (properties !== undefined) {
    const settings = Object.fromEntries(Object.entries(properties).map(([key, child]) => [key, valueOf(child)]));
    return fc.record(settings, { requiredKeys: [...required] });
  }
  if (typeof additionalProperties === 'object') {
    return fc.dictionary(fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,20}$/), valueOf(additionalProperties), {
      maxKeys: 3,
    });
  }
  if (items !== undefined) {
    return fc.array(valueOf(items), { minLength: schema.minItems ?? 0, maxLength: Math.min(schema.maxItems ?? 3, 3) });
  }
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'integer' || schema.type === 'number') {
    const whole = fc.integer({ min: min ?? -1000, max: Math.min(max ?? 1000, 2 ** 31 - 1) });
    return schema.type === 'integer'
      ? whole
      : fc.oneof(
          whole,
          whole.map((one) => Math.min(one + 0.5, max ?? 1000)),
        );
  }
  return textOf(schema);
}

function textOf({ pattern, minLength = 0, maxLength = 100 }: StructuralSchema): fc.Arbitrary<string> {
  if (pattern === undefined) return fc.string({ minLength, maxLength: Math.min(maxLength, 50) });
  // The generator knows no classes of characters by name.
  const simple = pattern.replaceAll('\\p{Ll}', 'a-z').replaceAll('\\p{Lo}', 'あ-ん').replaceAll('\\p{N}', '0-9');
  const form = new RegExp(simple.replaceAll('\\p{L}', 'A-Za-z').replaceAll('\\p{M}', ''));
  return fc.stringMatching(form, { size: '-1' }).filter((text) => text.length >= minLength && text.length <= maxLength);
}

/** One thing that is wrong with a value, and where. */
export interface Damage {
  readonly kind: string;
  readonly path: readonly (string | number)[];
  readonly value: Json;
}

/** Everything that can be wrong with the value by its schema: each of these breaks it in one place. */
export function damagesOf(schema: StructuralSchema, value: Json, path: Damage['path'] = []): readonly Damage[] {
  const here = (kind: string, wrong: Json): Damage => ({ kind, path, value: wrong });
  const own: Damage[] = path.length === 0 ? [] : [here('type', wrongTypeFor(schema)), here('null', null)];
  if (schema.enum !== undefined) own.push(here('enum', typeof value === 'string' ? `${value}x` : 123456));
  else if (typeof value === 'number') own.push(...rangeDamages(schema, here));
  else if (typeof value === 'string') own.push(...textDamages(schema, here));
  if (isList(value)) {
    const { items, maxItems } = schema;
    const [first] = value;
    if (maxItems !== undefined && first !== undefined) {
      own.push(
        here(
          'too many',
          Array.from({ length: maxItems + 1 }, () => first),
        ),
      );
    }
    return [
      ...own,
      ...value.flatMap((item, index) => (items === undefined ? [] : damagesOf(items, item, [...path, index]))),
    ];
  }
  return isObject(value) ? [...own, ...objectDamages(schema, value, path)] : own;
}

function wrongTypeFor({ type }: StructuralSchema): Json {
  if (type === 'string') return 5;
  return type === 'array' ? { a: 1 } : 'no such thing';
}

function rangeDamages(
  { minimum, maximum, type }: StructuralSchema,
  here: (kind: string, wrong: Json) => Damage,
): readonly Damage[] {
  return [
    ...(minimum === undefined ? [] : [here('too small', minimum - 1)]),
    ...(maximum === undefined ? [] : [here('too large', maximum + 1)]),
    ...(type === 'integer' ? [here('no whole number', (minimum ?? 0) + 0.5)] : []),
  ];
}

function textDamages(
  { pattern, maxLength = 0 }: StructuralSchema,
  here: (kind: string, wrong: Json) => Damage,
): readonly Damage[] {
  const form = new RegExp(pattern ?? '', 'u');
  const formless = ['', '!!js/x: {[', '${x}', 'two\nlines', '"; rm -rf $HOME'].filter((text) => !form.test(text));
  return [here('too long', 'a'.repeat(maxLength + 1)), ...formless.map((text) => here('form', text))];
}

function objectDamages(schema: StructuralSchema, value: JsonObject, path: Damage['path']): readonly Damage[] {
  const { properties, required = [], additionalProperties } = schema;
  const unknown: readonly Damage[] =
    properties === undefined ? [] : [{ kind: 'unknown key', path: [...path, 'zebra'], value: 1 }];
  const missing = required.map((key): Damage => ({ kind: 'missing', path: [...path, key], value: null }));
  const below = Object.entries(value).flatMap(([key, item]) => {
    const child = properties?.[key] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    return child === undefined ? [] : damagesOf(child, item, [...path, key]);
  });
  return [...unknown, ...missing, ...below];
}

/** The value with the damage done. */
export function damaged(value: Json, { kind, path, value: wrong }: Damage): Json {
  const [key, ...rest] = path;
  if (key === undefined) return wrong;
  if (isList(value))
    return value.map((item, index) => (index === key ? damaged(item, { kind, path: rest, value: wrong }) : item));
  const object = isObject(value) ? value : {};
  const { [String(key)]: old = null, ...others } = object;
  if (rest.length === 0 && kind === 'missing') return others;
  return { ...object, [String(key)]: damaged(old, { kind, path: rest, value: wrong }) };
}
