import { SwathError } from '@swath/core';
import type { Objects } from '@swath/ports';
import sharp from 'sharp';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fakeApi } from '../../../../test/support/fake-api.ts';
import { makeApp } from '../app.ts';
import { problem } from '../schemas/common.ts';
import { publishedKey, publishedResults } from './published.fixture.ts';
import { pictureService } from './service.ts';

const base = `/tiles/${publishedKey}`;
const day = '2024-06-01';
const partial = '2024-06-03/partial-0123456789ab';

let bucket: Objects;
let reads = 0;
let app: ReturnType<typeof makeApp>;

function appOver(results: Objects, overrides: Parameters<typeof fakeApi>[0] = {}) {
  const fake = fakeApi({ results });
  const live = {
    providers: fake.deps.providers,
    defaultProvider: 'sample',
    readItems: never,
    acquireFacts: never,
  };
  const pictures = pictureService({
    results,
    remote: false,
    live,
    ownItem: async () => undefined,
    openScene: never,
  });
  return makeApp({ ...fake.deps, pictures, ...overrides });
}

const never = async (): Promise<never> => {
  throw new Error('not in this test');
};

beforeAll(async () => {
  bucket = await publishedResults([day, '2024-06-02', partial]);
});
beforeEach(() => {
  reads = 0;
  const counting: Objects = {
    ...bucket,
    getRange: (...args) => {
      reads++;
      return bucket.getRange(...args);
    },
  };
  app = appOver(counting);
});

const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });
/** z13 in the middle of the result. */
const inside = `${base}/${day}/13/4333/2817`;

async function pixels(response: Response) {
  expect(response.status).toBe(200);
  const { data, info } = await sharp(Buffer.from(await response.arrayBuffer()))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

describe('a tile over HTTP', () => {
  it('is found by its TileJSON, and kept for ever by who may see it', async () => {
    const json = (await (await get(`${base}/${day}/tilejson.json?rescale=0,1&tile_scale=2`)).json()) as {
      tiles: string[];
      center: [number, number, number];
    };
    expect(json).toMatchObject({ tilejson: '3.0.0', minzoom: 11, maxzoom: 14, scheme: 'xyz' });
    expect(json).toMatchObject({
      attribution: 'Contains modified Copernicus Sentinel data 2024; made with Swath',
    });
    const [lon, lat] = json.center;
    const z = 13;
    const x = Math.floor(((lon + 180) / 360) * 2 ** z);
    const phi = (lat * Math.PI) / 180;
    const y = Math.floor((0.5 - Math.asinh(Math.tan(phi)) / (2 * Math.PI)) * 2 ** z);
    const url = json.tiles[0]!.replace('{z}', `${z}`).replace('{x}', `${x}`).replace('{y}', `${y}`);
    expect(url).toContain('@2x.png?rescale=0%2C1');
    const response = await get(url);
    expect(response.headers.get('cache-control')).toBe('private, max-age=86400, immutable');
    const { width, data } = await pixels(response);
    expect(width).toBe(512);
    expect(data.some((value, i) => i % 4 === 3 && value === 255)).toBe(true);
    const etag = response.headers.get('etag') ?? '';
    reads = 0;
    const again = await get(url, { 'If-None-Match': etag });
    expect([again.status, again.headers.get('etag'), reads]).toEqual([304, etag, 0]);
  });

  it('has another ETag for another picture', async () => {
    const tags = await Promise.all(
      ['', '?rescale=0,1', '?rescale=0,2', '?colormap_name=magma', '?nodata=1'].map(async (query) =>
        (await get(`${inside}.png${query}`)).headers.get('etag'),
      ),
    );
    tags.push(
      (await get(`${inside}@2x.png`)).headers.get('etag'),
      (await get(`${inside}.webp`)).headers.get('etag'),
    );
    expect(new Set(tags).size).toBe(7);
  });

  it.each([
    ['.png', 'image/png'],
    ['.webp', 'image/webp'],
    ['.jpg', 'image/jpeg'],
  ])('comes as %s', async (extension, type) => {
    const response = await get(`${inside}${extension}`);
    expect(response.headers.get('content-type')).toBe(type);
    expect((await pixels(response)).width).toBe(256);
  });

  it('beside the result is transparent, without a look at its pixels', async () => {
    await get(`${base}/${day}/info`);
    reads = 0;
    const { data } = await pixels(await get(`${base}/${day}/13/0/0.png`));
    expect(data.every((value) => value === 0)).toBe(true);
    expect(reads).toBe(0);
  });

  it('that cannot be read is a problem that nobody keeps', async () => {
    const broken = appOver({
      ...bucket,
      getRange: async (key, offset, length) => {
        if (offset > 0) throw new SwathError('Unavailable', 'The bucket is away.');
        return await bucket.getRange(key, offset, Math.min(length, 40_000));
      },
    });
    const response = await broken.request(`${inside}.png`);
    expect(response.status).toBeGreaterThanOrEqual(500);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('etag')).toBeNull();
    problem.parse(await response.json());
  });

  it('of a result with missing parts has its own address', async () => {
    expect((await get(`${base}/2024-06-03~partial-0123456789ab/13/4333/2817.png`)).status).toBe(200);
    expect((await get(`${base}/2024-06-03/13/4333/2817.png`)).status).toBe(404);
  });
});

