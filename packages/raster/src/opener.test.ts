import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isSwathError } from '@swath/core';
import { afterAll, describe, expect, it } from 'vitest';
import { greyIfd, long, makeTiff } from '../../../test/support/tiff-fixture.ts';
import { rasterInfo } from './info.ts';
import { imageOpener } from './opener.ts';
import { memorySource } from './source/memory.ts';
import { s3HttpsUrl } from './source/s3.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-opener-'));
afterAll(() => rmSync(folder, { recursive: true }));

const tiff = makeTiff([
  greyIfd(2, [
    [1, 2],
    [3, 4],
  ]),
]);
const path = join(folder, 'a.tif');
writeFileSync(path, tiff);
const window = { x: 0, y: 0, width: 2, height: 1 };

const failed = async (opening: Promise<unknown>): Promise<unknown> =>
  await opening.catch((caught: unknown) => caught);

describe('imageOpener', () => {
  it('reads local files and file: URLs only when told to', async () => {
    const open = imageOpener({ files: true });
    for (const href of [path, pathToFileURL(path).href]) {
      const image = await open(href);
      expect([...(await image.readWindow({ band: 1, level: 0, window })).data]).toEqual([1, 2]);
      await image.close();
    }
    for (const href of [path, pathToFileURL(path).href]) {
      expect(isSwathError(await failed(imageOpener()(href)), 'InvalidInput')).toBe(true);
    }
  });

  it('sees that a local file was written anew', async () => {
    const open = imageOpener({ files: true });
    const changing = join(folder, 'changing.tif');
    for (const value of [7, 8]) {
      writeFileSync(changing, makeTiff([greyIfd(2, [[value, value]])]));
      const image = await open(changing);
      expect([...(await image.readWindow({ band: 1, level: 0, window })).data]).toEqual([value, value]);
      await image.close();
    }
  });

  it('takes overviews from the .ovr beside a local file', async () => {
    const main = join(folder, 'b.tif');
    writeFileSync(main, tiff);
    writeFileSync(`${main}.ovr`, makeTiff([greyIfd(1, [[9]], [long(254, 1)])]));
    const open = imageOpener({ files: true });
    const image = await open(main);
    expect(image.info.levels.map((level) => level.width)).toEqual([2, 1]);
    const read = await image.readWindow({ band: 1, level: 1, window: { x: 0, y: 0, width: 1, height: 1 } });
    expect([...read.data]).toEqual([9]);
    await image.close();
  });

  it.each([
    'relative/a.tif',
    'ftp://example.com/a.tif',
    'object://b/a.tif',
    '/vsicurl/http://x',
    'data:,x',
    '',
  ])('refuses "%s"', async (href) => {
    const error = await failed(imageOpener({})(href));
    expect(isSwathError(error, 'InvalidInput'), String(error)).toBe(true);
  });

  it.each([
    ['<html><body>404', '"<html><body>404"'],
    ['PK\u0003\u0004', '"PK\\u0003\\u0004"'],
    ['', 'nothing'],
    ['II,\0', '"II,\\u0000"'],
    ['<VRTDataset>', '"<VRTDataset>"'],
  ])('says what %j begins with', async (content, word) => {
    const file = join(folder, 'odd.tif');
    writeFileSync(file, content, 'latin1');
    const error = await failed(imageOpener({ files: true })(file));
    expect(isSwathError(error, 'Corrupt')).toBe(true);
    expect(String(error)).toContain(`not a TIFF or JPEG 2000 file: begins with ${word}`);
  });

  it('reads injected schemes, and parses the header of an href once until it fails', async () => {
    let made = 0;
    const open = imageOpener({
      sources: {
        object: async (href) => {
          made++;
          if (made === 1) throw new Error('first');
          return memorySource(tiff, href);
        },
      },
    });
    await expect(open('object://bucket/a.tif')).rejects.toThrow('first');
    const images = await Promise.all([open('object://bucket/a.tif'), open('object://bucket/a.tif')]);
    expect(made).toBe(2);
    await images[0]?.close();
    expect([...((await images[1]?.readWindow({ band: 1, level: 0, window }))?.data ?? [])]).toEqual([1, 2]);
    await open('object://bucket/b.tif');
    expect(made).toBe(3);
  });

  it('opens a small COG over http with one request for headers and none beyond for its blocks in the header, and says what came', async () => {
    const ranges: string[] = [];
    let [sentBytes, readBytes] = [0, 0];
    const server = createServer((request, response) => {
      ranges.push(request.headers.range ?? '');
      const [, first = 0, last = 0] = /(\d+)-(\d+)/.exec(request.headers.range ?? '')?.map(Number) ?? [];
      const end = Math.min(last, tiff.length - 1);
      response.writeHead(206, { 'content-range': `bytes ${first}-${end}/${tiff.length}` });
      sentBytes += end + 1 - first;
      response.end(tiff.subarray(first, end + 1));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
    const { port } = server.address() as AddressInfo;
    const onRead = (bytes: number) => {
      readBytes += bytes;
    };
    const open = imageOpener({ allowHttp: true, files: true, onRead });
    try {
      const info = await rasterInfo(`http://127.0.0.1:${port}/a.tif`, open, { checksum: true });
      expect(info.checksums?.[0]).toMatchObject({ min: 1, max: 4, mean: 2.5 });
      await rasterInfo(`http://127.0.0.1:${port}/a.tif`, open, { checksum: false });
      expect(ranges[0]).toBe('bytes=0-32767');
      expect(ranges.length).toBeLessThanOrEqual(3);
      expect(readBytes).toBe(sentBytes);
      // Files are nobody's bytes but ours.
      await (await open(path)).close();
      expect(readBytes).toBe(sentBytes);
      const image = await open(`http://127.0.0.1:${port}/a.tif`);
      expect(image.name).toBe(`http://127.0.0.1:${port}/a.tif`);
      expect(
        isSwathError(await failed(imageOpener()(`http://127.0.0.1:${port}/a.tif`)), 'InvalidInput'),
      ).toBe(true);
    } finally {
      await open.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('stops when the caller has aborted', async () => {
    const error = await failed(imageOpener({ files: true })(path, AbortSignal.abort()));
    expect(isSwathError(error, 'Cancelled')).toBe(true);
  });
});

describe('s3HttpsUrl', () => {
  it('is virtual-hosted, path style for dotted buckets, and escapes the key', () => {
    expect(s3HttpsUrl('s3://sentinel-cogs/a b/c+d.tif')).toBe(
      'https://sentinel-cogs.s3.amazonaws.com/a%20b/c%2Bd.tif',
    );
    expect(s3HttpsUrl('s3://my.bucket/a.tif')).toBe('https://s3.amazonaws.com/my.bucket/a.tif');
  });

  it.each([
    's3://',
    's3://bucket',
    's3://bucket/',
    's3://UPPER/a',
    's3://a..b/c',
    's3://b/a?x=1',
    's3://@evil.com/a',
  ])('refuses %s', (href) => {
    expect(() => s3HttpsUrl(href)).toThrow(/s3:\/\/bucket\/key/);
  });
});

describe('rasterInfo', () => {
  it('prints the facts of a file as plain JSON', async () => {
    const info = await rasterInfo(path, imageOpener({ files: true }), { checksum: true });
    expect(JSON.parse(JSON.stringify(info))).toEqual({
      file: path,
      width: 2,
      height: 2,
      bands: 1,
      dtype: 'uint8',
      crs: null,
      geotransform: null,
      nodata: null,
      block: [2, 1],
      overviews: [],
      compression: 'none',
      checksums: [
        {
          band: 1,
          sha256: '9f64a747e1b97f131fabb6b447296c9b6f0201e79fb3c5356e6c77e89b6a806a',
          min: 1,
          max: 4,
          mean: 2.5,
        },
      ],
    });
  });
});
