import { isSwathError, type SwathError } from '@swath/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edgeRelation } from './aoi/crossings.ts';
import { orientation, placeInRing } from './aoi/orientation.ts';
import { parseAoi } from './aoi.ts';
import type { LonLat } from './types.ts';

const polygon = (...rings: unknown[]) => ({ type: 'Polygon', coordinates: rings });
const multi = (...polygons: unknown[]) => ({ type: 'MultiPolygon', coordinates: polygons });

function box(west: number, south: number, east: number, north: number): LonLat[] {
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
}

function refusal(input: unknown): SwathError {
  try {
    parseAoi(input);
  } catch (error) {
    if (isSwathError(error)) return error;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(input).slice(0, 200)}`);
}

/** A wiggly coast of n vertices that does not cross itself. */
function coast(n: number): LonLat[] {
  const ring = Array.from({ length: n }, (_, i): LonLat => {
    const angle = (2 * Math.PI * i) / n;
    const radius = 1 + 0.1 * Math.sin(37 * angle) + 0.01 * Math.sin(997 * angle);
    return [10 + radius * Math.cos(angle), 45 + radius * Math.sin(angle)];
  });
  return [...ring, ring[0]!];
}

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

  const cases: readonly (readonly [what: string, input: unknown, pointer: string, message: string])[] = [
    ['nothing', null, '/aoi', 'not a GeoJSON object'],
    ['a text', 'here', '/aoi', 'not a GeoJSON object'],
    ['an empty object', {}, '/aoi/type', 'not an area'],
    ['a point', { type: 'Point', coordinates: [1, 2] }, '/aoi/type', 'Point has no area'],
    [
      'a collection',
      { type: 'GeometryCollection', geometries: [] },
      '/aoi/type',
      'GeometryCollection has no area',
    ],
    ['an inherited type', Object.create(polygon(box(0, 0, 1, 1))), '/aoi/type', 'not an area'],
    ['two features', { type: 'FeatureCollection', features: [{}, {}] }, '/aoi/features', 'has 2 features'],
    ['a feature of nothing', { type: 'Feature', geometry: null }, '/aoi/geometry', 'not a GeoJSON object'],
    [
      'another CRS',
      { ...polygon(box(0, 0, 1, 1)), crs: { type: 'name', properties: { name: 'EPSG:32631' } } },
      '/aoi/crs',
      'CRS of its own',
    ],
    ['no rings', polygon(), '/aoi/coordinates', 'empty'],
    ['no parts', multi(), '/aoi/coordinates', 'empty'],
    ['a part without rings', multi([]), '/aoi/coordinates/0', 'no ring'],
    [
      'a ring of three',
      polygon([
        [0, 0],
        [1, 1],
        [0, 0],
      ]),
      '/aoi/coordinates/0',
      '3 positions',
    ],
    ['a ring that is none', polygon('ring'), '/aoi/coordinates/0', 'not an array'],
    [
      'a text for a number',
      polygon([
        [0, 0],
        [1, '0'],
        [1, 1],
        [0, 0],
      ]),
      '/aoi/coordinates/0/1',
      'two finite numbers',
    ],
    [
      'NaN',
      polygon([
        [0, 0],
        [Number.NaN, 0],
        [1, 1],
        [0, 0],
      ]),
      '/aoi/coordinates/0/1',
      'two finite numbers',
    ],
    [
      'Infinity',
      polygon([
        [0, 0],
        [1, Infinity],
        [1, 1],
        [0, 0],
      ]),
      '/aoi/coordinates/0/1',
      'two finite numbers',
    ],
    [
      'an altitude',
      polygon([
        [0, 0, 5],
        [1, 0, 5],
        [1, 1, 5],
        [0, 0, 5],
      ]),
      '/aoi/coordinates/0/0',
      'has 3 numbers',
    ],
    [
      '1e308',
      polygon([
        [0, 0],
        [1e308, 0],
        [1, 1],
        [0, 0],
      ]),
      '/aoi/coordinates/0/1',
      'metres of a projected CRS',
    ],
    [
      'UTM metres',
      polygon(box(500000, 4600000, 500100, 4600100)),
      '/aoi/coordinates/0/0',
      'metres of a projected CRS',
    ],
    ['latitude 91', polygon(box(100, 80, 101, 91)), '/aoi/coordinates/0/2', 'outside'],
    ['swapped axes', polygon(box(40, 110, 41, 111)), '/aoi/coordinates/0/0', 'swapped'],
    ['an open ring', polygon(box(0, 0, 1, 1).slice(0, 4)), '/aoi/coordinates/0/3', 'open'],
    [
      'a repeated point',
      polygon([
        [0, 0],
        [1, 0],
        [1, 0],
        [1, 1],
        [0, 0],
      ]),
      '/aoi/coordinates/0/2',
      'repeats vertex 1',
    ],
    [
      'a point visited twice',
      polygon([
        [0, 0],
        [2, 0],
        [1, 1],
        [2, 2],
        [0, 2],
        [1, 1],
        [0, 0],
      ]),
      '/aoi/coordinates/0/5',
      'repeats vertex 2',
    ],
    [
      'a line',
      polygon([
        [0, 0],
        [1, 1],
        [2, 2],
        [0, 0],
      ]),
      '/aoi/coordinates/0',
      'no area',
    ],
    [
      'a bow-tie',
      polygon([
        [0, 0],
        [1, 1],
        [1, 0],
        [0, 1],
        [0, 0],
      ]),
      '/aoi/coordinates/0/0',
      'crosses itself',
    ],
    [
      'a bow-tie of unequal wings',
      polygon([
        [0, 0],
        [2, 2],
        [2, 0],
        [0, 1],
        [0, 0],
      ]),
      '/aoi/coordinates/0/0',
      'crosses itself',
    ],
    [
      'a spike',
      polygon([
        [0, 0],
        [2, 0],
        [3, 0],
        [2.5, 0],
        [2, 2],
        [0, 0],
      ]),
      '/aoi/coordinates/0/1',
      'runs back along itself',
    ],
    [
      'a vertex on an edge',
      polygon([
        [0, 0],
        [4, 0],
        [4, 2],
        [2, 0],
        [0, 2],
        [0, 0],
      ]),
      '/aoi/coordinates/0/0',
      'touches itself',
    ],
    ['a hole outside', polygon(box(0, 0, 1, 1), box(2, 2, 3, 3)), '/aoi/coordinates/1', 'outside its shell'],
    ['a hole across the shell', polygon(box(0, 0, 2, 2), box(1, 1, 3, 3)), '/aoi/coordinates/0/1', 'cross'],
    [
      'a hole around the shell',
      polygon(box(1, 1, 2, 2), box(0, 0, 3, 3)),
      '/aoi/coordinates/1',
      'outside its shell',
    ],
    [
      'a hole equal to the shell',
      polygon(box(1, 1, 2, 2), box(1, 1, 2, 2)),
      '/aoi/coordinates/0/0',
      'share a stretch',
    ],
    [
      'a hole in a hole',
      polygon(box(0, 0, 9, 9), box(1, 1, 8, 8), box(2, 2, 3, 3)),
      '/aoi/coordinates/2',
      'in another hole',
    ],
    ['overlapping parts', multi([box(0, 0, 2, 2)], [box(1, 1, 3, 3)]), '/aoi/coordinates/0/0/1', 'cross'],
    ['a part in a part', multi([box(0, 0, 9, 9)], [box(1, 1, 2, 2)]), '/aoi/coordinates/1/0', 'overlaps'],
    [
      'parts that share an edge',
      multi([box(0, 0, 1, 1)], [box(1, 0, 2, 1)]),
      '/aoi/coordinates/0/0/1',
      'share a stretch',
    ],
    [
      'a hole out through corners',
      polygon(box(0, 0, 4, 4), [
        [4, 0],
        [6, 2],
        [4, 4],
        [2, 2],
        [4, 0],
      ]),
      '/aoi/coordinates/1',
      'outside its shell',
    ],
    ['the north pole', polygon(box(0, 80, 10, 90)), '/aoi/coordinates/0/2', 'north pole'],
    [
      'a ring around the north pole',
      polygon([
        [0, 80],
        [90, 80],
        [180, 80],
        [-90, 80],
        [0, 80],
      ]),
      '/aoi/coordinates/0',
      'north pole',
    ],
    [
      'a ring around the south pole',
      polygon([
        [0, -80],
        [-90, -80],
        [180, -80],
        [90, -80],
        [0, -80],
      ]),
      '/aoi/coordinates/0',
      'south pole',
    ],
    ['the whole earth', [-180, -90, 180, 90], '/aoi/3', 'north pole'],
    [
      'a jump over the antimeridian',
      polygon([
        [178, -20],
        [-178, -20],
        [-178, -10],
        [178, -10],
        [178, -20],
      ]),
      '/aoi/coordinates/0/1',
      'antimeridian',
    ],
    ['longitudes beyond 180', polygon(box(178, -20, 182, -10)), '/aoi/coordinates/0/1', 'antimeridian'],
    ['longitudes beyond -180', polygon(box(-182, -20, -178, -10)), '/aoi/coordinates/0/0', 'antimeridian'],
    ['longitudes from 0 to 360', polygon(box(200, 10, 210, 20)), '/aoi/coordinates/0/0', 'beyond 180'],
    ['a bbox from east to west', [178, -20, -178, -10], '/aoi/0', 'antimeridian'],
    ['a bbox beyond 180', [178, -20, 182, -10], '/aoi/2', 'antimeridian'],
    ['a bbox of six', [0, 0, 0, 1, 1, 9], '/aoi', '6 numbers'],
    ['a bbox of three', [0, 0, 1], '/aoi', '3 entries'],
    ['a bbox of texts', [0, 0, '1', 1], '/aoi/2', 'not a finite number'],
    ['a bbox upside down', [0, 2, 1, 1], '/aoi/1', 'above'],
    ['a bbox without width', [1, 1, 1, 2], '/aoi', 'no width'],
    ['a bbox without height', [1, 1, 2, 1], '/aoi', 'no height'],
    ['a bbox in metres', [500000, 4600000, 500100, 4600100], '/aoi/1', 'metres of a projected CRS'],
    ['a bbox with swapped axes', [48, 110, 49, 111], '/aoi/1', 'swapped'],
    ['a bbox smaller than any pixel', [10, 48, 10.000001, 48.000001], '/aoi', 'the smallest is 1 m2'],
  ];

  it.each(cases)('refuses %s', (_, input, pointer, message) => {
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

describe('hostile areas', () => {
  it('of a million vertices are refused before anything is looked at', () => {
    const ring = Array.from({ length: 1_000_000 }, () => null);
    const start = performance.now();
    const error = refusal(polygon(ring));
    expect(performance.now() - start).toBeLessThan(250);
    expect(error.code).toBe('LimitExceeded');
    expect(error.pointer).toBe('/aoi/coordinates');
    expect(error.message).toContain('10,000');
  });

  it('of 10,000 vertices are checked in time', () => {
    parseAoi(polygon(coast(2000)));
    const start = performance.now();
    parseAoi(polygon(coast(9999)));
    // Measured 40 ms; the naive comparison of all pairs takes seconds.
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('of thousands of long teeth stop at the limit of pairs', () => {
    const teeth = Array.from({ length: 4990 }, (_, i): LonLat[] => [
      [i * 1e-4, 0],
      [i * 1e-4 + 0.50005, 1],
    ]).flat();
    const ring: LonLat[] = [...teeth, [2, 1.5], [-1, 1.5], teeth[0]!];
    const error = refusal(polygon(ring));
    expect(error.code).toBe('LimitExceeded');
    expect(error.message).toContain('tangled');
  });

  it('of a thousand holes are checked in time', () => {
    const holes = Array.from({ length: 1900 }, (_, i) => {
      const [x, y] = [1 + (i % 44) * 0.1, 1 + Math.floor(i / 44) * 0.1];
      return box(x, y, x + 0.05, y + 0.05);
    });
    const start = performance.now();
    expect(parseAoi(polygon(box(0, 0, 8, 8), ...holes)).areaKm2).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('the search for crossings', () => {
  const small = fc.integer({ min: 0, max: 6 });
  const point = fc.tuple(small, small);

  /** Whether any two edges that are no neighbours meet, or neighbours meet in more than their common end. */
  function crossesBruteForce(ring: readonly LonLat[]): boolean {
    const n = ring.length - 1;
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) {
        const relation = edgeRelation(ring[i]!, ring[i + 1]!, ring[j]!, ring[j + 1]!);
        const neighbours = j === i + 1 || (i === 0 && j === n - 1);
        if (relation === 'cross' || relation === 'overlap' || (relation === 'touch' && !neighbours))
          return true;
      }
    }
    return false;
  }

  it('agrees with a comparison of all pairs', () => {
    fc.assert(
      fc.property(fc.uniqueArray(point, { minLength: 3, maxLength: 8, selector: String }), (corners) => {
        const ring = [...corners, corners[0]!];
        fc.pre(corners.some((corner) => orientation(corners[0]!, corners[1]!, corner) !== 0));
        const wrong = crossesBruteForce(ring);
        if (wrong) expect(refusal(polygon(ring)).code).toBe('InvalidInput');
        else expect(parseAoi(polygon(ring)).clip).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('decides the side of nearly collinear points exactly', () => {
    const a: LonLat = [0.5, 0.5];
    const b: LonLat = [12, 12];
    const c: LonLat = [24, 24];
    expect(orientation(a, b, c)).toBe(0);
    for (const ulps of [1, 2, 5]) {
      const up: LonLat = [0.5, 0.5 + ulps * 2 ** -53 * 2];
      expect(orientation(up, b, c)).toBe(-orientation([0.5 + ulps * 2 ** -53 * 2, 0.5], b, c));
      expect(orientation(up, b, c)).not.toBe(0);
    }
  });

  it('places points on the boundary, inside and outside', () => {
    const ring = box(0, 0, 2, 2);
    expect(placeInRing([1, 1], ring)).toBe('inside');
    expect(placeInRing([2, 1], ring)).toBe('boundary');
    expect(placeInRing([0, 0], ring)).toBe('boundary');
    expect(placeInRing([3, 0], ring)).toBe('outside');
    expect(placeInRing([-1, 2], ring)).toBe('outside');
  });
});