describe('strangers', () => {
  it.each([
    `${inside}.png`,
    `${base}/${day}/tilejson.json`,
    `${base}/${day}/preview`,
    `${base}/${day}/info`,
    `${base}/${day}/statistics`,
    `${base}/${day}/point/10.4,48.9`,
    `${base}/wmts`,
    `${base}/wmts?service=WMTS&request=GetTile&layer=series&tilematrix=13&tilecol=4333&tilerow=2817`,
  ])('find nothing at %s, not even by its ETag', async (path) => {
    const foreign = appOver(bucket, { mayRead: async () => false });
    const headers = { 'If-None-Match': '*' };
    expect((await foreign.request(path, { headers })).status).toBe(404);
    const nobody = appOver(bucket, { identify: async () => undefined });
    expect((await nobody.request(path, { headers })).status).toBe(401);
  });
});

describe('nonsense', () => {
  it.each([
    `${base}/${day}/13/-1/0.png`,
    `${base}/${day}/99/0/0.png`,
    `${base}/${day}/13/4333/2817.exe`,
    `${inside}.png?rescale=1,0`,
    `${inside}.png?rescale=a`,
    `${inside}.png?expression=process.exit()`,
    `${inside}.png?expression=${encodeURIComponent('9**9**9**nir')}`,
    `${inside}.png?colormap=%7B`,
    `${inside}.png?bidx=2`,
    `${inside}.png?url=http://169.254.169.254/`,
    `${inside}.png?nodata=1&nodata=2`,
    `${inside}.png?${'rescale=0,1&'.repeat(65)}`,
    `${base}/${day}/preview?width=1000000`,
    `${base}/${day}/preview?format=svg`,
    `${base}/${day}/tilejson.json?format=gif`,
    `${base}/${day}/point/here`,
    `${base}/wmts?service=WMS`,
    `${base}/wmts?request=GetTile`,
    `${base}/wmts?request=GetTile&layer=series&tilematrix=13&tilecol=x&tilerow=0`,
    `${base}/wmts?request=GetTile&layer=series&tilematrix=1&tilecol=0&tilerow=0&tilematrixset=Mars`,
    `${base}/wmts?request=DropTables`,
    `${base}/${day}/wmts?request=GetTile&layer=series&tilematrix=13&tilecol=4333&tilerow=2817`,
    `${base}/${day}/wmts?request=DropTables`,
    `/tiles/${'A'.repeat(64)}/${day}/info`,
    `${base}/..%2f..%2fsecret/info`,
    `${base}/${day}~other/info`,
  ])('is refused: %s', async (path) => {
    const response = await get(path);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(response.headers.get('cache-control')).toBe('no-store');
    problem.parse(await response.json());
  });

  it.each([
    [`${inside}.png?rescale=1,0`, '/rescale'],
    [`${inside}.png?rescale=0,1&rescale=0,1`, '/rescale'],
    [`${inside}.png?expression=process.exit()`, '/expression'],
    [`${inside}.png?expression=nope*2`, '/expression'],
    [`${inside}.png?expression=1`, '/expression'],
    [`${inside}.png?colormap=%7B`, '/colormap'],
    [`${inside}.png?colormap=%7B%7D&colormap_name=viridis`, '/colormap'],
    [`${inside}.png?colormap_name=nope`, '/colormap_name'],
    [`${inside}.png?bidx=2`, '/bidx'],
    [`${inside}.png?bands=b9`, '/bands'],
    [`${inside}.png?bidx=1&bands=ndvi`, '/bands'],
    [`${inside}.png?nodata=x`, '/nodata'],
    [`${inside}.png?resampling=x`, '/resampling'],
    [`${inside}.png?unscale=x`, '/unscale'],
    [`${inside}.png?stretch=x`, '/stretch'],
    [`${base}/${day}/preview?width=1000000`, '/width'],
    [`${base}/${day}/preview?format=svg`, '/format'],
    [`${base}/${day}/preview?bbox=1`, '/bbox'],
    [`${base}/${day}/tilejson.json?tile_scale=3`, '/tile_scale'],
  ])('names the parameter and what to do: %s', async (path, pointer) => {
    const response = await get(path);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ pointer, fix: expect.stringMatching(/\.$/) });
  });

  it('about what is not there is not found', async () => {
    expect((await get(`${base}/2030-01-01/info`)).status).toBe(404);
    expect((await get(`/tiles/${'b'.repeat(64)}/wmts`)).status).toBe(404);
  });
});

