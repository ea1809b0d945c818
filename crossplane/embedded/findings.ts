import { inOrder, type Edge } from '../compose/order.ts';
import type { ComposeResult, Reference } from '../compose/types.ts';
import type { ResourceId } from '../reference/identity.ts';
import type { Violation } from '../schema/violation.ts';
import type { Converged } from './control-plane.ts';

/** A violation and the composite whose chart it is in. */
export interface Finding extends Violation {
  readonly composite: ResourceId;
}

/** Everything that is wrong with an environment that has come to rest; empty when it is as it should be. */
export function findingsOf(converged: Converged): readonly Finding[] {
  const found = [...converged.composites].flatMap(([composite, result]) =>
    violationsIn(result).map((violation) => ({ ...violation, composite })),
  );
  const [composite] = converged.composites.keys();
  if (composite === undefined) return found;
  const whole = (rule: string, message: string): Finding => ({
    composite,
    resource: composite,
    path: 'spec',
    rule,
    received: null,
    message,
  });
  const cycle = environmentCycle(converged);
  return [
    ...(cycle === undefined
      ? []
      : [whole('cycle', `These values need each other, so none can be first: ${cycle.join(', ')}.`)]),
    ...(converged.settled ? [] : [whole('restless', `It still changes after ${converged.passes} passes.`)]),
    ...found,
  ];
}

function violationsIn(result: ComposeResult): readonly Violation[] {
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
  return [...result.status.invalid, ...waiting, ...held];
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

function globalEdge(composite: ResourceId, { from, to, field, value }: Reference): Edge {
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
