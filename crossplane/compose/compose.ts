import type { KubernetesObject } from '../../imports/base.ts';
import type { Context } from '../definition/context.ts';
import type { CompositeKind } from '../definition/definition.ts';
import type { Release } from '../definition/release.ts';
import type { ResourceId } from '../reference/identity.ts';
import { EXTERNAL_NAME_ANNOTATION, HOLDS_DATA_LABEL } from '../reference/marks.ts';
import { resolveTokens, type Lookup } from '../reference/resolve.ts';
import { describePath, type Token } from '../reference/token.ts';
import type { SchemaRegistry } from '../schema/registry.ts';
import { buildPlan, declaredCount, type Plan } from './build.ts';
import { decide, holderOfName, unreadyReason, withName, type Decision } from './decide.ts';
import { withSavedName } from './external-names.ts';
import { lookupIn, render, settledId, type Rendered } from './declared.ts';
import { composedFieldManager } from './hold.ts';
import { leave } from './leaving.ts';
import { withMarksOf } from './marks.ts';
import { declaredIdOf } from './naming.ts';
import { convergedSentence, countResources, foreignIn, identitiesOf, shortText } from './status.ts';
import type { Composed, Composer, ComposeRequest, DesiredResource, Node, ValueReference } from './types.ts';
import { KeptPlans } from './plans.ts';
import { canonical } from './values.ts';

/** The composition function of these kinds in this release, without any way to reach the outside (law 1). */
export function createComposer(kinds: readonly CompositeKind[], schemas: SchemaRegistry, release: Release): Composer {
  const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
  const plans = new KeptPlans(declaredCount);
  return {
    kinds: [...byKind.keys()],
    compose: (request) => {
      const built = buildPlan(byKind, request.composite, release, schemas, plans);
      if ('violations' in built) return { outcome: 'refused', violations: built.violations };
      return composePlan(built.plan, sortedById(request), schemas, release);
    },
  };
}

/** A declared resource with what was decided on it. */
interface Settled extends Rendered {
  readonly key: ResourceId;
  readonly decision: Decision;
  readonly unready: string | undefined;
}

/** The one place where the laws (docs/laws.md) meet. */
function composePlan(plan: Plan, request: ComposeRequest, schemas: SchemaRegistry, release: Release): Composed {
  const manager = composedFieldManager(request.composite);
  // Names of generations are settled on the way, all others are known at once.
  const ids = new Map<ResourceId, ResourceId | undefined>(plan.declared.map((one) => [one.id, settledId(one)]));
  const lookup = lookupIn(request, ids);
  const settled = settle(plan, request, schemas, manager, ids, lookup);
  const unreadyReasons = new Map(
    settled.flatMap(({ key, unready }) => (unready === undefined ? [] : [[key, unready]])),
  );

  const keys = new Set(settled.map(({ key }) => key));
  const undeclared = [...request.resources.keys()].filter((id) => !keys.has(id));
  const leaving = leave(
    request.resources,
    undeclared,
    {
      replaced: replacedGenerations(settled, undeclared),
      handedOver: new Set([...plan.handedOver, ...takenOver(settled, request.resources, schemas)]),
      held: new Set(
        settled.flatMap(({ decision, declared, key }) => (decision.type === 'hold' ? [declared.id, key] : [])),
      ),
    },
    plan.context,
    manager,
  );

  const waiting = settled.flatMap(({ decision }) => (decision.type === 'withhold' ? decision.waiting : []));
  const invalid = [
    ...settled.flatMap(({ decision }) => (decision.type === 'apply' ? [] : decision.invalid)),
    ...leaving.invalid,
  ];
  const held = [...settled.flatMap(({ decision }) => (decision.type === 'hold' ? decision.held : [])), ...leaving.held];
  const resources = countResources(
    settled.map(({ key, object }) => [key, object]),
    request.resources,
    unreadyReasons,
  );
  const converged = convergedSentence({ waiting, held, invalid, unreadyReasons, going: leaving.going }, resources);
  return {
    outcome: 'composed',
    desired: desiredMap(settled, keptWithNames(leaving.kept, request.resources, schemas, plan.context)),
    ready: converged.status,
    status: {
      outputs: knownOutputs(plan, lookup),
      waiting,
      held,
      invalid,
      foreign: foreignIn(request.resources, manager),
      identities: identitiesOf(request.resources, schemas, namedByChart(settled), plan.context),
      resources,
      waitingText: shortText(waiting),
      heldText: shortText(held),
      invalidText: shortText(invalid),
      release: release.version,
      observedGeneration: request.composite.metadata.generation,
      converged,
    },
    edges: edgesOf(plan),
  };
}

