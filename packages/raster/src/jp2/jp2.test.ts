import { readFileSync } from 'node:fs';
import { isSwathError, type SwathError } from '@swath/core';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../../../../test/support/shared.ts';
import { bufferedSource } from '../source/buffered.ts';
import { lru } from '../source/lru.ts';
import { memorySource } from '../source/memory.ts';
import { readBoxes } from './boxes.ts';
import { readSize } from './codestream.ts';
import { parseGmlJp2 } from './gml.ts';
import { openJp2 } from './open-jp2.ts';

const scene = sharedPath(
  'data/03-imagery/scenes/modis-ndvi-timeseries-012010/TERRA_MODIS_012010_NDVI_2013-09-14.jp2',
);
if (scene === undefined) console.warn('skipped: no shared data');

function siz(
  width: number,
  height: number,
  components: readonly (readonly [number, number, number])[],
  tile?: number,
): Uint8Array {
  const bytes = new Uint8Array(42 + 3 * components.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0xff4fff51);
  view.setUint32(8, width);
  view.setUint32(12, height);
  view.setUint32(24, tile ?? width);
  view.setUint32(28, tile ?? height);
  view.setUint16(40, components.length);
  for (const [at, component] of components.entries()) bytes.set(component, 42 + 3 * at);
  return bytes;
}

describe('a GMLJP2 document', () => {
  // Half a minute of backtracking each before they were read by one pass.
  it.each([
    ['grids', '<RectifiedGrid>'.repeat(30_000)],
    ['positions', `<RectifiedGrid>${'<pos'.repeat(100_000)}</RectifiedGrid>`],
    ['vectors', `<RectifiedGrid>${'<offsetVector'.repeat(40_000)}</RectifiedGrid>`],
    ['colons', `<RectifiedGrid srsName="EPSG${':'.repeat(300_000)}"></RectifiedGrid>`],
  ])('of half-open %s is passed over in time', (_, xml) => {
    const start = process.cpuUsage();
    expect(parseGmlJp2(xml)).toBeUndefined();
    const { user } = process.cpuUsage(start);
    expect(user / 1000).toBeLessThan(250);
  });
});

