import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../../../../test/support/shared.ts';
import { findBand } from '../find-band.ts';
import { sceneFromItem } from '../scene-from-item.ts';
import { buildResultItem, cogMediaType } from './build-item.ts';
import type { ResultItemInput } from './input.ts';

const sha256 = 'ab'.repeat(32);

const input: ResultItemInput = {
  id: 'ndvi-2024-06-01',
  collection: { id: 'swath-results', href: '../collection.json' },
  title: 'NDVI',
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [3, 50],
        [4, 50],
        [4, 51],
        [3, 51],
        [3, 50],
      ],
    ],
  },
  start: '2024-06-01T10:00:00.000Z',
  end: '2024-06-01T10:00:00.000Z',
  created: '2024-06-02T00:00:00.000Z',
  grid: { crs: 'EPSG:32631', geotransform: [500000, 10, 0, 5600000, 0, -10], width: 200, height: 100 },
  bands: [
    {
      name: 'ndvi',
      description: '(nir - red) / (nir + red)',
      stored: { dtype: 'int16', scale: 0.0001, offset: 0, nodata: -32768 },
      statistics: {
        count: 100,
        validPercent: 50,
        min: -0.1,
        max: 0.9,
        mean: 0.5,
        std: 0.2,
        histogram: [1, 2, 3],
      },
    },
  ],
  cloudCoverPercent: 12.5,
  processing: {
    lineage: 'NDVI of Sentinel-2 L2A, clouds masked.',
    software: { swath: '0.1.0' },
    expression: { format: 'swath', expression: '(nir-red)/(nir+red)' },
  },
  scenes: [
    {
      id: 'S2A_1',
      collection: 'sentinel-2-l2a',
      itemHref: '/data/my scenes/S2A_1.json',
      version: '2024-06-01T12:00:00Z',
      radiometry: { red: { scale: 0.0001, offset: 0, rule: 'metadata', because: 'The Item states it.' } },
    },
  ],
  assets: {
    cog: { href: './ndvi.tif', sizeBytes: 1234, sha256 },
    thumbnail: { href: './thumbnail.png', sizeBytes: 10, sha256 },
    statistics: { href: './statistics.json' },
    metadata: { href: './request.json' },
  },
  links: [{ rel: 'self', href: 'https://swath.test/collections/swath-results/items/ndvi-2024-06-01' }],
};

/** Inputs that differ in what decides the shape of the Item. */
const variants: readonly (readonly [string, ResultItemInput])[] = [
  ['one date, int16', input],
  ['a composite', { ...input, end: '2024-08-31T10:00:00.000Z', cloudCoverPercent: null }],
  [
    'undated inputs, no code for the CRS',
    { ...input, start: null, end: null, grid: { ...input.grid, crs: '+proj=sinu +R=6371007.181' } },
  ],
  [
    'float32 without a valid pixel',
    {
      ...input,
      bands: [
        {
          name: 'ndvi',
          stored: { dtype: 'float32', scale: 1, offset: 0, nodata: 'nan' },
          statistics: {
            count: 0,
            validPercent: 0,
            min: null,
            max: null,
            mean: null,
            std: null,
            histogram: null,
          },
        },
      ],
    },
  ],
  [
    'bands with common names across the antimeridian',
    {
      ...input,
      geometry: {
        type: 'MultiPolygon',
        coordinates: [
          [
            [
              [179, 0],
              [180, 0],
              [180, 1],
              [179, 1],
              [179, 0],
            ],
          ],
          [
            [
              [-180, 0],
              [-179, 0],
              [-179, 1],
              [-180, 1],
              [-180, 0],
            ],
          ],
        ],
      },
      bands: input.bands.flatMap((band) => [
        { ...band, name: 'red', commonName: 'red', unit: '1' },
        { ...band, name: 'nir', commonName: 'nir' },
      ]),
    },
  ],
];

