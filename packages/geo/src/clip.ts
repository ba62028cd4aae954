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
  aPixel: [number, number],
  bPixel: [number, number],
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
  if (swap) walk(b, a, bPixel, aPixel, 0);
  else walk(a, b, aPixel, bPixel, 0);
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
        const pixels = ring.map(([lon, lat]) => toPixel(lon, lat));
        for (let i = 0; i + 1 < ring.length; i++) {
          projectEdge(ring[i]!, ring[i + 1]!, pixels[i]!, pixels[i + 1]!, toPixel, out);
        }
      }
    }
    return out;
  };
}

/** First row whose centre (row + 0.5) is at or below `y`: the half-open rule [top, bottom). */
export const firstRow = (y: number) => Math.ceil(y - 0.5);

/** Is given a run of pixels: a row of the window, and its columns [from, end). */
export type VisitSpan = (row: number, from: number, end: number) => void;

/** Finds runs of pixels of a window whose centres lie inside outlines: segments [begin, end) of a list. */
export type FindSpans = (
  segments: Segments,
  begin: number,
  end: number,
  window: PixelWindow,
  visit: VisitSpan,
) => void;

/** Rows with more crossings than this are sorted by the engine. */
const CROSSINGS_BY_HAND = 24;

/**
 * Runs row by row, by the even-odd rule: each segment leaves its crossing in the rows it passes, and the crossings of a
 * row, in order, are where runs begin and end in turn. Time goes with crossings and runs, not with pixels. Its memory is
 * used again by the next call, so `visit` must not call it.
 */
export function spanFinder(): FindSpans {
  let starts = new Int32Array(0);
  let next = new Int32Array(0);
  let columns = new Float64Array(0);
  return (segments, begin, end, { x, y, width, height }, visit) => {
    if (starts.length <= height) {
      starts = new Int32Array(height + 1);
      next = new Int32Array(height);
    }
    // Crossings per row, counted first so that one array holds them all.
    starts.fill(0, 0, height + 1);
    for (let i = begin; i < end; i += 4) {
      const from = Math.max(firstRow(segments[i + 1]!) - y, 0);
      const until = Math.min(firstRow(segments[i + 3]!) - y, height);
      for (let row = from; row < until; row++) starts[row + 1]!++;
    }
    for (let row = 0; row < height; row++) {
      next[row] = starts[row]!;
      starts[row + 1]! += starts[row]!;
    }
    const all = starts[height]!;
    if (columns.length < all) columns = new Float64Array(2 * all);
    for (let i = begin; i < end; i += 4) {
      const col0 = segments[i]!;
      const row0 = segments[i + 1]!;
      const from = Math.max(firstRow(row0) - y, 0);
      const until = Math.min(firstRow(segments[i + 3]!) - y, height);
      const slope = (segments[i + 2]! - col0) / (segments[i + 3]! - row0);
      for (let row = from; row < until; row++) columns[next[row]!++] = col0 + (row + y + 0.5 - row0) * slope;
    }
    for (let row = 0; row < height; row++) {
      const first = starts[row]!;
      const last = starts[row + 1]!;
      sortCrossings(columns, first, last);
      for (let i = first; i + 1 < last; i += 2) {
        const from = Math.max(firstRow(columns[i]!) - x, 0);
        const until = Math.min(firstRow(columns[i + 1]!) - x, width);
        if (from < until) visit(row, from, until);
      }
    }
  };
}

function sortCrossings(columns: Float64Array, first: number, last: number): void {
  if (last - first > CROSSINGS_BY_HAND) {
    columns.subarray(first, last).sort();
    return;
  }
  for (let i = first + 1; i < last; i++) {
    const column = columns[i]!;
    let at = i;
    for (; at > first && columns[at - 1]! > column; at--) columns[at] = columns[at - 1]!;
    columns[at] = column;
  }
}

/**
 * The outline brought to a grid once, for many windows. See {@link clipMask}.
 * @throws SwathError InvalidInput when a part of the outline has no place in the grid's CRS.
 */
export function prepareClip(grid: Grid, geometry: PolygonGeometry | MultiPolygonGeometry): ClipMask {
  const segments = Float64Array.from(outliner(grid)(geometry));
  const find = spanFinder();
  return (window) => {
    const { width, height } = window;
    const mask = new Uint8Array(width * height);
    find(segments, 0, segments.length, window, (row, from, end) => {
      mask.fill(1, row * width + from, row * width + end);
    });
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
