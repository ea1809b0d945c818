import type { Json, JsonObject } from '../../imports/base.ts';
import { isList } from '../../crossplane/schema/json.ts';
import { covers, coversArn } from './pattern.ts';

/** What is known of a request, by condition key; a key with several values has a list. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

type Compare = (wanted: string, has: string) => boolean;

/** Operators that the charts write. */
const OPERATORS: Readonly<Record<string, Compare>> = {
  StringEquals: (wanted, has) => wanted === has,
  StringLike: covers,
  ArnEquals: coversArn,
  ArnLike: coversArn,
  Bool: (wanted, has) => wanted.toLowerCase() === has.toLowerCase(),
};

/** Operators that are the opposite of one above: true of a request that lacks the key, too. */
const OPPOSITES: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
};

const FORM = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/;

/**
 * Whether all conditions of a statement hold. Source: IAM User Guide, "Conditions with multiple context keys or values"
 * and "Set operators for multivalued context keys".
 * @throws Error of an operator that is not known here, or of a policy variable: no decision is better than a wrong one
 */
export function conditionsHold(conditions: Readonly<Record<string, JsonObject>>, context: RequestContext): boolean {
  const values = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), valuesOf(value)]));
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds(operator, textsOf(wanted), values.get(key.toLowerCase()))),
  );
}

function holds(operator: string, wanted: readonly string[], has: readonly string[] | undefined): boolean {
  if (operator === 'Null') return wanted.includes(String(has === undefined));
  const [, set, name = '', ifExists] = FORM.exec(operator) ?? [];
  const opposite = OPPOSITES[name];
  const compare = OPERATORS[opposite ?? name];
  if (compare === undefined) throw new Error(`No evaluation of the operator ${operator} is written.`);
  const variable = wanted.find((text) => text.includes('${'));
  if (variable !== undefined) throw new Error(`No evaluation of ${variable} is written.`);
  if (has === undefined) return ifExists !== undefined || set === 'ForAllValues' || opposite !== undefined;
  const one = (value: string): boolean => wanted.some((text) => compare(text, value)) === (opposite === undefined);
  return set === 'ForAnyValue' ? has.some(one) : has.every(one);
}

function valuesOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

/** Values of a condition, as text: AWS takes `true` for `"true"`. */
function textsOf(wanted: Json): readonly string[] {
  return (isList(wanted) ? wanted : [wanted]).map(String);
}
