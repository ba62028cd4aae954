import { deflateSync, zstdCompressSync } from 'node:zlib';
import { isSwathError, type SwathError } from '@swath/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ascii,
  double,
  type FixtureTag,
  greyIfd,
  long,
  makeTiff,
  short,
} from '../../../../test/support/tiff-fixture.ts';
import type { RasterImage } from '../image.ts';
import { bufferedSource } from '../source/buffered.ts';
import { lru } from '../source/lru.ts';
import { memorySource } from '../source/memory.ts';
import { openTiff } from './open-tiff.ts';

const openBytes = (bytes: Uint8Array): Promise<RasterImage> =>
  openTiff({
    source: bufferedSource(memorySource(bytes, 'test.tif')),
    cache: lru(1 << 24),
    cacheKey: 'test',
  });

async function readAll(bytes: Uint8Array): Promise<void> {
  const image = await openBytes(bytes);
  for (const [level, { width, height }] of image.info.levels.entries()) {
    const window = { x: 0, y: 0, width: Math.min(width, 512), height: Math.min(height, 512) };
    for (let band = 1; band <= Math.min(image.info.bands.length, 4); band++) {
      await image.readWindow({ band, level, window });
    }
  }
}

async function failure(bytes: Uint8Array): Promise<SwathError> {
  const error = await readAll(bytes).catch((caught: unknown) => caught);
  if (!isSwathError(error)) throw new Error(`no SwathError but ${String(error)}`);
  return error;
}

const rows = [
  [1, 2, 3, 4],
  [5, 6, 7, 8],
];
const withTag = (...tags: FixtureTag[]): Uint8Array => makeTiff([greyIfd(4, rows, tags)]);

