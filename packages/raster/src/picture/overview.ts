import { SwathError } from '@swath/core';
import type { LevelInfo, RasterImage } from '../image.ts';
import { aggregateArea } from '../warp/area-kernels.ts';
import { nearest } from '../warp/kernels.ts';
import { SOURCE_WINDOW_PIXELS } from '../warp/limits.ts';
import { readSource, requireRealSamples } from '../warp/source-window.ts';
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
  const stepX = from.width / size.width;
  const stepY = from.height / size.height;
  const rows = Math.max(1, Math.floor(SOURCE_WINDOW_PIXELS / (from.width * (stepY + 2))));
  const plane = new Float32Array(size.width * size.height).fill(Number.NaN);
  for (let row = 0; row < size.height; row += rows) {
    const count = Math.min(rows, size.height - row);
    const top = Math.floor(row * stepY);
    const bottom = Math.min(from.height, Math.ceil((row + count) * stepY));
    const window = { x: 0, y: top, width: from.width, height: bottom - top };
    const source = await readSource(image, band, level, window, image.info.nodata, signal);
    const out = {
      values: new Float64Array(size.width * count),
      valid: new Uint8Array(size.width * count),
    };
    const stripe = { width: size.width, height: count, row, stepX, stepY };
    if (resampling === 'nearest') nearest(source, latticeOf(stripe, 0.5), out);
    else aggregateArea(source, latticeOf(stripe, 0), size.width, out, 'average');
    for (let i = 0; i < out.valid.length; i++) {
      if (out.valid[i] === 1) plane[row * size.width + i] = out.values[i]! * scale + offset;
    }
  }
  return plane;
}

interface Stripe {
  readonly width: number;
  readonly height: number;
  readonly row: number;
  readonly stepX: number;
  readonly stepY: number;
}

/** Source positions of the stripe's pixel centres, or (shift 0) of its corners, one more each way. */
function latticeOf({ width, height, row, stepX, stepY }: Stripe, shift: 0 | 0.5) {
  const extra = shift === 0 ? 1 : 0;
  const columns = width + extra;
  const count = columns * (height + extra);
  return {
    x: Float64Array.from({ length: count }, (_, i) => ((i % columns) + shift) * stepX),
    y: Float64Array.from({ length: count }, (_, i) => (row + Math.floor(i / columns) + shift) * stepY),
  };
}
