import { SwathError } from '@swath/core';
import { applyGeotransform, crsTransformer, type Grid, invertGeotransform } from '@swath/geo';
import { SOURCE_PIXELS_MAX } from './limits.ts';
import type { Picturable } from './read.ts';

/** Pixels of the source that a pixel in the middle of a grid spans; 0 where the middle has no place on the source. */
function sourcePixelsPerPixel(source: Grid, grid: Grid): number {
  const { forward } = crsTransformer(grid.crs, source.crs);
  const inverse = invertGeotransform(source.geotransform);
  const at = (column: number, row: number) =>
    applyGeotransform(inverse, ...forward(...applyGeotransform(grid.geotransform, column, row)));
  const [column, row] = [grid.width / 2, grid.height / 2];
  const [x, y] = at(column, row);
  const [rightX, rightY] = at(column + 1, row);
  const [downX, downY] = at(column, row + 1);
  const ratio = Math.max(Math.hypot(rightX - x, rightY - y), Math.hypot(downX - x, downY - y));
  return Number.isFinite(ratio) ? ratio : 0;
}

/**
 * Pictures are drawn from the overview that serves them. An image that lacks it would have to be read whole.
 * @param pixels of the grid that are wanted.
 * @throws SwathError LimitExceeded.
 */
export function limitDemand(image: Picturable, grid: Grid, pixels: number): void {
  const { width, height } = image.grid;
  const ratio = sourcePixelsPerPixel(image.grid, grid);
  const factor = Math.max(1, ...image.levels.map((level) => width / level.width).filter((f) => f <= ratio));
  const needed = Math.min(pixels * (ratio / factor) ** 2, (width / factor) * (height / factor));
  if (needed <= SOURCE_PIXELS_MAX) return;
  throw new SwathError(
    'LimitExceeded',
    'So small a scale needs too many pixels of an image without overviews.',
    {
      fix: 'Zoom in, or make the image a COG with overviews.',
    },
  );
}
