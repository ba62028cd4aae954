import { deflateSync } from 'node:zlib';
import { isSwathError } from '@swath/core';
import { describe, expect, it } from 'vitest';
import { inflateEarly } from './inflate-early.ts';
import type { Layout } from './layout.ts';

const samples = Uint8Array.from({ length: 4096 }, (_, at) => (at * 31) % 251);
const layout: Layout = {
  width: 64,
  height: 64,
  tiled: true,
  blockWidth: 64,
  blockHeight: 64,
  across: 1,
  down: 1,
  chopped: false,
  samples: 1,
  blockSamples: 1,
  bits: 8,
  rowBytes: 64,
  blockBytes: 4096,
  format: 1,
  dtype: 'uint8',
  compression: 8,
  predictor: 2,
  planar: 'chunky',
  photometric: 1,
  extraSamples: [],
  subfileType: 0,
  mirrored: false,
  jpegTables: undefined,
  lercAdded: 0,
};

describe('inflateEarly', () => {
  it('inflates, and leaves the layout of a block that is not compressed', async () => {
    const early = await inflateEarly(deflateSync(samples), layout);
    expect(Buffer.compare(early.bytes, samples)).toBe(0);
    expect(early.layout).toEqual({ ...layout, compression: 1 });
  });

  it('gives back what is compressed otherwise, or whose bits are mirrored', async () => {
    for (const other of [
      { ...layout, compression: 5 },
      { ...layout, mirrored: true },
    ]) {
      const early = await inflateEarly(samples, other);
      expect(early.bytes).toBe(samples);
      expect(early.layout).toBe(other);
    }
  });

  it.each([
    ['one byte too many', deflateSync(new Uint8Array(4097)), /more than 4096/],
    ['a bomb', deflateSync(new Uint8Array(1 << 24)), /more than 4096/],
    ['no stream', samples, /broken/],
    ['half a stream', deflateSync(samples).subarray(0, 100), /broken/],
    ['nothing', new Uint8Array(0), /broken/],
  ])('says Corrupt for %s', async (_, stored, message) => {
    const error = await inflateEarly(stored, layout).catch((caught: unknown) => caught);
    expect(isSwathError(error, 'Corrupt')).toBe(true);
    expect(String(error)).toMatch(message);
  });
});
