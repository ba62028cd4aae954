import type { PixelWindow } from '@swath/geo';
import { type PyramidLevel, tileSize } from './pyramid.ts';

/** Blocks along each side of a unit. */
export const UNIT_BLOCKS = 2;

/**
 * The piece of work of a COG: 2 x 2 blocks of full resolution, which make one block of the first overview and a quarter
 * of one of the second, and nothing that another unit has a part in.
 */
export interface Unit {
  /** Column and row among the units of the image. */
  readonly column: number;
  readonly row: number;
  /** Pixels of the image. */
  readonly window: PixelWindow;
}

/**
 * Units of an image, in Z order: neighbours follow each other, so that blocks of sources that several units share are
 * warm, and overviews above them are finished early. The same image always has the same units.
 */
export function unitsOf(full: PyramidLevel, blockSize: number): Unit[] {
  const side = UNIT_BLOCKS * blockSize;
  const units: Unit[] = [];
  for (let row = 0; row * side < full.height; row++) {
    for (let column = 0; column * side < full.width; column++) {
      const size = tileSize(full, column, row, side);
      units.push({ column, row, window: { x: column * side, y: row * side, ...size } });
    }
  }
  return units.sort((a, b) => zOrder(a) - zOrder(b));
}

/** Bits of column and row in turn. Sides have at most 2^22 tiles in all, so 2^53 is far. */
function zOrder({ column, row }: Unit): number {
  let order = 0;
  for (let bit = 1, place = 1; bit <= column || bit <= row; bit *= 2, place *= 4) {
    if (Math.floor(column / bit) % 2 === 1) order += place;
    if (Math.floor(row / bit) % 2 === 1) order += 2 * place;
  }
  return order;
}