describe('a JPEG 2000 codestream', () => {
  it('says its size, depth and sign', () => {
    expect(readSize(siz(30, 20, [[0x8b, 1, 1]]), 'x')).toMatchObject({
      width: 30,
      height: 20,
      bits: 12,
      signed: true,
    });
  });

  it.each<[string, Uint8Array, string, RegExp]>([
    [
      'is too large to decode whole',
      siz(10_980, 10_980, [[15, 1, 1]]),
      'LimitExceeded',
      /10980 x 10980 x 1.*41943040/,
    ],
    ['has 65,025 tiles', siz(255, 255, [[7, 1, 1]], 1), 'LimitExceeded', /65025 JPEG 2000 tiles/],
    ['has tiles of no width', siz(8, 8, [[7, 1, 1]], 0), 'Corrupt', /tiles are 0 x 0/],
    ['has no pixels', siz(0, 20, [[7, 1, 1]]), 'Corrupt', /0 x 20/],
    [
      'has subsampled components',
      siz(8, 8, [
        [7, 1, 1],
        [7, 2, 2],
      ]),
      'Unsupported',
      /subsampled/,
    ],
    [
      'has components of different depth',
      siz(8, 8, [
        [7, 1, 1],
        [8, 1, 1],
      ]),
      'Unsupported',
      /depth/,
    ],
    ['has 32 bits', siz(8, 8, [[31, 1, 1]]), 'Unsupported', /32 bits/],
    ['is no codestream', new Uint8Array(100), 'Corrupt', /SOC/],
  ])('that %s is refused', (_, bytes, code, message) => {
    const error = (() => {
      try {
        return readSize(bytes, 'x');
      } catch (caught) {
        return caught as SwathError;
      }
    })();
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

describe('JP2 boxes', () => {
  it('that claim more than there is are Corrupt, with both numbers', () => {
    const bytes = Uint8Array.of(0, 0, 0, 99, 0x6a, 0x70, 0x32, 0x63);
    expect(() => readBoxes(bytes, 0, 8, 'x')).toThrow(/claims 99 bytes, there are 8/);
  });

  it('of length 0 reach to the end, and of length 1 have 64 bits', () => {
    const bytes = new Uint8Array(30);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, 1);
    view.setBigUint64(8, 20n);
    expect(readBoxes(bytes, 0, 30, 'x').map(({ start, end }) => [start, end])).toEqual([
      [16, 20],
      [28, 30],
    ]);
  });
});

describe('parseGmlJp2', () => {
  const grid = (srs: string, origin: string, a: string, b: string): string =>
    `<gml:RectifiedGrid dimension="2"><gml:origin><gml:Point srsName="${srs}"><gml:pos>${origin}</gml:pos></gml:Point></gml:origin>
     <gml:offsetVector srsName="${srs}">${a}</gml:offsetVector><gml:offsetVector>${b}</gml:offsetVector></gml:RectifiedGrid>`;

  it('moves the origin from the centre to the corner of the first pixel', () => {
    expect(parseGmlJp2(grid('urn:ogc:def:crs:EPSG::32619', '300005 4899995', '10 0', '0 -10'))).toEqual({
      crs: 'EPSG:32619',
      geotransform: [300_000, 10, 0, 4_900_000, 0, -10],
    });
  });

  it('swaps the axes of geographic CRSs in URN form', () => {
    expect(parseGmlJp2(grid('urn:ogc:def:crs:EPSG::4326', '45 7', '0 0.5', '-0.5 0'))?.geotransform).toEqual([
      6.75, 0.5, 0, 45.25, 0, -0.5,
    ]);
  });

  it('is nothing without a grid', () => {
    expect(parseGmlJp2('<gml:Other/>')).toBeUndefined();
  });
});

describe.skipIf(scene === undefined)('a JP2 file', () => {
  const bytes = scene === undefined ? new Uint8Array(0) : new Uint8Array(readFileSync(scene));
  const openBytes = (content: Uint8Array) =>
    openJp2({ source: bufferedSource(memorySource(content, 'x.jp2')), cache: lru(1 << 26), cacheKey: 'x' });

  it('gives the same pixels by windows as whole', async () => {
    const image = await openBytes(bytes);
    const whole = await image.readWindow({
      band: 1,
      level: 0,
      window: { x: 0, y: 0, width: 255, height: 147 },
    });
    const part = await image.readWindow({
      band: 1,
      level: 0,
      window: { x: 100, y: 50, width: 3, height: 2 },
    });
    const at = (x: number, y: number): unknown => whole.data[y * 255 + x];
    expect([...part.data]).toEqual([
      at(100, 50),
      at(101, 50),
      at(102, 50),
      at(100, 51),
      at(101, 51),
      at(102, 51),
    ]);
  });

  it('that is cut or altered ends in a typed error or in pixels, and does not spoil the next decode', async () => {
    for (let step = 1; step < 40; step++) {
      const content = new Uint8Array(step % 2 === 0 ? bytes : bytes.subarray(0, (bytes.length * step) / 40));
      if (step % 2 === 0) content.fill(step * 6, (bytes.length * step) / 40, (bytes.length * step) / 40 + 20);
      const error = await openBytes(content)
        .then((image) => image.readWindow({ band: 1, level: 0, window: { x: 0, y: 0, width: 9, height: 9 } }))
        .then(
          () => undefined,
          (caught: unknown) => caught,
        );
      if (error !== undefined) expect(isSwathError(error) && error.code !== 'Bug', String(error)).toBe(true);
    }
    const image = await openBytes(bytes);
    const { data } = await image.readWindow({
      band: 1,
      level: 0,
      window: { x: 0, y: 0, width: 255, height: 147 },
    });
    let max = -Infinity;
    for (const value of data) max = Math.max(max, Number(value));
    expect(max).toBe(9163);
  });
});
