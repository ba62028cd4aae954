import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startLocal } from '@swath/local/runtime/index';
import { writeCog } from '@swath/raster';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gdalOrWarn } from '../support/gdal.ts';
import { temporaryFolder } from '../support/start.ts';
import { swathRunner } from '../support/swath-runner.ts';
import { tinyGrid } from '../support/tiny-scene.ts';

const hasGdal = gdalOrWarn('WMTS of an upload in GDAL');
const place = temporaryFolder('upload');
const folder = place.path;
const file = join(folder, 'field.tif');
let runtime: Awaited<ReturnType<typeof startLocal>>;
let swath: ReturnType<typeof swathRunner>;

beforeAll(async () => {
  mkdirSync(join(folder, 'catalogue'));
  runtime = await startLocal({
    dataFolder: join(folder, 'data'),
    port: 0,
    catalogue: join(folder, 'catalogue'),
  });
  swath = swathRunner({ cwd: folder, env: { SWATH_URL: runtime.url } });
  const stored = { dtype: 'uint16', scale: 1, offset: 0, nodata: 0 } as const;
  await writeCog(
    file,
    {
      grid: tinyGrid,
      bands: [
        { name: 'red', stored },
        { name: 'nir', stored },
      ],
      overviews: true,
      blockSize: 64,
    },
    async (window) => {
      const [red, nir] = [0, 1].map(() => new Float32Array(window.width * window.height));
      if (red === undefined || nir === undefined) throw new Error('two planes');
      for (let i = 0; i < red.length; i++) {
        const [x, y] = [window.x + (i % window.width), window.y + Math.floor(i / window.width)];
        red[i] = x < 8 ? Number.NaN : 1500 + y;
        nir[i] = x < 8 ? Number.NaN : 2000 + 20 * x;
      }
      return [red, nir];
    },
  );
}, 60_000);

afterAll(async () => {
  await runtime?.stop();
  place.remove();
});

const json = async (path: string, init: RequestInit = {}) => {
  const answer = await fetch(`${runtime.url}${path}`, {
    ...init,
    headers: { 'Content-Type': 'application/json' },
  });
  return { status: answer.status, body: JSON.parse(await answer.text()) };
};

const words = ['--collection', 'fields', '--datetime', '2024-06-01'];
const bands = ['--band', 'red=1', '--band', 'nir=2'];
const pipeline = { index: 'NDVI' };
const common = { pipeline, mask: 'none' } as const;

