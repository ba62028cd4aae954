import { isSwathError } from '@swath/core';
import { describe, expect, it } from 'vitest';
import { checkAgainstProvider, checkSpec } from './check-spec.ts';
import { parseJsonDocument } from './json-door.ts';

const base = { aoi: [10.4, 48.5, 10.6, 48.7], collections: ['s2'], pipeline: { index: 'NDVI' } };

function refusal(input: unknown): {
  pointer: string | undefined;
  message: string;
  fix: string | undefined;
  code: string;
} {
  try {
    checkSpec(input);
  } catch (error) {
    if (isSwathError(error)) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('a request at the door', () => {
  it('gets its defaults', () => {
    const { spec, aoi, datetime } = checkSpec(base);
    expect(spec).toMatchObject({
      mask: 'clouds',
      composite: 'none',
      radiometry: 'reflectance',
      grid: 'native',
    });
    expect(spec.output.dtype).toBe('float32');
    expect(aoi?.clip).toBe(false);
    expect(datetime).toBeNull();
  });

  it.each([
    ['an unknown index', { ...base, pipeline: { index: 'NDVJ' } }, '/pipeline/index', /NDVI/],
    ['an unknown field', { ...base, composit: 'median' }, '/composit', /composite/],
    ['30 February', { ...base, datetime: '2024-02-30' }, '/datetime', /./],
    ['a reversed interval', { ...base, datetime: '2024-03-01/2024-02-01' }, '/datetime', /./],
    ['an unknown CRS', { ...base, grid: { crs: 'EPSG:999999' } }, '/grid/crs', /EPSG/],
    [
      'a method call',
      { ...base, pipeline: { expression: 'red.constructor("x")()' } },
      '/pipeline/expression',
      /./,
    ],
    ['an assignment', { ...base, pipeline: { expression: 'red = 1' } }, '/pipeline/expression', /./],
    ['a template', { ...base, pipeline: { expression: '`red`' } }, '/pipeline/expression', /./],
    ['a composite that is none', { ...base, composite: 'mode' }, '/composite', /median/],
    [
      'a nodata that does not fit',
      { ...base, output: { dtype: 'uint8', nodata: -1 } },
      '/output/nodata',
      /255/,
    ],
    ['no imagery', { aoi: base.aoi, pipeline: base.pipeline }, '/collections', /items/],
    ['no area', { collections: ['s2'], pipeline: base.pipeline }, '/aoi', /./],
    ['no pipeline', { aoi: base.aoi, collections: ['s2'] }, '/pipeline', /./],
    ['items and collections', { ...base, items: ['a.json'] }, '/items', /./],
    ['bounds without area', { ...base, grid: { bounds: [5, 5, 1, 9] } }, '/grid/bounds', /minX/],
    ['a box across the antimeridian', { ...base, aoi: [179, -18, -179, -16] }, '/aoi', /180/],
    ['swapped corners of latitude', { ...base, aoi: [10, 49, 11, 48] }, '/aoi', /./],
    ['a box of metres', { ...base, aoi: [600000, 5400000, 610000, 5410000] }, '/aoi', /./],
    ['a text', 'NDVI', '', /./],
  ])('with %s is refused with field and fix', (_, input, pointer, fix) => {
    const error = refusal(input);
    expect(error.code).toBe('InvalidInput');
    expect(error.pointer).toMatch(new RegExp(`^${pointer}`));
    expect(error.fix).toMatch(fix);
  });

  it('with a bow-tie for an area is refused, naming the ring', () => {
    const bow = {
      type: 'Polygon',
      coordinates: [
        [
          [10, 48],
          [10.2, 48.2],
          [10.2, 48],
          [10, 48.2],
          [10, 48],
        ],
      ],
    };
    expect(refusal({ ...base, aoi: bow }).pointer).toMatch(/^\/aoi/);
  });

  it('with a million vertices is refused by count', () => {
    const ring = Array.from({ length: 1_000_001 }, (_, i) => [Math.cos(i / 1e5), Math.sin(i / 1e5)]);
    expect(refusal({ ...base, aoi: { type: 'Polygon', coordinates: [ring] } })).toMatchObject({
      code: 'LimitExceeded',
    });
  });

  it('names every problem in one message', () => {
    const error = refusal({ ...base, retentionDays: 0, maxCloudCoverPercent: 101 });
    expect(error.message).toMatch(/retentionDays/);
    expect(error.message).toMatch(/maxCloudCoverPercent/);
  });
});

describe('a hostile request', () => {
  it('of very many unknown fields gets a short answer', () => {
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`x${i}`, 1]));
    const error = refusal({ ...base, ...many });
    expect(error.message.length).toBeLessThan(2000);
    expect(error.message).toContain('and 99980 more');
  });
});

describe('a request against its provider', () => {
  const collections = [
    { id: 's2', title: '', description: '', bands: ['red', 'green', 'nir'] },
    { id: 'landsat', title: '', description: '', bands: ['red', 'nir08'] },
    { id: 'silent', title: '', description: '', bands: [] },
  ];

  it('passes when its bands are there, under their other name too, or when the provider does not say', () => {
    for (const id of ['s2', 'landsat', 'silent']) {
      checkAgainstProvider(checkSpec({ ...base, collections: [id] }), collections);
    }
  });

  it('is refused with the bands there are', () => {
    const checked = checkSpec({ ...base, pipeline: { expression: 'swir16 / nir' } });
    expect(() => checkAgainstProvider(checked, collections)).toThrow(
      expect.objectContaining({ pointer: '/pipeline', fix: expect.stringContaining('red, green, nir') }),
    );
  });

  it('is refused with the collection it may have meant', () => {
    const checked = checkSpec({ ...base, collections: ['landsatt'] });
    expect(() => checkAgainstProvider(checked, collections)).toThrow(
      expect.objectContaining({ pointer: '/collections/0', fix: 'Did you mean "landsat"?' }),
    );
  });
});

describe('the JSON door', () => {
  it.each([
    ['depth', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['a key twice', '{"a":1,"a":2}'],
    ['a key twice, spelled with an escape', '{"a":1,"\\u0061":2}'],
    ['__proto__', '{"__proto__":{"x":1}}'],
    ['__proto__ far from its colon', `{"__proto__"${' '.repeat(1000)}:{}}`],
    ['infinity', '{"a":1e999}'],
    ['half a surrogate', '{"a":"\\ud800"}'],
    ['NaN', '{"a":NaN}'],
    ['a byte order mark', '\ufeff{}'],
    ['an open string', '{"a":"b'],
  ])('refuses %s with a typed error', (_, text) => {
    expect(() => parseJsonDocument(text)).toThrow(expect.objectContaining({ name: 'SwathError' }));
  });

  it('refuses by size before parsing', () => {
    expect(() => parseJsonDocument(`"${'x'.repeat(100)}"`, 50)).toThrow(
      expect.objectContaining({ code: 'LimitExceeded' }),
    );
  });

  it('lets the same key stand in different objects, and braces in strings', () => {
    expect(parseJsonDocument('{"a":{"a":"{[\\"a\\":"},"b":[{"a":1},{"a":2}]}')).toEqual({
      a: { a: '{["a":' },
      b: [{ a: 1 }, { a: 2 }],
    });
  });
});
