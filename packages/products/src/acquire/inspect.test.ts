import type { RasterImage, RasterInfo } from '@swath/raster';
import type { SceneAsset } from '@swath/stac';
import { describe, expect, it } from 'vitest';
import { inspect } from './inspect.ts';

const info: RasterInfo = {
  width: 100,
  height: 50,
  bands: [{ scale: 0.0001, offset: -0.1 }],
  dtype: 'uint16',
  crs: 'EPSG:32631',
  geotransform: [600_000, 10, 0, 5_800_000, 0, -10],
  nodata: 0,
  levels: [{ width: 100, height: 50, blockWidth: 64, blockHeight: 64 }],
  compression: 'deflate',
  tags: {},
};
const image = (change: Partial<RasterInfo> = {}): RasterImage => ({
  name: 'b04.tif',
  info: { ...info, ...change },
  readWindow: async () => ({ data: new Uint16Array(0) }),
  close: async () => {},
});
const grid = {
  crs: 'EPSG:32631',
  geotransform: [600_000, 10, 0, 5_800_000, 0, -10],
  width: 100,
  height: 50,
} as const;
const asset: SceneAsset = {
  key: 'red',
  href: '/b04.tif',
  bandIndex: 1,
  names: [],
  roles: [],
  grid,
  nodata: 0,
};

describe('inspecting an asset', () => {
  it('takes grid, nodata, scale and offset from the file, in silence where the Item agrees', () => {
    expect(inspect(asset, image())).toEqual({
      grid,
      nodata: 0,
      fileScale: 0.0001,
      fileOffset: -0.1,
      warnings: [],
    });
  });

  it('believes the file and says where the Item differs', () => {
    const found = inspect(
      asset,
      image({
        width: 101,
        crs: 'EPSG:32632',
        geotransform: [600_005, 10, 0, 5_800_000, 0, -10],
        nodata: 65535,
      }),
    );
    expect(found.grid).toMatchObject({ width: 101, crs: 'EPSG:32632' });
    expect(found.nodata).toBe(65535);
    expect(found.warnings).toEqual(
      [
        'the Item says 100 x 50 pixels, the file has 101 x 50.',
        'the Item says EPSG:32631, the file says EPSG:32632.',
        'the Item says geotransform [600000, 10, 0, 5800000, 0, -10], the file says [600005, 10, 0, 5800000, 0, -10].',
        'the Item says nodata 0, the file says 65535.',
      ].sort((a, b) => found.warnings.indexOf(a) - found.warnings.indexOf(b)),
    );
    expect(found.warnings).toHaveLength(4);
  });

  it('overlooks what rounding does to a geotransform', () => {
    expect(inspect(asset, image({ geotransform: [600_000.004, 10, 0, 5_800_000, 0, -10] })).warnings).toEqual(
      [],
    );
  });

  it("borrows the Item's georeference for a file without one, and says so", () => {
    const found = inspect(asset, image({ crs: null, geotransform: null }));
    expect(found.grid).toEqual(grid);
    expect(found.warnings).toEqual(["the file has no georeference; the Item's is used."]);
  });

  it('refuses a file without georeference whose Item has none that fits', () => {
    const { grid: _, ...bare } = asset;
    expect(() => inspect(bare, image({ geotransform: null }))).toThrow(/no geotransform/);
    expect(() => inspect(asset, image({ crs: null, width: 99 }))).toThrow(/no CRS/);
  });

  it('refuses a band that the file does not have', () => {
    expect(() => inspect({ ...asset, bandIndex: 2 }, image())).toThrow('asks for band 2 of a file with 1');
  });
});
