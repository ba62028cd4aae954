import { deflateSync, zstdCompressSync } from 'node:zlib';
import { isSwathError } from '@swath/core';
import { afterAll, describe, expect, it } from 'vitest';
import { createKernelSpace } from '../kernels/space.ts';
import type { Layout } from '../tiff/layout.ts';
import { decodeBlock } from './block.ts';
import { decodePlain } from './plain.ts';

/** 32 MB of four bands, of which a file that lies holds a few thousand bytes. */
const layout: Layout = {
  width: 2000,
  height: 2000,
  tiled: true,
  blockWidth: 2000,
  blockHeight: 2000,
  across: 1,
  down: 1,
  chopped: false,
  samples: 4,
  blockSamples: 4,
  bits: 16,
  rowBytes: 16_000,
  blockBytes: 32_000_000,
  format: 1,
  dtype: 'uint16',
  compression: 8,
  predictor: 1,
  planar: 'chunky',
  photometric: 1,
  extraSamples: [],
  subfileType: 0,
  mirrored: false,
  jpegTables: undefined,
  lercAdded: 0,
};
const context = { rows: 2000, order: 'little' } as const;
const samples = Uint8Array.from({ length: 3000 }, (_, at) => (at * 31) % 251);
const streams = [
  { name: 'none', compression: 1, stored: samples },
  {
    name: 'LZW',
    compression: 5,
    stored: Uint8Array.of(0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01),
  },
  { name: 'deflate', compression: 8, stored: new Uint8Array(deflateSync(samples)) },
  { name: 'PackBits', compression: 32_773, stored: Uint8Array.of(0x82, 0x07, 0x02, 1, 2, 3) },
  { name: 'zstd', compression: 50_000, stored: new Uint8Array(zstdCompressSync(samples)) },
];
const space = createKernelSpace();
const at = space.take(layout.blockBytes);
afterAll(() => space.release(at));

describe.each(streams)('a block of $name that decodes short', ({ compression, stored }) => {
  it.each([
    ['as samples', () => decodeBlock(stored, { ...layout, compression }, context)],
    ['where it belongs', async () => decodePlain(stored, { ...layout, compression }, context, space, at)],
  ])('is refused without memory for all it claims, %s', async (_, decode) => {
    const { arrayBuffers: before } = process.memoryUsage();
    const error = await decode().catch((caught: unknown) => caught);
    const grownMiB = (process.memoryUsage().arrayBuffers - before) / 2 ** 20;
    expect(isSwathError(error) ? error.code : error).toBe('Corrupt');
    expect(grownMiB).toBeLessThan(5);
  });
});
