import { SwathError } from '@swath/core';
import { RAMP_STEPS, rampTable } from './colour.ts';
import type { RampName } from './ramps.ts';

/** Values shown by the first and the last colour; what lies outside takes the colour of the end. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

export interface PictureInput {
  readonly width: number;
  readonly height: number;
  /** One plane (coloured by `ramp`) or three (red, green, blue); row-major, NaN = nodata. */
  readonly planes: readonly Float32Array[];
  /** One for all planes. @default each plane's 2nd to 98th percentile */
  readonly range?: ValueRange;
  /** For one plane. @default viridis */
  readonly ramp?: RampName;
}

/** Share of pixels cut off at each end of an automatic range. */
const STRETCH_CUT = 0.02;

/** 2nd to 98th percentile of the valid values; null when there is none. A constant plane gets a range of width 0. */
export function stretchRange(plane: Float32Array): ValueRange | null {
  const sorted = plane.filter((value) => Number.isFinite(value)).sort();
  if (sorted.length === 0) return null;
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  return { min: at(STRETCH_CUT), max: at(1 - STRETCH_CUT) };
}

/** Index 0 to 255 of a value; the middle where the range has no width. */
function level(value: number, { min, max }: ValueRange): number {
  if (!(max > min)) return RAMP_STEPS >> 1;
  const position = (value - min) / (max - min);
  return Math.round(Math.min(1, Math.max(0, position)) * (RAMP_STEPS - 1));
}

/**
 * 8-bit RGBA, row-major, `width * height * 4` bytes. Pixels that are nodata in any plane are transparent black.
 * @throws SwathError Bug unless there are one or three planes of the right size.
 */
export function renderRgba(input: PictureInput): Uint8Array {
  const { width, height, planes } = input;
  const pixels = width * height;
  if ((planes.length !== 1 && planes.length !== 3) || planes.some((plane) => plane.length !== pixels)) {
    throw new SwathError('Bug', `a picture needs 1 or 3 planes of ${pixels} pixels, not ${planes.length}`);
  }
  const ranges = planes.map((plane) => input.range ?? stretchRange(plane) ?? { min: 0, max: 1 });
  const rgba = new Uint8Array(pixels * 4);
  const [first, second = first, third = first] = planes;
  if (first === undefined || second === undefined || third === undefined) return rgba;
  const table = planes.length === 1 ? rampTable(input.ramp ?? 'viridis') : undefined;
  for (let i = 0, at = 0; i < pixels; i++, at += 4) {
    if (!Number.isFinite(first[i]! + second[i]! + third[i]!)) continue;
    rgba[at + 3] = 255;
    const step = level(first[i]!, ranges[0]!);
    if (table !== undefined) {
      rgba[at] = table[step * 3]!;
      rgba[at + 1] = table[step * 3 + 1]!;
      rgba[at + 2] = table[step * 3 + 2]!;
    } else {
      rgba[at] = step;
      rgba[at + 1] = level(second[i]!, ranges[1]!);
      rgba[at + 2] = level(third[i]!, ranges[2]!);
    }
  }
  return rgba;
}