describe('a hostile TIFF', () => {
  it('reads when nothing is wrong, in both byte orders', async () => {
    for (const order of ['little', 'big'] as const) {
      const image = await openBytes(makeTiff([greyIfd(4, rows)], order));
      const { data } = await image.readWindow({
        band: 1,
        level: 0,
        window: { x: 1, y: 0, width: 2, height: 2 },
      });
      expect([...data]).toEqual([2, 3, 6, 7]);
    }
  });

  it('with an IFD that points at itself is Corrupt', async () => {
    const bytes = withTag();
    const ifdAt = new DataView(bytes.buffer).getUint32(4, true);
    const error = await failure(makeTiff([{ ...greyIfd(4, rows), next: ifdAt }]));
    expect([error.code, error.message]).toEqual([
      'Corrupt',
      `test.tif: IFD cycle at 0x${ifdAt.toString(16)}`,
    ]);
  });

  it('with more than 64 IFDs passes the limit', async () => {
    const error = await failure(makeTiff(Array.from({ length: 65 }, () => greyIfd(4, rows))));
    expect([error.code, error.message]).toEqual(['LimitExceeded', 'test.tif: more than 64 IFDs']);
  });

  it('with 65,535 entries in a small file is Corrupt, and says both numbers', async () => {
    const bytes = withTag();
    new DataView(bytes.buffer).setUint16(new DataView(bytes.buffer).getUint32(4, true), 65_535, true);
    const error = await failure(bytes);
    expect(error.code).toBe('Corrupt');
    expect(error.message).toMatch(/65535 entries \(786424 bytes\), the file has \d+ bytes there/);
  });

  it.each<[string, FixtureTag[], string, RegExp]>([
    [
      'an IFD offset past the end',
      [long(273, 9_999_999, 9_999_999)],
      'Corrupt',
      /9999999 to 10000003.*file has/,
    ],
    ['a width of 0', [long(256, 0)], 'Corrupt', /ImageWidth is 0/],
    ['a width of 2^32 - 1', [long(256, 0xffffffff)], 'LimitExceeded', /4294967295/],
    ['two widths', [long(256, 4, 4)], 'Corrupt', /ImageWidth has 2 values/],
    ['no rows per strip', [long(278, 0)], 'Corrupt', /RowsPerStrip is 0/],
    ['0 bits', [short(258, 0)], 'Corrupt', /BitsPerSample is 0/],
    ['0 samples', [short(277, 0)], 'Corrupt', /SamplesPerPixel is 0/],
    ['65,535 samples', [short(277, 65_535)], 'LimitExceeded', /65535/],
    ['2 bits values for 3 samples', [short(277, 3), short(258, 8, 8)], 'Corrupt', /2 values for 3 samples/],
    ['samples of different depth', [short(277, 2), short(258, 8, 16)], 'Unsupported', /differs/],
    ['a planar configuration of 3', [short(284, 3)], 'Corrupt', /PlanarConfiguration is 3/],
    ['an unknown compression', [short(259, 4711)], 'Unsupported', /code 4711/],
    ['fewer offsets than strips', [long(256, 4), long(257, 9)], 'Corrupt', /2 values for 9 blocks/],
    ['a count of 2^31 offsets', [{ ...long(273, 8), count: 2 ** 31 }], 'Corrupt', /2147483648 values/],
    ['offsets as signed numbers', [{ tag: 273, type: 9, values: [8] }], 'Corrupt', /field type 9/],
    ['a width as text', [{ tag: 256, type: 2, values: 'wide' }], 'Corrupt', /4 values|field type 2/],
    ['a tile of 100,000 squared', [long(322, 100_000), long(323, 100_000)], 'LimitExceeded', /10000000000/],
    ['a tile height alone', [long(323, 1)], 'Corrupt', /TileWidth is missing/],
    [
      'offsets of strips and of tiles',
      [long(322, 16), long(323, 16), long(324, 8)],
      'Corrupt',
      /StripOffsets and TileOffsets/,
    ],
    [
      'byte counts of strips and of tiles',
      [long(322, 16), long(323, 16), long(325, 8)],
      'Corrupt',
      /StripByteCounts and TileByteCounts/,
    ],
    ['a tile without height', [long(322, 16)], 'Corrupt', /TileLength is missing/],
    [
      'an image of 10^12 blocks',
      [long(256, 2 ** 30), long(257, 2 ** 30), long(322, 16), long(323, 16)],
      'LimitExceeded',
      /number of blocks/,
    ],
    ['predictor 2 on 4 bits', [short(259, 8), short(317, 2), short(258, 4)], 'Unsupported', /predictor 2/],
    ['predictor 3 on integers', [short(259, 8), short(317, 3)], 'Unsupported', /predictor 3/],
    ['predictor 9', [short(259, 8), short(317, 9)], 'Corrupt', /Predictor is 9/],
    ['24-bit floats', [short(258, 24), short(339, 3)], 'Unsupported', /24-bit samples/],
    ['8-bit CMYK of three inks', [short(277, 3), short(262, 5)], 'Unsupported', /colour space 5/],
    ['GeoKeys that claim 60,000 keys', [short(34735, 1, 1, 0, 60_000)], 'Corrupt', /60000 keys/],
    [
      'a GeoKey outside the doubles',
      [short(34735, 1, 1, 0, 1, 2057, 34736, 1, 5)],
      'Corrupt',
      /doubles 5 to 6, there are 0/,
    ],
    [
      'a geotransform of NaN',
      [double(33550, Number.NaN, 1, 0), double(33922, 0, 0, 0, 0, 0, 0)],
      'Corrupt',
      /not finite/,
    ],
    [
      'a scale of 0',
      [ascii(42112, '<GDALMetadata><Item name="SCALE" sample="0" role="scale">0</Item></GDALMetadata>')],
      'Corrupt',
      /scale of band 1/,
    ],
    [
      'an offset of infinity',
      [ascii(42112, '<Item name="OFFSET" sample="0" role="offset">1e999</Item>')],
      'Corrupt',
      /offset of band 1/,
    ],
  ])('with %s is refused', async (_, tags, code, message) => {
    const error = await failure(withTag(...tags));
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
  });

  it.each<[string, number, (bytes: Uint8Array) => Uint8Array]>([
    ['deflate', 8, (bytes) => deflateSync(bytes)],
    ['zstd', 50000, (bytes) => zstdCompressSync(bytes)],
  ])(
    'whose %s block decodes to 64 MiB instead of 8 bytes is Corrupt before they are made',
    async (_, code, pack) => {
      const bomb = pack(new Uint8Array(64 << 20));
      const image = {
        ...greyIfd(4, rows, [short(259, code), long(278, 2)]),
        blocks: [bomb.subarray(0, 1 << 17)],
      };
      const error = await failure(makeTiff([image]));
      expect([error.code, error.message]).toEqual([
        'Corrupt',
        expect.stringMatching(/more than 8 bytes|broken/),
      ]);
    },
  );

  it.each<[string, number, Uint8Array]>([
    ['deflate', 8, deflateSync(Uint8Array.of(1, 2, 3))],
    ['zstd', 50000, zstdCompressSync(Uint8Array.of(1, 2, 3))],
    ['packbits', 32773, Uint8Array.of(2, 1, 2, 3)],
    ['uncompressed', 1, Uint8Array.of(1, 2, 3)],
    ['LZW', 5, Uint8Array.of(0x80, 0x00, 0x60, 0x30, 0x20)],
  ])('whose %s block decodes short is Corrupt, never zeros', async (_, code, block) => {
    const image = { ...greyIfd(4, rows, [short(259, code), long(278, 2)]), blocks: [block] };
    const error = await failure(makeTiff([image]));
    expect(error.code).toBe('Corrupt');
  });

  it('that gives a block bytes at offset 0, where the header lies, is Corrupt', async () => {
    const bytes = makeTiff([{ tags: [...greyIfd(4, rows).tags, long(273, 0, 0), long(279, 4, 4)] }]);
    expect((await failure(bytes)).message).toMatch(/block 0 .* at 0 /);
  });

  it('whose only strip has a place but no bytes is Corrupt: it is not sparse', async () => {
    const tags = [...greyIfd(4, rows, [long(278, 2)]).tags, long(273, 8), long(279, 0)];
    expect((await failure(makeTiff([{ tags }]))).message).toMatch(/strip .* 0 bytes at 8/);
  });

  // libtiff ignores such tags, each with another default: pixels would be a matter of the reader.
  it.each([7, 13, 18, 255])('with an integer of field type %i is Corrupt', async (type) => {
    const bytes = withTag(short(317, 2), short(259, 8));
    const view = new DataView(bytes.buffer);
    const ifd = view.getUint32(4, true);
    for (let at = ifd + 2; at < ifd + 2 + 12 * view.getUint16(ifd, true); at += 12) {
      if (view.getUint16(at, true) === 317) view.setUint16(at + 2, type, true);
    }
    expect((await failure(bytes)).message).toMatch(`Predictor has field type ${type}`);
  });

  it('with a BigTIFF offset above 2^53 is Corrupt', async () => {
    const bytes = new Uint8Array(64);
    const view = new DataView(bytes.buffer);
    bytes.set([0x49, 0x49, 43, 0, 8, 0, 0, 0]);
    view.setBigUint64(8, 2n ** 63n, true);
    expect((await failure(bytes)).message).toMatch(/9223372036854775808/);
  });

  it('that is cut anywhere is Corrupt', async () => {
    const bytes = makeTiff([greyIfd(4, rows), greyIfd(2, [[1, 2]], [long(254, 1)])]);
    await readAll(bytes);
    for (let length = 8; length < bytes.length; length++) {
      expect((await failure(bytes.subarray(0, length))).code).toBe('Corrupt');
    }
  });

  it('whose overview has other bands, or is no smaller, does not offer it', async () => {
    const two = { ...greyIfd(2, [[1, 2, 3, 4]], [long(254, 1), short(277, 2)]) };
    const large = greyIfd(4, rows, [long(254, 1)]);
    const image = await openBytes(makeTiff([greyIfd(4, rows), two, large]));
    expect(image.info.levels).toHaveLength(1);
  });

  it('of random mutations always ends in a SwathError or in pixels', async () => {
    const tags = [
      short(34735, 1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32632),
      double(33550, 10, 10, 0),
      double(33922, 0, 0, 0, 5e5, 6e6, 0),
      ascii(42113, '-9999'),
      ascii(42112, '<GDALMetadata><Item name="x" sample="0" role="scale">2</Item></GDALMetadata>'),
    ];
    const packed = {
      ...greyIfd(4, rows, [short(259, 8), long(278, 2)]),
      blocks: [deflateSync(Uint8Array.from(rows.flat()))],
    };
    const seeds = [
      makeTiff([greyIfd(4, rows, tags), greyIfd(2, [[1, 2]], [long(254, 1)])]),
      makeTiff([packed], 'big'),
    ];
    const change = fc.record({
      at: fc.nat(700),
      value: fc.constantFrom(0, 1, 2, 3, 4, 8, 16, 127, 128, 254, 255),
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(1), fc.array(change, { minLength: 1, maxLength: 6 }), async (seed, changes) => {
        const bytes = new Uint8Array(seeds[seed] ?? []);
        for (const { at, value } of changes) bytes[8 + (at % (bytes.length - 8))] = value;
        const error = await readAll(bytes).catch((caught: unknown) => caught);
        if (error !== undefined && !isSwathError(error)) throw error;
        expect(isSwathError(error, 'Bug'), String(error)).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('an 8-bit CMYK image', () => {
  it('is presented as red, green, blue and an opaque alpha, as GDAL does', async () => {
    const ifd = greyIfd(1, [[255, 0, 100, 51]], [short(277, 4), short(262, 5)]);
    const image = await openBytes(makeTiff([ifd]));
    const window = { x: 0, y: 0, width: 1, height: 1 };
    const reads = await Promise.all([1, 2, 3, 4].map((band) => image.readWindow({ band, level: 0, window })));
    expect(reads.map(({ data }) => data[0])).toEqual([0, 204, 124, 255]);
    expect([image.info.bands.length, image.info.dtype]).toEqual([4, 'uint8']);
  });
});

describe('validity', () => {
  it('marks a block that is not stored, and fills it with nodata', async () => {
    const ifd = greyIfd(4, rows, [ascii(42113, '7')]);
    const image = await openBytes(
      makeTiff([{ ...ifd, blocks: [Uint8Array.from([1, 2, 3, 4]), new Uint8Array(0)] }]),
    );
    const { data, valid } = await image.readWindow({
      band: 1,
      level: 0,
      window: { x: 0, y: 0, width: 4, height: 2 },
    });
    expect([...data]).toEqual([1, 2, 3, 4, 7, 7, 7, 7]);
    expect([...(valid ?? [])]).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
  });

  it('comes from alpha, for every band', async () => {
    const ifd = greyIfd(2, [[10, 255, 20, 0]], [short(277, 2), short(338, 2)]);
    const image = await openBytes(makeTiff([ifd]));
    const window = { x: 0, y: 0, width: 2, height: 1 };
    const { data, valid } = await image.readWindow({ band: 1, level: 0, window });
    expect([[...data], [...(valid ?? [])]]).toEqual([
      [10, 20],
      [1, 0],
    ]);
  });

  it('comes from a mask image rather than alpha', async () => {
    const ifd = greyIfd(2, [[10, 0, 20, 0]], [short(277, 2), short(338, 2)]);
    const mask = { ...greyIfd(2, [[0]], [long(254, 4), short(258, 1)]), blocks: [Uint8Array.of(0b01000000)] };
    const image = await openBytes(makeTiff([ifd, mask]));
    const { valid } = await image.readWindow({
      band: 1,
      level: 0,
      window: { x: 0, y: 0, width: 2, height: 1 },
    });
    expect([...(valid ?? [])]).toEqual([0, 1]);
  });

  it('is absent when nothing but nodata decides', async () => {
    const image = await openBytes(withTag(ascii(42113, '3')));
    const read = await image.readWindow({ band: 1, level: 0, window: { x: 0, y: 0, width: 4, height: 2 } });
    expect([read.valid, image.info.nodata]).toEqual([undefined, 3]);
  });
});
