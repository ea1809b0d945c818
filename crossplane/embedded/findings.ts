import type { KubernetesObject } from '../../imports/base.ts';
import { awsIdentity } from '../compose/naming.ts';
import { inOrder, type Edge } from '../compose/order.ts';
import type { Composed, ComposeResult, ValueReference } from '../compose/types.ts';
import { API_VERSION } from '../definition/api.ts';
import { resourceId, type ResourceId } from '../reference/identity.ts';
import type { SchemaRegistry } from '../schema/registry.ts';
import type { Violation } from '../schema/violation.ts';
import type { Converged } from './control-plane.ts';

/** A violation and the composite whose chart it is in. */
export interface Finding extends Violation {
  readonly composite: ResourceId;
}

/**
 * Most managed resources of one composite: a burst of 25 with two status writes each is what core's watch breaker takes
 * at its default flags (100 events).
 */
const COMPOSITE_LIMIT = 25;

/** Everything that is wrong with an environment that has come to rest; empty when it is as it should be. */
export function findingsOf(converged: Converged, schemas: SchemaRegistry): readonly Finding[] {
  const found = [...converged.composites].flatMap(([composite, result]) =>
    [...violationsIn(composite, result), ...(converged.refusals.get(composite) ?? [])].map((violation) => ({
      ...violation,
      composite,
    })),
  );
  const [root] = converged.composites.keys();
  if (root === undefined) return found;
  const cycle = environmentCycle(converged);
  return [
    ...(cycle === undefined
      ? []
      : [finding(root, 'cycle', `These values need each other, so none can be first: ${cycle.join(', ')}.`)]),
    ...(converged.settled ? [] : [finding(root, 'restless', `It still changes after ${converged.passes} passes.`)]),
    ...sharedNames(root, converged.objects, schemas),
    // A composite that is not ready because of another finding would only say it again.
    ...(found.length > 0 ? found : notReady(converged)),
  ];
}

function notReady({ composites }: Converged): readonly Finding[] {
  return [...composites].flatMap(([composite, result]) =>
    result.outcome === 'refused' || result.ready
      ? []
      : [finding(composite, 'not-ready', result.status.converged.message)],
  );
}

/** A finding on a composite as a whole. */
function finding(composite: ResourceId, rule: string, message: string): Finding {
  return { composite, resource: composite, path: 'spec', rule, received: null, message };
}

/** One AWS name, one object (law 5): within a composite compose looks itself, this is for all of them together. */
function sharedNames(
  root: ResourceId,
  objects: readonly KubernetesObject[],
  schemas: SchemaRegistry,
): readonly Finding[] {
  const first = new Map<string, ResourceId>();
  return objects.flatMap((object) => {
    const name = awsIdentity(object, schemas.find(object)?.provider);
    if (name === undefined) return [];
    const id = resourceId(object, object.metadata.name);
    const other = first.get(name);
    first.set(name, other ?? id);
    return other === undefined ? [] : [finding(root, 'duplicate', `${other} and ${id} have one AWS name: ${name}.`)];
  });
}

function violationsIn(composite: ResourceId, result: ComposeResult): readonly Violation[] {
  if (result.outcome === 'refused') return result.violations;
  const waiting = result.status.waiting.map(({ resource, field, message }) => ({
    resource,
    path: field,
    rule: 'waits-forever',
    received: null,
    message: `${message} Nothing will ever give it: the stand-in provider has no such value, or the resources need each other.`,
  }));
  const held = result.status.held.map(({ resource, field, reason, message }) => ({
    resource,
    path: field ?? 'spec',
    rule: `held-${reason}`,
    received: null,
    message,
  }));
  return [...result.status.invalid, ...waiting, ...held, ...tooLarge(composite, result)];
}

function tooLarge(composite: ResourceId, { desired }: Composed): readonly Violation[] {
  const managed = [...desired.values()].filter(({ object }) => object.apiVersion !== API_VERSION).length;
  if (managed <= COMPOSITE_LIMIT) return [];
  const message = `${composite} has ${managed} managed resources; at most ${COMPOSITE_LIMIT} are good for core: split it into child composites.`;
  return [finding(composite, 'size', message)];
}

/**
 * A cycle among the resources of all composites together, by its members; `undefined` when there is none. Two layers
 * may need each other as long as no two resources do.
 */
export function environmentCycle(converged: Converged): readonly string[] | undefined {
  const edges = [...converged.composites].flatMap(([composite, result]) =>
    result.outcome === 'composed' ? result.edges.map((edge) => globalEdge(composite, edge)) : [],
  );
  const nodes = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const order = inOrder([...nodes], edges);
  return 'cycle' in order ? order.cycle : undefined;
}

function globalEdge(composite: ResourceId, { from, to, field, value }: ValueReference): Edge {
  return { from: nodeOf(composite, from, field), to: targetOf(composite, to, value) };
}

/** A child composite is not one node: each of its inputs and outputs is one. */
function nodeOf(composite: ResourceId, node: string, field: string): string {
  const input = /^spec\.inputs\.(.+)$/.exec(field)?.[1];
  return input === undefined ? `${composite} ${node}` : `${node} input:${input}`;
}

function targetOf(composite: ResourceId, node: string, value: string): string {
  const output = /^status\.outputs\.(.+)$/.exec(value)?.[1];
  return output === undefined ? `${composite} ${node}` : `${node} output:${output}`;
}
