import { isSwathError } from '@swath/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateProcess } from '../evaluate/evaluate.ts';
import { parseProcess } from '../graph/parse.ts';
import { reducerTitle } from './table.ts';
import { reducedZone, type ZoneReducer, type ZoneSummary, zoneReducer } from './zone-reducer.ts';

const fromData = { from_parameter: 'data' };
const alone = (process_id: string, args: object = {}) => ({
  r: { process_id, arguments: { data: fromData, ...args }, result: true },
});
const elementOf = (probabilities: unknown, index: number) => ({
  q: { process_id: 'quantiles', arguments: { data: fromData, probabilities } },
  e: { process_id: 'array_element', arguments: { data: { from_node: 'q' }, index }, result: true },
});
const reducerOf = (nodes: object): ZoneReducer => zoneReducer(parseProcess({ process_graph: nodes }).graph);

const quantile = (sorted: readonly number[], p: number): number => {
  const at = (sorted.length - 1) * p;
  const low = Math.floor(at);
  return sorted[low]! + ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!) * (at - low);
};

/** What the engine counts of these pixels, written down anew. */
function summaryOf(pixels: readonly (number | null)[]): ZoneSummary {
  const values = pixels.filter((value) => value !== null).sort((a, b) => a - b);
  const nothing = { sum: null, min: null, max: null, mean: null, std: null, percentiles: null };
  if (values.length === 0) return { pixels: pixels.length, count: 0, ...nothing };
  const sum = values.reduce((a, b) => a + b, 0);
  const mean = sum / values.length;
  const std = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
  const [p2, p5, p25, p50, p75, p95, p98] = [2, 5, 25, 50, 75, 95, 98].map((p) =>
    quantile(values, p / 100),
  ) as [number, number, number, number, number, number, number];
  const percentiles = { p2, p5, p25, p50, p75, p95, p98 };
  return {
    pixels: pixels.length,
    count: values.length,
    sum,
    min: values[0]!,
    max: values.at(-1)!,
    mean,
    std,
    percentiles,
  };
}

const reducers: readonly (readonly [name: string, nodes: object])[] = [
  ...['mean', 'min', 'max', 'median', 'sd', 'variance', 'sum', 'count'].map((id) => [id, alone(id)] as const),
  ['count of all', alone('count', { condition: true })],
  ['the first of two quantiles', elementOf([0.25, 0.95], 0)],
  ['the second of two quantiles', elementOf([0.25, 0.95], 1)],
  ['the last of four parts', elementOf(4, 2)],
  ['the greatest quantile', elementOf([0, 0.5, 1], 2)],
];

describe('a reducer of geometries', () => {
  const value = fc.double({ min: -1000, max: 1000, noNaN: true });
  it.each(reducers)('gives by %s what the process gives of the same pixels', (_, nodes) => {
    const reducer = reducerOf(nodes);
    fc.assert(
      fc.property(fc.array(fc.option(value), { minLength: 1, maxLength: 40 }), (pixels) => {
        const graph = parseProcess({ process_graph: nodes }).graph;
        const document = { id: undefined, graph, parameters: [{ name: 'data' }] };
        const expected = evaluateProcess(document, { data: pixels });
        const found = reducedZone(reducer, summaryOf(pixels));
        // The deviation of a single value is not a number, which tables do not hold.
        if (expected === null || Number.isNaN(expected)) expect(found).toBe(null);
        else expect(found).toBeCloseTo(Number(expected), 6);
      }),
      { numRuns: 60 },
    );
  });

  it('has nothing to say of a geometry without a pixel', () => {
    for (const [, nodes] of reducers) expect(reducedZone(reducerOf(nodes), summaryOf([]))).toBe(null);
  });

  it.each<readonly [why: string, nodes: object, node: string]>([
    ['a statistic that zones do not have', alone('product'), 'r'],
    ['the first value', alone('first'), 'r'],
    ['a quantile between those there are', alone('quantiles', { probabilities: [0.9] }), 'r'],
    ['several quantiles', alone('quantiles', { probabilities: [0.25, 0.75] }), 'r'],
    ['a quantile that was not asked for', elementOf([0.25, 0.75], 2), 'e'],
    ['no data that decides', alone('mean', { ignore_nodata: false }), 'r'],
    [
      'a count by a condition',
      alone('count', {
        condition: {
          process_graph: {
            c: { process_id: 'gt', arguments: { x: { from_parameter: 'x' }, y: 1 }, result: true },
          },
        },
      }),
      'r',
    ],
    [
      'values of something else',
      { r: { process_id: 'mean', arguments: { data: [1, 2] }, result: true } },
      'r',
    ],
    [
      'two steps',
      {
        m: { process_id: 'mean', arguments: { data: fromData } },
        a: { process_id: 'add', arguments: { x: { from_node: 'm' }, y: 1 }, result: true },
      },
      'a',
    ],
  ])('refuses %s by its node, with what is possible', (_, nodes, at) => {
    try {
      reducerOf(nodes);
      expect.unreachable();
    } catch (error) {
      if (!isSwathError(error, 'Unsupported')) throw error;
      expect(error.pointer).toBe(`/process_graph/${at}`);
      expect(error.fix).not.toBe('');
    }
  });

  it('has a name that people know', () => {
    expect([alone('median'), alone('sum'), elementOf([0.25], 0)].map(reducerOf).map(reducerTitle)).toEqual([
      'median',
      'sum',
      'quantile 0.25',
    ]);
  });
});
