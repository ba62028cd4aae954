import { type Expression, formatExpression } from '@swath/raster/expression/index';
import { quoted } from '../exceptions.ts';
import type { Argument, GraphNode, ProcessDocument, ProcessGraph } from '../graph/model.ts';
import { neededOrder } from '../graph/order.ts';
import { isJsonObject, own } from '../values/decode.ts';
import { parseInstant } from '../values/instant.ts';
import { lowerExpression } from './lower-expression.ts';
import { cannotPlan } from './refuse.ts';

/** A request as `requestSpec` reads it, without defaults. */
export interface PlannedSpec {
  readonly collections: readonly string[];
  readonly aoi?: unknown;
  readonly datetime?: string;
  readonly pipeline:
    | { readonly index: string }
    | { readonly expression: string }
    | { readonly bands: readonly string[] };
  /** Graphs mask by processes of their own, never on the side. */
  readonly mask: 'none';
  readonly composite: 'none' | 'first' | 'max' | 'mean' | 'median' | 'min';
  readonly grid?: { readonly crs?: string; readonly resolution?: number; readonly resampling: string };
}

/** What the nodes so far have made. */
interface Draft {
  readonly spec: Pick<PlannedSpec, 'aoi' | 'collections' | 'datetime' | 'grid'>;
  readonly bands: readonly string[] | undefined;
  readonly formula: Expression | undefined;
  /** The index of the catalogue that the formula is, asked for by its name. */
  readonly index?: string | undefined;
  readonly composite: PlannedSpec['composite'];
}

const composites = new Set<string>(['first', 'max', 'mean', 'median', 'min']);
const bandName = /^[A-Za-z][A-Za-z0-9_]*$/;
const resamplings: Readonly<Record<string, string>> = { near: 'nearest' };
const formats: ReadonlySet<string> = new Set(['gtiff', 'geotiff', 'cog']);

function literalOf(node: GraphNode, name: string): unknown {
  const argument = node.arguments.get(name);
  if (argument === undefined) return null;
  if (argument.kind === 'literal') return argument.value;
  throw cannotPlan(node, `takes its "${name}" from elsewhere`, 'Write the value itself.');
}

/** openEO leaves the end of an interval out; requests include theirs: the day or the millisecond before. */
function datetimeOf(node: GraphNode, name: string): string | undefined {
  const extent = literalOf(node, name);
  if (extent === null) return undefined;
  const [start, end] = (Array.isArray(extent) ? extent : []).map((value: unknown) =>
    value === null ? null : String(value),
  );
  const last = end === null || end === undefined ? undefined : parseInstant(end);
  if (last === undefined) return start === null || start === undefined ? undefined : `${start}/..`;
  const included = new Date(last.epochMs - (last.hasTime ? 1 : 86_400_000)).toISOString();
  return `${start ?? '..'}/${last.hasTime ? included : included.slice(0, 10)}`;
}

/** A box as [west, south, east, north], or GeoJSON as it is. */
function areaOf(node: GraphNode, name: string): unknown {
  const extent = literalOf(node, name);
  if (!isJsonObject(extent) || own(extent, 'west') === undefined) return extent ?? undefined;
  const crs = own(extent, 'crs') ?? 4326;
  if (crs !== 4326 && crs !== 'EPSG:4326')
    throw cannotPlan(node, 'has a box in another CRS', 'Give it in longitude and latitude.');
  return ['west', 'south', 'east', 'north'].map((side) => own(extent, side));
}

function bandsOf(node: GraphNode): readonly string[] | undefined {
  const bands = literalOf(node, 'bands');
  if (!Array.isArray(bands)) return undefined;
  const names = bands.map(String);
  const odd = names.find((name) => !bandName.test(name));
  if (odd !== undefined)
    throw cannotPlan(
      node,
      `names the band ${quoted(odd)}`,
      'Names are a letter, then letters, digits and _.',
    );
  return names;
}

