import { isSwathError } from '@swath/core';
import { checkSpec, contentKey } from '@swath/requests';
import { describe, expect, it } from 'vitest';
import { parseProcess } from '../graph/parse.ts';
import { validateProcess } from '../graph/validate.ts';
import { graphToSpec } from './graph-to-spec.ts';

type Nodes = Record<string, { process_id: string; arguments: Record<string, unknown>; result?: boolean }>;

const load = {
  process_id: 'load_collection',
  arguments: {
    id: 'sentinel-2-l2a',
    spatial_extent: { west: 4.8, south: 52.3, east: 4.9, north: 52.4 },
    temporal_extent: ['2024-05-01', '2024-09-01'],
    bands: ['red', 'nir'],
  },
};
const element = (index: number) => ({
  process_id: 'array_element',
  arguments: { data: { from_parameter: 'data' }, index },
});
const node = (process_id: string, data: string, args: Record<string, unknown> = {}) => ({
  process_id,
  arguments: { data: { from_node: data }, ...args },
});
const formula = {
  process_graph: {
    nir: element(1),
    red: element(0),
    a: { process_id: 'subtract', arguments: { x: { from_node: 'nir' }, y: { from_node: 'red' } } },
    b: { process_id: 'add', arguments: { x: { from_node: 'nir' }, y: { from_node: 'red' } } },
    c: { process_id: 'divide', arguments: { x: { from_node: 'a' }, y: { from_node: 'b' } }, result: true },
  },
};
/** Sixty nodes, each the one before twice: 2^60 terms. */
const doubled = {
  dimension: 'bands',
  reducer: {
    process_graph: Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => {
        const half = { from_node: `n${i - 1}` };
        const sum = { process_id: 'add', arguments: { x: half, y: half } };
        return [`n${i}`, { ...(i === 0 ? element(0) : sum), result: i === 59 }];
      }),
    ),
  },
};
const over = (process_id: string) => ({
  process_graph: { r: { process_id, arguments: { data: { from_parameter: 'data' } }, result: true } },
});

/** The spec of a graph that is valid; the last node is its result. */
function specOf(nodes: Nodes): unknown {
  const last = Object.keys(nodes).at(-1) ?? '';
  const document = parseProcess({ process_graph: { ...nodes, [last]: { ...nodes[last], result: true } } });
  expect(validateProcess(document)).toEqual([]);
  return graphToSpec(document);
}

function refusalOf(nodes: Nodes): { node: string; message: string } {
  try {
    specOf(nodes);
  } catch (error) {
    if (!isSwathError(error) || error.fix === undefined) throw error;
    return { node: error.pointer?.split('/').at(-1) ?? '', message: error.message };
  }
  return { node: '', message: 'planned' };
}

const keyOf = (spec: unknown): string => contentKey(checkSpec(spec), []);

const rest = {
  collections: ['sentinel-2-l2a'],
  aoi: [4.8, 52.3, 4.9, 52.4],
  datetime: '2024-05-01/2024-08-31',
  mask: 'none',
};
const median = node('reduce_dimension', 'f', { dimension: 't', reducer: over('median') });
const save = node('save_result', 'm', { format: 'GTiff' });

