import type { PixelWindow } from '@swath/geo';
import { type PyramidLevel, tileSize } from './pyramid.ts';
import { BYTES_PER_SAMPLE } from './samples.ts';
import { type CogSpec, DEFAULT_BLOCK_SIZE } from './spec.ts';

/** Blocks along each side of a unit. */
export const UNIT_BLOCKS = 2;

/**
 * The piece of work of a COG: 2 x 2 blocks of full resolution, which make one block of the first overview and a quarter
 * of one of the second, and nothing that another unit has a part in.
 */
export interface Unit {
  /** Place among the units of the image. */
  readonly index: number;
  /** Column and row among the units of the image. */
  readonly column: number;
  readonly row: number;
  /** Pixels of the image. */
  readonly window: PixelWindow;
}

/** Uncompressed bytes of a whole unit. */
export function unitBytes({ bands, blockSize = DEFAULT_BLOCK_SIZE }: CogSpec): number {
  const side = UNIT_BLOCKS * blockSize;
  return side * side * BYTES_PER_SAMPLE[bands[0]!.stored.dtype] * bands.length;
}

/**
 * Units of an image, in Z order: neighbours follow each other, so that blocks of sources that several units share are
 * warm, and overviews above them are finished early. The same image always has the same units.
 */
export function unitsOf(full: PyramidLevel, blockSize: number): Unit[] {
  const side = UNIT_BLOCKS * blockSize;
  const units: Omit<Unit, 'index'>[] = [];
  for (let row = 0; row * side < full.height; row++) {
    for (let column = 0; column * side < full.width; column++) {
      const size = tileSize(full, column, row, side);
      units.push({ column, row, window: { x: column * side, y: row * side, ...size } });
    }
  }
  return units.sort((a, b) => zOrder(a) - zOrder(b)).map((unit, index) => ({ index, ...unit }));
}

/** A block of full resolution in its unit. */
export interface UnitBlock {
  /** Row-major index among the tiles of full resolution. */
  readonly tile: number;
  /** Column and row of the tile. */
  readonly column: number;
  readonly row: number;
  /** First pixel in the unit's window. */
  readonly x: number;
  readonly y: number;
}

/** Blocks of a unit, in rows: in this order their tiles lie in the file. */
export function blocksOf(
  { column, row }: Pick<Unit, 'column' | 'row'>,
  full: PyramidLevel,
  blockSize: number,
): UnitBlock[] {
  const blocks: UnitBlock[] = [];
  for (let down = 0; down < UNIT_BLOCKS; down++) {
    for (let across = 0; across < UNIT_BLOCKS; across++) {
      const at = { column: column * UNIT_BLOCKS + across, row: row * UNIT_BLOCKS + down };
      if (at.column >= full.tilesAcross || at.row >= full.tilesDown) continue;
      blocks.push({
        ...at,
        tile: at.row * full.tilesAcross + at.column,
        x: across * blockSize,
        y: down * blockSize,
      });
    }
  }
  return blocks;
}

/** Bits of column and row in turn. Sides have at most 2^22 tiles in all, so 2^53 is far. */
function zOrder({ column, row }: Pick<Unit, 'column' | 'row'>): number {
  let order = 0;
  for (let bit = 1, place = 1; bit <= column || bit <= row; bit *= 2, place *= 4) {
    if (Math.floor(column / bit) % 2 === 1) order += place;
    if (Math.floor(row / bit) % 2 === 1) order += 2 * place;
  }
  return order;
}
