import type { ValueRange } from '@swath/raster';
import { limitDemand } from './demand.ts';
import type { Drawing } from './drawing.ts';
import { engine } from './engine.ts';
import { type Extent, sideOf, type TilePart, tileParts } from './level-grid.ts';
import { paint } from './paint.ts';
import { type Picturable, readingOf } from './read.ts';
import type { TileAddress } from './tile-address.ts';

/** Colours before they are encoded, row-major RGBA. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/** A drawing with every stretch decided. */
export interface DecidedDrawing extends Omit<Drawing, 'ranges'> {
  readonly ranges: readonly (ValueRange | null)[];
}

/**
 * One tile. Pixels are those of gdalwarp with the same resampling; outside the image, and where there is no valid pixel,
 * it is transparent.
 *
 * Memory: a plane of singles per band, and what the engine needs for a window of 512 x 512 at most.
 *
 * @throws SwathError LimitExceeded when the image lacks the overviews that so small a scale needs; what reading throws.
 */
export async function drawTile(
  image: Picturable,
  extent: Extent,
  tile: TileAddress,
  drawing: DecidedDrawing,
  signal?: AbortSignal,
): Promise<Picture> {
  const side = sideOf(tile);
  const { processWindow } = await engine();
  const planes = drawing.outputs.map(() => new Float32Array(side * side).fill(Number.NaN));
  for (const part of tileParts(extent, tile)) {
    limitDemand(image, part.grid, part.window.width * part.window.height);
    const work = readingOf(image, drawing, part.grid);
    const read = await processWindow(work, part.window, image.open, signal);
    for (const [index, plane] of read.planes.entries()) place(plane, part, planes[index]!, side);
  }
  return {
    width: side,
    height: side,
    rgba: paint({ planes, ranges: drawing.ranges, colours: drawing.colours }, side * side),
  };
}

/** The two ends of an image that goes round the world may lie side by side: what has no value covers nothing. */
function place(plane: Float32Array, { window, at }: TilePart, to: Float32Array, side: number): void {
  for (let row = 0; row < window.height; row++) {
    const target = (at.y + row) * side + at.x;
    for (let column = 0; column < window.width; column++) {
      const value = plane[row * window.width + column]!;
      if (!Number.isNaN(value)) to[target + column] = value;
    }
  }
}
