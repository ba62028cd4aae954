import { canonicalJson } from '@swath/core';
import { parseAoi } from '@swath/geo';
import { type Expression, formatExpression } from '@swath/raster/expression/index';
import { quoted } from '../exceptions.ts';
import type { Argument, GraphNode, ProcessDocument } from '../graph/model.ts';
import { neededOrder } from '../graph/order.ts';
import { type Aggregation, aggregationOf, checkMeets, type PlannedZones } from './aggregate.ts';
import { gridOf, type PlannedGrid } from './grid.ts';
import { lowerExpression } from './lower-expression.ts';
import { type ClassMask, classMask } from './lower-mask.ts';
import {
  areaOf,
  bandName,
  bandsOf,
  callbackOf,
  cloudCoverOf,
  commonBox,
  datetimeOf,
  formatOf,
  isBands,
  isTime,
  literalOf,
} from './read-arguments.ts';
import { cannotPlan } from './refuse.ts';
import { isLoad, sourceOf } from './source.ts';
import { type PlannedTable, type TableFormat, tableFormats } from './table.ts';

/** A request as `requestSpec` reads it, without defaults. */
export interface PlannedSpec {
  readonly collections?: readonly string[];
  /** URLs of STAC Items, instead of collections. */
  readonly items?: readonly string[];
  readonly aoi?: unknown;
  /** Geometries of `aggregate_spatial`. */
  readonly zones?: PlannedZones;
  readonly datetime?: string;
  readonly pipeline:
    | { readonly index: string }
    | { readonly expression: string }
    | { readonly bands: readonly string[] };
  /** What the graph's own `mask` says: never anything on the side. */
  readonly mask: 'none' | ClassMask;
  readonly maxCloudCoverPercent?: number;
  readonly composite: 'none' | 'first' | 'max' | 'mean' | 'median' | 'min';
  readonly grid?: PlannedGrid;
}

/** A graph as the request that is made, and what of its results it asks for. */
export interface PlannedGraph {
  readonly spec: PlannedSpec;
  /** Statistics by geometry instead of pixels. */
  readonly table?: PlannedTable;
}

/** What the nodes so far have made. */
interface Draft {
  readonly load: GraphNode;
  readonly spec: Pick<
    PlannedSpec,
    'aoi' | 'collections' | 'datetime' | 'grid' | 'items' | 'maxCloudCoverPercent'
  >;
  readonly mask: PlannedSpec['mask'];
  readonly bands: readonly string[] | undefined;
  readonly formula: Expression | undefined;
  /** The index of the catalogue that the formula is, asked for by its name. */
  readonly index?: string | undefined;
  readonly composite: PlannedSpec['composite'];
  readonly aggregated?: Aggregation & { readonly node: GraphNode };
  /** As save_result names it. */
  readonly format?: TableFormat | undefined;
}

const composites = new Set<string>(['first', 'max', 'mean', 'median', 'min']);
const rasterFormats: ReadonlySet<string> = new Set(['gtiff', 'geotiff', 'cog']);

function load(node: GraphNode): Draft {
  const [aoi, datetime] = [areaOf(node, 'spatial_extent'), datetimeOf(node, 'temporal_extent')];
  const maxCloudCoverPercent = cloudCoverOf(node);
  return {
    load: node,
    mask: 'none',
    spec: {
      ...sourceOf(node),
      ...(aoi === undefined ? {} : { aoi }),
      ...(datetime === undefined ? {} : { datetime }),
      ...(maxCloudCoverPercent === undefined ? {} : { maxCloudCoverPercent }),
    },
    bands: bandsOf(node),
    formula: undefined,
    composite: 'none',
  };
}

const isUntouched = ({ formula, composite }: Draft): boolean => formula === undefined && composite === 'none';

function onlyOnce(node: GraphNode, isTaken: boolean, what: string): void {
  if (isTaken) throw cannotPlan(node, `limits ${what} a second time`, 'Say it once, in load_collection.');
}

/** The only process of a reducer, given all values. */
function compositeOf(node: GraphNode): PlannedSpec['composite'] {
  const { result, nodes } = neededOrder(callbackOf(node, 'reducer'));
  const data: Argument | undefined = result.arguments.get('data');
  const isPlain =
    nodes.length === 1 && result.arguments.size === 1 && data?.kind === 'parameter' && data.name === 'data';
  if (isPlain && composites.has(result.processId)) return result.processId as PlannedSpec['composite'];
  throw cannotPlan(
    result,
    `reduces time by ${result.processId}`,
    'Use first, max, mean, median or min alone.',
  );
}

