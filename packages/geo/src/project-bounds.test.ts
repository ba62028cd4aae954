import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crsTransformer } from './crs-transform.ts';
import { gridFootprintWgs84 } from './footprint.ts';
import { edgePoints, projectBbox, projectGeometryBounds } from './project-bounds.ts';
import type { Bounds, Geotransform, Grid, PolygonGeometry } from './types.ts';

const fraction = fc.double({ min: 0, max: 1, noNaN: true });

describe('projectBbox', () => {
  it('contains the image of every point of the rectangle, and is tight', () => {
    const boxes = fc
      .tuple(
        fc.double({ min: 0, max: 5, noNaN: true }),
        fc.double({ min: -75, max: 75, noNaN: true }),
        fc.double({ min: 0.01, max: 6, noNaN: true }),
        fc.double({ min: 0.01, max: 6, noNaN: true }),
      )
      .map(([w, s, dx, dy]): Bounds => [w, s, w + dx, s + dy]);
    const crs = fc.constantFrom('EPSG:32631', 'EPSG:3857', 'EPSG:3035', 'EPSG:6933');
    fc.assert(
      fc.property(
        boxes,
        crs,
        fc.array(fc.tuple(fraction, fraction), { maxLength: 20 }),
        (box, to, points) => {
          const [minX, minY, maxX, maxY] = projectBbox(box, 'EPSG:4326', to);
          const { forward } = crsTransformer('EPSG:4326', to);
          for (const [u, v] of points) {
            const [x, y] = forward(box[0] + u * (box[2] - box[0]), box[1] + v * (box[3] - box[1]));
            expect(x).toBeGreaterThanOrEqual(minX - 0.05);
            expect(x).toBeLessThanOrEqual(maxX + 0.05);
            expect(y).toBeGreaterThanOrEqual(minY - 0.05);
            expect(y).toBeLessThanOrEqual(maxY + 0.05);
          }
        },
      ),
    );
  });

  it('finds the extreme between two sample points to a millimetre', () => {
    // The parallel of 50 degrees north bends away from the central meridian of UTM: lowest at 3 degrees east.
    const [, minY] = projectBbox([2.93, 50, 5.11, 51], 'EPSG:4326', 'EPSG:32631');
    expect(minY).toBeCloseTo(crsTransformer('EPSG:4326', 'EPSG:32631').forward(3, 50)[1], 3);
  });

  it('reaches the sides of the world in Mercator', () => {
    const [minX, , maxX] = projectBbox([-180, -85, 180, 85], 'EPSG:4326', 'EPSG:3857');
    expect(minX).toBeCloseTo(-20037508.34, 1);
    expect(maxX).toBeCloseTo(20037508.34, 1);
  });

  it('takes all longitudes around a pole and across the antimeridian', () => {
    const polar = projectBbox([-1e6, -1e6, 1e6, 1e6], 'EPSG:3031', 'EPSG:4326');
    expect([polar[0], polar[1], polar[2]]).toEqual([-180, -90, 180]);
    expect(polar[3]).toBeLessThan(-70);
    const fiji = projectBbox([700000, 8000000, 900000, 8200000], 'EPSG:32760', 'EPSG:4326');
    expect([fiji[0], fiji[2]]).toEqual([-180, 180]);
    expect(fiji[1]).toBeGreaterThan(-19);
  });

  it('is unbounded for more of the world than the CRS can show', () => {
    const unbounded = [-Infinity, -Infinity, Infinity, Infinity];
    expect(projectBbox([-180, -90, 180, 90], 'EPSG:4326', 'EPSG:32632')).toEqual(unbounded);
    expect(projectBbox([-180, -60, 180, 60], 'EPSG:4326', 'EPSG:32632')).toEqual(unbounded);
    expect(projectBbox([10, 85, 11, 90], 'EPSG:4326', 'EPSG:3857')).toEqual(unbounded);
    const [minX, , maxX] = projectBbox([-20, -40, 60, 60], 'EPSG:4326', 'EPSG:6933');
    expect(minX).toBeCloseTo(-1929725.6, 0);
    expect(maxX).toBeCloseTo(5789176.8, 0);
  });

  it('is the same rectangle in the same CRS', () => {
    expect(projectBbox([0.1, 0.2, 0.3, 0.4], 'EPSG:4326', 'EPSG:4326')).toEqual([0.1, 0.2, 0.3, 0.4]);
  });

  it('refuses what lies wholly outside the CRS', () => {
    expect(() => projectBbox([93, -1, 94, 1], 'EPSG:4326', 'EPSG:32631')).toThrow('does not lie in the area');
  });
});