describe('buildResultItem', () => {
  it('writes grid and radiometry for new and old clients', () => {
    const item = buildResultItem(input);
    expect(item).toMatchObject({
      stac_version: '1.0.0',
      bbox: [3, 50, 4, 51],
      properties: {
        datetime: '2024-06-01T10:00:00.000Z',
        'proj:code': 'EPSG:32631',
        'proj:epsg': 32631,
        'eo:cloud_cover': 12.5,
        'swath:radiometry': [{ scene: 'S2A_1', bands: { red: { rule: 'metadata' } } }],
      },
      assets: {
        data: {
          type: cogMediaType,
          'proj:shape': [100, 200],
          'proj:transform': [10, 0, 500000, 0, -10, 5600000],
          'proj:bbox': [500000, 5599000, 502000, 5600000],
          'file:size': 1234,
          'file:checksum': `1220${sha256}`,
        },
      },
    });
  });

  it('gives statistics of the stored numbers, which viewers stretch by', () => {
    expect(buildResultItem(input)).toMatchObject({
      assets: {
        data: {
          'raster:bands': [
            {
              data_type: 'int16',
              scale: 0.0001,
              nodata: -32768,
              statistics: { minimum: -1000, maximum: 9000, mean: 5000, stddev: 2000, valid_percent: 50 },
              histogram: { count: 3, min: -1000, max: 9000, buckets: [1, 2, 3] },
            },
          ],
        },
      },
    });
  });

  it('has no datetime for a composite, but its interval', () => {
    expect(buildResultItem({ ...input, end: '2024-08-31T10:00:00.000Z' })).toMatchObject({
      properties: {
        datetime: null,
        start_datetime: '2024-06-01T10:00:00.000Z',
        end_datetime: '2024-08-31T10:00:00.000Z',
      },
    });
  });

  it('links the Items it was made of, local ones by file URL', () => {
    expect(buildResultItem(input)['links']).toContainEqual({
      rel: 'derived_from',
      href: 'file:///data/my%20scenes/S2A_1.json',
      type: 'application/geo+json',
      title: 'S2A_1',
    });
  });

  it('has a bbox that says west > east across the antimeridian', () => {
    expect(buildResultItem(variants.at(-1)?.[1] ?? input)['bbox']).toEqual([179, 0, -179, 1]);
  });

  it('refuses a property that would overwrite one of its own', () => {
    expect(() => buildResultItem({ ...input, properties: { datetime: 'x' } })).toThrow(
      expect.objectContaining({ code: 'Bug' }),
    );
  });

  it('is an Item that Swath itself can read', () => {
    const item = buildResultItem(input);
    const scene = sceneFromItem(JSON.parse(JSON.stringify(item)), { provider: '', itemHref: '/r/item.json' });
    expect(findBand(scene, 'ndvi')).toMatchObject({
      href: '/r/ndvi.tif',
      scale: 0.0001,
      nodata: -32768,
      grid: input.grid,
    });
  });
});

const specs = sharedPath('data', '02-stac-spec');

describe.skipIf(specs === undefined)('buildResultItem against the schemas', () => {
  const read = (...path: readonly string[]): Record<string, unknown> =>
    JSON.parse(readFileSync(join(specs ?? '', ...path), 'utf8'));
  const mirror = 'schema-mirror/stac-extensions.github.io';

  function validators() {
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats.default(ajv);
    for (const format of ['iri', 'iri-reference']) ajv.addFormat(format, /^[^\s<>"{}|\\^`]+$/);
    const item = ['schema-mirror', 'schemas.stacspec.org', 'v1.0.0', 'item-spec', 'json-schema'];
    for (const name of ['basics', 'datetime', 'instrument', 'licensing', 'provider']) {
      ajv.addSchema(read(...item, `${name}.json`));
    }
    ajv.addSchema(read('eodag-schemas', 'schemas', 'geojson-Feature.json'));
    ajv.addSchema(read('eodag-schemas', 'schemas', 'geojson-Geometry.json'));
    ajv.addSchema(
      read('schema-mirror', 'proj.org', 'en', 'latest', 'schemas', 'v0.7', 'projjson.schema.json'),
    );
    const core = ajv.compile(read(...item, 'item.json'));
    const extension = (url: string) => {
      const path = url.replace('https://stac-extensions.github.io/', '');
      if (path !== 'projection/v1.2.0/schema.json') return ajv.compile(read(mirror, ...path.split('/')));
      // 1.2.0 is 2.0.0 with `proj:epsg` still in it; the mirror has only the latter.
      const text = JSON.stringify(read(mirror, 'projection', 'v2.0.0', 'schema.json'))
        .replaceAll('/projection/v2.0.0/', '/projection/v1.2.0/')
        .replace(
          '"properties":{"proj:code":',
          '"properties":{"proj:epsg":{"type":["integer","null"]},"proj:code":',
        );
      return ajv.compile(JSON.parse(text));
    };
    return { core, extension };
  }

  it.each(variants)('is valid, and so is every extension it claims: %s', (_, variant) => {
    const item: Record<string, unknown> = JSON.parse(JSON.stringify(buildResultItem(variant)));
    const { core, extension } = validators();
    expect([core(item), core.errors]).toEqual([true, null]);
    const claimed = Array.isArray(item['stac_extensions']) ? item['stac_extensions'].map(String) : [];
    expect(claimed).toHaveLength(5);
    for (const url of claimed) {
      const validate = extension(url);
      expect([url, validate(item), validate.errors]).toEqual([url, true, null]);
    }
  });
});
