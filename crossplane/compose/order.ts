import { Graph, alg } from '@dagrejs/graphlib';

/** An edge says that `from` needs `to` first. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

export type Order = { readonly sorted: readonly string[] } | { readonly cycle: readonly string[] };

/** Every node after all that it needs; equal input gives equal order. A cycle is named by its members. */
export function inOrder(nodes: readonly string[], edges: readonly Edge[]): Order {
  const graph = graphOf(nodes, edges);
  const [cycle] = alg.findCycles(graph);
  if (cycle !== undefined) return { cycle: [...cycle].sort() };
  return { sorted: alg.topsort(graph) };
}

/** The groups of nodes that need each other, each with its members; a node alone is a group of one. */
export function stronglyConnected(nodes: readonly string[], edges: readonly Edge[]): readonly (readonly string[])[] {
  return alg.tarjan(graphOf(nodes, edges));
}

function graphOf(nodes: readonly string[], edges: readonly Edge[]): Graph {
  const graph = new Graph();
  for (const node of [...nodes].sort()) graph.setNode(node);
  const known = edges.filter(({ from, to }) => graph.hasNode(from) && graph.hasNode(to));
  // graphlib walks against the arrows: what is needed comes first.
  for (const { from, to } of known) graph.setEdge(to, from);
  return graph;
}
