import type { Json, JsonObject } from '../../imports/base.ts';
import { canonicalText, isList, isObject, nestedBeyond, own } from './json.ts';
import { checkScalar } from './scalar.ts';
import { nearest } from './nearest.ts';
import { fieldPath, fieldViolation, type FieldViolation } from './violation.ts';
import type { StructuralSchema } from './structural.ts';

export interface CheckOptions {
  /** Where `value` stands in its object; the start of every path reported. */
  readonly path?: string;
}

/** Deeper nesting is a finding: whatever reads the object later may recurse. */
const MAX_DEPTH = 200;

/** Everything in `value` that the API server would refuse or silently drop. Defaults are not applied here. */
export function checkStructure(
  schema: StructuralSchema,
  value: Json,
  options: CheckOptions = {},
): readonly FieldViolation[] {
  const path = options.path ?? '';
  if (nestedBeyond(value, MAX_DEPTH)) return [tooDeep(value, path)];
  const findings: FieldViolation[] = [];
  check(schema, value, path, findings);
  return findings;
}

function check(schema: StructuralSchema, value: Json, path: string, findings: FieldViolation[]): void {
  if (value === null) {
    if (schema.nullable === true || schema.type === undefined) return;
    findings.push(
      fieldViolation({ path, rule: 'null', received: null }, 'must not be null', 'leave it out or give a value'),
    );
    return;
  }
  if (schema.type === 'object' && isObject(value)) checkObject(schema, value, path, findings);
  else if (schema.type === 'array' && isList(value)) checkList(schema, value, path, findings);
  else checkScalar(schema, value, path, findings);
  checkEnum(schema, value, path, findings);
}

function checkEnum(schema: StructuralSchema, value: Json, path: string, findings: FieldViolation[]): void {
  if (schema.enum === undefined) return;
  const text = canonicalText(value);
  if (schema.enum.some((allowed) => canonicalText(allowed) === text)) return;
  const allowed = schema.enum.map((one) => JSON.stringify(one)).join(', ');
  findings.push(
    fieldViolation({ path, rule: 'enum', received: value }, 'is not an allowed value', `use one of ${allowed}`),
  );
}

function checkObject(schema: StructuralSchema, value: JsonObject, path: string, findings: FieldViolation[]): void {
  for (const name of schema.required ?? []) {
    if (own(value, name) !== undefined) continue;
    findings.push(missing(fieldPath(path, name)));
  }
  for (const [key, field] of Object.entries(value)) {
    const at = fieldPath(path, key);
    const known = own(schema.properties, key);
    if (known !== undefined) check(known, field, at, findings);
    else if (typeof schema.additionalProperties === 'object') check(schema.additionalProperties, field, at, findings);
    else if (schema.additionalProperties !== true && schema['x-kubernetes-preserve-unknown-fields'] !== true) {
      findings.push(unknownField(schema, key, at, field));
    }
  }
}

/** The finding for a field that must be there and is not. */
export function missing(path: string): FieldViolation {
  return fieldViolation({ path, rule: 'required', received: null }, 'is required', 'add it');
}

function unknownField(schema: StructuralSchema, key: string, path: string, received: Json): FieldViolation {
  const suggestion = nearest(key, Object.keys(schema.properties ?? {}));
  const remedy = suggestion === undefined ? 'remove it' : `write ${suggestion} or remove it`;
  return fieldViolation({ path, rule: 'unknown-field', received }, 'is not a known field', remedy);
}

function checkList(schema: StructuralSchema, value: readonly Json[], path: string, findings: FieldViolation[]): void {
  const at = { path, rule: 'items', received: value };
  if (schema.minItems !== undefined && value.length < schema.minItems) {
    findings.push(fieldViolation(at, `has ${value.length} entries`, `give at least ${schema.minItems}`));
  }
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    findings.push(fieldViolation(at, `has ${value.length} entries`, `give at most ${schema.maxItems}`));
  }
  const { items } = schema;
  if (items !== undefined) value.forEach((item, index) => check(items, item, `${path}[${index}]`, findings));
  const identity = identityOf(schema);
  if (identity === undefined) return;
  const seen = new Map<string, number>();
  value.forEach((item, index) => {
    const id = identity(item);
    const first = seen.get(id);
    if (first === undefined) seen.set(id, index);
    else {
      const duplicate = { path: `${path}[${index}]`, rule: 'duplicate', received: item };
      findings.push(fieldViolation(duplicate, `repeats entry ${first}${keysText(schema)}`, 'remove one of the two'));
    }
  });
}

/** What makes two entries of a list the same one: nothing for a plain list. */
function identityOf(schema: StructuralSchema): ((item: Json) => string) | undefined {
  if (schema['x-kubernetes-list-type'] === 'set') return canonicalText;
  if (schema['x-kubernetes-list-type'] !== 'map') return undefined;
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  return (item) => canonicalText(keys.map((key) => (isObject(item) ? (own(item, key) ?? null) : null)));
}

function keysText(schema: StructuralSchema): string {
  const keys = schema['x-kubernetes-list-map-keys'];
  return keys === undefined ? '' : ` (by ${keys.join(' and ')})`;
}

/** Names the field that holds the nesting, at most three levels down: the full path would be no help. */
function tooDeep(value: Json, path: string): FieldViolation {
  let at = path;
  let node = value;
  for (let level = 1; level <= 3; level += 1) {
    const parent = node;
    if (!isObject(parent) && !isList(parent)) break;
    const deep: readonly [string, Json] | undefined = Object.entries(parent).find(([, child]) =>
      nestedBeyond(child, MAX_DEPTH - level),
    );
    if (deep === undefined) break;
    at = isList(parent) ? `${at}[${deep[0]}]` : fieldPath(at, deep[0]);
    node = deep[1];
  }
  // The value itself is not repeated: printing it would recurse just as deep.
  return fieldViolation(
    { path: at, rule: 'depth', received: '…' },
    `is nested beyond ${MAX_DEPTH} levels`,
    'flatten it',
  );
}
