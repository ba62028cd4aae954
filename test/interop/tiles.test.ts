import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeApp, pictureService } from '@swath/api';
import { publishedKey, publishedResults } from '@swath/api/pictures/published.fixture';
import { type HttpServer, listen } from '@swath/local/runtime/server';
import { tileBounds } from '@swath/tiles';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeApi } from '../support/fake-api.ts';
import { gdalOrWarn } from '../support/gdal.ts';

/** The map programs people have, over a local server. */
const gdal = gdalOrWarn('WMTS and XYZ in GDAL');
const python = process.env['SWATH_PYTHON'] ?? 'python3';
const owslib = (() => {
  try {
    execFileSync(python, ['-c', 'import owslib.wmts'], { stdio: 'pipe' });
    return true;
  } catch {
    console.warn(
      'skipped: no OWSLib (pip install OWSLib, SWATH_PYTHON=its python), so WMTS in it is not checked',
    );
    return false;
  }
})();

/** Not the blocking one: this process is the server. GDAL leaves a cache where it runs: in the test's folder. */
const run = promisify(execFile);
const day = '2024-06-01';
const place = { z: 13, x: 4333, y: 2817 };
const never = async (): Promise<never> => {
  throw new Error('not in this test');
};

let server: HttpServer;
let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'swath-interop-'));
  const results = await publishedResults([day, '2024-06-11']);
  const live = { providers: new Map(), defaultProvider: '', readItems: never, acquireFacts: never };
  const pictures = pictureService({
    results,
    remote: false,
    live,
    ownItem: async () => undefined,
    openScene: never,
  });
  const app = makeApp({ ...fakeApi({ results }).deps, pictures });
  server = await listen((request) => app.fetch(request), 0);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const base = () => `${server.url}/tiles/${publishedKey}`;

async function ownTile(): Promise<Buffer> {
  const { z, x, y } = place;
  const response = await fetch(`${base()}/${day}/${z}/${x}/${y}.png`);
  return await sharp(Buffer.from(await response.arrayBuffer()))
    .raw()
    .toBuffer();
}

/** The tile's ground by gdal_translate of a source that speaks of tiles. */
async function translated(source: string, ...options: readonly string[]): Promise<Buffer> {
  const [minX, minY, maxX, maxY] = tileBounds(place).map(String);
  const out = join(folder, 'out.png');
  const window = ['-projwin', minX!, maxY!, maxX!, minY!, '-outsize', '256', '256'];
  await run('gdal_translate', ['-q', '-of', 'PNG', ...options, ...window, source, out], { cwd: folder });
  return await sharp(readFileSync(out)).raw().toBuffer();
}

describe.skipIf(!gdal)('GDAL', () => {
  it('reads a layer of the WMTS, to the same pixels', async () => {
    const source = `WMTS:${base()}/wmts?SERVICE=WMTS&REQUEST=GetCapabilities,layer=${day}`;
    // By default the raster begins at the layer's corner, between pixels.
    const aligned = ['-oo', 'EXTENT_METHOD=MOST_PRECISE_TILE_MATRIX'];
    expect((await translated(source, ...aligned)).equals(await ownTile())).toBe(true);
    const { stdout } = await run('gdalinfo', [source], { cwd: folder });
    // Full resolution is that of the data, not the finest zoom there could be.
    expect(Number(/Size is (\d+)/.exec(stdout)?.[1])).toBeLessThan(4000);
  });

  it('reads the XYZ tiles of the TileJSON, to the same pixels', async () => {
    const json = (await (await fetch(`${base()}/${day}/tilejson.json`)).json()) as {
      tiles: string[];
      maxzoom: number;
    };
    const url = json.tiles[0]!.replaceAll('{', '$' + '{');
    const file = join(folder, 'xyz.xml');
    writeFileSync(
      file,
      `<GDAL_WMS><Service name="TMS"><ServerUrl>${url}</ServerUrl></Service>
      <DataWindow><UpperLeftX>-20037508.342789244</UpperLeftX><UpperLeftY>20037508.342789244</UpperLeftY>
      <LowerRightX>20037508.342789244</LowerRightX><LowerRightY>-20037508.342789244</LowerRightY>
      <TileLevel>${json.maxzoom}</TileLevel><TileCountX>1</TileCountX><TileCountY>1</TileCountY><YOrigin>top</YOrigin></DataWindow>
      <Projection>EPSG:3857</Projection><BlockSizeX>256</BlockSizeX><BlockSizeY>256</BlockSizeY><BandsCount>4</BandsCount></GDAL_WMS>`,
    );
    expect((await translated(file)).equals(await ownTile())).toBe(true);
  });
});

describe.skipIf(!owslib)('OWSLib', () => {
  it('lists the layers and gets tiles, of a layer and by time', async () => {
    const script = `
import sys, json, hashlib
from owslib.wmts import WebMapTileService
w = WebMapTileService(sys.argv[1])
at = dict(tilematrixset='WebMercatorQuad', tilematrix='13', column=4333, row=2817, format='image/png')
tile = w.gettile(layer='${day}', **at).read()
series = w.gettile(layer='series', Time='${day}', **at).read()
print(json.dumps(dict(layers=list(w.contents), box=w['${day}'].boundingBoxWGS84, same=tile == series,
  url=w.buildTileResource(layer='${day}', tilematrixset='WebMercatorQuad', tilematrix='13', column=4333, row=2817))))`;
    const { stdout } = await run(python, ['-c', script, `${base()}/wmts`]);
    expect(JSON.parse(stdout)).toMatchObject({
      layers: ['series', day, '2024-06-11'],
      same: true,
      url: `${base()}/${day}/13/4333/2817.png`,
    });
  });
});
