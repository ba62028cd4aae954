import { SwathError } from '@swath/core';
import type { Grid, PixelWindow } from '@swath/geo';
import type { RasterImage } from '../image.ts';
import type { KernelSpace } from '../kernels/space.ts';
import type { Resampling } from '../process/work.ts';
import { copyAligned, wholeOffset } from './aligned.ts';
import { aggregateArea } from './area-kernels.ts';
import { type GridPixels, interpolate, nearest } from './kernels.ts';
import { type Coarseness, coarsenessOf, kernelScale, levelFor } from './level.ts';
import { SOURCE_WINDOW_PIXELS } from './limits.ts';
import { type PositionMap, type Positions, positionMap, positionsOf } from './positions.ts';
import { holdsSingles, readSource, requireRealSamples } from './source-window.ts';

export interface GridRead {
  readonly image: RasterImage;
  /** 1-based. */
  readonly band: number;
  readonly grid: Grid;
  /** Pixels of the grid; must lie inside it. */
  readonly window: PixelWindow;
  readonly resampling: Resampling;
  /** Compared with digital numbers before anything else; null when every number is data. NaN never is. */
  readonly nodata: number | 'nan' | null;
  /** Never an overview: for codes, of which overviews may hold means. @default as `levelFor` says */
  readonly levels?: 'full';
  readonly signal?: AbortSignal;
}

/**
 * Digital numbers of one band on the pixels of a grid, with gdalwarp's conventions: pixel centres decide, a position on
 * an edge belongs to the pixel right of or below it, invalid pixels take no part and weights are renormalised over the
 * rest. Interpolated numbers are not rounded. Only the part of the source that is needed is read.
 *
 * - same CRS and coinciding pixels: a copy
 * - same CRS otherwise: exact positions
 * - another CRS: positions within 2e-4 source pixels of exact
 *
 * Bilinear and cubic kernels widen with the ratio of pixel sizes, as GDAL's do since 2.0. The result does not depend on
 * how the grid is cut into windows.
 *
 * @throws SwathError Unsupported (no georeference, complex samples), LimitExceeded, InvalidInput (band, CRS); what
 * reading throws.
 */
export async function readOnGrid(read: GridRead): Promise<GridPixels> {
  checkGridRead(read);
  const { image, grid, window } = read;
  const { info } = image;
  const out = emptyPixels(read, window.width * window.height);
  const map = positionMap(grid, image.name, info);
  const offset = wholeOffset(map, grid);
  if (offset !== null) {
    await copyAligned(read, offset, out);
    return out;
  }
  const coarseness = coarsenessOf(map, grid);
  if (coarseness !== null) await fillPart({ read, map, coarseness }, window, out);
  return out;
}

/** The same as singles in kernel memory, NaN where invalid. */
export async function gridPlane(read: GridRead, space: KernelSpace, to: number): Promise<void> {
  const { values, valid } = await readOnGrid(read);
  const plane = space.singles(to, values.length);
  for (let i = 0; i < values.length; i++) plane[i] = valid[i] === 0 ? Number.NaN : values[i]!;
}

/** @throws SwathError Unsupported (complex samples), InvalidInput (band), Bug (window). */
export function checkGridRead({ image, band, window, grid }: GridRead): void {
  const { info } = image;
  requireRealSamples(image);
  if (!(band >= 1 && band <= info.bands.length)) {
    throw new SwathError('InvalidInput', `${image.name} has no band ${band}; it has ${info.bands.length}.`, {
      fix: `Use a band from 1 to ${info.bands.length}.`,
    });
  }
  const { x, y, width, height } = window;
  if (x < 0 || y < 0 || x + width > grid.width || y + height > grid.height) {
    throw new SwathError(
      'Bug',
      `window ${x},${y} ${width} x ${height} leaves a grid of ${grid.width} x ${grid.height}`,
    );
  }
}

function emptyPixels({ image, resampling }: GridRead, pixels: number): GridPixels {
  const interpolated = resampling === 'bilinear' || resampling === 'cubic' || resampling === 'average';
  const single = holdsSingles(image.info.dtype) && !interpolated;
  return {
    values: single ? new Float32Array(pixels) : new Float64Array(pixels),
    valid: new Uint8Array(pixels),
  };
}

interface Task {
  readonly read: GridRead;
  readonly map: PositionMap;
  readonly coarseness: Coarseness;
}

