import { App } from 'cdk8s';
import type { KubernetesObject } from '../../imports/base.ts';
import type { CompositeChart } from '../definition/chart.ts';
import type { Context } from '../definition/context.ts';
import { API_VERSION } from '../definition/api.ts';
import type { CompositeKind } from '../definition/definition.ts';
import { declaredBy, type Declared } from '../definition/declared.ts';
import type { Release } from '../definition/release.ts';
import { resourceId, type ResourceId } from '../reference/identity.ts';
import { handedOver } from '../reference/marks.ts';
import { holdsToken } from '../reference/token.ts';
import { resolveTokens, type TokenUse } from '../reference/resolve.ts';
import type { SchemaRegistry } from '../schema/registry.ts';
import type { Violation } from '../schema/violation.ts';
import { inOrder, type Edge } from './order.ts';
import { awsIdentity, nameViolations } from './naming.ts';
import type { KeptPlans } from './plans.ts';
import { canonical, strangeIn } from './values.ts';

/** What a composite's chart declares, each resource after all that it needs. */
export interface Plan {
  readonly declared: readonly Declared[];
  /** Tokens of each declared resource. */
  readonly uses: ReadonlyMap<ResourceId, readonly TokenUse[]>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly handedOver: ReadonlySet<ResourceId>;
  readonly context: Context;
}

export type Built = { readonly plan: Plan } | { readonly violations: readonly Violation[] };

/** How many resources the chart of a composite has declared. */
export function declaredCount(built: Built): number {
  return 'plan' in built ? built.plan.declared.length : 0;
}

/** Builds the chart of a composite; says what makes the graph meaningless (law 7). */
export function buildPlan(
  kinds: ReadonlyMap<string, CompositeKind>,
  composite: KubernetesObject,
  release: Release,
  schemas: SchemaRegistry,
  plans: KeptPlans<Built>,
): Built {
  if (composite.apiVersion !== API_VERSION) {
    const message = `${composite.kind} is of ${composite.apiVersion}, and this function composes ${API_VERSION} only.`;
    return refused(composite, 'unknown-api', message);
  }
  const kind = kinds.get(composite.kind);
  if (kind === undefined)
    return refused(
      composite,
      'unknown-kind',
      `OwlNest knows no kind ${composite.kind}; it knows ${[...kinds.keys()].join(', ')}.`,
    );
  const problems = [...strangeViolations(composite), ...nameViolations(composite, true)];
  if (problems.length > 0) return { violations: problems };
  return plans.get(composite, () => built(kind, composite, release, schemas));
}

function built(kind: CompositeKind, composite: KubernetesObject, release: Release, schemas: SchemaRegistry): Built {
  try {
    // Every property that App would read from the environment is given.
    const app = new App({ outdir: '.', recordConstructMetadata: false });
    const chart = kind.build(app, composite, release);
    return 'violations' in chart ? chart : planOf(composite, chart.chart, chart.outputs, schemas);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refused(
      composite,
      'chart',
      `The chart of ${composite.kind} ${composite.metadata.name} cannot be built: ${reason}`,
    );
  }
}

function planOf(
  composite: KubernetesObject,
  chart: CompositeChart,
  outputs: Plan['outputs'],
  schemas: SchemaRegistry,
): Built {
  const declared = declaredBy(chart).map((one) => ({ ...one, object: canonical(one.object) }));
  const uses = new Map(declared.map((one) => [one.id, tokensOf(one.object)]));
  const violations = [...duplicates(declared, schemas), ...undeclaredTargets(declared, uses)];
  if (violations.length > 0) return { violations };
  const ids = declared.map(({ id }) => id);
  const order = inOrder(
    ids,
    declared.flatMap((one) => needsOf(one, uses.get(one.id) ?? [])),
  );
  if ('cycle' in order) {
    const message = `These resources need each other, so none of them can be first: ${order.cycle.join(', ')}.`;
    return refused(composite, 'cycle', message);
  }
  const byId = new Map(declared.map((one) => [String(one.id), one]));
  return {
    plan: {
      declared: order.sorted.flatMap((id) => byId.get(id) ?? []),
      uses,
      outputs,
      handedOver: handedOver(chart),
      context: chart.context,
    },
  };
}

/** What must be there before the resource. An input never withholds a child composite: two may need each other. */
function needsOf(declared: Declared, uses: readonly TokenUse[]): readonly Edge[] {
  const from = declared.id;
  const values = uses.flatMap(({ token, field }) =>
    'resource' in token && !isInput(declared.object, field) ? [{ from, to: token.resource }] : [],
  );
  return [...values, ...declared.after.map((to) => ({ from, to }))];
}

function isInput(object: KubernetesObject, field: string): boolean {
  return object.apiVersion === API_VERSION && field.startsWith('spec.inputs.');
}

/** The tokens of an object; those in its name would be a mistake of the chart. */
function tokensOf(object: KubernetesObject): readonly TokenUse[] {
  if (holdsToken(object.metadata.name))
    throw new Error(`the name ${object.metadata.name} holds a value that is not known yet`);
  // Most objects have none, and looking is cheaper than walking.
  return holdsToken(JSON.stringify(object)) ? resolveTokens(object, () => undefined).uses : [];
}

function duplicates(declared: readonly Declared[], schemas: SchemaRegistry): readonly Violation[] {
  const seen = new Set<string>();
  return declared.flatMap(({ id, object }) => {
    const name = awsIdentity(object, schemas.find(object)?.provider);
    const taken = seen.has(id)
      ? `identity ${id}`
      : name !== undefined && seen.has(name)
        ? `AWS name ${name}`
        : undefined;
    seen.add(id);
    if (name !== undefined) seen.add(name);
    if (taken === undefined) return [];
    const message = `Two resources have the ${taken}: one object, one key, one AWS name (law 5).`;
    return [{ resource: id, path: 'metadata.name', rule: 'duplicate', received: object.metadata.name, message }];
  });
}

/** A token can only name what the same chart declares. */
function undeclaredTargets(
  declared: readonly Declared[],
  uses: ReadonlyMap<ResourceId, readonly TokenUse[]>,
): readonly Violation[] {
  const known = new Set(declared.map(({ id }) => id));
  return declared.flatMap(({ id }) =>
    (uses.get(id) ?? []).flatMap(({ token, field }) => {
      if (!('resource' in token) || known.has(token.resource)) return [];
      const message = `${field} of ${id} takes a value of ${token.resource}, which this chart does not declare.`;
      return [{ resource: id, path: field, rule: 'unknown-resource', received: token.resource, message }];
    }),
  );
}

function strangeViolations(composite: KubernetesObject): readonly Violation[] {
  const strange = strangeIn(composite.spec ?? {});
  if (strange === undefined) return [];
  const message =
    strange.rule === 'token'
      ? `${strange.path} of ${composite.kind} ${composite.metadata.name} holds text that looks like a reference of OwlNest (\${owlnest:…}): write it otherwise.`
      : `${strange.path} of ${composite.kind} ${composite.metadata.name} is nested too deeply.`;
  return [{ resource: resourceId(composite, composite.metadata.name), ...strange, message }];
}

function refused(composite: KubernetesObject, rule: string, message: string): Built {
  const resource = resourceId(composite, composite.metadata.name);
  return { violations: [{ resource, path: 'spec', rule, received: composite.metadata.name, message }] };
}
