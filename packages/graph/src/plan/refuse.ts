import type { SwathError } from '@swath/core';
import { openeoError, quoted } from '../exceptions.ts';
import type { GraphNode } from '../graph/model.ts';

/** A graph that is valid, and that the engine cannot run as it stands. */
export function cannotPlan(node: GraphNode, why: string, fix: string): SwathError {
  return openeoError('ProcessUnsupported', `The node ${quoted(node.id)} ${why}, which cannot be planned.`, {
    pointer: node.pointer,
    fix,
  });
}
