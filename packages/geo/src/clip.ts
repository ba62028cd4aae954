import { SwathError } from '@swath/core';
import { pixelOf } from './affine.ts';
import { WGS84 } from './crs.ts';
import { crsTransformer } from './crs-transform.ts';
import { CLIP_TOLERANCE_PIXELS, MAX_CLIP_HALVINGS } from './limits.ts';
import type { Grid, LonLat, MultiPolygonGeometry, PixelWindow, PolygonGeometry } from './types.ts';

/** Straight pieces of the outline in pixels of the grid: col, row, col, row with row[0] <= row[1]; sorted in no way. */
export type Segments = Float64Array;

/** 1 = the pixel's centre lies inside; row-major over the window. */
export type ClipMask = (window: PixelWindow) => Uint8Array;

/** A longest piece that is tested by its middle only; longer ones may bend both ways around it. */
const MAX_STRAIGHT_DEGREES = 0.5;

function projectEdge(
  a: LonLat,
  b: LonLat,
  toPixel: (lon: number, lat: number) => [number, number],
  out: number[],
): void {
  const walk = (from: LonLat, to: LonLat, start: number[], end: number[], depth: number): void => {
    const middle: LonLat = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
    const at = toPixel(...middle);
    const bend = Math.hypot(at[0] - (start[0]! + end[0]!) / 2, at[1] - (start[1]! + end[1]!) / 2);
    const long = Math.abs(to[0] - from[0]) + Math.abs(to[1] - from[1]) > MAX_STRAIGHT_DEGREES;
    if (!Number.isFinite(bend) || (depth >= MAX_CLIP_HALVINGS && bend > 1)) {
      throw new SwathError('InvalidInput', `The area near [${middle.join(', ')}] has no place in the CRS.`, {
        pointer: '/grid/crs',
        fix: 'Choose a CRS made for this area, such as the UTM zone it lies in, or leave grid.crs out.',
      });
    }
    if (depth < MAX_CLIP_HALVINGS && (bend > CLIP_TOLERANCE_PIXELS || (long && bend > 1e-9))) {
      walk(from, middle, start, at, depth + 1);
      walk(middle, to, at, end, depth + 1);
      return;
    }
    // Downwards, so that the edge shared by two areas cuts a row at the very same place.
    if (start[1]! <= end[1]!) out.push(start[0]!, start[1]!, end[0]!, end[1]!);
    else out.push(end[0]!, end[1]!, start[0]!, start[1]!);
  };
  // West to east (then south to north), for the same reason.
  const swap = a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);
  const [from, to] = swap ? [b, a] : [a, b];
  walk(from, to, toPixel(...from), toPixel(...to), 0);
}

/** Straight pieces of outlines on a grid, for one geometry after the other with one transformation. */
export function outliner(grid: Grid): (geometry: PolygonGeometry | MultiPolygonGeometry) => number[] {
  const { forward } = crsTransformer(WGS84, grid.crs);
  const toPixel = (lon: number, lat: number) => pixelOf(grid.geotransform, ...forward(lon, lat));
  return (geometry) => {
    const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
    const out: number[] = [];
    for (const rings of polygons) {
      for (const ring of rings) {
        for (let i = 0; i + 1 < ring.length; i++) projectEdge(ring[i]!, ring[i + 1]!, toPixel, out);
      }
    }
    return out;
  };
}

/** First row whose centre (row + 0.5) is at or below `y`: the half-open rule [top, bottom). */
export const firstRow = (y: number) => Math.ceil(y - 0.5);

/** Is given a run of pixels: a row of the window, and its columns [from, end). */
export type VisitSpan = (row: number, from: number, end: number) => void;

/** Runs of pixels of the window whose centres lie inside, row by row, by the even-odd rule. */
export function eachSpan(segments: Segments, { x, y, width, height }: PixelWindow, visit: VisitSpan): void {
  // Crossings per row, counted first so that one array holds them all.
  const start = new Int32Array(height + 1);
  const rowsOf = (i: number) => {
    const from = Math.max(firstRow(segments[i + 1]!) - y, 0);
    return [from, Math.min(firstRow(segments[i + 3]!) - y, height)] as const;
  };
  for (let i = 0; i < segments.length; i += 4) {
    const [from, end] = rowsOf(i);
    for (let row = from; row < end; row++) start[row + 1]!++;
  }
  for (let row = 0; row < height; row++) start[row + 1]! += start[row]!;
  const columns = new Float64Array(start[height]!);
  const next = start.slice(0, height);
  for (let i = 0; i < segments.length; i += 4) {
    const col0 = segments[i]!;
    const row0 = segments[i + 1]!;
    const slope = (segments[i + 2]! - col0) / (segments[i + 3]! - row0);
    const [from, end] = rowsOf(i);
    for (let row = from; row < end; row++) columns[next[row]!++] = col0 + (row + y + 0.5 - row0) * slope;
  }
  for (let row = 0; row < height; row++) {
    const crossings = columns.subarray(start[row], start[row + 1]).sort();
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(firstRow(crossings[i]!) - x, 0);
      const end = Math.min(firstRow(crossings[i + 1]!) - x, width);
      if (from < end) visit(row, from, end);
    }
  }
}

/**
 * The outline brought to a grid once, for many windows. See {@link clipMask}.
 * @throws SwathError InvalidInput when a part of the outline has no place in the grid's CRS.
 */
export function prepareClip(grid: Grid, geometry: PolygonGeometry | MultiPolygonGeometry): ClipMask {
  const segments = Float64Array.from(outliner(grid)(geometry));
  return (window) => {
    const { width, height } = window;
    const mask = new Uint8Array(width * height);
    eachSpan(segments, window, (row, from, end) => mask.fill(1, row * width + from, row * width + end));
    return mask;
  };
}

/**
 * Which pixels of a window lie inside an area: 1 where the pixel's centre does (the rule of openEO's `filter_spatial`
 * and of gdal_rasterize), row-major over the window. Edges are straight in longitude and latitude and followed to 1 % of a
 * pixel; holes count as outside; a centre on an edge belongs to the area right of or below it, so that areas side by side
 * share no pixel and miss none. The answer for a pixel does not depend on the window.
 * @throws SwathError InvalidInput when a part of the outline has no place in the grid's CRS.
 */
export function clipMask(
  grid: Grid,
  window: PixelWindow,
  geometry: PolygonGeometry | MultiPolygonGeometry,
): Uint8Array {
  return prepareClip(grid, geometry)(window);
}
