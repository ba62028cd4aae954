import { decodeRows } from '@swath/analytics/parquet/decode';
import { isSwathError } from '@swath/core';
import { type Cube, type Dimension, makeCube, type PlannedTable } from '@swath/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableParquet } from './table-parquet.ts';
import { tableCsv, tableGeojson, tableJson, writeTable } from './write-table.ts';
import { isZonal, tableOfCube, tableOfStatistics, type ZonalTable } from './zonal-table.ts';

const square = (west: number) => ({
  type: 'Polygon' as const,
  coordinates: [
    [
      [west, 48],
      [west + 1, 48],
      [west + 1, 49],
      [west, 48],
    ],
  ],
});
const dates = ['2024-06-01T10:30:00Z', '2024-06-04T10:30:00Z'];
const unnamed = [10, 12].map((west, i) => ({ id: String(i), geometry: square(west) }));
const named = [
  { id: 'left, north', geometry: square(10) },
  { id: 'right', geometry: square(12) },
];
const tableOf = (more: Partial<ZonalTable> = {}): ZonalTable => ({
  dates,
  features: unnamed,
  bands: ['red', 'nir'],
  values: Float64Array.of(0.1, 0.5, Number.NaN, Number.NaN, 0.2, 0.6, 0.3, 0.7),
  ...more,
});
const columns = (...names: readonly (readonly [string, 'varchar' | 'bigint' | 'double' | 'varbinary'])[]) =>
  names.map(([name, type]) => ({ name, type, description: '' }));

describe('a table of geometries', () => {
  it('is JSON by date, geometry and band, as the Python client reads it', () => {
    expect(JSON.parse(tableJson(tableOf()))).toEqual({
      [dates[0]!]: [
        [0.1, 0.5],
        [null, null],
      ],
      [dates[1]!]: [
        [0.2, 0.6],
        [0.3, 0.7],
      ],
    });
    const once = tableOf({ dates: null, bands: null, values: Float64Array.of(1, 2) });
    expect(JSON.parse(tableJson(once))).toEqual([[1], [2]]);
  });

  it('is CSV with a row for each date and geometry', () => {
    expect(tableCsv(tableOf()).split('\r\n').slice(0, 3)).toEqual([
      'date,feature_index,red,nir',
      '2024-06-01T10:30:00Z,0,0.1,0.5',
      '2024-06-01T10:30:00Z,1,,',
    ]);
    const once = tableOf({ dates: null, bands: null, features: named, values: Float64Array.of(1, 2) });
    expect(tableCsv(once)).toBe('feature_index,feature_id,value\r\n0,"left, north",1\r\n1,right,2\r\n');
  });

  it('gives no two columns one name', () => {
    const odd = tableOf({ bands: ['date', 'feature_index'] });
    expect(tableCsv(odd).split('\r\n')[0]).toBe('date,feature_index,date_,feature_index_');
  });

  it('is GeoJSON with a Feature for each geometry, its values by date and band', () => {
    const { features } = JSON.parse(tableGeojson(tableOf({ features: named }))) as { features: unknown[] };
    expect(features).toEqual([
      {
        type: 'Feature',
        id: 'left, north',
        properties: {
          feature_index: 0,
          [`${dates[0]}~red`]: 0.1,
          [`${dates[0]}~nir`]: 0.5,
          [`${dates[1]}~red`]: 0.2,
          [`${dates[1]}~nir`]: 0.6,
        },
        geometry: square(10),
      },
      expect.objectContaining({ id: 'right', geometry: square(12) }),
    ]);
    const formula = JSON.parse(
      tableGeojson(tableOf({ bands: null, values: Float64Array.of(1, 2, 3, 4) })),
    ) as {
      features: { properties: object }[];
    };
    expect(formula.features[0]?.properties).toEqual({ feature_index: 0, [dates[0]!]: 1, [dates[1]!]: 3 });
  });

  it('is GeoParquet with the same rows', async () => {
    const { rows, metadata } = await decodeRows(
      columns(
        ['date', 'varchar'],
        ['feature_index', 'bigint'],
        ['feature_id', 'varchar'],
        ['red', 'double'],
        ['nir', 'double'],
        ['geometry', 'varbinary'],
      ),
      tableParquet(tableOf({ features: named })),
      'table',
    );
    expect(
      rows.map(({ date, feature_index, feature_id, red, nir }) => [
        date,
        feature_index,
        feature_id,
        red,
        nir,
      ]),
    ).toEqual([
      [dates[0], 0, 'left, north', 0.1, 0.5],
      [dates[0], 1, 'right', null, null],
      [dates[1], 0, 'left, north', 0.2, 0.6],
      [dates[1], 1, 'right', 0.3, 0.7],
    ]);
    expect(rows.every(({ geometry }) => geometry !== null)).toBe(true);
    expect(JSON.parse(metadata['geo'] ?? '')).toMatchObject({
      version: '1.1.0',
      columns: { geometry: { encoding: 'WKB', geometry_types: ['Polygon'] } },
    });
  });

  it('is not written as GeoJSON in another CRS', async () => {
    const elsewhere = tableOf({ crs: 'EPSG:32632' });
    await expect(writeTable(elsewhere, 'GeoJSON')).rejects.toMatchObject({ reason: 'FormatUnsuitable' });
    expect((await writeTable(elsewhere, 'CSV')).contentType).toBe('text/csv');
  });
});