describe('facts of a result', () => {
  it('are TiTiler’s', async () => {
    expect(await (await get(`${base}/${day}/info`)).json()).toMatchObject({
      crs: 'EPSG:32632',
      band_descriptions: [['b1', 'ndvi']],
      dtype: 'int16',
      count: 1,
      width: 1000,
      height: 800,
    });
    expect(await (await get(`${base}/${day}/statistics`)).json()).toMatchObject({
      b1: {
        description: 'ndvi',
        median: 0.4,
        percentile_2: 0.05,
        histogram: [
          [60, 40],
          [0, 0.5, 1],
        ],
      },
    });
    const point = (await (await get(`${base}/${day}/point/10.42,48.89`)).json()) as { values: number[] };
    expect(point).toMatchObject({ coordinates: [10.42, 48.89], band_names: ['ndvi'] });
    expect(point.values[0]).toBeGreaterThan(0);
  });

  it('include pictures of any size', async () => {
    const { width, height } = await pixels(await get(`${base}/${day}/preview?width=200&format=webp`));
    expect([width, height]).toEqual([200, 160]);
  });
});

describe('a picture too large for an answer', () => {
  it('is put aside once, and answered by a link', async () => {
    const results = await publishedResults([day]);
    const live = { providers: new Map(), defaultProvider: '', readItems: never, acquireFacts: never };
    const overflow = { prefix: 'pictures/', aboveBytes: 5000 };
    const pictures = pictureService({
      results,
      remote: true,
      live,
      ownItem: async () => undefined,
      openScene: never,
      overflow,
    });
    const small = appOver(results, { pictures });
    const large = `${base}/${day}/preview?max_size=1000`;
    const answers = [await small.request(large), await small.request(large)];
    expect(answers.map(({ status }) => status)).toEqual([302, 302]);
    expect(answers[0]!.headers.get('cache-control')).toBe('no-store');
    const { objects } = await results.list('pictures/');
    expect(objects).toHaveLength(1);
    expect(objects[0]!.contentType).toBe('image/png');
    expect(answers[0]!.headers.get('location')).toMatch(/pictures(%2F|\/)/);
    expect((await small.request(`${base}/${day}/preview?max_size=16`)).status).toBe(200);
  });
});

describe('an API that draws no pictures itself', () => {
  it('says where they are', async () => {
    const { pictures: _none, ...deps } = { ...fakeApi().deps, pictures: undefined };
    const response = await makeApp(deps).request(`${inside}.png`);
    expect(response.status).toBe(404);
    expect(problem.parse(await response.json()).fix).toContain('public address');
  });
});

