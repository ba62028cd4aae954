import { deflateSync } from 'node:zlib';
import type { PixelWindow } from '@swath/geo';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildTiff, imageTags } from '../../../../test/fuzz/tiff-builder.ts';
import { createKernelSpace } from '../kernels/space.ts';
import { bufferedSource } from '../source/buffered.ts';
import { lru } from '../source/lru.ts';
import { memorySource } from '../source/memory.ts';
import { openTiff } from './open-tiff.ts';

const [WIDTH, HEIGHT] = [700, 600];
const TILE = 512;

/** Noise, so that a tile is stored in more than one read, with rows that repeat, so that it is not stored as it is. */
const tiles = Array.from({ length: 4 }, (_, tile) =>
  Uint8Array.from({ length: TILE * TILE }, (_, at) => {
    const mixed = Math.imul((at % 400) * 31 + Math.floor(at / TILE) * 7 + tile * 13, 0x9e3779b1);
    return (mixed >>> 13) & 255;
  }),
);

function opened(edit: (stored: Uint8Array) => Uint8Array = (stored) => stored) {
  const shape = { width: WIDTH, height: HEIGHT, compression: 8, tile: [TILE, TILE] as const };
  const blocks = tiles.map((tile) => edit(deflateSync(tile, { level: 1 })));
  const file = buildTiff([{ tags: imageTags(shape), blocks, tiled: true }]);
  return openTiff({
    source: bufferedSource(memorySource(file, 'rows.tif')),
    cache: lru(1 << 22),
    cacheKey: 'rows',
  });
}

const oneTile = buildTiff([
  {
    tags: imageTags({ width: TILE, height: TILE, compression: 8, tile: [TILE, TILE] }),
    blocks: [deflateSync(tiles[0] ?? new Uint8Array(), { level: 1 })],
    tiled: true,
  },
]);

const ownSpace = createKernelSpace();

async function inRows(
  image: Awaited<ReturnType<typeof opened>>,
  window: PixelWindow,
  space = ownSpace,
): Promise<Uint8Array> {
  const mark = space.mark();
  const pixels = window.width * window.height;
  const at = space.take(pixels);
  try {
    await image.readInto?.({ band: 1, level: 0, window, inRows: true }, { space, at });
    return space.bytes(at, pixels).slice();
  } finally {
    space.release(mark);
  }
}

function expected({ x, y, width, height }: PixelWindow): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const [column, row] = [x + (i % width), y + Math.floor(i / width)];
    const tile = tiles[Math.floor(row / TILE) * 2 + Math.floor(column / TILE)];
    return tile?.[(row % TILE) * TILE + (column % TILE)] ?? 0;
  });
}

describe('blocks decoded in rows', () => {
  it('gives the pixels of any windows, in whatever order they are asked for', async () => {
    const image = await opened();
    const windows = fc
      .tuple(fc.nat(WIDTH - 1), fc.nat(HEIGHT - 1), fc.nat(WIDTH), fc.nat(160))
      .map(([x, y, width, height]) => ({
        x,
        y,
        width: Math.min(width + 1, WIDTH - x),
        height: Math.min(height + 1, HEIGHT - y),
      }));
    await fc.assert(
      fc.asyncProperty(fc.array(windows, { minLength: 1, maxLength: 6 }), async (asked) => {
        for (const window of asked) {
          expect(Buffer.compare(await inRows(image, window), expected(window))).toBe(0);
        }
      }),
      { numRuns: 40 },
    );
    await image.close();
  });

  it('gives two windows of one block that are read at once their own pixels', async () => {
    const image = await opened();
    const [a, b] = [0, 100].map((y) => ({ x: 0, y, width: 300, height: 100 }));
    if (a === undefined || b === undefined) return expect.unreachable();
    const got = await Promise.all([inRows(image, a), inRows(image, b, createKernelSpace())]);
    expect(got).toEqual([expected(a), expected(b)]);
  });

  it('reads a block once when rows follow each other', async () => {
    let bytes = 0;
    const image = await openTiff({
      source: bufferedSource({
        ...memorySource(oneTile, 'counted.tif'),
        async read(offset, length) {
          bytes += length;
          return oneTile.slice(offset, offset + length);
        },
      }),
      cache: lru(1 << 22),
      cacheKey: 'counted',
    });
    await inRows(image, { x: 0, y: 0, width: TILE, height: 10 });
    const first = bytes;
    for (let y = 10; y < TILE; y += 251) {
      await inRows(image, { x: 0, y, width: TILE, height: Math.min(251, TILE - y) });
    }
    expect(first).toBeLessThan(200_000);
    expect(bytes).toBeLessThan(700_000);
  });

  it.each([
    ['is cut off', (stored: Uint8Array) => stored.subarray(0, -100)],
    ['lacks its checksum', (stored: Uint8Array) => stored.subarray(0, -4)],
    ['has another checksum', (stored: Uint8Array) => stored.with(-1, (stored.at(-1) ?? 0) ^ 1)],
    ['holds fewer rows', () => deflateSync(tiles[0]?.subarray(0, -TILE) ?? new Uint8Array())],
    ['holds more', () => deflateSync(Buffer.concat([tiles[0] ?? new Uint8Array(), new Uint8Array(1)]))],
    ['is no stream', (stored: Uint8Array) => new Uint8Array(stored.length).fill(7)],
  ])('says so when a block %s', async (_what, edit) => {
    const image = await opened(edit);
    const read = async (): Promise<void> => {
      for (let y = 0; y < TILE; y += 128) await inRows(image, { x: 0, y, width: TILE, height: 128 });
    };
    await expect(read()).rejects.toMatchObject({ code: 'Corrupt' });
    await expect(read()).rejects.toMatchObject({ message: expect.stringContaining('rows.tif: block 0') });
  });
});
