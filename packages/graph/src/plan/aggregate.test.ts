import { isSwathError } from '@swath/core';
import { checkSpec, contentKey } from '@swath/requests';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProcess } from '../graph/parse.ts';
import { validateProcess } from '../graph/validate.ts';
import { planGraph } from './graph-to-spec.ts';

type Json = Readonly<Record<string, unknown>>;
const call = (process_id: string, args: Json, more: Json = {}) => ({ process_id, arguments: args, ...more });
const from = (from_node: string) => ({ from_node });
const reducer = (process_id: string) => ({
  process_graph: { r: { process_id, arguments: { data: { from_parameter: 'data' } }, result: true } },
});
const square = (west: number, south: number, side = 0.01) => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [west + side, south],
      [west + side, south + side],
      [west, south + side],
      [west, south],
    ],
  ],
});
const feature = (geometry: unknown, more: Json = {}) => ({
  type: 'Feature',
  properties: {},
  geometry,
  ...more,
});
const collection = (...features: unknown[]) => ({ type: 'FeatureCollection', features });
const fields = collection(feature(square(4.82, 52.31)), feature(square(4.84, 52.33)));

interface Asked {
  readonly geometries?: unknown;
  readonly reducer?: string;
  readonly area?: unknown;
  readonly bands?: readonly string[];
  readonly format?: string;
  readonly reduced?: 'index' | 'time' | 'both';
  readonly more?: Json;
  readonly behind?: string;
}

function graphOf({
  geometries = fields,
  area = null,
  bands = ['red', 'nir'],
  format = 'JSON',
  ...asked
}: Asked) {
  const nodes: Record<string, Json> = {
    load: call('load_collection', {
      id: 'sentinel-2-l2a',
      spatial_extent: area,
      temporal_extent: ['2024-05-01', '2024-09-01'],
      bands,
    }),
  };
  let last = 'load';
  const add = (id: string, process: string, args: Json) => {
    nodes[id] = call(process, { data: from(last), ...args });
    last = id;
  };
  if (asked.reduced === 'index' || asked.reduced === 'both') add('index', 'ndvi', {});
  if (asked.reduced === 'time' || asked.reduced === 'both')
    add('time', 'reduce_dimension', { dimension: 't', reducer: reducer('median') });
  add('zones', 'aggregate_spatial', {
    geometries,
    reducer: reducer(asked.reducer ?? 'mean'),
    ...asked.more,
  });
  if (asked.behind !== undefined)
    add('behind', 'reduce_dimension', { dimension: asked.behind, reducer: reducer('max') });
  add('save', 'save_result', { format });
  nodes[last] = { ...nodes[last], result: true };
  const document = parseProcess({ process_graph: nodes });
  expect(validateProcess(document)).toEqual([]);
  return document;
}
const plan = (asked: Asked) => planGraph(graphOf(asked));

function refusal(asked: Asked) {
  try {
    plan(asked);
  } catch (error) {
    if (!isSwathError(error)) throw error;
    const { code, reason, pointer, fix, message } = error;
    expect(fix).toMatch(/\.$/);
    return { code, reason, pointer, message };
  }
  return { message: 'planned' };
}

const rest = {
  collections: ['sentinel-2-l2a'],
  datetime: '2024-05-01/2024-08-31',
  mask: 'none',
};
const keyOf = (spec: unknown): string => contentKey(checkSpec(spec), []);
const named = (...geometries: unknown[]) =>
  collection(...geometries.map((geometry, i) => feature(geometry, { id: String(i) })));

