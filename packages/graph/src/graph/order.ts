import { openeoError, quoted } from '../exceptions.ts';
import { type GraphNode, type ProcessGraph, referencesOf } from './model.ts';

/** Nodes in an order in which each comes behind those it uses, and the ids that stand in cycles. */
export interface Order {
  readonly sorted: readonly GraphNode[];
  /** Nodes on a cycle or behind one. */
  readonly stuck: readonly GraphNode[];
}

/** Kahn's algorithm: no recursion, so a chain may be as long as it likes. References to nowhere are left out. */
export function orderOf({ nodes }: ProcessGraph): Order {
  const waitsFor = new Map<string, number>();
  const usedBy = new Map<string, string[]>();
  for (const node of nodes.values()) {
    const uses = [...referencesOf(node)].filter((id) => nodes.has(id));
    waitsFor.set(node.id, uses.length);
    for (const id of uses) usedBy.set(id, [...(usedBy.get(id) ?? []), node.id]);
  }
  const sorted: GraphNode[] = [...nodes.values()].filter(({ id }) => waitsFor.get(id) === 0);
  for (let at = 0; at < sorted.length; at++) {
    for (const id of usedBy.get(sorted[at]!.id) ?? []) {
      const left = waitsFor.get(id)! - 1;
      waitsFor.set(id, left);
      if (left === 0) sorted.push(nodes.get(id)!);
    }
  }
  return { sorted, stuck: [...nodes.values()].filter(({ id }) => waitsFor.get(id)! > 0) };
}

/** Nodes marked as result. */
export function resultsOf({ nodes }: ProcessGraph): readonly GraphNode[] {
  return [...nodes.values()].filter(({ isResult }) => isResult);
}

/** The node whose value the graph has, and the nodes it needs, in order. @throws SwathError ProcessGraphInvalid */
export function neededOrder(graph: ProcessGraph): {
  readonly result: GraphNode;
  readonly nodes: readonly GraphNode[];
} {
  const [result, second] = resultsOf(graph);
  if (result === undefined || second !== undefined) {
    throw openeoError(
      'ProcessGraphInvalid',
      `The graph has ${result === undefined ? 'no' : 'more than one'} result node.`,
      {
        pointer: graph.pointer,
        fix: 'Set "result": true in exactly one node.',
      },
    );
  }
  const { sorted, stuck } = orderOf(graph);
  const needed = new Set([result.id]);
  for (const node of sorted.toReversed()) {
    if (needed.has(node.id)) for (const id of referencesOf(node)) needed.add(id);
  }
  const blocked = stuck.find(({ id }) => needed.has(id));
  if (blocked !== undefined) {
    throw openeoError('ProcessGraphInvalid', `The node ${quoted(blocked.id)} needs its own value.`, {
      pointer: blocked.pointer,
      fix: 'Break the cycle.',
    });
  }
  return { result, nodes: sorted.filter(({ id }) => needed.has(id)) };
}
