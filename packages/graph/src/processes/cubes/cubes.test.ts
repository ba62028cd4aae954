import { isSwathError } from '@swath/core';
import { describe, expect, it } from 'vitest';
import { evaluateCall } from '../../evaluate/evaluate.ts';
import { encodeValue } from '../../values/encode.ts';
import { cubeOf } from './cube.fixture.ts';

const call = (process_id: string, args: Record<string, unknown>): unknown =>
  encodeValue(evaluateCall({ process_id, arguments: args }));

function thrownBy(process_id: string, args: Record<string, unknown>): string | undefined {
  try {
    call(process_id, args);
    return undefined;
  } catch (error) {
    if (isSwathError(error)) return error.reason;
    throw error;
  }
}

const single = (process_id: string, args: Record<string, unknown>) => ({
  process_graph: { p: { process_id, arguments: args, result: true } },
});
const reducer = (process_id: string) => single(process_id, { data: { from_parameter: 'data' } });

const plane = cubeOf({ y: [2, 1], x: [10, 20, 30] }, [
  [1, 2, 3],
  [4, null, 6],
]);

describe('reducing and applying', () => {
  it('goes along the named dimension, whichever it is', () => {
    expect(call('reduce_dimension', { data: plane, dimension: 'x', reducer: reducer('sum') })).toMatchObject({
      order: ['y'],
      data: [6, 10],
    });
    expect(call('reduce_dimension', { data: plane, dimension: 'y', reducer: reducer('sum') })).toMatchObject({
      order: ['x'],
      data: [5, 2, 9],
    });
    expect(call('reduce_spatial', { data: plane, reducer: reducer('max') })).toMatchObject({ data: [6] });
  });

  it('gives the reducer the labels of the dimension', () => {
    const byLabel = single('array_element', { data: { from_parameter: 'data' }, label: 20 });
    expect(call('reduce_dimension', { data: plane, dimension: 'x', reducer: byLabel })).toMatchObject({
      data: [2, null],
    });
  });

  it('lets a callback see the parameters around it, its own first', () => {
    const inner = single('add', { x: { from_parameter: 'x' }, y: { from_parameter: 'context' } });
    const outer = single('array_apply', {
      data: [{ from_parameter: 'x' }, 1],
      process: inner,
      context: { from_parameter: 'context' },
    });
    const first = {
      process_graph: {
        ...outer.process_graph,
        e: { process_id: 'array_element', arguments: { data: { from_node: 'p' }, index: 0 }, result: true },
      },
    };
    Reflect.deleteProperty(first.process_graph.p, 'result');
    expect(call('apply', { data: plane, process: first, context: 100 })).toMatchObject({
      data: [
        [101, 102, 103],
        [104, null, 106],
      ],
    });
  });

  it('keeps booleans, and refuses what is no single value', () => {
    expect(
      call('apply', { data: plane, process: single('gt', { x: { from_parameter: 'x' }, y: 2 }) }),
    ).toMatchObject({
      data: [
        [false, false, true],
        [true, null, true],
      ],
    });
    expect(thrownBy('apply', { data: plane, process: single('array_create', { data: [1] }) })).toBe(
      'ProcessParameterInvalid',
    );
  });

  it('writes results of another length along the dimension, labelled from 0', () => {
    expect(
      call('apply_dimension', { data: plane, dimension: 'x', process: reducer('extrema') }),
    ).toMatchObject({
      dimensions: { x: { values: [0, 1] } },
      data: [
        [1, 3],
        [4, 6],
      ],
    });
  });
});