describe('a graph as a request', () => {
  it('has the content key of the same thing asked for by REST', () => {
    const written = {
      load,
      f: node('reduce_dimension', 'load', { dimension: 'bands', reducer: formula }),
      m: median,
      save,
    };
    const byFormula = { ...rest, pipeline: { expression: '(nir-red)/(nir+red)' }, composite: 'median' };
    expect(specOf(written)).toEqual({ ...byFormula, pipeline: { expression: '(nir - red) / (nir + red)' } });
    expect(keyOf(specOf(written))).toBe(keyOf(byFormula));
    const named = { load, f: node('ndvi', 'load'), m: median, save };
    expect(keyOf(specOf(named))).toBe(keyOf({ ...byFormula, pipeline: { index: 'NDVI' } }));
  });

  it('is the same from load_stac over our own collection, and takes an Item from elsewhere', () => {
    const { id, ...where } = load.arguments;
    const own = { process_id: 'load_stac', arguments: { ...where, url: `/collections/${id}` } };
    expect(specOf({ load: own, n: node('ndvi', 'load') })).toEqual(specOf({ load, n: node('ndvi', 'load') }));
    const url = 'https://stac.example/collections/c/items/one';
    const item = { process_id: 'load_stac', arguments: { url, bands: ['red', 'nir'] } };
    expect(specOf({ load: item, n: node('ndvi', 'load') })).toMatchObject({
      items: [url],
      pipeline: { index: 'NDVI' },
    });
  });

  it('takes bands, filters and another grid', () => {
    const open = { ...load, arguments: { ...load.arguments, spatial_extent: null, temporal_extent: null } };
    const nodes = {
      load: open,
      w: node('filter_temporal', 'load', { extent: ['2024-05-01T00:00:00Z', '2024-05-02T00:00:00Z'] }),
      p: node('filter_bbox', 'w', { extent: load.arguments.spatial_extent }),
      g: node('resample_spatial', 'p', { projection: 32631, resolution: 20, method: 'bilinear' }),
      b: node('filter_bands', 'g', { bands: ['nir'] }),
    };
    expect(specOf(nodes)).toEqual({
      ...rest,
      datetime: '2024-05-01T00:00:00Z/2024-05-01T23:59:59.999Z',
      grid: { crs: 'EPSG:32631', resolution: 20, resampling: 'bilinear' },
      pipeline: { bands: ['nir'] },
      composite: 'none',
    });
  });

  it('puts an applied process into the formula', () => {
    const process = {
      process_graph: {
        s: {
          process_id: 'linear_scale_range',
          arguments: { x: { from_parameter: 'x' }, inputMin: -1, inputMax: 1, outputMax: 255 },
          result: true,
        },
      },
    };
    expect(specOf({ load, f: node('ndvi', 'load'), a: node('apply', 'f', { process }) })).toMatchObject({
      pipeline: { expression: '(clip((nir - red) / (nir + red), -1, 1) - -1) / 2 * 255 + 0' },
    });
  });

  const scl = { ...load, arguments: { ...load.arguments, bands: ['red', 'nir', 'scl'] } };
  const classOf = (y: number) => ({ process_id: 'eq', arguments: { x: { from_node: 'e' }, y } });
  const clouds = {
    process_graph: {
      e: element(2),
      a: classOf(3),
      b: classOf(8),
      c: { process_id: 'gte', arguments: { x: { from_node: 'e' }, y: 9 } },
      d: { process_id: 'or', arguments: { x: { from_node: 'a' }, y: { from_node: 'b' } } },
      f: { process_id: 'or', arguments: { x: { from_node: 'd' }, y: { from_node: 'c' } }, result: true },
    },
  };
  const masked = (data: string, mask: string) => ({
    process_id: 'mask',
    arguments: { data: { from_node: data }, mask: { from_node: mask } },
  });
  const condition = node('reduce_dimension', 'load', { dimension: 'bands', reducer: clouds });

  it('takes any condition on SCL as the classes for which it is true', () => {
    const nodes = { load: scl, c: condition, k: masked('load', 'c'), f: node('ndvi', 'k'), m: median };
    const mask = { band: 'scl', classes: [3, 8, 9, 10, 11] };
    expect(specOf(nodes)).toMatchObject({ pipeline: { index: 'NDVI' }, mask, composite: 'median' });
    const late = { load: scl, c: condition, f: node('ndvi', 'load'), k: masked('f', 'c') };
    expect(specOf(late)).toMatchObject({ pipeline: { index: 'NDVI' }, mask });
    const again = node('reduce_dimension', 'l2', { dimension: 'bands', reducer: clouds });
    const twice = { load, l2: scl, c: again, k: masked('load', 'c') };
    expect(specOf(twice)).toMatchObject({ pipeline: { bands: ['red', 'nir'] }, mask });
  });

  it('takes a limit of cloud cover', () => {
    const lte = (y: number) => ({
      process_graph: {
        l: { process_id: 'lte', arguments: { x: { from_parameter: 'value' }, y }, result: true },
      },
    });
    const clear = { ...load, arguments: { ...load.arguments, properties: { 'eo:cloud_cover': lte(20) } } };
    expect(specOf({ load: clear })).toMatchObject({ maxCloudCoverPercent: 20 });
    const other = { ...load, arguments: { ...load.arguments, properties: { platform: lte(20) } } };
    expect(refusalOf({ load: other })).toMatchObject({ node: 'load' });
  });

  it.each<readonly [why: string, nodes: Nodes, node: string]>([
    [
      'a mask of something else than SCL',
      {
        load: scl,
        c: node('reduce_dimension', 'load', {
          dimension: 'bands',
          reducer: { process_graph: { ...clouds.process_graph, e: element(0) } },
        }),
        k: masked('load', 'c'),
      },
      'c',
    ],
    [
      'a mask after time is reduced',
      {
        load: scl,
        c: condition,
        m: node('reduce_dimension', 'load', { dimension: 't', reducer: over('median') }),
        k: masked('m', 'c'),
      },
      'k',
    ],
    [
      'a formula after time',
      {
        load,
        f: node('reduce_dimension', 'load', { dimension: 't', reducer: over('median') }),
        n: node('ndvi', 'f'),
      },
      'n',
    ],
    [
      'a reducer that ignores no data differently',
      { load, f: node('reduce_dimension', 'load', { dimension: 't', reducer: over('sum') }) },
      'r',
    ],
    [
      'a formula over all bands',
      { load, f: node('reduce_dimension', 'load', { dimension: 'bands', reducer: over('mean') }) },
      'r',
    ],
    [
      'a band that is not loaded',
      {
        load,
        f: node('reduce_dimension', 'load', {
          dimension: 'bands',
          reducer: { process_graph: { e: { ...element(7), result: true } } },
        }),
      },
      'e',
    ],
    ['a formula of a million terms', { load, f: node('reduce_dimension', 'load', doubled) }, 'n9'],
    [
      'a catalogue of somebody else',
      { load: { process_id: 'load_stac', arguments: { url: 'https://stac.example/collections/c' } } },
      'load',
    ],
    [
      'a file of this machine',
      { load: { process_id: 'load_stac', arguments: { url: 'file:///etc/items/passwd.json' } } },
      'load',
    ],
    [
      'a box in no CRS that has a code',
      {
        load: {
          ...load,
          arguments: {
            ...load.arguments,
            spatial_extent: { ...load.arguments.spatial_extent, crs: 'PROJCS[]' },
          },
        },
      },
      'load',
    ],
    [
      'a box in a CRS that there is not',
      {
        load: {
          ...load,
          arguments: { ...load.arguments, spatial_extent: { ...load.arguments.spatial_extent, crs: 99_999 } },
        },
      },
      'load',
    ],
    [
      'a box that does not lie in its CRS',
      {
        load: {
          ...load,
          arguments: {
            ...load.arguments,
            spatial_extent: { west: 1e12, south: 1e12, east: 2e12, north: 2e12, crs: 32_631 },
          },
        },
      },
      'load',
    ],
    ['a process that only the evaluator has', { load, f: node('trim_cube', 'load') }, 'f'],
    ['another format', { load, s: node('save_result', 'load', { format: 'netCDF' }) }, 's'],
    [
      'time limited twice',
      { load, f: node('filter_temporal', 'load', { extent: ['2024-05-01', null] }) },
      'f',
    ],
    [
      'two branches',
      {
        load,
        a: node('ndvi', 'load'),
        b: node('ndvi', 'load'),
        m: { process_id: 'merge_cubes', arguments: { cube1: { from_node: 'a' }, cube2: { from_node: 'b' } } },
      },
      'm',
    ],
  ])('refuses %s by its node, with what to do', (_, nodes, at) => {
    expect(refusalOf(nodes)).toMatchObject({ node: at });
  });
});