function reduced(node: GraphNode, draft: Draft): Draft {
  const dimension = literalOf(node, 'dimension');
  if (isTime(dimension)) {
    if (draft.composite !== 'none') throw cannotPlan(node, 'reduces time twice', 'Leave one out.');
    return { ...draft, composite: compositeOf(node) };
  }
  if (!isBands(dimension)) throw cannotPlan(node, `reduces ${quoted(dimension)}`, 'Reduce "t" or "bands".');
  if (!isUntouched(draft))
    throw cannotPlan(
      node,
      'reduces bands after another reduction',
      'Compute the formula before time is reduced.',
    );
  return { ...draft, formula: lowerExpression(callbackOf(node, 'reducer'), { bands: draft.bands ?? [] }) };
}

function resampled(node: GraphNode, draft: Draft): Draft {
  if (!isUntouched(draft) || draft.spec.grid !== undefined) {
    throw cannotPlan(node, 'resamples what is computed', 'Put it right behind load_collection.');
  }
  const grid = gridOf(node);
  return { ...draft, spec: { ...draft.spec, grid } };
}

function indexed(node: GraphNode, draft: Draft): Draft {
  if (!isUntouched(draft))
    throw cannotPlan(node, 'computes the index after a reduction', 'Compute it before time is reduced.');
  if (literalOf(node, 'target_band') !== null)
    throw cannotPlan(node, 'keeps the bands beside the index', 'Leave "target_band" out.');
  const [nir, red] = ['nir', 'red'].map((name) => {
    const band = String(literalOf(node, name) ?? name);
    if (bandName.test(band)) return { kind: 'band', name: band } as const;
    throw cannotPlan(
      node,
      `names the band ${quoted(band)}`,
      'Names are a letter, then letters, digits and _.',
    );
  }) as [Expression, Expression];
  const isPlain = formatExpression(nir) === 'nir' && formatExpression(red) === 'red';
  const part = (operator: '+' | '-'): Expression => ({ kind: 'binary', operator, left: nir, right: red });
  return {
    ...draft,
    formula: { kind: 'binary', operator: '/', left: part('-'), right: part('+') },
    index: isPlain ? 'NDVI' : undefined,
  };
}

function applied(node: GraphNode, draft: Draft): Draft {
  if (draft.formula === undefined)
    throw cannotPlan(node, 'applies a process to every band', 'Reduce the bands to a formula first.');
  if (draft.composite !== 'none')
    throw cannotPlan(node, 'applies a process after time is reduced', 'Apply it before.');
  return {
    ...draft,
    index: undefined,
    formula: lowerExpression(callbackOf(node, 'process'), { x: draft.formula }),
  };
}

function filtered(node: GraphNode, draft: Draft): Draft {
  if (!isUntouched(draft))
    throw cannotPlan(node, 'filters what is computed', 'Filter right behind load_collection.');
  const { spec } = draft;
  switch (node.processId) {
    case 'filter_temporal': {
      onlyOnce(node, spec.datetime !== undefined, 'time');
      const datetime = datetimeOf(node, 'extent');
      return { ...draft, spec: { ...spec, ...(datetime === undefined ? {} : { datetime }) } };
    }
    case 'filter_bands':
      return { ...draft, bands: bandsOf(node) };
    default:
      return { ...draft, spec: { ...spec, aoi: limitedArea(node, spec.aoi) } };
  }
}

/** A box within a box is what they have in common; anything else is said once. */
function limitedArea(node: GraphNode, before: unknown): unknown {
  const area = areaOf(node, node.processId === 'filter_bbox' ? 'extent' : 'geometries');
  if (before === undefined) return area;
  const common = commonBox(before, area);
  if (common === null)
    throw cannotPlan(node, 'has nothing in common with the area before', 'Say where in load_collection.');
  onlyOnce(node, common === undefined, 'the area');
  return common;
}

function saved(node: GraphNode, draft: Draft): Draft {
  const format = formatOf(node);
  if (draft.aggregated !== undefined) {
    const table = tableFormats.find((name) => name.toLowerCase() === format.toLowerCase());
    if (table !== undefined) return { ...draft, format: table };
    throw cannotPlan(node, `saves a table as ${quoted(format)}`, `Use ${tableFormats.join(', ')}.`);
  }
  if (!rasterFormats.has(format.toLowerCase()))
    throw cannotPlan(node, `asks for the format ${quoted(format)}`, 'Use GTiff.');
  return draft;
}

/**
 * Pixels between the geometries count for none of them: cut to the same geometries before, as other back ends advise, the graph
 * asks for nothing else than without.
 */
function aggregated(node: GraphNode, draft: Draft): Draft {
  const { aoi, ...elsewhere } = draft.spec;
  const isSame = aoi !== undefined && canonicalJson(aoi) === canonicalJson(literalOf(node, 'geometries'));
  return {
    ...draft,
    spec: isSame ? elsewhere : draft.spec,
    aggregated: { ...aggregationOf(node), node },
  };
}

