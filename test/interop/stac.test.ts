import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gdalOrWarn, gdalTool } from '../support/gdal.ts';
import { sharedPath } from '../support/shared.ts';
import { stacSchemas } from '../support/stac-schemas.ts';
import { temporaryFolder } from '../support/start.ts';
import { swathRunner } from '../support/swath-runner.ts';
import { START_TIMEOUT_MS, sharedSystem } from '../support/system.ts';

/** A Python that may have the clients: those that are missing are said loudly, and skipped. */
const python = process.env['SWATH_PYTHON'] ?? 'python3';

function hasModules(...names: readonly string[]): boolean {
  try {
    execFileSync(python, ['-c', names.map((name) => `import ${name}`).join('\n')], { stdio: 'pipe' });
    return true;
  } catch {
    console.warn(`skipped: ${python} has no ${names.join(', ')}, so these clients are not tried`);
    return false;
  }
}

/** Waited for beside this thread: one that stands still misses that the server has closed a connection it kept. */
const runFile = promisify(execFile);

/** What the script prints, as JSON. */
async function run(script: string): Promise<unknown> {
  const { stdout } = await runFile(python, ['-c', `import json, sys\nroot = sys.argv[1]\n${script}`, url]);
  return JSON.parse(stdout);
}

/** What is used of stac-js, which has no types. */
interface StacJs {
  default(data: unknown, migrate: true): StacObject;
}
interface StacObject {
  readonly bbox: readonly number[];
  getSearchLink(method: string): { readonly href: string };
  getApiCollectionsLink(): { readonly href: string };
  getApiItemsLink(): { readonly href: string };
  getAll(): readonly StacObject[];
  getDateTime(): Date;
  getBoundingBox(): readonly number[];
  getThumbnails(): readonly StacAsset[];
  getDefaultGeoFile(type: 'geotiff', httpOnly: true, optimizedOnly: true): StacAsset | undefined;
}
interface StacAsset {
  getKey(): string;
  getMetadata(field: string): unknown;
  getBands(): readonly {
    readonly name: string;
    getStatistics(): { readonly minimum: number | null; readonly maximum: number | null };
    getNoDataValues(): readonly unknown[];
  }[];
}

const hasPystac = hasModules('pystac_client');
const hasOdc = hasModules('pystac_client', 'odc.stac');
const hasValidator = hasModules('stac_api_validator');
const hasGeopandas = hasModules('geopandas', 'pyarrow');
const hasOwslib = hasModules('owslib.ogcapi.features');
const hasGdal = gdalOrWarn('that GDAL opens the catalogue');
const specs = sharedPath('data', '02-stac-spec');

let url = '';

/** Dates of the sample over which results are made, newest first. */
const dates = [
  '2024-10-30',
  '2024-09-25',
  '2024-08-21',
  '2024-07-22',
  '2024-06-27',
  '2024-06-07',
  '2024-05-08',
  '2024-04-18',
  '2024-03-14',
];

const exported = temporaryFolder('stac-export');
let data = '';

beforeAll(async () => {
  ({ url, data } = await sharedSystem());
}, START_TIMEOUT_MS);

afterAll(() => exported.remove());

