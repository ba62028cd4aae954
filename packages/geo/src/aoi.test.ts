import { describe, expect, it } from 'vitest';
import { box, multi, polygon, refusal } from './aoi.fixture.ts';
import { parseAoi } from './aoi.ts';
import { refusedAreas } from './refused-areas.fixture.ts';

describe('parseAoi', () => {
  it('takes a bbox as a rectangle that does not clip', () => {
    const aoi = parseAoi([10, 48, 10.1, 48.1]);
    expect(aoi.clip).toBe(false);
    expect(aoi.bboxes).toEqual([[10, 48, 10.1, 48.1]]);
    expect(aoi.areaKm2).toBeCloseTo(82.7, 0);
  });

  it('takes Polygon, MultiPolygon, Feature and FeatureCollection of one', () => {
    const shape = polygon(box(1, 1, 2, 2));
    const feature = { type: 'Feature', properties: null, geometry: shape };
    const expected = parseAoi(shape);
    expect(expected.clip).toBe(true);
    expect(parseAoi(feature)).toEqual(expected);
    expect(parseAoi({ type: 'FeatureCollection', features: [feature] })).toEqual(expected);
    expect(parseAoi(multi([box(1, 1, 2, 2)], [box(3, 1, 4, 2)])).bboxes).toEqual([[1, 1, 4, 2]]);
  });

  it('winds shells counter-clockwise and holes clockwise, and changes nothing else', () => {
    const shell = box(0, 0, 4, 4);
    const hole = box(1, 1, 2, 2);
    const expected = { type: 'Polygon', coordinates: [shell, hole.toReversed()] };
    for (const rings of [
      [shell, hole],
      [shell.toReversed(), hole],
      [shell.toReversed(), hole.toReversed()],
    ]) {
      const { geometry } = parseAoi(polygon(...rings));
      expect(geometry).toEqual(expected);
    }
  });

  it('measures a known area', () => {
    // A sphere of 6371.0088 km: R^2 * (sin 1 deg) * 1 deg in radians.
    const expected = 6371.0088 ** 2 * Math.sin(Math.PI / 180) * (Math.PI / 180);
    expect(parseAoi([0, 0, 1, 1]).areaKm2).toBeCloseTo(expected, 0);
  });

  it.each(refusedAreas)('refuses %s', (_, input, pointer, message) => {
    const error = refusal(input);
    expect(error.code).toBe('InvalidInput');
    expect(error.message).toContain(message);
    expect(error.pointer).toBe(pointer);
    expect(error.fix).toBeTruthy();
  });

  it('refuses half a continent with both numbers', () => {
    const error = refusal([-10, 35, 40, 70]);
    expect(error.code).toBe('LimitExceeded');
    expect(error.message).toMatch(/km2.*1,000,000 km2/);
  });

  it('points into Features and collections', () => {
    const bad = polygon(box(0, 0, 1, 1).slice(0, 4));
    const feature = { type: 'Feature', geometry: bad };
    expect(refusal(feature).pointer).toBe('/aoi/geometry/coordinates/0/3');
    expect(refusal({ type: 'FeatureCollection', features: [feature] }).pointer).toBe(
      '/aoi/features/0/geometry/coordinates/0/3',
    );
  });

  it('does not follow nesting', () => {
    let nested: unknown = polygon(box(0, 0, 1, 1));
    for (let i = 0; i < 1000; i++) nested = { type: 'FeatureCollection', features: [nested] };
    expect(refusal(nested).message).toContain('nested too deep');
  });

  it('allows holes and parts that touch in a point, and islands in lakes', () => {
    const touching = [
      [0, 2],
      [2, 1],
      [2, 3],
      [0, 2],
    ];
    expect(parseAoi(polygon(box(0, 0, 4, 4), touching)).areaKm2).toBeGreaterThan(0);
    expect(parseAoi(multi([box(0, 0, 1, 1)], [box(1, 1, 2, 2)])).geometry.type).toBe('MultiPolygon');
    expect(parseAoi(multi([box(0, 0, 9, 9), box(1, 1, 8, 8)], [box(2, 2, 3, 3)])).bboxes).toHaveLength(1);
  });
});

describe('areas at the antimeridian', () => {
  const split = multi([box(178, -20, 180, -10)], [box(-180, -20, -178, -10)]);

  it('are taken when split as RFC 7946 asks, with a box on either side', () => {
    const aoi = parseAoi(split);
    expect(aoi.bboxes).toEqual([
      [178, -20, 180, -10],
      [-180, -20, -178, -10],
    ]);
    expect(aoi.areaKm2).toBeCloseTo(2 * parseAoi([178, -20, 180, -10]).areaKm2, 3);
  });

  it('are answered with the split that is accepted', () => {
    const spellings = [
      polygon([
        [178, -20],
        [-178, -20],
        [-178, -10],
        [178, -10],
        [178, -20],
      ]),
      polygon(box(178, -20, 182, -10)),
      polygon(box(-182, -20, -178, -10)),
      [178, -20, -178, -10],
      [178, -20, 182, -10],
      [-182, -20, -178, -10],
    ];
    for (const spelling of spellings) {
      const text = /\{.*\}/.exec(refusal(spelling).fix ?? '')?.[0] ?? 'null';
      expect(parseAoi(JSON.parse(text))).toEqual(parseAoi(split));
    }
  });
});
