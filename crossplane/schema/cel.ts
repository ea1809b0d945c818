import { Environment } from '@marcbachmann/cel-js';
import type { Json } from '../../imports/base.ts';
import { isList, isObject, own } from './json.ts';
import type { StructuralSchema } from './structural.ts';
import { finding, type Finding } from './violation.ts';

/** A rule as `x-kubernetes-validations` has it; `self` is the object's spec, `fieldPath` starts with a dot below it. */
export interface CelRule {
  readonly rule: string;
  /** What to do, as a sentence without a full stop. */
  readonly message: string;
  readonly fieldPath: string;
}

type Evaluate = (self: unknown) => unknown;

// As in Kubernetes, a list or map in a rule may mix types; only `self` is known.
const environment = new Environment({ homogeneousAggregateLiterals: false }).registerVariable('self', 'dyn');
const compiled = new Map<string, Evaluate>();

/** Compiles `rule` (once); throws an Error that names it if that fails or if it cannot be true or false. */
export function compileRule(rule: string): Evaluate {
  const known = compiled.get(rule);
  if (known !== undefined) return known;
  let evaluate: Evaluate;
  try {
    const parsed = environment.parse(rule);
    const { valid, type, error } = parsed.check();
    if (!valid) throw error ?? new Error('it does not type-check');
    if (type !== 'bool' && type !== 'dyn') throw new Error(`it gives ${type ?? 'nothing'}, not true or false`);
    evaluate = (self): unknown => parsed({ self });
  } catch (cause) {
    throw new Error(`The CEL rule "${rule}" does not compile: ${reason(cause)}.`, { cause });
  }
  compiled.set(rule, evaluate);
  return evaluate;
}

/**
 * The rules that `spec` breaks. A rule that fails while it is evaluated is broken too, as in Kubernetes: it reads a
 * field that is not there, for instance.
 */
export function checkRules(rules: readonly CelRule[], schema: StructuralSchema, spec: Json): readonly Finding[] {
  if (rules.length === 0) return [];
  const self = celValue(schema, spec);
  return rules.flatMap((rule) => {
    const failure = evaluateRule(rule, self);
    if (failure === undefined) return [];
    const at = { path: `spec${rule.fieldPath}`, rule: 'cel', received: valueAt(spec, rule.fieldPath) };
    return [finding(at, `breaks a rule${failure}`, rule.message)];
  });
}

/** Undefined when the rule holds, else what to add to what is said of it. */
function evaluateRule({ rule }: CelRule, self: unknown): string | undefined {
  const evaluate = compileRule(rule);
  try {
    return evaluate(self) === true ? undefined : '';
  } catch (error) {
    return `, which cannot be evaluated (${reason(error)})`;
  }
}

/** CEL tells integers from doubles, JSON does not: the schema decides. */
function celValue(schema: StructuralSchema | undefined, value: Json): unknown {
  if (isList(value)) return value.map((item) => celValue(schema?.items, item));
  if (isObject(value)) {
    const { additionalProperties } = schema ?? {};
    const others = typeof additionalProperties === 'object' ? additionalProperties : undefined;
    return new Map(
      Object.entries(value).map(([key, field]) => [key, celValue(own(schema?.properties, key) ?? others, field)]),
    );
  }
  const whole = schema?.type === 'integer' || schema?.['x-kubernetes-int-or-string'] === true;
  return whole && typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
}

function valueAt(spec: Json, path: string): Json {
  const keys = path.split('.').filter((key) => key !== '');
  return keys.reduce<Json>((node, key) => (isObject(node) ? (own(node, key) ?? null) : null), spec);
}

function reason(error: unknown): string {
  const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return first.replace(/\.$/, '');
}
