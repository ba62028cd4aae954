import { SwathError } from '@swath/core';
import type { LevelInfo, RasterImage } from '../image.ts';
import { SOURCE_WINDOW_PIXELS } from '../warp/limits.ts';
import { affineMap } from '../warp/positions.ts';
import { resample } from '../warp/resample.ts';
import { requireRealSamples } from '../warp/source-window.ts';
import { withSpace } from '../warp/space-pool.ts';
import { PICTURE_SIDE_MAX } from './limits.ts';

export interface OverviewRequest {
  /** 1-based; one or three for a picture. */
  readonly bands: readonly number[];
  /** Longest side of the answer in pixels; a smaller image comes as it is. */
  readonly maxSide: number;
  /** `nearest` for classes. @default average */
  readonly resampling?: 'average' | 'nearest';
  readonly signal?: AbortSignal;
}

export interface OverviewPlanes {
  readonly width: number;
  readonly height: number;
  /** Values (DN * scale + offset), one plane per band asked for, NaN = nodata. */
  readonly planes: readonly Float32Array[];
}

/** Index of the smallest level whose longest side has at least `maxSide` pixels; full resolution when none has. */
export function smallestLevel(levels: readonly LevelInfo[], maxSide: number): number {
  let best = 0;
  for (const [index, { width, height }] of levels.entries()) {
    const smaller = width < (levels[best]?.width ?? 0);
    if (smaller && Math.max(width, height) >= maxSide) best = index;
  }
  return best;
}

/**
 * A small version of an image for a picture: read from the smallest overview that is large enough, then averaged down.
 * Memory is bounded by reading stripes.
 * @throws SwathError LimitExceeded, Unsupported, Corrupt, Unavailable.
 */
export async function readOverview(image: RasterImage, request: OverviewRequest): Promise<OverviewPlanes> {
  const { maxSide } = request;
  if (!(maxSide >= 1 && maxSide <= PICTURE_SIDE_MAX)) {
    throw new SwathError('LimitExceeded', `A picture of ${maxSide} pixels is not 1 to ${PICTURE_SIDE_MAX}.`);
  }
  requireRealSamples(image);
  const level = smallestLevel(image.info.levels, maxSide);
  const from = image.info.levels[level]!;
  const shrink = Math.min(1, maxSide / Math.max(from.width, from.height));
  const width = Math.max(1, Math.round(from.width * shrink));
  const height = Math.max(1, Math.round(from.height * shrink));
  const planes: Float32Array[] = [];
  for (const band of request.bands)
    planes.push(await overviewBand(image, request, band, level, { width, height }));
  return { width, height, planes };
}

async function overviewBand(
  image: RasterImage,
  { resampling = 'average', signal }: OverviewRequest,
  band: number,
  level: number,
  size: { readonly width: number; readonly height: number },
): Promise<Float32Array> {
  const from = image.info.levels[level]!;
  const { scale, offset } = image.info.bands[band - 1]!;
  const rows = Math.max(1, Math.floor(SOURCE_WINDOW_PIXELS / (from.width * (from.height / size.height + 4))));
  const { width, height, nodata } = image.info;
  const work = {
    source: { image, band, level, nodata, signal },
    map: affineMap([0, width / size.width, 0, 0, 0, height / size.height]),
    method: resampling,
    scale: { x: 1, y: 1 },
  };
  const plane = new Float32Array(size.width * size.height).fill(Number.NaN);
  await withSpace(async (space) => {
    const columns = size.width;
    const to = space.take(columns * rows * 4);
    for (let row = 0; row < size.height; row += rows) {
      const count = Math.min(rows, size.height - row);
      space.singles(to, columns * count).fill(Number.NaN);
      await resample(work, { x: 0, y: row, width: columns, height: count }, { space, to, columns });
      const numbers = space.singles(to, columns * count);
      for (let i = 0; i < numbers.length; i++) plane[row * columns + i] = numbers[i]! * scale + offset;
    }
  });
  return plane;
}