describe('aggregate_spatial in a graph', () => {
  it('is the request with these zones, under one content key, whatever the reducer and the format', () => {
    const { spec, table } = plan({ reduced: 'index', reducer: 'mean', format: 'csv' });
    const written = {
      ...rest,
      pipeline: { index: 'NDVI' },
      zones: named(square(4.82, 52.31), square(4.84, 52.33)),
    };
    expect(keyOf(spec)).toBe(keyOf(written));
    expect(table).toEqual({ reducer: { kind: 'mean' }, format: 'CSV', hasDates: true, hasBands: false });
    const other = plan({ reduced: 'index', reducer: 'median', format: 'Parquet' });
    expect(keyOf(other.spec)).toBe(keyOf(spec));
    expect(other.table).toMatchObject({ reducer: { kind: 'percentile', percent: 50 }, format: 'Parquet' });
    expect(keyOf(plan({ reduced: 'both' }).spec)).toBe(keyOf({ ...written, composite: 'median' }));
  });

  it('keeps bands and dates that are not reduced', () => {
    expect(plan({}).table).toMatchObject({ hasDates: true, hasBands: true });
    expect(plan({ reduced: 'time' }).table).toMatchObject({ hasDates: false, hasBands: true });
    expect(plan({ reduced: 'both' }).table).toMatchObject({ hasDates: false, hasBands: false });
  });

  it('has the area that is loaded, and without one the box around the geometries', () => {
    const area = { west: 4.8, south: 52.3, east: 4.9, north: 52.4 };
    expect(plan({ area }).spec.aoi).toEqual([4.8, 52.3, 4.9, 52.4]);
    const [box = []] = checkSpec(plan({}).spec).aoi?.bboxes ?? [];
    expect(box.map((side) => Number(side.toFixed(6)))).toEqual([4.82, 52.31, 4.85, 52.34]);
  });

  it('is the same cut to the geometries before, as other back ends advise', () => {
    expect(plan({ area: fields })).toEqual(plan({}));
    expect(plan({ area: square(4.82, 52.31) }).spec.aoi).toEqual(square(4.82, 52.31));
  });

  it('takes geometries as clients send them, each by itself', () => {
    const multi = { type: 'MultiPolygon', coordinates: [square(4.82, 52.31).coordinates] };
    const idsOf = (geometries: unknown) => plan({ geometries }).spec.zones?.features.map(({ id }) => id);
    expect(idsOf(square(4.82, 52.31))).toEqual(['0']);
    expect(idsOf(feature(multi, { id: 'north' }))).toEqual(['north']);
    expect(idsOf({ type: 'GeometryCollection', geometries: [multi, square(4.84, 52.31)] })).toEqual([
      '0',
      '1',
    ]);
    expect(idsOf(collection(feature(multi, { id: 7 }), feature(multi, { id: 'b' })))).toEqual(['7', 'b']);
    expect(idsOf(collection(feature(multi, { id: 'same' }), feature(multi, { id: 'same' })))).toEqual([
      '0',
      '1',
    ]);
    expect(
      idsOf({ ...fields, crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:OGC:1.3:CRS84' } } }),
    ).toEqual(['0', '1']);
  });

  it('gives the same request as REST for any fields', () => {
    const field = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }));
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 12 }), (corners) => {
        const squares = corners.map(([x, y]) => square(4.8 + x / 1000, 52.3 + y / 1000));
        const bare = collection(...squares.map((geometry) => feature(geometry)));
        const written = { ...rest, pipeline: { index: 'NDVI' }, zones: named(...squares) };
        expect(keyOf(plan({ geometries: bare, reduced: 'index' }).spec)).toBe(keyOf(written));
      }),
      { numRuns: 30 },
    );
  });

  const bow = {
    type: 'Polygon',
    coordinates: [
      [
        [4.8, 52.3],
        [4.81, 52.31],
        [4.81, 52.3],
        [4.8, 52.31],
        [4.8, 52.3],
      ],
    ],
  };
  const at = '/process_graph/zones/arguments/geometries';
  it.each<readonly [why: string, geometries: unknown, pointer: string]>([
    [
      'a polygon that crosses itself',
      collection(feature(square(4.8, 52.3)), feature(bow)),
      `${at}/features/1/geometry`,
    ],
    [
      'the same in a GeometryCollection',
      { type: 'GeometryCollection', geometries: [bow] },
      `${at}/geometries/0`,
    ],
    ['the same alone', bow, `${at}/coordinates`],
    ['a Feature without a geometry', collection(feature(null)), `${at}/features/0/geometry`],
    [
      'a name that stands for all pixels',
      collection(feature(square(4.8, 52.3), { id: 'whole' })),
      `${at}/features/0/id`,
    ],
    ['no geometry at all', collection(), at],
  ])('refuses %s where it stands', (_, geometries, pointer) => {
    const refused = refusal({ geometries });
    expect(refused).toMatchObject({ code: 'InvalidInput', reason: 'ProcessParameterInvalid' });
    expect(refused.message).toContain('"zones"');
    expect(refused.pointer?.startsWith(pointer)).toBe(true);
  });

  it('refuses geometries beside the area that is loaded', () => {
    const area = { west: 10, south: 48, east: 10.1, north: 48.1 };
    expect(refusal({ area })).toMatchObject({ reason: 'ProcessParameterInvalid', pointer: at });
  });

  const point = { type: 'Point', coordinates: [4.8, 52.3] };
  it.each<readonly [why: string, asked: Asked, node: string]>([
    ['points', { geometries: collection(feature(square(4.8, 52.3)), feature(point)) }, 'zones'],
    [
      'another CRS',
      { geometries: { ...fields, crs: { type: 'name', properties: { name: 'EPSG:32632' } } } },
      'zones',
    ],
    ['a dimension of counts', { more: { target_dimension: 'counts' } }, 'zones'],
    ['a file of pixels', { format: 'GTiff' }, 'save'],
    ['time reduced behind', { behind: 't' }, 'behind'],
  ])('leaves %s to the evaluator, naming the node', (_, asked, node) => {
    expect(refusal(asked)).toMatchObject({ code: 'Unsupported', pointer: `/process_graph/${node}` });
  });
});
