import { canonicalJson, isSwathError } from '@swath/core';
import { evaluateProcess } from '../evaluate/evaluate.ts';
import type { Argument, GraphNode, ProcessGraph } from '../graph/model.ts';
import { neededOrder } from '../graph/order.ts';
import { MAX_CONDITION_STEPS } from '../limits.ts';
import { comparisonProcesses } from '../processes/comparison.ts';
import { logicProcesses } from '../processes/logic.ts';
import { mathProcesses } from '../processes/math.ts';
import { type Registry, registry } from '../registry/registry.ts';
import { bandsOf, callbackOf, cloudCoverOf, isBands, literalOf } from './read-arguments.ts';
import { cannotPlan } from './refuse.ts';
import { isLoad, sourceOf } from './source.ts';

export interface ClassMask {
  readonly band: string;
  /** Ascending; pixels of these classes are dropped. */
  readonly classes: readonly number[];
}

/** Classes of Sen2Cor's scene classification besides 0, which is no data. */
const SCL_CLASSES = Array.from({ length: 11 }, (_, i) => i + 1);

/** What conditions may use. Nothing in it repeats a callback or makes an array, so that a condition is evaluated at once. */
const conditionProcesses: Registry = new Map(
  [
    ...comparisonProcesses,
    ...logicProcesses,
    ...mathProcesses,
    ...['array_contains', 'array_element'].flatMap((id) => registry.get(id) ?? []),
  ].map((process) => [process.id, process]),
);

const howTo =
  'Reduce the bands of the same collection to a condition on SCL, such as scl == 3 or scl == 8, and mask with it.';

/** Everything but the bands must be what the masked data was loaded with. */
function loadedAs(node: GraphNode): string {
  return canonicalJson([
    sourceOf(node),
    literalOf(node, 'spatial_extent'),
    literalOf(node, 'temporal_extent'),
    cloudCoverOf(node) ?? null,
  ]);
}

/** The bands at the node, walking back over filter_bands to a load_collection like the one that is masked. */
function bandsAt(
  id: string,
  nodes: ReadonlyMap<string, GraphNode>,
  load: GraphNode,
  used: Set<string>,
): readonly string[] | undefined {
  let bands: readonly string[] | undefined;
  for (let node = nodes.get(id); node !== undefined; ) {
    used.add(node.id);
    if (isLoad(node)) {
      if (node !== load && loadedAs(node) !== loadedAs(load))
        throw cannotPlan(node, 'loads something else for the mask', 'Mask with bands of the same imagery.');
      return bands ?? bandsOf(node);
    }
    const data = node.arguments.get('data');
    if (node.processId !== 'filter_bands' || data?.kind !== 'node')
      throw cannotPlan(node, `is a ${node.processId} in a mask`, howTo);
    bands ??= bandsOf(node);
    node = nodes.get(data.id);
  }
  return bands;
}

/** Position in the bands that every array_element of the condition takes. */
function onlyBand(graph: ProcessGraph, bands: readonly string[], at: GraphNode): number {
  const positions = new Set<number>();
  for (const node of neededOrder(graph).nodes) {
    const uses = [...node.arguments.values()].some((argument) => isData(argument));
    if (!uses) continue;
    const [label, index] = ['label', 'index'].map((name) => literalOf(node, name));
    const position =
      typeof label === 'string' ? bands.indexOf(label) : typeof index === 'number' ? index : -1;
    if (node.processId !== 'array_element' || bands[position] === undefined)
      throw cannotPlan(node, 'takes something else than one band', howTo);
    positions.add(position);
  }
  const [position = -1] = positions;
  if (positions.size === 1 && bands[position]?.toLowerCase() === 'scl') return position;
  throw cannotPlan(at, 'masks by something else than SCL', howTo);
}

const isData = (argument: Argument): boolean => argument.kind === 'parameter' && argument.name === 'data';

/** Is the condition true, or a number other than 0, for this class? */
function isDropped(graph: ProcessGraph, position: number, bands: number, value: number): boolean {
  const data = Array.from({ length: bands }, (_, i) => (i === position ? value : null));
  const document = { id: undefined, graph, parameters: [{ name: 'data' }] };
  const options = { processes: conditionProcesses, maxSteps: MAX_CONDITION_STEPS };
  const result = evaluateProcess(document, { data }, options);
  return result === true || (typeof result === 'number' && result !== 0);
}

/**
 * The mask of a `mask` node as classes of SCL: the condition is evaluated for each class there is, so that any condition on
 * that one band is exact. Where SCL has no data the engine drops the pixel; so do the bands there.
 * @param used ids of the nodes that the mask is made of are added.
 * @throws SwathError Unsupported for any other mask.
 */
export function classMask(
  node: GraphNode,
  nodes: ReadonlyMap<string, GraphNode>,
  load: GraphNode,
  used: Set<string>,
): ClassMask {
  if (literalOf(node, 'replacement') !== null)
    throw cannotPlan(node, 'puts a value in place of masked pixels', 'Leave "replacement" out.');
  const mask = node.arguments.get('mask');
  const source = mask?.kind === 'node' ? nodes.get(mask.id) : undefined;
  const data = source?.arguments.get('data');
  if (
    source?.processId !== 'reduce_dimension' ||
    !isBands(literalOf(source, 'dimension')) ||
    data?.kind !== 'node'
  )
    throw cannotPlan(source ?? node, 'is no condition on one band', howTo);
  used.add(source.id);
  const bands = bandsAt(data.id, nodes, load, used) ?? [];
  const graph = callbackOf(source, 'reducer');
  const position = onlyBand(graph, bands, source);
  try {
    const classes = SCL_CLASSES.filter((value) => isDropped(graph, position, bands.length, value));
    if (classes.length === 0) throw cannotPlan(source, 'masks nothing', 'Leave the mask out.');
    return { band: bands[position]!, classes };
  } catch (error) {
    if (!isSwathError(error)) throw error;
    throw cannotPlan(source, `has a condition that cannot be evaluated (${error.message})`, howTo);
  }
}
