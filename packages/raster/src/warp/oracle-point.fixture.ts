import type { KernelScale } from './level.ts';
import { EDGE_PX } from './limits.ts';

/** The same methods in doubles, one pixel at a time, written to be read: what the kernels are checked against. */

/** Pixels on the grid; values are digital numbers, not rounded when interpolated. */
export interface OraclePixels {
  readonly values: Float64Array;
  /** 1 = valid; the value of any other pixel means nothing. */
  readonly valid: Uint8Array;
}

/** Source positions of a window of sample points, row-major. */
export interface Positions {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Digital numbers of a window of a source level, and which of them are valid. */
export interface SourcePixels {
  /** Columns of `data`. */
  readonly width: number;
  readonly height: number;
  /** Where `data` starts in the level, in its pixels. */
  readonly x: number;
  readonly y: number;
  /** Sides of the whole level. */
  readonly levelWidth: number;
  readonly levelHeight: number;
  readonly data: Float32Array | Float64Array;
  /** 1 = valid. */
  readonly valid: Uint8Array;
}

/** Weights below this are no evidence (GDAL's bound for its four-sample formula). */
const WEIGHT_MIN = 1e-5;

/**
 * The pixel that contains the position. On an edge: the pixel right of it or below it, as GDAL has it.
 */
export function nearest(source: SourcePixels, at: Positions, out: OraclePixels): void {
  const { data, valid, width, x: left, y: top, levelWidth, levelHeight } = source;
  for (let i = 0; i < out.valid.length; i++) {
    const column = Math.floor(at.x[i]! + EDGE_PX);
    const row = Math.floor(at.y[i]! + EDGE_PX);
    // Written so that NaN is outside.
    if (!(column >= 0 && row >= 0 && column < levelWidth && row < levelHeight)) continue;
    const from = (row - top) * width + (column - left);
    out.values[i] = data[from]!;
    out.valid[i] = valid[from]!;
  }
}

/** Whether the pixel that contains the position is a valid one of the image. */
function inValidPixel(source: SourcePixels, x: number, y: number): boolean {
  const index = indexOf(source, Math.floor(x + EDGE_PX), Math.floor(y + EDGE_PX));
  return index >= 0 && source.valid[index] === 1;
}

/** Weighted mean of the valid ones of the four nearest pixel centres, or NaN. */
function bilinearAt(source: SourcePixels, x: number, y: number): number {
  const column = Math.floor(x - 0.5);
  const row = Math.floor(y - 0.5);
  const u = x - 0.5 - column;
  const v = y - 0.5 - row;
  let sum = 0;
  let weights = 0;
  for (let dy = 0; dy < 2; dy++) {
    for (let dx = 0; dx < 2; dx++) {
      const weight = (dx === 0 ? 1 - u : u) * (dy === 0 ? 1 - v : v);
      const index = indexOf(source, column + dx, row + dy);
      if (index < 0 || source.valid[index] === 0) continue;
      sum += source.data[index]! * weight;
      weights += weight;
    }
  }
  return weights < WEIGHT_MIN ? Number.NaN : sum / weights;
}

/** Index into the window of a pixel of the level, or -1 outside the level. */
function indexOf(source: SourcePixels, column: number, row: number): number {
  // Written so that NaN is outside.
  if (!(column >= 0 && row >= 0 && column < source.levelWidth && row < source.levelHeight)) return -1;
  return (row - source.y) * source.width + (column - source.x);
}

/** Cubic convolution with a = -0.5 (Keys 1981), as GDAL. */
function cubicWeight(distance: number): number {
  const d = Math.abs(distance);
  if (d <= 1) return (1.5 * d - 2.5) * d * d + 1;
  return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
}

function triangleWeight(distance: number): number {
  return Math.max(0, 1 - Math.abs(distance));
}

/** Sixteen pixels when all exist and are valid, else bilinear: GDAL's rule, which keeps overshoot off the edges. */
function cubicAt(source: SourcePixels, x: number, y: number): number {
  const column = Math.floor(x - 0.5);
  const row = Math.floor(y - 0.5);
  const u = x - 0.5 - column;
  const v = y - 0.5 - row;
  let sum = 0;
  for (let dy = -1; dy <= 2; dy++) {
    const rowWeight = cubicWeight(dy - v);
    for (let dx = -1; dx <= 2; dx++) {
      const index = indexOf(source, column + dx, row + dy);
      if (index < 0 || source.valid[index] === 0) return bilinearAt(source, x, y);
      sum += source.data[index]! * rowWeight * cubicWeight(dx - u);
    }
  }
  return sum;
}

/** A kernel widened by `scale`, over the valid pixels, weights renormalised. */
function widenedAt(
  source: SourcePixels,
  x: number,
  y: number,
  scale: KernelScale,
  weightAt: (distance: number) => number,
  kernelRadius: number,
): number {
  const column = Math.floor(x - 0.5);
  const row = Math.floor(y - 0.5);
  const u = x - 0.5 - column;
  const v = y - 0.5 - row;
  const radiusX = Math.ceil(kernelRadius * scale.x);
  const radiusY = Math.ceil(kernelRadius * scale.y);
  let sum = 0;
  let weights = 0;
  for (let dy = 1 - radiusY; dy <= radiusY; dy++) {
    const rowWeight = weightAt((dy - v) / scale.y);
    if (rowWeight === 0) continue;
    for (let dx = 1 - radiusX; dx <= radiusX; dx++) {
      const index = indexOf(source, column + dx, row + dy);
      if (index < 0 || source.valid[index] === 0) continue;
      const weight = rowWeight * weightAt((dx - u) / scale.x);
      sum += source.data[index]! * weight;
      weights += weight;
    }
  }
  return weights < WEIGHT_MIN ? Number.NaN : sum / weights;
}

/** Bilinear or cubic. A position outside the image, or in an invalid pixel, stays invalid, as with gdalwarp. */
export function interpolate(
  source: SourcePixels,
  at: Positions,
  out: OraclePixels,
  method: 'bilinear' | 'cubic',
  scale: KernelScale,
): void {
  const widened = scale.x > 1 || scale.y > 1;
  const weight = method === 'cubic' ? cubicWeight : triangleWeight;
  const radius = method === 'cubic' ? 2 : 1;
  for (let i = 0; i < out.valid.length; i++) {
    const x = at.x[i]!;
    const y = at.y[i]!;
    if (!inValidPixel(source, x, y)) continue;
    const value = widened
      ? widenedAt(source, x, y, scale, weight, radius)
      : method === 'cubic'
        ? cubicAt(source, x, y)
        : bilinearAt(source, x, y);
    if (Number.isNaN(value)) continue;
    out.values[i] = value;
    out.valid[i] = 1;
  }
}
