import { deflateSync } from 'node:zlib';
import type { Grid } from '@swath/geo';
import { buildTiff, imageTags } from '../../../../test/fuzz/tiff-builder.ts';
import { georeferenced } from '../../../../test/support/georeferenced.ts';
import type { CogSpec } from '../cog/spec.ts';
import { parseExpression } from '../expression/parse.ts';
import type { BandInput, SceneInput } from '../process/work.ts';
import type { PixelSource } from './lane.ts';

/** Pixels along each side of the sources, and metres of one: eight of the grid's. */
const SIDE = 64;
const PIXEL_M = 80;

/** 16 units of 128 x 128 pixels, so that every lane has some. */
export const grid: Grid = {
  crs: 'EPSG:32631',
  geotransform: [600_000, 10, 0, 5_800_000, 0, -10],
  width: 512,
  height: 512,
};

export const spec: CogSpec = {
  grid,
  bands: [{ name: 'sum', stored: { dtype: 'int16', scale: 1, offset: 0, nodata: -1 } }],
  blockSize: 64,
  overviews: true,
};

/** A TIFF, such as it is, over the whole grid. */
export const placed = (bytes: Uint8Array): Uint8Array =>
  georeferenced(bytes, { pixelM: PIXEL_M, x: 600_000, y: 5_800_000 });

/** A sound source: 16 deflated tiles of bytes that grow with `seed`. */
export function soundTiff(seed: number): Uint8Array {
  const blocks = Array.from({ length: 16 }, (_, tile) =>
    deflateSync(Uint8Array.from({ length: 16 * 16 }, (_, at) => (at * 3 + tile * 7 + seed) % 120)),
  );
  const shape = { width: SIDE, height: SIDE, compression: 8, tile: [16, 16] as const };
  return placed(buildTiff([{ tags: imageTags(shape), blocks, tiled: true }]));
}

const band = (href: string): BandInput => ({ href, bandIndex: 1, scale: 1, offset: 0 });

/** The sum of two bands. */
export function sumOf(a: string, b: string): PixelSource {
  const scene: SceneInput = { id: 'scene', bands: { a: band(a), b: band(b) } };
  return {
    kind: 'work',
    origin: { x: 0, y: 0 },
    work: {
      grid,
      steps: [{ label: 'date', scenes: [scene] }],
      outputs: [{ name: 'sum', expression: parseExpression('a + b') }],
      composite: 'none',
      resampling: 'nearest',
    },
  };
}
