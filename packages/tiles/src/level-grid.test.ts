import type { Grid } from '@swath/geo';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extentOf, tileParts } from './level-grid.ts';
import { LEVEL_GRID_SIDE, ZOOM_MAX } from './limits.ts';
import { columnAt, rowAt, tileBounds } from './mercator.ts';
import type { TileAddress } from './tile-address.ts';
import { utm } from './tiles.fixture.ts';
import { zoomRange } from './zooms.ts';

const tile = (z: number, x: number, y: number): TileAddress => ({ z, x, y, scale: 1, format: 'png' });
const acrossSeam: Grid = {
  crs: 'EPSG:32660',
  geotransform: [600_000, 30, 0, 7_200_000, 0, -30],
  width: 6000,
  height: 3000,
};
const world: Grid = { crs: 'EPSG:4326', geotransform: [-180, 1, 0, 90, 0, -1], width: 360, height: 180 };

describe('tiles of an image', () => {
  it('are windows of one grid per zoom: every pixel of it in exactly one tile', () => {
    const extent = extentOf(utm);
    for (const z of [9, 11]) {
      const first = {
        x: Math.floor(columnAt(extent.west, z) / 256),
        y: Math.floor(rowAt(extent.north, z) / 256),
      };
      let pixels = 0;
      const grids = new Set<string>();
      for (let y = first.y - 1; y < first.y + 8; y++) {
        for (let x = first.x - 1; x < first.x + 8; x++) {
          for (const { grid, window } of tileParts(extent, tile(z, x, y))) {
            grids.add(JSON.stringify(grid));
            pixels += window.width * window.height;
          }
        }
      }
      expect(grids.size).toBe(1);
      const { width, height } = JSON.parse([...grids][0]!) as Grid;
      expect(pixels).toBe(width * height);
    }
  });

  it('lie where the tile matrix set puts them', () => {
    const extent = extentOf(utm);
    const [part] = tileParts(
      extent,
      tile(12, Math.floor(columnAt(10.5, 12) / 256), Math.floor(rowAt(48.8, 12) / 256)),
    );
    const [west, , , north] = tileBounds({
      z: 12,
      x: Math.floor(columnAt(10.5, 12) / 256),
      y: Math.floor(rowAt(48.8, 12) / 256),
    });
    const gt = part!.grid.geotransform;
    expect(gt[0] + part!.window.x * gt[1] - part!.at.x * gt[1]).toBeCloseTo(west, 6);
    expect(gt[3] + part!.window.y * gt[5] - part!.at.y * gt[5]).toBeCloseTo(north, 6);
  });

  it('show both ends of an image that crosses the antimeridian, and nothing between', () => {
    const extent = extentOf(acrossSeam);
    expect(extent.west).toBeLessThan(180);
    expect(extent.east).toBeGreaterThan(180);
    expect(
      tileParts(extent, tile(0, 0, 0))
        .map(({ at }) => at.x)
        .sort((a, b) => a - b),
    ).toEqual([0, expect.any(Number)]);
    const row = Math.floor(rowAt(64.5, 6) / 256);
    expect(tileParts(extent, tile(6, 63, row))).toHaveLength(1);
    expect(tileParts(extent, tile(6, 0, row))).toHaveLength(1);
    expect(tileParts(extent, tile(6, 31, row))).toEqual([]);
  });

  it('of the whole world cover the square once', () => {
    const parts = tileParts(extentOf(world), tile(0, 0, 0));
    const columns = parts.reduce((sum, { window }) => sum + window.width, 0);
    expect(columns).toBe(256);
  });

  it('stay inside a grid whose pixels the engine can count, at any zoom and place', () => {
    const extents = [utm, acrossSeam, world].map(extentOf);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: ZOOM_MAX }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.constantFrom(...extents),
        fc.constantFrom(1 as const, 2 as const),
        (z, u, v, extent, scale) => {
          const address = { ...tile(z, Math.floor(u * 2 ** z), Math.floor(v * 2 ** z)), scale };
          for (const { grid, window, at } of tileParts(extent, address)) {
            expect(Math.max(grid.width, grid.height)).toBeLessThanOrEqual(LEVEL_GRID_SIDE);
            expect(window.x >= 0 && window.y >= 0).toBe(true);
            expect(window.x + window.width).toBeLessThanOrEqual(grid.width);
            expect(window.y + window.height).toBeLessThanOrEqual(grid.height);
            expect(at.x + window.width).toBeLessThanOrEqual(256 * scale);
            expect(at.y + window.height).toBeLessThanOrEqual(256 * scale);
          }
        },
      ),
    );
  });
});

describe('zooms of an image', () => {
  it('begin where it fills about a tile and end where its pixels are the map’s', () => {
    expect(zoomRange(utm)).toEqual({ minzoom: 9, maxzoom: 14 });
    expect(zoomRange(world)).toEqual({ minzoom: 0, maxzoom: 1 });
  });
});