describe('a cube of geometries', () => {
  const axes: readonly Dimension[] = [
    { name: 't', type: 'temporal', labels: dates },
    { name: 'bands', type: 'bands', labels: ['red', 'nir', 'scl'] },
    {
      name: 'geometry',
      type: 'geometry',
      labels: [0, 1],
      geometries: new Map(unnamed.map(({ geometry }, i) => [i, geometry])),
    },
  ];
  /** The cell of these labels says which they are. */
  function cubeOf(dimensions: readonly Dimension[]): Cube {
    const size = dimensions.reduce((all, { labels }) => all * labels.length, 1);
    const values = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      let rest = i;
      for (const { name, labels } of dimensions.toReversed()) {
        values[i] = values[i]! + (rest % labels.length) * { t: 100, geometry: 10, bands: 1 }[name]!;
        rest = Math.floor(rest / labels.length);
      }
    }
    return makeCube(dimensions, { kind: 'number', values, missing: new Uint8Array(size) });
  }

  it('is the same table whatever the order of its dimensions, and whichever of them it has', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...axes]), (chosen) => {
        const cube = cubeOf(chosen);
        const has = (name: string) => chosen.some((one) => one.name === name);
        expect(isZonal(cube)).toBe(has('geometry'));
        if (!has('geometry')) return;
        const { dates: times, bands, values } = tableOfCube(cube);
        expect([times, bands]).toEqual([
          has('t') ? dates : null,
          has('bands') ? ['red', 'nir', 'scl'] : null,
        ]);
        const expected = (times ?? [null]).flatMap((_time, t) =>
          unnamed.flatMap((_feature, g) => (bands ?? [null]).map((_band, b) => 100 * t + 10 * g + b)),
        );
        expect([...values]).toEqual(expected);
      }),
    );
  });

  it('is none with a dimension that tables do not have', () => {
    expect(isZonal(cubeOf([axes[0]!, axes[1]!]))).toBe(false);
    expect(isZonal(makeCube([...axes, { name: 'z', type: 'other', labels: [1] }], cubeOf(axes).cells))).toBe(
      false,
    );
  });
});

describe('statistics of products', () => {
  const asked: PlannedTable = { reducer: { kind: 'mean' }, format: 'JSON', hasDates: true, hasBands: true };
  const row = (zone: string, band: string, mean: number) => ({
    ...{ zone, band, pixels: 4, count: 4, sum: 4 * mean, min: mean, max: mean, mean, std: 0 },
    percentiles: null,
  });

  it('become a table in the order of dates, zones and bands', () => {
    const rows = (add: number) => [
      row('0', 'red', add + 0.1),
      row('1', 'red', add + 0.2),
      row('0', 'nir', add + 0.3),
      row('1', 'nir', add + 0.4),
    ];
    const products = dates.map((date, i) => ({ date, rows: rows(i) }));
    const table = tableOfStatistics(products, unnamed, asked);
    expect([...table.values]).toEqual([0.1, 0.3, 0.2, 0.4, 1.1, 1.3, 1.2, 1.4]);
    expect(table).toMatchObject({ dates, bands: ['red', 'nir'] });
    const reduced = tableOfStatistics(products.slice(0, 1), unnamed, { ...asked, hasDates: false });
    expect(reduced.dates).toBe(null);
  });

  it('are refused when they are of other zones', () => {
    const wrong = (rows: readonly ReturnType<typeof row>[]) => {
      try {
        tableOfStatistics([{ date: dates[0]!, rows }], unnamed, asked);
      } catch (error) {
        if (isSwathError(error)) return error.code;
        throw error;
      }
      return 'a table';
    };
    expect(wrong([row('0', 'red', 1)])).toBe('Corrupt');
    expect(wrong([row('0', 'red', 1), row('5', 'red', 1)])).toBe('Corrupt');
    expect(wrong([row('0', 'red', 1), row('1', 'red', 1)])).toBe('a table');
  });
});
