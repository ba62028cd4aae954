import { SwathError } from '@swath/core';
import { geotransformBounds, windowGeotransform } from './affine.ts';
import { MAX_GRID_SIDE, SNAP_TOLERANCE_PIXELS } from './limits.ts';
import type { Bounds, CrsId, Grid, PixelWindow } from './types.ts';

/** Outer bounds in units of the grid's CRS. */
export function gridBounds(grid: Grid): Bounds {
  return geotransformBounds(grid.geotransform, grid.width, grid.height);
}

/** The part of a grid that a window covers, as a grid. */
export function windowGrid(grid: Grid, window: PixelWindow): Grid {
  return {
    crs: grid.crs,
    geotransform: windowGeotransform(grid.geotransform, window),
    width: window.width,
    height: window.height,
  };
}

export function sameGrid(a: Grid, b: Grid): boolean {
  return (
    a.crs === b.crs &&
    a.width === b.width &&
    a.height === b.height &&
    a.geotransform.every((value, i) => value === b.geotransform[i])
  );
}

export interface SnapInput {
  readonly crs: CrsId;
  /** Pixel width and height, both positive, in units of the CRS. */
  readonly resolution: readonly [width: number, height: number];
  /** Any corner of any pixel of the source's grid. */
  readonly anchor: readonly [x: number, y: number];
  readonly bounds: Bounds;
}

/** [first, end) of the cells that cover [low, high], where a bound within the tolerance of a line lies on it. */
function cells(low: number, high: number): [first: number, end: number] {
  const settle = (value: number, outwards: (value: number) => number) => {
    const nearest = Math.round(value);
    return Math.abs(value - nearest) <= SNAP_TOLERANCE_PIXELS ? nearest : outwards(value);
  };
  const first = settle(low, Math.floor);
  return [first, Math.max(settle(high, Math.ceil), first + 1)];
}

/**
 * The smallest north-up grid that contains `bounds` and whose lines lie on those of the anchor: column and row numbers
 * are integers counted from the anchor, so every window of one source, however it was asked for, shares its pixels.
 * Floating dust (0.1 + 0.2) adds no pixel; a bound is met to within 1e-6 pixels.
 * @throws SwathError InvalidInput for empty or infinite bounds, LimitExceeded for grids nobody could index.
 */
export function snapGrid({ crs, resolution, anchor, bounds }: SnapInput): Grid {
  const [pixelWidth, pixelHeight] = resolution;
  const [minX, minY, maxX, maxY] = bounds;
  const finite = [...resolution, ...anchor, ...bounds].every(Number.isFinite);
  if (!finite || !(pixelWidth > 0) || !(pixelHeight > 0) || !(maxX >= minX) || !(maxY >= minY)) {
    throw new SwathError('InvalidInput', `The bounds [${bounds.join(', ')}] do not lie in ${crs}.`, {
      pointer: '/grid',
      fix: 'Use bounds [minX, minY, maxX, maxY] in units of the CRS, inside the area the CRS is made for.',
    });
  }
  const [left, right] = cells((minX - anchor[0]) / pixelWidth, (maxX - anchor[0]) / pixelWidth);
  // Rows count downwards.
  const [top, bottom] = cells((anchor[1] - maxY) / pixelHeight, (anchor[1] - minY) / pixelHeight);
  const width = right - left;
  const height = bottom - top;
  const tooFar = [left, right, top, bottom].some((cell) => Math.abs(cell) > MAX_GRID_SIDE);
  if (tooFar || width > MAX_GRID_SIDE || height > MAX_GRID_SIDE) {
    throw new SwathError('LimitExceeded', `The grid would have ${width} x ${height} pixels.`, {
      pointer: '/grid',
      fix: 'Use a larger resolution or smaller bounds.',
    });
  }
  return {
    crs,
    geotransform: [
      anchor[0] + left * pixelWidth,
      pixelWidth,
      0,
      anchor[1] - top * pixelHeight,
      0,
      -pixelHeight,
    ],
    width,
    height,
  };
}
