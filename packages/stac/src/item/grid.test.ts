import { describe, expect, it } from 'vitest';
import { readGrid } from './grid.ts';

const shape = { 'proj:shape': [20, 10], 'proj:transform': [30, 0, 500000, 0, -30, 4000000] };
const expected = { crs: 'EPSG:32631', width: 10, height: 20, geotransform: [500000, 30, 0, 4000000, 0, -30] };

describe('readGrid', () => {
  it.each([
    ['proj:code', { 'proj:code': 'EPSG:32631' }],
    ['proj:epsg', { 'proj:epsg': 32631 }],
    ['projjson', { 'proj:projjson': { type: 'ProjectedCRS', id: { authority: 'EPSG', code: 32631 } } }],
    ['wkt2', { 'proj:wkt2': 'PROJCRS["a",BASEGEOGCRS["b",ID["EPSG",4326]],ID["EPSG",32631]]' }],
    ['wkt1', { 'proj:wkt2': 'PROJCS["a",GEOGCS["b",AUTHORITY["EPSG","4326"]],AUTHORITY["EPSG","32631"]]' }],
  ])('reads the CRS from %s', (_, crs) => {
    expect(readGrid({ ...shape, ...crs }, {})).toEqual(expected);
    expect(readGrid(shape, crs)).toEqual(expected);
    expect(readGrid({}, { ...shape, ...crs })).toEqual(expected);
  });

  it('takes a transform of nine numbers', () => {
    const asset = { ...shape, 'proj:transform': [30, 0, 500000, 0, -30, 4000000, 0, 0, 1] };
    expect(readGrid(asset, { 'proj:epsg': 32631 })).toEqual(expected);
  });

  it('does not mix the shape of an asset with the transform of the Item', () => {
    const item = { 'proj:epsg': 32631, 'proj:transform': [10, 0, 500000, 0, -10, 4000000] };
    expect(readGrid({ 'proj:shape': [20, 10] }, item)).toBeUndefined();
  });

  it.each([
    [
      'a CRS without a code',
      { ...shape, 'proj:epsg': null, 'proj:wkt2': 'PROJCRS["PS",BASEGEOGCRS["WGS 84"]]' },
    ],
    ['another authority', { ...shape, 'proj:code': 'IAU_2015:30100' }],
    ['a shape of zero', { ...shape, 'proj:epsg': 32631, 'proj:shape': [0, 10] }],
    ['a shape of texts', { ...shape, 'proj:epsg': 32631, 'proj:shape': ['20', '10'] }],
    ['a singular transform', { ...shape, 'proj:epsg': 32631, 'proj:transform': [0, 0, 1, 0, 0, 1] }],
    ['a short transform', { ...shape, 'proj:epsg': 32631, 'proj:transform': [10, 0, 1] }],
  ])('leaves the grid to the file for %s', (_, asset) => {
    expect(readGrid(asset, {})).toBeUndefined();
  });
});
