import { RAMP_STEPS } from '@swath/raster/picture/colour';
import type { ValueRange } from '@swath/raster/picture/render';
import type { Colours } from './colours.ts';

/** Values of a picture and how they are shown. */
export interface Painting {
  /** One (coloured) or three (red, green, blue); row-major, NaN = nodata. */
  readonly planes: readonly Float32Array[];
  /** A stretch per plane; null shows values as they are, as bytes or classes. */
  readonly ranges: readonly (ValueRange | null)[];
  readonly colours: Colours;
}

/** 0 to 255, rounded, ends held; the middle where a range has no width, as in thumbnails. */
function stretched(value: number, range: ValueRange | null): number {
  if (range === null) return Math.min(RAMP_STEPS - 1, Math.max(0, Math.round(value)));
  const { min, max } = range;
  if (!(max > min)) return RAMP_STEPS >> 1;
  return Math.round(Math.min(1, Math.max(0, (value - min) / (max - min))) * (RAMP_STEPS - 1));
}

/** 8-bit RGBA. A pixel without a value in any plane is transparent black; so is one for which there is no colour. */
export function paint({ planes, ranges, colours }: Painting, pixels: number): Uint8Array {
  const rgba = new Uint8Array(pixels * 4);
  const [first, second, third] = planes;
  if (first === undefined) return rgba;
  const [range = null] = ranges;
  if (second !== undefined && third !== undefined) paintRgb([first, second, third], ranges, rgba);
  else if (colours.kind === 'table') paintTable(first, range, colours.rgba, rgba);
  else paintClasses(first, range, colours, rgba);
  return rgba;
}

function paintRgb(
  [red, green, blue]: readonly [Float32Array, Float32Array, Float32Array],
  [redRange = null, greenRange = null, blueRange = null]: readonly (ValueRange | null)[],
  rgba: Uint8Array,
): void {
  for (let i = 0, at = 0; i < red.length; i++, at += 4) {
    if (!Number.isFinite(red[i]! + green[i]! + blue[i]!)) continue;
    rgba[at] = stretched(red[i]!, redRange);
    rgba[at + 1] = stretched(green[i]!, greenRange);
    rgba[at + 2] = stretched(blue[i]!, blueRange);
    rgba[at + 3] = 255;
  }
}

function paintTable(
  plane: Float32Array,
  range: ValueRange | null,
  table: Uint8Array,
  rgba: Uint8Array,
): void {
  // Whole colours: one read and one write a pixel.
  const colours = new Uint32Array(table.buffer, table.byteOffset, RAMP_STEPS);
  const out = new Uint32Array(rgba.buffer, rgba.byteOffset, plane.length);
  for (let i = 0; i < plane.length; i++) {
    const value = plane[i]!;
    if (Number.isFinite(value)) out[i] = colours[stretched(value, range)]!;
  }
}

function paintClasses(
  plane: Float32Array,
  range: ValueRange | null,
  colours: Exclude<Colours, { readonly kind: 'table' }>,
  rgba: Uint8Array,
): void {
  for (let i = 0; i < plane.length; i++) {
    const raw = plane[i]!;
    if (!Number.isFinite(raw)) continue;
    const value = range === null ? raw : stretched(raw, range);
    const colour =
      colours.kind === 'classes'
        ? colours.colours.get(value)
        : colours.intervals.find(({ from, to }) => value >= from && value < to)?.colour;
    if (colour !== undefined) rgba.set(colour, i * 4);
  }
}