describe('projectGeometryBounds', () => {
  it('follows straight edges in longitude and latitude', () => {
    const geometry: PolygonGeometry = {
      type: 'Polygon',
      coordinates: [
        [
          [1, 50],
          [5, 50],
          [3, 52],
          [1, 50],
        ],
      ],
    };
    const [minX, minY, maxX, maxY] = projectGeometryBounds(geometry, 'EPSG:32631');
    const { forward } = crsTransformer('EPSG:4326', 'EPSG:32631');
    const dense = geometry.coordinates[0]!.slice(0, -1).flatMap((a, i) =>
      edgePoints(a, geometry.coordinates[0]![i + 1]!, 2000).map(([x, y]) => forward(x, y)),
    );
    expect(minX).toBeCloseTo(Math.min(...dense.map(([x]) => x)), 1);
    expect(minY).toBeCloseTo(Math.min(...dense.map(([, y]) => y)), 1);
    expect(maxX).toBeCloseTo(Math.max(...dense.map(([x]) => x)), 1);
    expect(maxY).toBeCloseTo(Math.max(...dense.map(([, y]) => y)), 1);
  });
});

describe('gridFootprintWgs84', () => {
  const square = (crs: string, x: number, y: number, size: number): Grid => {
    const geotransform: Geotransform = [x, size / 100, 0, y, 0, -size / 100];
    return { crs, geotransform, width: 100, height: 100 };
  };

  it('is a closed counter-clockwise ring with 80 corners and its box', () => {
    const { geometry, bbox } = gridFootprintWgs84(square('EPSG:32631', 600000, 5700000, 109800));
    const ring = geometry.type === 'Polygon' ? geometry.coordinates[0]! : [];
    expect(ring).toHaveLength(81);
    expect(ring[0]).toEqual(ring.at(-1));
    const area = ring
      .slice(0, -1)
      .reduce((sum, [x, y], i) => sum + x * ring[i + 1]![1] - ring[i + 1]![0] * y, 0);
    expect(area).toBeGreaterThan(0);
    expect(bbox[0]).toBeCloseTo(4.4087, 3);
    expect(bbox[3]).toBeCloseTo(51.4424, 3);
  });

  it('is exact for a grid in degrees', () => {
    expect(gridFootprintWgs84(square('EPSG:4326', -180, 90, 180)).bbox).toEqual([-180, -90, 0, 90]);
  });

  it('is split at the antimeridian, with west above east', () => {
    for (const [crs, x] of [
      ['EPSG:32701', 100000],
      ['EPSG:32760', 780000],
    ] as const) {
      const { geometry, bbox } = gridFootprintWgs84(square(crs, x, 8200000, 109800));
      expect(geometry.type).toBe('MultiPolygon');
      const parts = geometry.type === 'MultiPolygon' ? geometry.coordinates.map(([ring]) => ring!) : [];
      expect(Math.max(...parts[0]!.map(([lon]) => lon))).toBe(180);
      expect(Math.min(...parts[1]!.map(([lon]) => lon))).toBe(-180);
      expect(Math.min(...parts[0]!.map(([lon]) => lon))).toBeGreaterThan(170);
      expect(Math.max(...parts[1]!.map(([lon]) => lon))).toBeLessThan(-170);
      expect(bbox[0]).toBeGreaterThan(bbox[2]);
    }
  });

  it('goes around the pole', () => {
    const { geometry, bbox } = gridFootprintWgs84(square('EPSG:3413', -1e6, 1e6, 2e6));
    expect([bbox[0], bbox[2], bbox[3]]).toEqual([-180, 180, 90]);
    expect(bbox[1]).toBeGreaterThan(75);
    expect(geometry.type).toBe('Polygon');
  });
});
