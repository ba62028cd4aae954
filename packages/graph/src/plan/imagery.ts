import { type EvaluationOptions, evaluateProcess } from '../evaluate/evaluate.ts';
import type { Argument, GraphNode, ProcessDocument } from '../graph/model.ts';
import { neededOrder } from '../graph/order.ts';
import { required } from '../registry/definition.ts';
import { type Registry, registry } from '../registry/registry.ts';
import { aCube, anything, aText } from '../registry/schema.ts';
import { any, text } from '../values/read.ts';
import type { Cube, Value } from '../values/value.ts';
import { graphToSpec, type PlannedSpec } from './graph-to-spec.ts';
import { formatOf } from './read-arguments.ts';
import { cannotPlan } from './refuse.ts';
import { isLoad } from './source.ts';

/** A graph whose imagery can be read first and put in its place. */
export interface ImageryGraph {
  /** Without load_collection: those nodes ask for a cube by id. */
  readonly document: ProcessDocument;
  /** What to read for each of them: bands as they are, unmasked, every date. */
  readonly loads: ReadonlyMap<string, PlannedSpec>;
  /** Nodes in the order in which they run; the reading of imagery stands among them under its own name. */
  readonly order: readonly GraphNode[];
  /** As save_result names it; undefined without save_result. */
  readonly format: string | undefined;
}

const LOADED = 'loaded';

/** The bands of a node, as a request of its own. */
function specOf(node: GraphNode, graph: ProcessDocument['graph']): PlannedSpec {
  const nodes = new Map(
    [...graph.nodes.values()].map((one) => [one.id, { ...one, isResult: one.id === node.id }] as const),
  );
  const spec = graphToSpec({ id: undefined, graph: { ...graph, nodes }, parameters: [] });
  if (spec.aoi !== undefined) return spec;
  throw cannotPlan(node, 'does not say where', 'Give it a spatial_extent.');
}

/** A grid that requests have; any other is made of the pixels that were read. */
function isPlannable(node: GraphNode): boolean {
  const [align, resolution] = ['align', 'resolution'].map((name) => node.arguments.get(name));
  const isAligned = align !== undefined && !(align.kind === 'literal' && align.value === 'upper-left');
  return !isAligned && (resolution?.kind !== 'literal' || !Array.isArray(resolution.value));
}

/** What a filter limits, as load_collection and load_stac name it; filters that limit the same twice are computed. */
const limitedBy: ReadonlyMap<string, { readonly argument: string; readonly limits: string }> = new Map([
  ['filter_bbox', { argument: 'extent', limits: 'spatial_extent' }],
  ['filter_spatial', { argument: 'geometries', limits: 'spatial_extent' }],
  ['filter_temporal', { argument: 'extent', limits: 'temporal_extent' }],
  ['filter_bands', { argument: 'bands', limits: 'bands' }],
]);

/** What is limited where imagery is read with this node; undefined where this node is computed. */
function limitsOf(node: GraphNode, nodes: ReadonlyMap<string, GraphNode>): ReadonlySet<string> | undefined {
  if (isLoad(node)) return new Set([...node.arguments].filter(isSaid).map(([name]) => name));
  const data = node.arguments.get('data');
  const before = data?.kind === 'node' ? nodes.get(data.id) : undefined;
  if (before === undefined) return undefined;
  if (node.processId === 'resample_spatial') return isLoad(before) && isPlannable(node) ? whole : undefined;
  const filter = limitedBy.get(node.processId);
  if (filter === undefined || node.arguments.get(filter.argument)?.kind !== 'literal') return undefined;
  const limited = limitsOf(before, nodes);
  return limited === undefined || limited === whole || limited.has(filter.limits)
    ? undefined
    : new Set([...limited, filter.limits]);
}

/** Behind a new grid everything is computed. */
const whole: ReadonlySet<string> = new Set();

const isSaid = ([, argument]: readonly [string, Argument]) =>
  argument.kind !== 'literal' || argument.value !== null;

const isRead = (node: GraphNode, nodes: ReadonlyMap<string, GraphNode>) =>
  limitsOf(node, nodes) !== undefined;

/**
 * Takes the reading of imagery out of a graph.
 * @throws SwathError Unsupported by node for a collection that is loaded without an area or bands, or with a condition
 *   that requests do not know.
 */
export function imageryOf({ graph, ...rest }: ProcessDocument): ImageryGraph {
  const { nodes: before, result } = neededOrder(graph);
  const loads = new Map<string, PlannedSpec>();
  const nodes = new Map<string, GraphNode>();
  for (const node of before) {
    if (!isRead(node, graph.nodes)) nodes.set(node.id, node);
    else {
      const at = new Map([['id', { kind: 'literal', value: node.id } as const]]);
      nodes.set(node.id, { ...node, processId: LOADED, arguments: at });
    }
  }
  const document = { ...rest, graph: { ...graph, nodes } };
  // A collection that was only resampled is not needed as it is.
  const order = neededOrder(document.graph).nodes.map(({ id }) => graph.nodes.get(id)!);
  for (const { id } of order)
    if (nodes.get(id)?.processId === LOADED) loads.set(id, specOf(graph.nodes.get(id)!, graph));
  const format = result.processId === 'save_result' ? formatOf(result) : undefined;
  return { document, loads, order, format };
}

/** The registry with imagery that was read before; saving is what the caller does with the value. */
function registryOver(cubes: ReadonlyMap<string, Cube>): Registry {
  const save = registry.get('save_result');
  if (save === undefined) throw new TypeError('save_result is a process');
  return new Map([
    ...registry,
    [save.id, { ...save, parameters: save.parameters.map(anyData), run: (args) => any(args, 'data') }],
    [
      LOADED,
      {
        id: LOADED,
        summary: '',
        description: '',
        categories: [],
        parameters: [required('id', '', aText)],
        returns: { description: '', schema: aCube },
        exceptions: [],
        run: (args) => cubes.get(text(args, 'id')) ?? null,
      },
    ],
  ]);
}

const anyData = <P extends { readonly name: string }>(parameter: P) =>
  parameter.name === 'data' ? { ...parameter, schema: anything } : parameter;

/** The value of a graph over these cubes, by node id. Throws as `evaluateProcess`. */
export function evaluateImagery(
  { document }: Pick<ImageryGraph, 'document'>,
  cubes: ReadonlyMap<string, Cube>,
  options: Omit<EvaluationOptions, 'processes'> = {},
): Value {
  return evaluateProcess(document, {}, { ...options, processes: registryOver(cubes) });
}