/** Fills a window, in halves where it needs more of the source than may be in memory. */
async function fillPart(task: Task, window: PixelWindow, out: GridPixels): Promise<void> {
  const { read, map, coarseness } = task;
  const { image, resampling, band, nodata, signal } = read;
  signal?.throwIfAborted();
  const level = read.levels === 'full' ? 0 : levelFor(resampling, coarseness, image.info.levels);
  const area = isArea(resampling);
  const samples = area ? { ...window, width: window.width + 1, height: window.height + 1 } : window;
  const positions = onLevel(positionsOf(map, samples, area ? 0 : 0.5), image, level);
  const scale = area ? { x: 1, y: 1 } : kernelScale(coarseness);
  const needed = sourceWindow(positions, image, level, reach(resampling, scale));
  if (needed === null) return;
  if (needed.width * needed.height > SOURCE_WINDOW_PIXELS) {
    await fillHalves(task, window, out, needed);
    return;
  }
  const source = await readSource(image, band, level, needed, nodata, signal);
  if (isArea(resampling)) aggregateArea(source, positions, window.width, out, resampling);
  else if (resampling === 'nearest') nearest(source, positions, out);
  else interpolate(source, positions, out, resampling, scale);
}

function isArea(method: Resampling): method is 'average' | 'mode' | 'min' | 'max' {
  return method === 'average' || method === 'mode' || method === 'min' || method === 'max';
}

/** Source pixels around a position that a kernel touches. */
function reach(method: Resampling, scale: { readonly x: number; readonly y: number }): number {
  if (method === 'nearest' || isArea(method)) return 1;
  return Math.ceil((method === 'cubic' ? 2 : 1) * Math.max(scale.x, scale.y)) + 1;
}

/** Positions at full resolution become positions in a level, in place. */
function onLevel(positions: Positions, image: RasterImage, level: number): Positions {
  if (level === 0) return positions;
  const { width, height } = image.info.levels[level]!;
  const [scaleX, scaleY] = [width / image.info.width, height / image.info.height];
  for (let i = 0; i < positions.x.length; i++) {
    positions.x[i] = positions.x[i]! * scaleX;
    positions.y[i] = positions.y[i]! * scaleY;
  }
  return positions;
}

/** Smallest window of the level that holds all positions and `margin` pixels around them; null when there is none. */
function sourceWindow(at: Positions, image: RasterImage, level: number, margin: number): PixelWindow | null {
  const { width, height } = image.info.levels[level]!;
  const [left, right] = rangeOf(at.x);
  const [top, bottom] = rangeOf(at.y);
  // Written so that an empty range, from +Infinity to -Infinity, is outside.
  if (!(left <= width && right >= 0 && top <= height && bottom >= 0)) return null;
  const x = Math.max(0, Math.floor(left) - margin);
  const y = Math.max(0, Math.floor(top) - margin);
  return {
    x,
    y,
    width: Math.min(width, Math.ceil(right) + margin) - x,
    height: Math.min(height, Math.ceil(bottom) + margin) - y,
  };
}

function rangeOf(values: Float64Array): readonly [min: number, max: number] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}

async function fillHalves(
  task: Task,
  window: PixelWindow,
  out: GridPixels,
  needed: PixelWindow,
): Promise<void> {
  if (window.width === 1 && window.height === 1) {
    throw new SwathError(
      'LimitExceeded',
      `One pixel of the grid needs ${needed.width} x ${needed.height} pixels of ${task.read.image.name}, more than ` +
        `${SOURCE_WINDOW_PIXELS}.`,
      { fix: 'Ask for a finer resolution, or resample by average or nearest.' },
    );
  }
  for (const half of halves(window)) {
    const part = emptyPixels(task.read, half.width * half.height);
    await fillPart(task, half, part);
    for (let row = 0; row < half.height; row++) {
      const from = row * half.width;
      const to = (half.y - window.y + row) * window.width + (half.x - window.x);
      out.values.set(part.values.subarray(from, from + half.width), to);
      out.valid.set(part.valid.subarray(from, from + half.width), to);
    }
  }
}

function halves({ x, y, width, height }: PixelWindow): readonly [PixelWindow, PixelWindow] {
  if (width >= height) {
    const left = Math.floor(width / 2);
    return [
      { x, y, width: left, height },
      { x: x + left, y, width: width - left, height },
    ];
  }
  const upper = Math.floor(height / 2);
  return [
    { x, y, width, height: upper },
    { x, y: y + upper, width, height: height - upper },
  ];
}
