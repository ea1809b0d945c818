import type { Json } from '../../imports/base.ts';
import { isList, isObject } from './json.ts';
import type { StructuralSchema } from './structural.ts';
import { fieldViolation, type FieldViolation } from './violation.ts';

const ARTICLES = {
  object: 'an object',
  array: 'a list',
  string: 'a string',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
} as const;

/** Checks type and limits of a value that is not walked into: a scalar, or one of the wrong type. */
export function checkScalar(schema: StructuralSchema, value: Json, path: string, findings: FieldViolation[]): void {
  if (schema['x-kubernetes-int-or-string'] === true) {
    if (!Number.isInteger(value) && typeof value !== 'string') {
      findings.push(wrongType(value, path, 'an integer or a string'));
    }
  } else if (schema.type !== undefined && !hasType(schema.type, value)) {
    findings.push(wrongType(value, path, ARTICLES[schema.type]));
    return;
  }
  if (typeof value === 'number') checkNumber(schema, value, path, findings);
  if (typeof value === 'string') checkString(schema, value, path, findings);
}

function hasType(type: NonNullable<StructuralSchema['type']>, value: Json): boolean {
  switch (type) {
    case 'object':
      return isObject(value);
    case 'array':
      return isList(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return Number.isFinite(value);
    default:
      return typeof value === type;
  }
}

function wrongType(received: Json, path: string, wanted: string): FieldViolation {
  return fieldViolation({ path, rule: 'type', received }, 'has the wrong type', `give ${wanted}`);
}

function checkNumber(schema: StructuralSchema, value: number, path: string, findings: FieldViolation[]): void {
  const at = { path, rule: 'range', received: value };
  if (schema.minimum !== undefined && value < schema.minimum) {
    findings.push(fieldViolation(at, 'is too small', `give at least ${schema.minimum}`));
  }
  if (schema.maximum !== undefined && value > schema.maximum) {
    findings.push(fieldViolation(at, 'is too large', `give at most ${schema.maximum}`));
  }
}

function checkString(schema: StructuralSchema, value: string, path: string, findings: FieldViolation[]): void {
  const { minLength, maxLength, pattern } = schema;
  if (minLength !== undefined || maxLength !== undefined) {
    // Kubernetes counts code points, not UTF-16 units.
    const length = [...value].length;
    const at = { path, rule: 'length', received: value };
    if (minLength !== undefined && length < minLength) {
      findings.push(fieldViolation(at, `has ${length} characters`, `give at least ${minLength}`));
    }
    if (maxLength !== undefined && length > maxLength) {
      findings.push(fieldViolation(at, `has ${length} characters`, `give at most ${maxLength}`));
    }
  }
  if (pattern !== undefined && !regularExpression(pattern).test(value)) {
    const at = { path, rule: 'pattern', received: value };
    findings.push(fieldViolation(at, 'does not match the pattern', `make it match ${pattern}`));
  }
}

const compiled = new Map<string, RegExp>();

function regularExpression(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const made = new RegExp(pattern, 'u');
  compiled.set(pattern, made);
  return made;
}