describe('labels', () => {
  it('are kept in the order asked for, with their values', () => {
    const bands = cubeOf({ b: ['red', 'green', 'blue'], x: [1, 2] }, [
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(call('filter_bands', { data: bands, bands: ['blue', 'red'] })).toMatchObject({
      dimensions: { b: { values: ['blue', 'red'] } },
      data: [
        [5, 6],
        [1, 2],
      ],
    });
    expect(thrownBy('filter_bands', { data: bands, bands: ['nir'] })).toBe('ProcessParameterInvalid');
  });

  it('join in a merge; the overlap goes through the resolver, and holes are no data', () => {
    const a = cubeOf({ t: ['2024-01-01', '2024-01-03'], x: [1] }, [[1], [3]]);
    const b = cubeOf({ t: ['2024-01-02', '2024-01-03'], x: [1] }, [[20], [30]]);
    const merged = {
      cube1: a,
      cube2: b,
      overlap_resolver: single('max', { data: [{ from_parameter: 'x' }, { from_parameter: 'y' }] }),
    };
    expect(call('merge_cubes', merged)).toMatchObject({
      dimensions: { t: { values: ['2024-01-01', '2024-01-02', '2024-01-03'] } },
      data: [[1], [20], [30]],
    });
    expect(thrownBy('merge_cubes', { cube1: a, cube2: b })).toBe('OverlapResolverMissing');
  });

  it('compute NDVI beside the bands or in their place', () => {
    const data = cubeOf({ b: ['red', 'nir'], y: [1], x: [1, 2] }, [[[1, 2]], [[3, null]]]);
    expect(call('ndvi', { data })).toMatchObject({ order: ['y', 'x'], data: [[0.5, null]] });
    expect(call('ndvi', { data, target_band: 'ndvi' })).toMatchObject({
      data: [[[1, 2]], [[3, null]], [[0.5, null]]],
    });
    expect(thrownBy('ndvi', { data, nir: 'B08' })).toBe('NirBandAmbiguous');
  });

  it('without data go at the ends of an axis, and anywhere in other dimensions', () => {
    const data = cubeOf({ b: ['p', 'q', 'r'], x: [1, 2, 3, 4] }, [
      [null, 1, null, 2],
      [null, null, null, null],
      [null, 3, null, null],
    ]);
    expect(call('trim_cube', { data })).toMatchObject({
      dimensions: { b: { values: ['p', 'r'] }, x: { values: [2, 3, 4] } },
      data: [
        [1, null, 2],
        [3, null, null],
      ],
    });
  });
});

describe('periods', () => {
  const over = (period: string, dates: readonly string[]): unknown => {
    const data = cubeOf(
      { t: dates, x: [1] },
      dates.map((_, i) => [i]),
    );
    const made = call('aggregate_temporal_period', { data, period, reducer: reducer('count') });
    return (made as { dimensions: { t: { values: unknown } } }).dimensions.t.values;
  };

  it.each([
    ['week', ['2020-12-31', '2021-01-04'], ['2020-53', '2021-01']],
    ['week', ['2018-12-31'], ['2019-01']],
    ['day', ['2020-12-31', '2021-01-01'], ['2020-366', '2021-001']],
    ['dekad', ['2024-02-29', '2024-03-01'], ['2024-06', '2024-07']],
    ['season', ['2019-12-01', '2020-03-01', '2020-09-30'], ['2020-djf', '2020-mam', '2020-jja', '2020-son']],
    ['tropical-season', ['2024-04-30', '2024-05-01'], ['2023-ndjfma', '2024-mjjaso']],
    ['decade-ad', ['2020-12-31', '2021-01-01'], ['2011', '2021']],
    ['hour', ['2020-06-01T23:59:59Z', '2020-06-02T00:00:00Z'], ['2020-06-01-23', '2020-06-02-00']],
    ['month', ['2020-01-01T00:30:00+01:00'], ['2019-12']],
  ])('%s of %j are %j', (period, dates, labels) => {
    expect(over(period, dates)).toEqual(labels);
  });

  it('are refused by the million', () => {
    expect(
      thrownBy('aggregate_temporal_period', {
        data: cubeOf({ t: ['1500-01-01', '2020-01-01'] }, [1, 2]),
        period: 'hour',
        reducer: reducer('mean'),
      }),
    ).toBe('ProcessGraphComplexity');
  });
});

describe('the plane', () => {
  it('extends beyond its edge as the border says', () => {
    const data = cubeOf({ y: [1], x: [1, 2, 3] }, [[1, 2, 4]]);
    const left = (border: unknown) => call('apply_kernel', { data, kernel: [[1, 0, 0, 0, 0]], border });
    expect(
      [0, 9, 'replicate', 'reflect', 'reflect_pixel', 'wrap'].map(
        (border) => (left(border) as { data: unknown[] }).data[0],
      ),
    ).toEqual([
      [0, 0, 1],
      [9, 9, 1],
      [1, 1, 1],
      [2, 1, 1],
      [4, 2, 1],
      [2, 4, 1],
    ]);
  });

  it('takes the dimensions in any order', () => {
    const data = cubeOf({ x: [1, 2], y: [2, 1] }, [
      [1, 2],
      [3, 4],
    ]);
    expect(call('apply_kernel', { data, kernel: [[0, 0, 1]] })).toMatchObject({
      order: ['x', 'y'],
      data: [
        [3, 4],
        [0, 0],
      ],
    });
  });

  it('knows holes of polygons', () => {
    const square = (from: number, to: number) => [
      [from, from],
      [to, from],
      [to, to],
      [from, to],
      [from, from],
    ];
    const data = cubeOf({ y: [3, 2, 1], x: [1, 2, 3] }, [
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
    ]);
    const mask = { type: 'Polygon', coordinates: [square(0.5, 3.5), square(1.5, 2.5)] };
    expect(call('mask_polygon', { data, mask })).toMatchObject({
      data: [
        [1, 1, 1],
        [1, null, 1],
        [1, 1, 1],
      ],
    });
    expect(
      call('filter_spatial', { data, geometries: { type: 'Polygon', coordinates: [square(0.5, 2.5)] } }),
    ).toMatchObject({
      data: [
        [1, 1],
        [1, 1],
      ],
    });
  });

  it('masks alike where the mask lacks a dimension, and refuses labels that differ', () => {
    const data = cubeOf({ b: ['p', 'q'], x: [1, 2] }, [
      [1, 2],
      [3, 4],
    ]);
    expect(call('mask', { data, mask: cubeOf({ x: [1, 2] }, [0, 1]) })).toMatchObject({
      data: [
        [1, null],
        [3, null],
      ],
    });
    expect(thrownBy('mask', { data, mask: cubeOf({ x: [1, 3] }, [0, 1]) })).toBe('IncompatibleDataCubes');
  });
});

describe('bounds', () => {
  it('refuse a cube over the limit before it is made', () => {
    const long = Array.from({ length: 4000 }, (_, i) => i);
    const a = cubeOf({ p: long }, long);
    const b = cubeOf({ q: long }, long);
    expect(thrownBy('merge_cubes', { cube1: a, cube2: b, overlap_resolver: reducer('sum') })).toBe(
      'ProcessGraphComplexity',
    );
  });

  it('refuse data that does not fit the dimensions', () => {
    expect(thrownBy('trim_cube', { data: cubeOf({ x: [1, 2] }, [1]) })).toBe('ProcessParameterInvalid');
    expect(thrownBy('trim_cube', { data: cubeOf({ x: [1, 1] }, [1, 2]) })).toBe('ProcessParameterInvalid');
  });
});
