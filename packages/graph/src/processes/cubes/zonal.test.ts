import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateCall } from '../../evaluate/evaluate.ts';
import { encodeValue } from '../../values/encode.ts';

/** Two dates of 3 x 4 pixels of 10 m; centres at 5, 15, 25, 35 and 25, 15, 5. Values are 1 to 12, and a hundred more. */
const labels = (t: number) =>
  [0, 1, 2].map((row) => [0, 1, 2, 3].map((column) => t * 100 + row * 4 + column + 1));
const data = {
  type: 'datacube',
  order: ['t', 'y', 'x'],
  dimensions: {
    t: { type: 'temporal', values: ['2024-06-01', '2024-06-02'] },
    y: { type: 'spatial', axis: 'y', values: [25, 15, 5], reference_system: 32632 },
    x: { type: 'spatial', axis: 'x', values: [5, 15, 25, 35], reference_system: 32632 },
  },
  data: [labels(0), labels(1)],
};
const crs = { type: 'name', properties: { name: 'EPSG:32632' } };
const reducer = (process_id: string) => ({
  process_graph: { r: { process_id, arguments: { data: { from_parameter: 'data' } }, result: true } },
});
const square = (west: number, south: number, east: number, north: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ],
  ],
});
const feature = (geometry: unknown, more: Record<string, unknown> = {}) => ({
  type: 'Feature',
  properties: {},
  geometry,
  ...more,
});
const collection = (...features: unknown[]) => ({ type: 'FeatureCollection', features, crs });

function aggregated(geometries: unknown, more: Record<string, unknown> = {}): Record<string, unknown> {
  const args = { data, geometries, reducer: reducer('sum'), ...more };
  return encodeValue(evaluateCall({ process_id: 'aggregate_spatial', arguments: args })) as Record<
    string,
    unknown
  >;
}

describe('aggregate_spatial', () => {
  it('gives one value for each geometry and label of the other dimensions', () => {
    const fields = collection(
      feature(square(0, 10, 20, 30), { id: 'a', properties: { crop: 'rye' } }),
      feature(square(20, 0, 40, 10), { id: 'b' }),
      feature(square(900, 0, 940, 10), { id: 'elsewhere' }),
    );
    const cube = aggregated(fields);
    expect(cube).toMatchObject({
      order: ['t', 'geometry'],
      dimensions: {
        geometry: {
          type: 'geometry',
          values: ['a', 'b', 'elsewhere'],
          reference_system: 'EPSG:32632',
          geometries: [{ properties: { crop: 'rye' } }, {}, {}],
        },
      },
      data: [
        [1 + 2 + 5 + 6, 11 + 12, null],
        [414, 223, null],
      ],
    });
  });

  it('counts pixels and valid ones where it is asked to', () => {
    const gap = {
      ...data,
      data: [
        [
          [null, 2, 3, 4],
          [5, 6, 7, 8],
          [9, 10, 11, 12],
        ],
        labels(1),
      ],
    };
    const cube = aggregated({ ...square(0, 10, 20, 30), crs }, { data: gap, target_dimension: 'about' });
    expect(cube).toMatchObject({
      order: ['t', 'geometry', 'about'],
      dimensions: { about: { type: 'other', values: ['value', 'total_count', 'valid_count'] } },
      data: [[[13, 4, 3]], [[414, 4, 4]]],
    });
    expect(() => aggregated({ ...square(0, 0, 9, 9), crs }, { target_dimension: 't' })).toThrowError(
      expect.objectContaining({ reason: 'TargetDimensionExists' }),
    );
  });

  it('takes the geometries of a collection each by itself, also without Features', () => {
    const shapes = [square(0, 10, 20, 30), square(20, 0, 40, 10)];
    const bare = { type: 'GeometryCollection', geometries: shapes, crs };
    expect(aggregated(bare)['data']).toEqual(
      aggregated(collection(...shapes.map((one) => feature(one))))['data'],
    );
  });

  it('takes the closest pixel of a point and those a line passes', () => {
    const values = (geometry: unknown) =>
      (aggregated({ ...(geometry as object), crs })['data'] as number[][])[0];
    expect(values({ type: 'Point', coordinates: [18, 3] })).toEqual([10]);
    expect(
      values({
        type: 'MultiPoint',
        coordinates: [
          [18, 3],
          [19, 4],
          [39, 29],
          [41, 29],
        ],
      }),
    ).toEqual([14]);
    expect(
      values({
        type: 'LineString',
        coordinates: [
          [-50, 25],
          [25, 25],
          [25, 1],
        ],
      }),
    ).toEqual([1 + 2 + 3 + 7 + 11]);
    expect(
      values({
        type: 'LineString',
        coordinates: [
          [2, 29],
          [19, 12],
        ],
      }),
    ).toEqual([1 + 2 + 6]);
  });

  it('brings geometries to the pixels from longitude and latitude', () => {
    const far = {
      ...data,
      dimensions: {
        ...data.dimensions,
        x: { ...data.dimensions.x, values: [499985, 499995, 500005, 500015] },
        y: { ...data.dimensions.y, values: [5400025, 5400015, 5400005] },
      },
    };
    // 9 degrees east is x = 500,000 of this CRS.
    const east = square(9, 48, 10, 49);
    expect(aggregated(east, { data: far })['data']).toEqual([[3 + 4 + 7 + 8 + 11 + 12], [645]]);
  });

  it('gives over parts of the area what it gives over all of it', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 39 }), { maxLength: 5 });
    fc.assert(
      fc.property(cuts, (inner) => {
        // Cuts beside centres: a pixel is in one part.
        const edges = [...new Set([0, ...inner.map((x) => (x % 10 === 5 ? x + 1 : x)), 40])].sort(
          (a, b) => a - b,
        );
        const strips = edges.slice(1).map((east, i) => feature(square(edges[i]!, 0, east, 30)));
        const [first] = aggregated(collection(...strips))['data'] as number[][];
        expect(first!.reduce((sum, value) => sum + (value ?? 0), 0)).toBe(78);
      }),
    );
  });

  it.each([
    [
      'collections in a collection',
      { type: 'GeometryCollection', geometries: [{ type: 'GeometryCollection', geometries: [] }] },
    ],
    ['a point without a place', { type: 'Point', coordinates: ['a', 1] }],
    ['more geometries than may be', collection(...Array.from({ length: 1001 }, () => feature(null)))],
  ])('refuses %s', (_, geometries) => {
    expect(() => aggregated(geometries)).toThrowError(
      expect.objectContaining({ reason: 'ProcessParameterInvalid' }),
    );
  });
});
