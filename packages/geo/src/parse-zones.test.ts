import { isSwathError } from '@swath/core';
import { describe, expect, it } from 'vitest';
import { MAX_ZONE_VERTICES, MAX_ZONES } from './limits.ts';
import { parseZones, zonesBbox } from './parse-zones.ts';

const square = (lon: number, lat: number, size = 0.01) => ({
  type: 'Polygon',
  coordinates: [
    [
      [lon, lat],
      [lon + size, lat],
      [lon + size, lat + size],
      [lon, lat + size],
      [lon, lat],
    ],
  ],
});
const feature = (id: unknown, lon = 10, properties: object = {}) => ({
  type: 'Feature',
  id,
  properties,
  geometry: square(lon, 48),
});
const collection = (...features: unknown[]) => ({ type: 'FeatureCollection', features });

function refusal(input: unknown, zoneId?: string) {
  try {
    parseZones(input, zoneId);
  } catch (error) {
    if (isSwathError(error)) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('zones', () => {
  it('have the id of their feature, or of the property that is named', () => {
    expect(parseZones(collection(feature('a'), feature(7, 11))).map(({ id }) => id)).toEqual(['a', '7']);
    const named = collection(feature(1, 10, { 'name/x': 'north' }), feature(1, 11, { 'name/x': 'south' }));
    expect(parseZones(named, 'name/x').map(({ id }) => id)).toEqual(['north', 'south']);
  });

  it('have a box around all of them', () => {
    expect(zonesBbox(parseZones(collection(feature('a', 10), feature('b', 12))))).toEqual([
      10, 48, 12.01, 48.01,
    ]);
  });

  it.each([
    ['a bare polygon', square(10, 48), undefined, '/zones', 'InvalidInput'],
    ['no feature', collection(), undefined, '/zones', 'InvalidInput'],
    ['a geometry for a feature', collection(square(10, 48)), undefined, '/zones/features/0', 'InvalidInput'],
    [
      'no id',
      collection(feature('a'), feature(undefined)),
      undefined,
      '/zones/features/1/id',
      'InvalidInput',
    ],
    [
      'no such property',
      collection(feature('a')),
      'a/b',
      '/zones/features/0/properties/a~1b',
      'InvalidInput',
    ],
    [
      'an inherited property',
      collection(feature('a')),
      'constructor',
      '/zones/features/0/properties/constructor',
      'InvalidInput',
    ],
    [
      'an id twice',
      collection(feature('a'), feature('a', 11)),
      undefined,
      '/zones/features/1',
      'InvalidInput',
    ],
    ['the id of all pixels', collection(feature('whole')), undefined, '/zones/features/0/id', 'InvalidInput'],
    [
      'an endless id',
      collection(feature('x'.repeat(200))),
      undefined,
      '/zones/features/0/id',
      'InvalidInput',
    ],
    [
      'a point',
      collection({ ...feature('a'), geometry: { type: 'Point', coordinates: [10, 48] } }),
      undefined,
      '/zones/features/0/geometry/type',
      'InvalidInput',
    ],
    [
      'degrees that are metres',
      collection(feature('a'), feature('b', 600000)),
      undefined,
      '/zones/features/1/geometry/coordinates/0/0',
      'InvalidInput',
    ],
    [
      'too many',
      { type: 'FeatureCollection', features: new Array(MAX_ZONES + 1).fill(null) },
      undefined,
      '/zones/features',
      'LimitExceeded',
    ],
  ])('with %s are refused with a pointer and a fix', (_, input, zoneId, pointer, code) => {
    const error = refusal(input, zoneId);
    expect(error).toMatchObject({ code, pointer });
    expect(error.fix).toMatch(/./);
  });

  it('with too many vertices in all are refused where the limit is passed, before any is looked at', () => {
    const ring = new Array(MAX_ZONE_VERTICES / 2 + 1).fill([10, 48]);
    const heavy = { type: 'Feature', geometry: { type: 'Polygon', coordinates: [ring] } };
    expect(refusal(collection(heavy, heavy))).toMatchObject({
      code: 'LimitExceeded',
      pointer: '/zones/features/1',
    });
  });
});
