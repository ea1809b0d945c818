import type { Construct } from 'constructs';
import type { z } from 'zod';
import type { Json, JsonObject, KubernetesObject } from '../../imports/base.ts';
import { writeToken } from '../reference/token.ts';
import type { CelRule, TransitionRule } from '../schema/cel.ts';
import { resourceId } from '../reference/identity.ts';
import type { Violation } from '../schema/violation.ts';
import type { CompositeChart } from './chart.ts';
import type { Context } from './context.ts';
import type { Release } from './release.ts';

/** API of all our composite kinds. */
export const API_VERSION = 'owlnest.io/v1alpha1';

/** What a chart is built from: the composite's own spec, checked, and its inputs as tokens. Nothing else. */
export interface Composite<Spec, Input extends string> {
  readonly name: string;
  readonly namespace: string;
  readonly spec: Spec;
  readonly context: Context;
  readonly release: Release;
  /** A token: the resource that holds it is withheld until the input is there. */
  input(name: Input): string;
}

/**
 * A composite kind: its spec, what it takes from and gives to its parent, and the chart that it becomes.
 * Inputs and outputs are optional in the XRD: not known yet is a normal state.
 */
export interface CompositeDefinition<Spec, Input extends string, Output extends string> {
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  /** One sentence for `kubectl explain`. */
  readonly description: string;
  readonly schema: z.ZodType<Spec>;
  readonly rules: readonly CelRule[];
  /** What must not change once an object is there. */
  readonly transitions: readonly TransitionRule[];
  readonly inputs: readonly Input[];
  readonly outputs: readonly Output[];
  /** True when a resource below it holds data: then law 4 protects the composite too. */
  readonly stateful: boolean;
  /** Where names, law 4 and external names follow from. */
  readonly context: (spec: Spec, release: Release) => Context;
  readonly chart: (scope: Construct, composite: Composite<Spec, Input>) => CompositeChart<Output>;
}

export type BuiltChart =
  { readonly chart: CompositeChart<string>; readonly context: Context } | { readonly violations: readonly Violation[] };

/** A definition with its spec type closed over: what registries, XRDs and the composer hold. */
export interface CompositeKind {
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly description: string;
  readonly stateful: boolean;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly schema: z.ZodType;
  readonly rules: readonly CelRule[];
  readonly transitions: readonly TransitionRule[];
  /** Checks the object's spec against the schema, then builds the chart; never throws for a bad object. */
  build(scope: Construct, object: KubernetesObject, release: Release): BuiltChart;
}

/** Closes a definition over its spec type, so that definitions of different specs fit in one list. */
export function defineComposite<Spec, const Input extends string = never, const Output extends string = never>(
  definition: CompositeDefinition<Spec, Input, Output>,
): CompositeDefinition<Spec, Input, Output> & CompositeKind {
  return { ...definition, build: (scope, object, release) => build(definition, scope, object, release) };
}

function build<Spec, Input extends string, Output extends string>(
  definition: CompositeDefinition<Spec, Input, Output>,
  scope: Construct,
  object: KubernetesObject,
  release: Release,
): BuiltChart {
  const spec = definition.schema.safeParse(object.spec ?? {});
  if (!spec.success) {
    return { violations: spec.error.issues.map((issue) => violationOf(object, issue)) };
  }
  const context = definition.context(spec.data, release);
  const chart = definition.chart(scope, {
    name: object.metadata.name,
    namespace: object.metadata.namespace ?? '',
    spec: spec.data,
    context,
    release,
    input: (input) => writeToken({ type: 'input', input }),
  });
  return { chart, context };
}

function violationOf(object: KubernetesObject, issue: z.core.$ZodIssue): Violation {
  const path = ['spec', ...issue.path].join('.');
  return {
    resource: resourceId(object, object.metadata.name),
    path,
    rule: issue.code,
    received: valueIn(object.spec ?? {}, issue.path),
    message: `${path} of ${object.kind} ${object.metadata.name} is not valid: ${issue.message}.`,
  };
}

function valueIn(spec: JsonObject, path: readonly PropertyKey[]): Json {
  let value: Json | undefined = spec;
  for (const key of path) {
    value = typeof value === 'object' && value !== null ? (Reflect.get(value, key) as Json | undefined) : undefined;
  }
  return value ?? null;
}
