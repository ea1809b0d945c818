import { Environment } from '@marcbachmann/cel-js';
import type { Json } from '../../imports/base.ts';
import { isList, isObject, own } from './json.ts';
import type { StructuralSchema } from './structural.ts';
import { fieldViolation, type FieldViolation } from './violation.ts';

interface Rule {
  /** What to do, as a sentence without a full stop. */
  readonly message: string;
  /** Starts with a dot below the spec. */
  readonly fieldPath: string;
}

/** A rule as `x-kubernetes-validations` has it; `self` is the object's spec. */
export interface CelRule extends Rule {
  readonly rule: string;
}

/**
 * A rule over a change: `oldSelf` is the spec as it stands, `self` as it is to be. Its key is another than that of a rule
 * over one spec, so that neither is taken for the other: a file has nothing that was there before.
 */
export interface TransitionRule extends Rule {
  readonly transition: string;
}

type Evaluate = (values: { readonly self: unknown; readonly oldSelf?: unknown }) => unknown;

// As in Kubernetes, a list or map in a rule may mix types; only what is judged is known.
const ofOne = new Environment({ homogeneousAggregateLiterals: false }).registerVariable('self', 'dyn');
const ofChange = ofOne.clone().registerVariable('oldSelf', 'dyn');
const compiledRules = new Map<string, Evaluate>();
const compiledTransitions = new Map<string, Evaluate>();

/** Compiles `rule` (once); throws an Error that names it if that fails or if it cannot be true or false. */
export function compileRule(rule: string): Evaluate {
  return compile(rule, ofOne, compiledRules);
}

/** As `compileRule`, for a rule over a change. */
export function compileTransition(transition: string): Evaluate {
  return compile(transition, ofChange, compiledTransitions);
}

function compile(rule: string, environment: Environment, compiled: Map<string, Evaluate>): Evaluate {
  const known = compiled.get(rule);
  if (known !== undefined) return known;
  let evaluate: Evaluate;
  try {
    const parsed = environment.parse(rule);
    const { valid, type, error } = parsed.check();
    if (!valid) throw error ?? new Error('it does not type-check');
    if (type !== 'bool' && type !== 'dyn') throw new Error(`it gives ${type ?? 'nothing'}, not true or false`);
    evaluate = (values): unknown => parsed(values);
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
export function checkRules(rules: readonly CelRule[], schema: StructuralSchema, spec: Json): readonly FieldViolation[] {
  if (rules.length === 0) return [];
  const self = celValue(schema, spec);
  return rules.flatMap((rule) => verdict(rule, () => compileRule(rule.rule)({ self }), spec));
}

/** The rules that the change from one spec to another breaks. */
export function checkTransitions(
  transitions: readonly TransitionRule[],
  schema: StructuralSchema,
  { before, after }: { readonly before: Json; readonly after: Json },
): readonly FieldViolation[] {
  if (transitions.length === 0) return [];
  const [oldSelf, self] = [celValue(schema, before), celValue(schema, after)];
  return transitions.flatMap((rule) =>
    verdict(rule, () => compileTransition(rule.transition)({ self, oldSelf }), after),
  );
}

function verdict({ fieldPath, message }: Rule, evaluate: () => unknown, spec: Json): readonly FieldViolation[] {
  const failure = failureOf(evaluate);
  if (failure === undefined) return [];
  const at = { path: `spec${fieldPath}`, rule: 'cel', received: valueAt(spec, fieldPath) };
  return [fieldViolation(at, `breaks a rule${failure}`, message)];
}

/** Undefined when the rule holds, else what to add to what is said of it. */
function failureOf(evaluate: () => unknown): string | undefined {
  try {
    return evaluate() === true ? undefined : '';
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
