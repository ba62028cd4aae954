import { makeCatalogue, registerCollection, registerItems } from '@swath/catalog';
import { fixedClock, memoryObjects, memoryTable } from '@swath/ports/memory/index';
import { buildResultItem } from '@swath/stac';
import { contentKey, fakeApi, fakeProvider } from '../../../test/support/fake-api.ts';
import { makeApp } from './app.ts';

export type Json = Record<string, unknown>;
export type Document = Json & {
  links: { rel: string; href: string; body?: Json; method?: string }[];
  features: Json[];
};

const sha256 = 'ab'.repeat(32);
export const base = `results/${contentKey}/2024-06-01/item.json`;

function resultItem(id: string, start: string, end: string, west: number, cloud: number): Json {
  return buildResultItem({
    id,
    title: 'NDVI',
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [west, 50],
          [west + 1, 50],
          [west + 1, 51],
          [west, 51],
          [west, 50],
        ],
      ],
    },
    start,
    end,
    created: '2026-01-01T00:00:00.000Z',
    grid: { crs: 'EPSG:32631', geotransform: [500_000, 10, 0, 5_600_000, 0, -10], width: 20, height: 10 },
    bands: [
      {
        name: 'ndvi',
        stored: { dtype: 'int16', scale: 0.0001, offset: 0, nodata: -32768 },
        statistics: {
          count: 9,
          validPercent: 50,
          min: -0.1,
          max: 0.9,
          mean: 0.5,
          std: 0.2,
          histogram: [1, 2, 3],
        },
      },
    ],
    cloudCoverPercent: cloud,
    processing: { lineage: 'NDVI.', software: { swath: '0.1.0' } },
    scenes: [
      { id: 'S2', collection: 's2', itemHref: 'https://e.test/S2.json', version: '1', radiometry: {} },
    ],
    assets: {
      cog: { href: './ndvi.tif', sizeBytes: 10, sha256 },
      thumbnail: { href: './thumbnail.png' },
      statistics: { href: './statistics.json' },
    },
  }) as Json;
}

const heavier = (item: Json, bytes: number): Json =>
  bytes === 0
    ? item
    : { ...item, properties: { ...(item['properties'] as Json), 'test:text': 'x'.repeat(bytes) } };

export const items = [
  resultItem('a', '2024-06-01T10:00:00Z', '2024-06-01T10:00:00Z', 3, 5),
  resultItem('b', '2024-06-11T10:00:00Z', '2024-06-11T10:00:00Z', 3, 40),
  resultItem('c', '2024-06-21T10:00:00Z', '2024-06-21T10:00:00Z', 8, 90),
  resultItem('summer', '2024-06-01T00:00:00Z', '2024-08-31T00:00:00Z', 3, 20),
];

/** @param extraBytes of each Item. */
export async function startCatalogue(extraBytes = 0) {
  const clock = fixedClock(Date.UTC(2026, 0, 2));
  const store = { table: memoryTable(), objects: memoryObjects(), clock };
  await registerItems(store, {
    project: 'local',
    collection: 'results',
    items: items.map((item) => ({ item: heavier(item, extraBytes), base })),
  });
  await registerItems(store, {
    project: 'other',
    collection: 'results',
    items: [{ item: resultItem('theirs', '2024-06-01T10:00:00Z', '2024-06-01T10:00:00Z', 3, 5) }],
  });
  await registerCollection(store, 'local', { id: 'drone', title: 'Drone', description: 'Our own.' });
  const silent = {
    ...fakeProvider,
    id: 'down',
    collections: async () => Promise.reject(new Error('no network')),
  };
  const providers = new Map([fakeProvider, silent].map((provider) => [provider.id, provider]));
  const catalogue = makeCatalogue({ ...store, providers, defaultProvider: fakeProvider.id });
  const app = makeApp(fakeApi({ catalogue, publicUrl: 'https://swath.test/api' }).deps);
  return async (path: string, body?: unknown) => {
    const response = await app.request(path, {
      headers: { 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, json: (await response.json()) as Document };
  };
}

export const ids = ({ json }: { json: Document }) => json.features.map(({ id }) => id);
export const linkOf = (json: Document, rel: string) => json.links.find((link) => link.rel === rel);
/** A link of the public address as a path of the app. */
export const pathOf = (href = '') => href.replace('https://swath.test/api', '');