describe('WMTS', () => {
  it('has a document of one result, too', async () => {
    const xml = await (await get(`${base}/${day}/wmts?rescale=0,1`)).text();
    expect(xml.match(/<Layer>/g)).toHaveLength(1);
    expect(xml).toContain(`<ows:Identifier>${day}</ows:Identifier>`);
    expect(xml).toContain(`${base}/${day}/wmts?rescale=0%2C1&amp;"`);
    const place = 'TILEMATRIX=13&TILECOL=4333&TILEROW=2817';
    const tile = await get(`${base}/${day}/wmts?SERVICE=WMTS&REQUEST=GetTile&LAYER=${day}&${place}`);
    expect([tile.status, tile.headers.get('content-type')]).toEqual([200, 'image/png']);
    const own = await get(`${inside}.png`);
    expect(Buffer.from(await tile.arrayBuffer()).equals(Buffer.from(await own.arrayBuffer()))).toBe(true);
  });

  it('has a layer for each result and one for all, in either spelling of the request', async () => {
    for (const query of [
      '',
      '?service=wmts&request=getCapabilities',
      '?SERVICE=WMTS&REQUEST=GetCapabilities',
    ]) {
      const response = await get(`${base}/wmts${query}`);
      expect(response.headers.get('content-type')).toBe('application/xml');
      const xml = await response.text();
      const layers = [...xml.matchAll(/<Layer>.*?<ows:Identifier>([^<]+)<\/ows:Identifier>/gs)].map(
        ([, id]) => id,
      );
      expect(layers).toEqual(['series', day, '2024-06-02', '2024-06-03~partial-0123456789ab']);
      expect(xml).toContain('<ows:Title>Hills &amp; &lt;fields&gt;</ows:Title>');
    }
  });

  it('puts what pictures shall look like into every address', async () => {
    const xml = await (await get(`${base}/wmts?colormap_name=magma&rescale=0,1`)).text();
    expect(xml).toContain('{TileMatrix}/{TileCol}/{TileRow}.png?rescale=0%2C1&amp;colormap_name=magma"');
    expect(xml).toContain('/wmts?rescale=0%2C1&amp;colormap_name=magma&amp;"');
    expect(xml).toContain(`/tiles/${publishedKey}/{Time}/`);
  });

  it('answers GetTile with the tile itself', async () => {
    const kvp =
      'SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&STYLE=default&TILEMATRIXSET=WebMercatorQuad&FORMAT=image/png';
    const place = 'TILEMATRIX=13&TILECOL=4333&TILEROW=2817';
    const plain = Buffer.from(await (await get(`${inside}.png`)).arrayBuffer());
    const layer = await get(`${base}/wmts?${kvp}&LAYER=${day}&${place}`);
    const series = await get(`${base}/wmts?${kvp}&LAYER=series&TIME=${day}&${place}`);
    expect(Buffer.from(await layer.arrayBuffer()).equals(plain)).toBe(true);
    expect(Buffer.from(await series.arrayBuffer()).equals(plain)).toBe(true);
  });

  it('takes the id of a STAC Item for its layer, also of one with missing parts', async () => {
    const place = 'request=GetTile&tilematrix=13&tilecol=4333&tilerow=2817';
    const tile = async (layer: string) => {
      const response = await get(`${base}/wmts?${place}&layer=${encodeURIComponent(layer)}`);
      return [response.status, Buffer.from(await response.arrayBuffer()).toString('base64')];
    };
    const key = publishedKey.slice(0, 12);
    expect(await tile(`${day}-${key}`)).toEqual(await tile(day));
    expect(await tile(`2024-06-03-${key}-partial`)).toEqual(await tile(partial.replace('/', '~')));
    for (const none of [`2024-06-09-${key}`, `${day}-${key}-partial`, `${day}-bbbbbbbbbbbb`]) {
      expect((await tile(none))[0]).toBe(404);
    }
  });
});
