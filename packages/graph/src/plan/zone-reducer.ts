import { quoted } from '../exceptions.ts';
import type { Argument, GraphNode, ProcessGraph } from '../graph/model.ts';
import { neededOrder } from '../graph/order.ts';
import { literalOf } from './read-arguments.ts';
import { cannotPlan } from './refuse.ts';

/** Percents that statistics by zone have. */
const percents = [2, 5, 25, 50, 75, 95, 98] as const;
type Percent = (typeof percents)[number];

/** What becomes of the values of a zone, among what is counted of each. Plain JSON: a started job keeps it. */
export type ZoneReducer =
  | { readonly kind: 'count' | 'max' | 'mean' | 'min' | 'pixels' | 'sd' | 'sum' | 'variance' }
  | { readonly kind: 'percentile'; readonly percent: Percent };

/** What is counted of a zone and band; null without a valid pixel. */
export interface ZoneSummary {
  /** Pixels of the grid within the zone, valid or not. */
  readonly pixels: number;
  /** Valid ones. */
  readonly count: number;
  readonly sum: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** Of the population: squared deviations divided by `count`. */
  readonly std: number | null;
  readonly percentiles: Readonly<Record<`p${Percent}`, number>> | null;
}

const plain = ['max', 'mean', 'min', 'sd', 'sum', 'variance'] as const;
const isPlain = (id: string): id is (typeof plain)[number] => plain.some((one) => one === id);

const howTo =
  'Use mean, min, max, median, sd, variance, sum, count, or quantiles of one of 0, 0.02, 0.05, 0.25, 0.5, 0.75, 0.95, 0.98, 1.';

const isData = (argument: Argument | undefined): boolean =>
  argument?.kind === 'parameter' && argument.name === 'data';

/** Statistics leave no-data values out, as the reducers do unless they are told otherwise. */
function checkValues(node: GraphNode, more: readonly string[] = []): void {
  const odd = [...node.arguments.keys()].find(
    (name) => name !== 'data' && name !== 'ignore_nodata' && name !== 'context' && !more.includes(name),
  );
  if (odd !== undefined) throw cannotPlan(node, `is given ${quoted(odd)}`, 'Leave it out.');
  if (!isData(node.arguments.get('data')))
    throw cannotPlan(node, 'takes something else than the values of the geometry', 'Give it "data".');
  if (literalOf(node, 'ignore_nodata') === false)
    throw cannotPlan(node, 'lets no data decide', 'Leave "ignore_nodata" out.');
}

function ofProbability(node: GraphNode, probability: unknown): ZoneReducer {
  if (probability === 0) return { kind: 'min' };
  if (probability === 1) return { kind: 'max' };
  const percent = percents.find((one) => one / 100 === probability);
  if (percent !== undefined) return { kind: 'percentile', percent };
  throw cannotPlan(node, `asks for the quantile ${quoted(probability)}`, howTo);
}

/** Probabilities, in the order of the array that comes out. */
function probabilitiesOf(node: GraphNode): readonly unknown[] {
  checkValues(node, ['probabilities', 'q']);
  const given = literalOf(node, 'probabilities') ?? literalOf(node, 'q');
  if (Array.isArray(given)) return given;
  const parts = Number(given);
  return Number.isInteger(parts) && parts >= 2 && parts <= 100
    ? Array.from({ length: parts - 1 }, (_, i) => (i + 1) / parts)
    : [];
}

function only(values: readonly unknown[], node: GraphNode): unknown {
  if (values.length === 1) return values[0];
  throw cannotPlan(
    node,
    `asks for ${values.length} quantiles at once`,
    'Ask for one, or take one by array_element.',
  );
}

function ofStatistic(node: GraphNode): ZoneReducer {
  if (isPlain(node.processId)) {
    checkValues(node);
    return { kind: node.processId };
  }
  switch (node.processId) {
    case 'median':
      checkValues(node);
      return { kind: 'percentile', percent: 50 };
    case 'count': {
      checkValues(node, ['condition']);
      const condition = literalOf(node, 'condition');
      if (condition === null || condition === true) return { kind: condition === true ? 'pixels' : 'count' };
      throw cannotPlan(node, 'counts by a condition', 'Leave "condition" out, or give true for all pixels.');
    }
    case 'quantiles':
      return ofProbability(node, only(probabilitiesOf(node), node));
    default:
      throw cannotPlan(node, `reduces geometries by ${node.processId}`, howTo);
  }
}

/**
 * A reducer of aggregate_spatial as one of the statistics that each zone has: a process of its own, or the element of an
 * array of quantiles.
 * @throws SwathError Unsupported for any other, naming the node.
 */
export function zoneReducer(graph: ProcessGraph): ZoneReducer {
  const { result, nodes } = neededOrder(graph);
  if (nodes.length === 1) return ofStatistic(result);
  const [first, second] = nodes;
  const data = result.arguments.get('data');
  const isElement =
    nodes.length === 2 &&
    second === result &&
    result.processId === 'array_element' &&
    first?.processId === 'quantiles' &&
    data?.kind === 'node';
  if (first === undefined || !isElement)
    throw cannotPlan(result, 'reduces geometries in several steps', howTo);
  const probabilities = probabilitiesOf(first);
  const index = literalOf(result, 'index');
  if (typeof index !== 'number' || index < 0 || index >= probabilities.length)
    throw cannotPlan(
      result,
      'takes a quantile that is not there',
      `Give an index from 0 to ${probabilities.length - 1}.`,
    );
  return ofProbability(first, probabilities[index]);
}

/**
 * The value of a zone as openEO's process gives it: no data without a pixel, and where a statistic has nothing to be of. `sd`
 * and `variance` are those of a sample: squared deviations are divided by count - 1.
 */
export function reducedZone(reducer: ZoneReducer, zone: ZoneSummary): number | null {
  if (zone.pixels === 0) return null;
  const { std, count } = zone;
  const variance = std === null || count < 2 ? null : (std ** 2 * count) / (count - 1);
  switch (reducer.kind) {
    case 'percentile':
      return zone.percentiles?.[`p${reducer.percent}`] ?? null;
    case 'variance':
      return variance;
    case 'sd':
      return variance === null ? null : Math.sqrt(variance);
    default:
      return zone[reducer.kind];
  }
}