describe('a file that is brought', { timeout: 120_000 }, () => {
  let item = '';

  it('is registered by the command line, and in the STAC catalogue with its file', async () => {
    const { code, stdout, stderr } = await swath(['upload', file, ...words, ...bands, '--json']);
    expect(code, stderr).toBe(0);
    const [upload] = JSON.parse(stdout);
    expect(upload).toMatchObject({ state: 'registered', item: { collection: 'fields' } });
    item = upload.item.id;
    const { body } = await json(`/collections/fields/items/${item}`);
    expect(body).toMatchObject({ type: 'Feature', collection: 'fields', properties: { 'proj:epsg': 32631 } });
    const answer = await fetch(body.assets.data.href);
    expect(answer.status).toBe(200);
    const sha256 = createHash('sha256')
      .update(new Uint8Array(await answer.arrayBuffer()))
      .digest('hex');
    expect(body.assets.data['file:checksum']).toBe(`1220${sha256}`);
    expect(sha256).toBe(createHash('sha256').update(readFileSync(file)).digest('hex'));
    const listed = await swath(['uploads', '--json']);
    expect(JSON.parse(listed.stdout)).toMatchObject([{ id: upload.id, state: 'registered' }]);
  });

  it('gives the same NDVI, by collection and by Item, as swath run on the file', async () => {
    const files = ['red', 'nir'].map((band, at) => ({
      href: file,
      band,
      bandIndex: at + 1,
      datetime: '2024-06-01T00:00:00Z',
    }));
    writeFileSync(join(folder, 'run.json'), JSON.stringify({ ...common, items: files }));
    const ran = await swath(['run', 'run.json', '--out', join(folder, 'run'), '--json']);
    expect(ran.code, ran.stderr).toBe(0);
    const [result] = JSON.parse(ran.stdout).results;
    const expected = await checksums(result.path);

    const searched = {
      provider: 'uploads',
      collections: ['fields'],
      aoi: [4, 52, 5, 53],
      datetime: '2024-06-01',
    };
    for (const [name, source] of [
      ['search', { ...searched, grid: { bounds: [600_000, 5_799_200, 600_960, 5_800_000] } }],
      ['item', { items: [`uploads:fields/${item}`] }],
    ] as const) {
      writeFileSync(join(folder, `${name}.json`), JSON.stringify({ ...common, ...source }));
      const submitted = await swath(['submit', `${name}.json`, '--watch', '--json']);
      expect(submitted.code, submitted.stderr + submitted.stdout).toBe(0);
      const { body: requests } = await json('/requests?limit=1');
      const { body } = await json(`/requests/${requests.requests[0].id}/results`);
      const cog = await fetch(body.products[0].assets.cog.href);
      const path = join(folder, `${name}.tif`);
      writeFileSync(path, new Uint8Array(await cog.arrayBuffer()));
      expect([name, await checksums(path)]).toEqual([name, expected]);
    }
  });

  it('can be planned and previewed, and is listed among the sources of imagery', async () => {
    const spec = {
      ...common,
      provider: 'uploads',
      collections: ['fields'],
      aoi: [4.4, 52.3, 4.5, 52.4],
      datetime: '2024-01-01/2024-12-31',
    };
    const plan = await json('/requests/plan', { method: 'POST', body: JSON.stringify(spec) });
    expect([plan.status, plan.body.scenes?.length]).toEqual([200, 1]);
    const preview = await fetch(`${runtime.url}/preview?width=64`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(spec),
    });
    expect([preview.status, preview.headers.get('content-type')]).toEqual([200, 'image/png']);
    const { body } = await json('/providers/uploads/collections');
    expect(body.collections).toMatchObject([{ id: 'fields', bands: ['red', 'nir'] }]);
  });

  it('is a map as soon as it is registered, in the values it was said to have', async () => {
    const { body: listed } = await json('/uploads');
    const href = (rel: string) =>
      String(listed.uploads[0].links.find((link: { rel: string }) => link.rel === rel)?.href);
    const { body: tileJson } = await json(new URL(href('tilejson')).pathname);
    expect(tileJson).toMatchObject({
      name: `field.tif, ${item}`,
      tiles: [`${runtime.url}/tiles/fields/${item}/{z}/{x}/{y}.png`],
    });
    const [lon, lat, zoom] = tileJson.center;
    const x = Math.floor(((lon + 180) / 360) * 2 ** zoom);
    const y = Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * 2 ** zoom);
    for (const address of [`${runtime.url}/tiles/fields/${item}/${zoom}/${x}/${y}.png`, href('preview')]) {
      const picture = await fetch(address);
      expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);
      const { data, info } = await sharp(await picture.arrayBuffer())
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect(info.channels).toBe(4);
      expect(data.some((byte, at) => at % 4 === 3 && byte === 255)).toBe(true);
    }
    const { body: info } = await json(`/tiles/fields/${item}/info`);
    expect(info).toMatchObject({
      count: 2,
      nodata_value: 0,
      band_descriptions: [
        ['b1', 'red'],
        ['b2', 'nir'],
      ],
    });
    const { body: statistics } = await json(`/tiles/fields/${item}/statistics`);
    expect(statistics.b1).toMatchObject({ description: 'red', min: 1500, max: 1500 + tinyGrid.height - 1 });
    // The first eight columns are nodata.
    expect(statistics.b2.min).toBe(2160);
  });

  it('leads from its Item to its maps: TileJSON, and a WMTS with the Item as layer', async () => {
    const { body } = await json(`/collections/fields/items/${item}`);
    const maps = body.links.filter(({ rel }: { rel: string }) => rel === 'tilejson' || rel === 'wmts');
    expect(maps).toMatchObject([
      { rel: 'tilejson', href: `${runtime.url}/tiles/fields/${item}/tilejson.json` },
      { rel: 'wmts', href: `${runtime.url}/tiles/fields/${item}/wmts`, 'wmts:layer': item },
    ]);
    expect(body.stac_extensions).toContain(
      'https://stac-extensions.github.io/web-map-links/v1.2.0/schema.json',
    );
    const xml = await (await fetch(maps[1].href)).text();
    expect(xml).toContain(`<ows:Identifier>${item}</ows:Identifier>`);
    const template = /resourceType="tile" template="([^"]+)"/.exec(xml)?.[1] ?? '';
    expect(template).toBe(`${runtime.url}/tiles/fields/${item}/{TileMatrix}/{TileCol}/{TileRow}.png`);
    if (!hasGdal) return;
    const map = join(folder, 'map.png');
    const from = `WMTS:${maps[1].href}?SERVICE=WMTS&REQUEST=GetCapabilities,layer=${item}`;
    const options = { cwd: folder };
    await promisify(execFile)(
      'gdal_translate',
      ['-q', '-of', 'PNG', '-outsize', '64', '0', from, map],
      options,
    );
    const { data, info } = await sharp(map).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.channels]).toEqual([64, 4]);
    expect(data.some((byte, at) => at % 4 === 3 && byte === 255)).toBe(true);
  });

  it('is a collection of openEO', async () => {
    const process_graph = {
      load: {
        process_id: 'load_collection',
        arguments: {
          id: 'fields',
          spatial_extent: { west: 4.4, south: 52.3, east: 4.5, north: 52.4 },
          temporal_extent: ['2024-06-01', '2024-06-02'],
          bands: ['red', 'nir'],
        },
      },
      ndvi: { process_id: 'ndvi', arguments: { data: { from_node: 'load' } } },
      save: {
        process_id: 'save_result',
        arguments: { data: { from_node: 'ndvi' }, format: 'GTiff' },
        result: true,
      },
    };
    const answer = await fetch(`${runtime.url}/result`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ process: { process_graph } }),
    });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^image\/tiff/),
    ]);
  });

  it('is looked at before it is sent', async () => {
    for (const [name, content, message] of [
      ['gone.tif', undefined, 'There is no file'],
      ['empty.tif', '', 'is empty'],
      ['page.tif', '<html>', 'not a TIFF'],
    ] as const) {
      const path = join(folder, name);
      if (content !== undefined) writeFileSync(path, content);
      const { code, stderr } = await swath(['upload', file, path, ...words, '--band', 'red=1']);
      expect([name, code]).toEqual([name, content === undefined ? 3 : 2]);
      expect(stderr).toContain(message);
      expect(stderr).toContain('what to do');
    }
    expect((await json('/uploads')).body.uploads).toHaveLength(1);
  });

  it('is sent on from where somebody stopped, and refused by name when it is no GeoTIFF', async () => {
    const html = join(folder, 'page.tif');
    // Three parts, of which somebody sent the first.
    writeFileSync(html, '<html>503</html>');
    truncateSync(html, 40_000_000);
    const sha256 = createHash('sha256').update(readFileSync(html)).digest('hex');
    const spec = {
      fileName: 'page.tif',
      sizeBytes: 40_000_000,
      sha256,
      collection: 'fields',
      datetime: '2024-06-01',
    };
    const { body: begun } = await json('/uploads', { method: 'POST', body: JSON.stringify(spec) });
    const [first] = begun.parts;
    const put = await fetch(first.url, {
      method: 'PUT',
      body: readFileSync(html).subarray(0, first.sizeBytes),
    });
    expect([put.status, put.headers.get('etag')]).toEqual([200, expect.stringMatching(/./)]);
    const { code, stdout, stderr } = await swath(['upload', html, ...words, '--json']);
    expect(stderr).toContain(`Going on with upload ${begun.id}`);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      { id: begun.id, state: 'refused', refusal: { reason: 'NOT_A_TIFF' } },
    ]);
    rmSync(html);
  });

  it('cannot be reached past its Item: an address of a kept file is no item of a request', async () => {
    const href = 'object://raw/uploads/x/field.tif';
    for (const one of [href, { href, band: 'red' }]) {
      const spec = { items: [one], pipeline: { bands: ['red'] } };
      const { status, body } = await json('/requests/plan', { method: 'POST', body: JSON.stringify(spec) });
      expect([status, body.code]).toEqual([400, 'InvalidInput']);
    }
  });

  it('is gone when it is deleted, for requests too', async () => {
    const { body } = await json('/uploads');
    const [registered] = body.uploads.filter(({ state }: { state: string }) => state === 'registered');
    expect((await fetch(`${runtime.url}/uploads/${registered.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await json(`/collections/fields/items/${item}`)).status).toBe(404);
    const plan = { ...common, items: [`uploads:fields/${item}`] };
    const { status, body: problem } = await json('/requests/plan', {
      method: 'POST',
      body: JSON.stringify(plan),
    });
    expect([status, problem.pointer]).toEqual([400, '/items/0']);
  });
});

async function checksums(path: string): Promise<unknown> {
  const { stdout, code, stderr } = await swath(['raster', 'info', path, '--checksum', '--json']);
  expect(code, stderr).toBe(0);
  const { width, height, geotransform, checksums: found } = JSON.parse(stdout);
  return { width, height, geotransform, found };
}