/** Decides on every declared resource, each after all that it needs. */
function settle(
  plan: Plan,
  request: ComposeRequest,
  schemas: SchemaRegistry,
  manager: string,
  ids: Map<ResourceId, ResourceId | undefined>,
  lookup: Lookup,
): readonly Settled[] {
  const unreadyReasons = new Map<ResourceId, string>();
  const held = new Set<string>();
  return plan.declared.map((declared) => {
    const fresh = render(declared, plan.uses.get(declared.id) ?? [], request, lookup, schemas, manager);
    const rendered = { ...fresh, object: withMarksOf(fresh.observed, fresh.object, plan.context) };
    ids.set(declared.id, rendered.id);
    const { resources: observed, activated } = request;
    const around = { context: plan.context, schemas, observed, activated, unreadyReasons, held };
    const decision = withName(decide(rendered, around), rendered, around);
    const key = rendered.id ?? declared.id;
    if (decision.type === 'hold') for (const id of [declared.id, key]) held.add(id);
    const unready = unreadyReason(decision, rendered, schemas);
    if (unready !== undefined) unreadyReasons.set(declared.id, unready);
    return { ...rendered, key, decision, unready };
  });
}

/** Older generations stay until the new one is known and ready, so that there is always one (law 6). */
function replacedGenerations(
  settled: readonly Settled[],
  undeclared: readonly ResourceId[],
): ReadonlyMap<ResourceId, string> {
  const open = new Map(settled.flatMap((one) => (one.unready === undefined ? [] : [[one.declared.id, one.key]])));
  return new Map(
    undeclared.flatMap((id) => {
      const declared = declaredIdOf(id);
      const newer = declared === undefined ? undefined : open.get(declared);
      return newer === undefined ? [] : [[id, `${id} stays until ${newer}, which replaces it, is ready.`]];
    }),
  );
}

function namedByChart(settled: readonly Settled[]): ReadonlySet<ResourceId> {
  const named = settled.filter(({ object }) => object.metadata.annotations?.[EXTERNAL_NAME_ANNOTATION] !== undefined);
  return new Set(named.map(({ key }) => key));
}

/**
 * Resources that hold no data and whose AWS name a renamed one waits for: it takes over what they stand for. Core stops
 * showing a resource as soon as it is dropped, so waiting for the end of a deletion is not possible.
 */
function takenOver(
  settled: readonly Settled[],
  observed: ReadonlyMap<ResourceId, KubernetesObject>,
  schemas: SchemaRegistry,
): readonly ResourceId[] {
  return settled.flatMap(({ object, decision }) => {
    const holder = decision.type === 'withhold' ? holderOfName(object, observed, schemas) : undefined;
    const data = holder !== undefined && observed.get(holder)?.metadata.labels?.[HOLDS_DATA_LABEL] === 'true';
    return holder === undefined || data ? [] : [holder];
  });
}

/** What is no longer declared keeps its name, too: its deletion must find it in AWS. */
function keptWithNames(
  kept: ReadonlyMap<ResourceId, KubernetesObject>,
  observed: ReadonlyMap<ResourceId, KubernetesObject>,
  schemas: SchemaRegistry,
  context: Context,
): ReadonlyMap<ResourceId, KubernetesObject> {
  return new Map(
    [...kept].map(([id, object]) => {
      const external = schemas.find(object)?.provider?.externalName;
      return [id, withSavedName(object, observed.get(id), external, context)];
    }),
  );
}

function desiredMap(
  settled: readonly Settled[],
  kept: ReadonlyMap<ResourceId, KubernetesObject>,
): ReadonlyMap<ResourceId, DesiredResource> {
  const declared = settled.flatMap(({ key, decision, unready }) =>
    decision.type === 'withhold'
      ? []
      : [[key, { object: canonical(decision.object), ready: unready === undefined }] as const],
  );
  const leaving = [...kept].map(([id, object]) => [id, { object: canonical(object), ready: false }] as const);
  return new Map([...declared, ...leaving].sort(byFirst));
}

/** An output that is not known yet is left out. */
function knownOutputs(plan: Plan, lookup: Lookup): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(plan.outputs).flatMap(([name, text]) => {
      const { value, unknown } = resolveTokens(text, lookup);
      return unknown.length === 0 ? [[name, value]] : [];
    }),
  );
}

/** Every reference that the chart declares, whether its value is known or not. */
function edgesOf(plan: Plan): readonly ValueReference[] {
  const target = (token: Token): Node => (token.type === 'input' ? `input:${token.input}` : token.resource);
  const valueOf = (token: Token) => (token.type === 'input' ? token.input : describePath(token.path));
  const fromResources = [...plan.uses].flatMap(([from, uses]) =>
    uses.map(({ token, field }) => ({ from, to: target(token), field, value: valueOf(token) })),
  );
  const fromOutputs = Object.entries(plan.outputs).flatMap(([name, text]) =>
    resolveTokens(text, () => undefined).uses.map(({ token }): ValueReference => ({
      from: `output:${name}`,
      to: target(token),
      field: `status.outputs.${name}`,
      value: valueOf(token),
    })),
  );
  return [...fromResources, ...fromOutputs];
}

function sortedById(request: ComposeRequest): ComposeRequest {
  return { ...request, resources: new Map([...request.resources].sort(byFirst)) };
}

/** By code units; without taking the pairs apart, which is what sorting would spend its time on. */
function byFirst(one: readonly [ResourceId, unknown], other: readonly [ResourceId, unknown]): number {
  return one[0] < other[0] ? -1 : 1;
}