/** Nodes of the graph, and those that masks were made of. */
interface Surroundings {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly used: Set<string>;
}

/** The engine drops masked pixels before anything is computed: the same, as formulas have no data where a band has none. */
function masked(node: GraphNode, draft: Draft, { nodes, used }: Surroundings): Draft {
  if (draft.composite !== 'none')
    throw cannotPlan(node, 'masks after time is reduced', 'Mask before reducing time.');
  if (draft.mask !== 'none')
    throw cannotPlan(node, 'masks a second time', 'Put the conditions into one mask.');
  return { ...draft, mask: classMask(node, nodes, draft.load, used) };
}

type Lower = (node: GraphNode, draft: Draft, surroundings: Surroundings) => Draft;

const steps: ReadonlyMap<string, Lower> = new Map<string, Lower>([
  ['filter_temporal', filtered],
  ['filter_bbox', filtered],
  ['filter_spatial', filtered],
  ['filter_bands', filtered],
  ['resample_spatial', resampled],
  ['mask', masked],
  ['reduce_dimension', reduced],
  ['ndvi', indexed],
  ['apply', applied],
  ['aggregate_spatial', aggregated],
  ['save_result', saved],
]);

/** From load_collection to the result, each the `data` of the next. */
function rowOf(result: GraphNode, nodes: ReadonlyMap<string, GraphNode>): readonly GraphNode[] {
  const row: GraphNode[] = [];
  for (let node: GraphNode | undefined = result; node !== undefined; ) {
    row.unshift(node);
    if (isLoad(node)) return row;
    if (!steps.has(node.processId)) {
      throw cannotPlan(
        node,
        `uses ${node.processId}`,
        `A job has one load_collection or load_stac, then any of ${[...steps.keys()].join(', ')}.`,
      );
    }
    const data: Argument | undefined = node.arguments.get('data');
    if (data?.kind !== 'node')
      throw cannotPlan(node, 'does not take the result of another node', 'Put the nodes in one row.');
    node = nodes.get(data.id);
  }
  return row;
}

function stepped(node: GraphNode, draft: Draft, surroundings: Surroundings): Draft {
  if (draft.aggregated !== undefined && node.processId !== 'save_result')
    throw cannotPlan(node, 'computes with what was aggregated', 'Aggregate last, then save_result.');
  return steps.get(node.processId)!(node, draft, surroundings);
}

function pipelineOf({ index, formula, bands }: Draft, result: GraphNode): PlannedSpec['pipeline'] {
  if (index !== undefined) return { index };
  if (formula !== undefined) return { expression: formatExpression(formula) };
  if (bands !== undefined) return { bands };
  throw cannotPlan(result, 'has neither bands nor a formula', 'Name bands in load_collection.');
}

/** The table, once all nodes are known: composites have no date, formulas no band. */
function tableOf({
  load: loaded,
  aggregated: found,
  format = 'JSON',
  spec,
  composite,
  formula,
}: Draft): PlannedTable | undefined {
  if (found === undefined) return undefined;
  if (spec.aoi !== undefined)
    checkMeets(
      found.node,
      found.zones,
      parseAoi(spec.aoi, `${loaded.pointer}/arguments/spatial_extent`).bboxes,
    );
  return {
    reducer: found.reducer,
    format,
    hasDates: composite === 'none',
    hasBands: formula === undefined,
  };
}

/**
 * A graph that loads one collection, filters, masks by SCL, computes a formula of bands, reduces time and aggregates over
 * polygons, as the request that gives the same pixels: the same thing asked for by openEO and by REST is one request.
 * @throws SwathError Unsupported with the node and what to do instead; InvalidInput for a graph that is not valid, and for
 *   geometries that are none.
 */
export function planGraph({ graph }: ProcessDocument): PlannedGraph {
  const { result, nodes: needed } = neededOrder(graph);
  const row = rowOf(result, graph.nodes);
  const [first, ...rest] = row;
  if (first === undefined) throw new TypeError('a graph in order has a node');
  const used = new Set(row.map(({ id }) => id));
  const draft = rest.reduce((made, node) => stepped(node, made, { nodes: graph.nodes, used }), load(first));
  const beside = needed.find(({ id }) => !used.has(id));
  if (beside !== undefined)
    throw cannotPlan(beside, 'stands beside the row of the others', 'Put the nodes in one row.');
  const table = tableOf(draft);
  return {
    spec: {
      ...draft.spec,
      ...(draft.aggregated === undefined ? {} : { zones: draft.aggregated.zones }),
      pipeline: pipelineOf(draft, result),
      mask: draft.mask,
      composite: draft.composite,
    },
    ...(table === undefined ? {} : { table }),
  };
}

/** The request alone. @throws as {@link planGraph}. */
export function graphToSpec(document: ProcessDocument): PlannedSpec {
  return planGraph(document).spec;
}