function load(node: GraphNode): Draft {
  if (literalOf(node, 'properties') !== null)
    throw cannotPlan(node, 'filters by metadata', 'Leave "properties" out.');
  const [aoi, datetime] = [areaOf(node, 'spatial_extent'), datetimeOf(node, 'temporal_extent')];
  return {
    spec: {
      collections: [String(literalOf(node, 'id'))],
      ...(aoi === undefined ? {} : { aoi }),
      ...(datetime === undefined ? {} : { datetime }),
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

function callbackOf(node: GraphNode, name: string): ProcessGraph {
  const argument = node.arguments.get(name);
  if (argument?.kind === 'graph') return argument.graph;
  throw cannotPlan(node, `has no process graph as "${name}"`, 'Give it one.');
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
  if (dimension === 't' || dimension === 'time' || dimension === 'temporal') {
    if (draft.composite !== 'none') throw cannotPlan(node, 'reduces time twice', 'Leave one out.');
    return { ...draft, composite: compositeOf(node) };
  }
  if (dimension !== 'bands' && dimension !== 'spectral')
    throw cannotPlan(node, `reduces ${quoted(dimension)}`, 'Reduce "t" or "bands".');
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
  const [resolution, projection, method] = ['resolution', 'projection', 'method'].map((name) =>
    literalOf(node, name),
  );
  if (Array.isArray(resolution))
    throw cannotPlan(node, 'asks for pixels that are not square', 'Give one resolution.');
  if (literalOf(node, 'align') !== null) throw cannotPlan(node, 'aligns the grid', 'Leave "align" out.');
  const asked = typeof method === 'string' ? method : 'near';
  const grid = {
    ...(typeof projection === 'number'
      ? { crs: `EPSG:${projection}` }
      : typeof projection === 'string'
        ? { crs: projection }
        : {}),
    ...(typeof resolution === 'number' && resolution > 0 ? { resolution } : {}),
    resampling: resamplings[asked] ?? asked,
  };
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
      onlyOnce(node, spec.aoi !== undefined, 'the area');
      return {
        ...draft,
        spec: { ...spec, aoi: areaOf(node, node.processId === 'filter_bbox' ? 'extent' : 'geometries') },
      };
  }
}

function saved(node: GraphNode, draft: Draft): Draft {
  const format = String(literalOf(node, 'format'));
  if (!formats.has(format.toLowerCase()))
    throw cannotPlan(node, `asks for the format ${quoted(format)}`, 'Use GTiff.');
  return draft;
}

type Lower = (node: GraphNode, draft: Draft) => Draft;

const steps: ReadonlyMap<string, Lower> = new Map<string, Lower>([
  ['filter_temporal', filtered],
  ['filter_bbox', filtered],
  ['filter_spatial', filtered],
  ['filter_bands', filtered],
  ['resample_spatial', resampled],
  ['reduce_dimension', reduced],
  ['ndvi', indexed],
  ['apply', applied],
  ['save_result', saved],
]);

/**
 * A graph that loads one collection, filters, computes a formula of bands and reduces time, as the request that gives the
 * same pixels: the same thing asked for by openEO and by REST is one request.
 * @throws SwathError Unsupported with the node and what to do instead; InvalidInput for a graph that is not valid.
 */
export function graphToSpec({ graph }: ProcessDocument): PlannedSpec {
  let draft: Draft | undefined;
  let before: GraphNode | undefined;
  for (const node of neededOrder(graph).nodes) {
    const lower = steps.get(node.processId);
    const data = node.arguments.get('data');
    if (node.processId === 'load_collection' && draft === undefined) draft = load(node);
    else if (lower === undefined || draft === undefined) {
      throw cannotPlan(
        node,
        `uses ${node.processId}`,
        `A job has one load_collection, then any of ${[...steps.keys()].join(', ')}.`,
      );
    } else if (data?.kind !== 'node' || data.id !== before?.id) {
      throw cannotPlan(node, 'does not take the result of the node before it', 'Put the nodes in one row.');
    } else draft = lower(node, draft);
    before = node;
  }
  if (draft === undefined || before === undefined) throw new TypeError('a graph in order has a node');
  const { spec, formula, index, bands, composite } = draft;
  if (formula === undefined && bands === undefined)
    throw cannotPlan(before, 'has neither bands nor a formula', 'Name bands in load_collection.');
  return {
    ...spec,
    pipeline:
      index !== undefined
        ? { index }
        : formula === undefined
          ? { bands: bands ?? [] }
          : { expression: formatExpression(formula) },
    mask: 'none',
    composite,
  };
}
