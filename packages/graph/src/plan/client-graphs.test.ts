import { crsTransformer, parseAoi } from '@swath/geo';
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
const node = (process_id: string, data: string, args: Record<string, unknown> = {}) => ({
  process_id,
  arguments: { data: { from_node: data }, ...args },
});

/** The spec of a graph that is valid; the last node is its result. */
function specOf(nodes: Nodes): unknown {
  const last = Object.keys(nodes).at(-1) ?? '';
  const document = parseProcess({ process_graph: { ...nodes, [last]: { ...nodes[last], result: true } } });
  expect(validateProcess(document)).toEqual([]);
  return graphToSpec(document);
}

describe('a graph as clients write it', () => {
  it('takes the grid of clients, which say which corner it begins at when nobody asked', () => {
    const asked = { projection: 32631, resolution: 20, method: 'average' };
    const [plain, python] = [asked, { ...asked, align: 'upper-left' }].map((args) =>
      specOf({ load, g: node('resample_spatial', 'load', args), n: node('ndvi', 'g') }),
    );
    expect(python).toEqual(plain);
    expect(plain).toMatchObject({ grid: { crs: 'EPSG:32631', resolution: 20, resampling: 'average' } });
  });

  it.each([32631, 'EPSG:32631', '32631'])(
    'takes a box in the CRS %j as the polygon that it is in degrees',
    (crs) => {
      const extent = { west: 640_000, south: 5_800_000, east: 660_000, north: 5_810_000, crs };
      const open = { ...load, arguments: { ...load.arguments, spatial_extent: null } };
      const filtered = specOf({ load: open, b: node('filter_bbox', 'load', { extent }) }) as {
        aoi: object;
      };
      const loaded = { ...load, arguments: { ...load.arguments, spatial_extent: extent } };
      expect(specOf({ load: loaded })).toEqual(filtered);
      const area = parseAoi(filtered.aoi);
      const { forward } = crsTransformer('EPSG:4326', 'EPSG:32631');
      for (const [lon, lat] of (filtered.aoi as { coordinates: [number, number][][] }).coordinates.flat()) {
        const [x, y] = forward(lon, lat);
        const off = [x - 640_000, x - 660_000, y - 5_800_000, y - 5_810_000].map(Math.abs);
        expect(Math.min(...off)).toBeLessThan(0.01);
      }
      expect(area.areaKm2).toBeCloseTo(200, -1);
    },
  );

  it('takes a box within a box as what they have in common', () => {
    const within = (extent: object) => specOf({ load, b: node('filter_bbox', 'load', { extent }) });
    expect(within({ west: 4.85, south: 52.0, east: 5, north: 52.35 })).toMatchObject({
      aoi: [4.85, 52.3, 4.9, 52.35],
    });
    expect(() => within({ west: 5, south: 52, east: 5.1, north: 52.1 })).toThrow('nothing in common');
    expect(() =>
      within({ west: 640_000, south: 5_800_000, east: 641_000, north: 5_801_000, crs: 32631 }),
    ).toThrow('limits the area a second time');
  });

  it('refuses options of a format by their name, which no file here has', () => {
    const asked = { load, s: node('save_result', 'load', { format: 'GTiff', options: { dtype: 'int16' } }) };
    expect(() => specOf(asked)).toThrow(
      expect.objectContaining({
        reason: 'FormatArgumentUnsupported',
        message: expect.stringContaining('"dtype"'),
        pointer: expect.stringMatching(/\/s\/arguments\/options$/),
      }),
    );
    expect(specOf({ load, s: node('save_result', 'load', { format: 'GTiff', options: {} }) })).toBeDefined();
  });
});
