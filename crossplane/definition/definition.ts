import type { Construct } from 'constructs';
import type { z } from 'zod';
import type { Json, JsonObject, KubernetesObject } from '../../imports/base.ts';
import { CONFIG_ANNOTATION } from '../reference/marks.ts';
import { writeToken } from '../reference/token.ts';
import type { CelRule, TransitionRule } from '../schema/cel.ts';
import { resourceId } from '../reference/identity.ts';
import type { Violation } from '../schema/violation.ts';
import { about } from './about.ts';
import { CompositeChart, type ChartFiles } from './chart.ts';
import { contextSchema, type Context } from './context.ts';
import type { Release } from './release.ts';

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
  /**
   * What one of the kind is to its layer: `store` labels everything in it `owlnest.io/store=<its name there>`.
   * @default no label of its own
   */
  readonly part?: string;
  /** Of its own settings: what a parent hands down (`context`, `inputs`) stands beside them. */
  readonly schema: z.ZodType<Spec>;
  /** @default none */
  readonly rules?: readonly CelRule[];
  /** What must not change once an object is there. @default nothing */
  readonly transitions?: readonly TransitionRule[];
  /** What it takes, with a sentence on each. @default nothing */
  readonly inputs?: Readonly<Record<Input, string>>;
  /** What it gives, with a sentence on each. @default nothing */
  readonly outputs?: Readonly<Record<Output, string>>;
  /** True when a resource below it holds data: then law 4 protects the composite too. */
  readonly stateful: boolean;
  /** Where names, law 4 and external names follow from. @default what its parent hands down */
  readonly context?: (spec: Spec, release: Release) => Context;
  /** Declares the resources into the chart and returns the outputs; they may hold tokens. */
  readonly chart: (
    chart: CompositeChart,
    composite: Composite<Spec, Input>,
  ) => Readonly<Record<NoInfer<Output>, string>>;
}

export type BuiltChart =
  | { readonly chart: CompositeChart; readonly outputs: Readonly<Record<string, string>> }
  | { readonly violations: readonly Violation[] };

/** A definition with its spec type closed over: what registries, XRDs and the composer hold. */
export interface CompositeKind {
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly description: string;
  readonly stateful: boolean;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  /** Whether its parent hands its context down to it. */
  readonly takesContext: boolean;
  readonly schema: z.ZodType;
  readonly rules: readonly CelRule[];
  readonly transitions: readonly TransitionRule[];
  /** Checks the object's spec against the schema, then builds the chart; never throws for a bad object. */
  build(scope: Construct, object: KubernetesObject, release: Release, files?: ChartFiles): BuiltChart;
}

/** Closes a definition over its spec type, so that definitions of different specs fit in one list. */
export function defineComposite<Spec, const Input extends string = never, const Output extends string = never>(
  definition: CompositeDefinition<Spec, Input, Output>,
): CompositeDefinition<Spec, Input, Output> & CompositeKind {
  return {
    ...definition,
    rules: definition.rules ?? [],
    transitions: definition.transitions ?? [],
    takesContext: definition.context === undefined,
    build: (scope, object, release, files) => build(definition, scope, object, release, files),
  };
}

/** The kinds, with the files of their definitions and of all parts to name as the sources of objects. */
export function withSources(
  kinds: readonly CompositeKind[],
  sources: ReadonlyMap<object, string>,
): readonly CompositeKind[] {
  return kinds.map((kind) => {
    const chart = sources.get(kind);
    if (chart === undefined) throw new Error(`No file is known of the kind ${kind.kind}; run \`npm run generate\`.`);
    return {
      ...kind,
      build: (scope, object, release) => kind.build(scope, object, release, { chart, parts: sources }),
    };
  });
}

function build<Spec, Input extends string, Output extends string>(
  definition: CompositeDefinition<Spec, Input, Output>,
  scope: Construct,
  object: KubernetesObject,
  release: Release,
  files: ChartFiles | undefined,
): BuiltChart {
  const read = readSpec(definition, object, release);
  if ('violations' in read) return read;
  const { name, namespace = '', annotations } = object.metadata;
  const composite = { name, namespace, release, ...read };
  const chart = new CompositeChart(scope, { ...composite, part: definition.part, files });
  about(chart, { config: annotations?.[CONFIG_ANNOTATION] });
  const input = (input: Input) => writeToken({ type: 'input', input });
  const outputs: Readonly<Record<string, string>> = definition.chart(chart, { ...composite, input });
  // Core would refuse a whole status for it.
  const unknown = Object.keys(outputs).find((output) => !Object.hasOwn(definition.outputs ?? {}, output));
  if (unknown !== undefined)
    throw new Error(`it gives ${unknown}, which is not among the outputs of ${definition.kind}.`);
  return { chart, outputs };
}

/** What stands in the object's spec: its own settings, and its context, which a parent has handed down or follows. */
function readSpec<Spec, Input extends string, Output extends string>(
  definition: CompositeDefinition<Spec, Input, Output>,
  object: KubernetesObject,
  release: Release,
): { readonly spec: Spec; readonly context: Context } | { readonly violations: readonly Violation[] } {
  const spec = definition.schema.safeParse(object.spec ?? {});
  const issues = spec.error?.issues ?? [];
  if (definition.context !== undefined) {
    if (!spec.success) return { violations: issues.map((issue) => violationOf(object, issue.path, issue)) };
    return { spec: spec.data, context: definition.context(spec.data, release) };
  }
  const context = contextSchema.safeParse(object.spec?.['context']);
  if (spec.success && context.success) return { spec: spec.data, context: context.data };
  return {
    violations: [
      ...(context.error?.issues ?? []).map((issue) => violationOf(object, ['context', ...issue.path], issue)),
      ...issues.map((issue) => violationOf(object, issue.path, issue)),
    ],
  };
}

function violationOf(object: KubernetesObject, issuePath: readonly PropertyKey[], issue: z.core.$ZodIssue): Violation {
  const path = ['spec', ...issuePath].join('.');
  return {
    resource: resourceId(object, object.metadata.name),
    path,
    rule: issue.code,
    received: valueIn(object.spec ?? {}, issuePath),
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
