import { firstRow, outliner, spanFinder, type VisitSpan } from './clip.ts';
import type { Grid, MultiPolygonGeometry, PixelWindow, PolygonGeometry } from './types.ts';

/** Outlines of many polygons on one grid, as plain numbers that another thread can be sent. */
export interface ZoneOutlines {
  /** Straight pieces of all outlines: col, row, col, row in pixels of the grid. */
  readonly segments: Float64Array;
  /** Where in `segments` each zone begins, and after the last where it ends. */
  readonly starts: Int32Array;
  /** Per zone the rectangle of the grid outside of which it has no pixel: column and row of the first, and behind the last. */
  readonly boxes: Int32Array;
}

/**
 * Brings polygons to a grid once, for many windows. A pixel belongs to a zone when its centre lies inside, by the rules of
 * `clipMask`: even-odd with holes, edges straight in longitude and latitude, a centre on an edge belongs to the zone right
 * of or below it. Zones that share edges share no pixel; zones that overlap share those of the overlap.
 * @throws SwathError InvalidInput when a part of an outline has no place in the grid's CRS.
 */
export function zoneOutlines(
  grid: Grid,
  geometries: readonly (PolygonGeometry | MultiPolygonGeometry)[],
): ZoneOutlines {
  const outline = outliner(grid);
  const pieces = geometries.map((geometry) => Float64Array.from(outline(geometry)));
  const starts = new Int32Array(pieces.length + 1);
  for (const [zone, piece] of pieces.entries()) starts[zone + 1] = starts[zone]! + piece.length;
  const segments = new Float64Array(starts[pieces.length]!);
  const boxes = new Int32Array(4 * pieces.length);
  for (const [zone, piece] of pieces.entries()) {
    segments.set(piece, starts[zone]!);
    boxes.set(boxOf(piece, grid), 4 * zone);
  }
  return { segments, starts, boxes };
}

function boxOf(segments: Float64Array, { width, height }: Grid): readonly number[] {
  let [left, top] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let [right, bottom] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < segments.length; i += 2) {
    left = Math.min(left, segments[i]!);
    right = Math.max(right, segments[i]!);
    top = Math.min(top, segments[i + 1]!);
    bottom = Math.max(bottom, segments[i + 1]!);
  }
  const within = (value: number, side: number) => Math.min(side, Math.max(0, firstRow(value)));
  return [within(left, width), within(top, height), within(right, width), within(bottom, height)];
}

export const zoneCount = ({ starts }: ZoneOutlines): number => starts.length - 1;

/**
 * Finds runs of pixels of a zone in a window: rows and columns of the window, top to bottom, left to right. Its memory is
 * used again by the next call, so `visit` must not call it.
 */
export function zoneSpans(
  outlines: ZoneOutlines,
): (zone: number, window: PixelWindow, visit: VisitSpan) => void {
  const { segments, starts, boxes } = outlines;
  const find = spanFinder();
  return (zone, window, visit) => {
    const x = Math.max(window.x, boxes[4 * zone]!);
    const y = Math.max(window.y, boxes[4 * zone + 1]!);
    const width = Math.min(window.x + window.width, boxes[4 * zone + 2]!) - x;
    const height = Math.min(window.y + window.height, boxes[4 * zone + 3]!) - y;
    if (width <= 0 || height <= 0) return;
    const down = y - window.y;
    const across = x - window.x;
    find(segments, starts[zone]!, starts[zone + 1]!, { x, y, width, height }, (row, from, end) =>
      visit(row + down, from + across, end + across),
    );
  };
}

/** Pixels of the grid that each zone has. Rows are taken in bands, so that memory does not grow with the grid. */
export function zonePixels(outlines: ZoneOutlines, grid: Grid): Float64Array {
  const pixels = new Float64Array(zoneCount(outlines));
  const spans = zoneSpans(outlines);
  for (let zone = 0; zone < pixels.length; zone++) {
    let count = 0;
    for (let y = 0; y < grid.height; y += BAND_ROWS) {
      const window = { x: 0, y, width: grid.width, height: Math.min(BAND_ROWS, grid.height - y) };
      spans(zone, window, (_row, from, end) => {
        count += end - from;
      });
    }
    pixels[zone] = count;
  }
  return pixels;
}

const BAND_ROWS = 4096;