describe('a catalogue of real results', () => {
  it('has the Items of the first request, valid by the schemas', async () => {
    const answer = await fetch(`${url}/search?collections=results&limit=100`);
    const { features } = (await answer.json()) as { features: { properties: { datetime: string } }[] };
    expect(features.map((item) => item.properties.datetime.slice(0, 10))).toEqual(dates);
    const errorsOf = stacSchemas();
    if (errorsOf !== undefined) expect(features.flatMap(errorsOf)).toEqual([]);
  });

  it('is exported whole as GeoParquet, and so are the scenes of its provider', async () => {
    const swath = swathRunner({ cwd: exported.path, env: { SWATH_URL: url, SWATH_DATA: data } });
    const sql = async (query: string) => {
      const { stdout, stderr, code } = await swath(['sql', '--json', query]);
      expect(code, stderr).toBe(0);
      return JSON.parse(stdout).rows;
    };
    const results = await swath(['search', '--collection', 'results', '--parquet', 'r.parquet', '--json']);
    expect(results.code, results.stderr).toBe(0);
    expect(JSON.parse(results.stdout)).toEqual({ file: 'r.parquet', items: 9, truncated: false });
    // The same Items are rows of the tables: both tell the same of them.
    expect(
      await sql(`SELECT i.id, i.assets.data."file:size" = r.size_bytes AS size, i.datetime = r.datetime AS time,
          abs(i.bbox.xmin - r.west) < 1e-9 AND abs(i.bbox.ymax - r.north) < 1e-9 AS box,
          ST_AsText(i.geometry) = ST_AsText(r.geometry) AS shape
        FROM '${exported.path}/r.parquet' i LEFT JOIN results r ON r.item_id = i.id ORDER BY i.datetime DESC`),
    ).toEqual(
      dates.map((date) => ({
        id: expect.stringMatching(`^${date}`),
        size: true,
        time: true,
        box: true,
        shape: true,
      })),
    );
    const scenes = await swath(['search', '--parquet', 's.parquet', '--json']);
    expect(scenes.code, scenes.stderr).toBe(0);
    const found = (await fetch(`${url}/scenes/search`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"limit": 500}',
    }).then((answer) => answer.json())) as { features: { id: string }[] };
    expect(await sql(`SELECT id FROM '${exported.path}/s.parquet' ORDER BY id`)).toEqual(
      found.features.map(({ id }) => ({ id })).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    );
  });

  it.skipIf(!hasGeopandas)('is read by geopandas from that GeoParquet', async () => {
    expect(
      await run(`
import geopandas
frame = geopandas.read_parquet('${exported.path}/r.parquet')
far = geopandas.read_parquet('${exported.path}/r.parquet', bbox=(0, 0, 1, 1))
near = geopandas.read_parquet('${exported.path}/r.parquet', bbox=tuple(frame.total_bounds))
print(json.dumps({'rows': len(frame), 'crs': frame.crs.to_string(), 'valid': bool(frame.geometry.is_valid.all()),
    'far': len(far), 'near': len(near)}))`),
    ).toEqual({ rows: 9, crs: 'OGC:CRS84', valid: true, far: 0, near: 9 });
  });

  it.skipIf(!hasPystac)('is opened, searched, paged and filtered by pystac-client', async () => {
    const found = await run(`
from pystac_client import Client
client = Client.open(root)
def days(**search):
    return [item.datetime.strftime('%Y-%m-%d') for item in client.search(collections=['results'], **search).items()]
item = next(client.search(collections=['results'], max_items=1).items())
print(json.dumps({
    'collections': [c.id for c in client.get_collections()],
    'matched': client.search(collections=['results'], limit=2).matched(),
    'post': days(limit=2),
    'get': days(limit=4, method='GET', sortby='-datetime'),
    'up': days(limit=5, sortby=[{'field': 'properties.datetime', 'direction': 'asc'}]),
    'june': days(datetime='2024-06'),
    'json': days(filter={'op': '<', 'args': [{'property': 'eo:cloud_cover'}, 10]}, filter_lang='cql2-json'),
    'text': days(method='GET', filter='eo:cloud_cover < 10', filter_lang='cql2-text'),
    'fields': next(client.search(collections=['results'], fields={'include': ['id']}, max_items=1).items_as_dicts()),
    'again': client.get_collection('results').get_item(item.id).id == item.id,
    'listed': len(list(client.get_collection('results').get_items())),
    'named': [i.id == item.id for i in client.get_collection('results').get_items(item.id)],
    'query': days(query={'eo:cloud_cover': {'lt': 10}}),
    'query by url': days(method='GET', query=['eo:cloud_cover<10']),
    'words': [c.id for c in client.collection_search(q='sentinel', bbox=[10.4, 48.78, 10.45, 48.8]).collections()],
    'type': item.assets['data'].media_type,
    'sample': len(list(client.search(collections=['sample-s2-l2a'], bbox=[10.4, 48.78, 10.45, 48.8], limit=4).items())),
}))`);
    expect(found).toMatchObject({
      collections: expect.arrayContaining(['results', 'sample-s2-l2a']),
      matched: dates.length,
      post: dates,
      get: dates,
      up: dates.toReversed(),
      june: ['2024-06-27', '2024-06-07'],
      fields: { collection: 'results' },
      again: true,
      listed: dates.length,
      named: [true],
      words: ['sample-s2-l2a'],
      type: 'image/tiff; application=geotiff; profile=cloud-optimized',
      sample: 9,
    });
    const { json, text } = found as { json: string[]; text: string[] };
    expect(json.length).toBeGreaterThan(0);
    expect(json.length).toBeLessThan(dates.length);
    expect(text).toEqual(json);
    expect(found).toMatchObject({ query: json, 'query by url': json });
  });

  it.skipIf(!hasOdc)('is loaded as a cube by odc-stac', async () => {
    const found = await run(`
import odc.stac
from pystac_client import Client
items = list(Client.open(root).search(collections=['results'], datetime='2024-06').items())
cube = odc.stac.load(items, bands=['ndvi'])
print(json.dumps({'sizes': dict(cube.sizes), 'epsg': cube.odc.crs.to_epsg(), 'mean': float(cube.ndvi.isel(time=0).mean())}))`);
    expect(found).toMatchObject({ sizes: { time: 2 }, epsg: 32632 });
    expect((found as { mean: number }).mean).toBeGreaterThan(0.2);
  });

  it.skipIf(!hasValidator || specs === undefined)(
    'passes stac-api-validator in every class it claims, by the published schemas',
    async () => {
      const area =
        '{"type":"Polygon","coordinates":[[[10.3,48.7],[10.6,48.7],[10.6,48.9],[10.3,48.9],[10.3,48.7]]]}';
      const classes = [
        ...['core', 'collections', 'features', 'item-search', 'filter'],
        ...['item-search#sort', 'item-search#fields', 'features#sort', 'features#fields'],
      ];
      const script = join(import.meta.dirname, 'with-stac-validator.py');
      const args = [script, url, 'results', area, specs ?? '', ...classes];
      const { stdout: printed } = await runFile(python, args, { maxBuffer: 2 ** 26 });
      const { code, text, fetched } = JSON.parse(printed.trim().split('\n').at(-1) ?? '') as {
        code: number;
        text: string;
        fetched: number;
      };
      expect(text.slice(text.indexOf('Errors:'))).toMatch(/^Errors: none/);
      expect(text).toContain('Validating STAC API - Item Search conformance class');
      expect([code, fetched > 10]).toEqual([0, true]);
    },
  );

  it.skipIf(!hasOwslib)('is layers of features to OWSLib', async () => {
    const found = await run(`
from owslib.ogcapi.features import Features
api = Features(root + '/')
page = api.collection_items('results', limit=4)
cloudless = api.collection_items('results', filter='eo:cloud_cover < 10')
first = page['features'][0]['id']
print(json.dumps({
    'layers': api.feature_collections(),
    'queryables': 'eo:cloud_cover' in api.collection_queryables('results')['properties'],
    'counts': [page['numberMatched'], page['numberReturned'], cloudless['numberReturned']],
    'nearby': api.collection_items('results', bbox=[10.3, 48.7, 10.6, 48.9], datetime_='2024-06-01T00:00:00Z/2024-07-01T00:00:00Z')['numberMatched'],
    'elsewhere': api.collection_items('results', bbox=[0, 0, 1, 1])['numberMatched'],
    'again': api.collection_item('results', first)['id'] == first,
    'operations': len(api.api()['paths']) > 50,
}))`);
    expect(found).toMatchObject({
      layers: expect.arrayContaining(['results', 'sample-s2-l2a']),
      queryables: true,
      counts: [dates.length, 4, expect.any(Number)],
      nearby: 2,
      elsewhere: 0,
      again: true,
      operations: true,
    });
  });

  it('is read by stac-js as STAC Browser reads it', async () => {
    const { default: create } = (await import('stac-js')) as unknown as StacJs;
    const read = async (path: string) => create(await (await fetch(`${url}${path}`)).json(), true);
    const root = await read('/');
    expect(root.getSearchLink('POST').href).toBe(`${url}/search`);
    expect(root.getApiCollectionsLink().href).toBe(`${url}/collections`);
    const items = (await read('/search?collections=results&limit=2')).getAll();
    expect(items.map((item) => item.getDateTime().toISOString().slice(0, 10))).toEqual(dates.slice(0, 2));
    for (const item of items) {
      expect(item.getBoundingBox()).toEqual(item.bbox);
      expect(item.getThumbnails().map((asset) => asset.getKey())).toEqual(['thumbnail']);
      // HTTP only, Cloud Optimized GeoTIFF only: what the map shows.
      const shown = item.getDefaultGeoFile('geotiff', true, true);
      expect(shown?.getKey()).toBe('data');
      expect(shown?.getMetadata('proj:code')).toBe('EPSG:32632');
      const [band] = shown?.getBands() ?? [];
      const { minimum, maximum } = band?.getStatistics() ?? { minimum: null, maximum: null };
      expect([band?.name, minimum !== null && maximum !== null && minimum < maximum]).toEqual(['ndvi', true]);
      expect(String(band?.getNoDataValues())).toBe('NaN');
    }
    const collection = await read('/collections/results');
    expect(collection.getApiItemsLink().href).toBe(`${url}/collections/results/items`);
  });

  it.skipIf(!hasGdal)('is a mosaic to GDAL (STACIT), across pages', () => {
    const text = gdalTool(
      'gdalinfo',
      '-json',
      `STACIT:"${url}/search?collections=results&limit=4":asset=data`,
    );
    const { files, size } = JSON.parse(text) as { files: string[]; size: number[] };
    expect(files).toHaveLength(dates.length);
    expect(size).toEqual([912, 956]);
  });

  it.skipIf(!hasGdal)(
    'is layers of footprints to GDAL (OAPIF), and each COG a file it can read',
    async () => {
      const text = gdalTool('ogrinfo', '-ro', '-al', `OAPIF:${url}`, 'results');
      expect(text.match(/^OGRFeature/gm)).toHaveLength(dates.length);
      const answer = await fetch(`${url}/search?ids=nothing`);
      expect(await answer.json()).toMatchObject({ features: [] });
      const { features } = (await (await fetch(`${url}/search?limit=1`)).json()) as {
        features: { assets: { data: { href: string } } }[];
      };
      const info = gdalTool('gdalinfo', '-json', `/vsicurl/${features[0]?.assets.data.href}`);
      expect(JSON.parse(info)).toMatchObject({ size: [912, 956] });
    },
  );
});
