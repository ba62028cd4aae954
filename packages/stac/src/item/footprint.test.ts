import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFootprint } from './footprint.ts';

const ring = (...points: readonly (readonly [number, number])[]) => [...points, points[0]];
const polygon = (...points: readonly (readonly [number, number])[]) => ({
  type: 'Polygon',
  coordinates: [ring(...points)],
});

describe('readFootprint', () => {
  it('recomputes the box from the geometry', () => {
    const geometry = polygon([14.998951, 80], [17, 80], [17, 81], [14.998951, 81]);
    expect(readFootprint(geometry, [0, 0, 1, 1]).bboxes).toEqual([[14.998951, 80, 17, 81]]);
  });

  it('splits the box where an edge takes the short way over the antimeridian', () => {
    const geometry = polygon([179, -10], [-179.5, -10], [-179.5, -9], [179, -9]);
    expect(readFootprint(geometry, undefined).bboxes).toEqual([
      [179, -10, 180, -9],
      [-180, -10, -179.5, -9],
    ]);
  });

  it('reads longitudes past 180 as west of the antimeridian', () => {
    const geometry = polygon([179, 0], [181, 0], [181, 1], [179, 1]);
    expect(readFootprint(geometry, undefined).bboxes).toEqual([
      [179, 0, 180, 1],
      [-180, 0, -179, 1],
    ]);
  });

  it('keeps two boxes for a footprint that was split as RFC 7946 asks', () => {
    const geometry = {
      type: 'MultiPolygon',
      coordinates: [
        [ring([179, 0], [180, 0], [180, 2], [179, 2])],
        [ring([-180, 0], [-179, 0], [-179, 1], [-180, 1])],
      ],
    };
    expect(readFootprint(geometry, undefined).bboxes).toEqual([
      [179, 0, 180, 2],
      [-180, 0, -179, 1],
    ]);
  });

  it('takes a band around the world for what it is', () => {
    const geometry = polygon([-180, -60], [180, -60], [180, 60], [-180, 60]);
    expect(readFootprint(geometry, undefined).bboxes).toEqual([[-180, -60, 180, 60]]);
  });

  it('reaches the pole when the ring goes round it', () => {
    const geometry = polygon([0, -80], [120, -81], [-120, -79]);
    expect(readFootprint(geometry, undefined).bboxes).toEqual([[-180, -90, 180, -79]]);
  });

  it('has every vertex in one of its boxes, none wider than the world', () => {
    const point = fc.tuple(
      fc.double({ min: -180, max: 180, noNaN: true }),
      fc.double({ min: -90, max: 90, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(point, { minLength: 3, maxLength: 12 }), (points) => {
        const { bboxes } = readFootprint(polygon(...points), undefined);
        for (const [west, south, east, north] of bboxes) {
          expect(-180 <= west && west <= east && east <= 180 && south <= north).toBe(true);
        }
        for (const [lon, lat] of points) {
          // One turn of 360 costs the last bits of a tiny longitude.
          const inside = bboxes.some(
            ([west, south, east, north]) =>
              lon >= west - 1e-12 && lon <= east + 1e-12 && lat >= south && lat <= north,
          );
          expect(inside || Math.abs(lon) === 180).toBe(true);
        }
      }),
    );
  });

  it.each([
    ['a missing geometry', undefined, undefined, '/geometry'],
    ['null beside a bbox', null, [0, 0, 1, 1], '/geometry'],
    ['a point', { type: 'Point', coordinates: [0, 0] }, undefined, '/geometry/type'],
    ['no rings', { type: 'Polygon', coordinates: [] }, undefined, '/geometry/coordinates'],
    [
      'texts',
      { type: 'Polygon', coordinates: [['a', 'b', 'c', 'd']] },
      undefined,
      '/geometry/coordinates/0/0',
    ],
    ['a short ring', { type: 'Polygon', coordinates: [[[0, 0]]] }, undefined, '/geometry/coordinates/0'],
    ['latitude 91', polygon([0, 91], [1, 0], [1, 1]), undefined, '/geometry/coordinates/0/0'],
    ['NaN', polygon([0, Number.NaN], [1, 0], [1, 1]), undefined, '/geometry/coordinates/0/0'],
  ])('refuses %s and names the field', (_, geometry, bbox, pointer) => {
    expect(() => readFootprint(geometry, bbox)).toThrow(
      expect.objectContaining({ code: 'Corrupt', pointer }),
    );
  });

  it('allows an Item without a place', () => {
    expect(readFootprint(null, undefined)).toEqual({ geometry: null, bboxes: [] });
  });
});
