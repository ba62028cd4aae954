import { SwathError } from '@swath/core';
import {
  type CrsId,
  crsTransformer,
  type Geotransform,
  type Grid,
  invertGeotransform,
  isGeographic,
  type PixelWindow,
} from '@swath/geo';
import type { RasterInfo } from '../image.ts';

/** Position in the source, in pixels, of a position of the grid, in pixels; corners are whole numbers. NaN: none. */
export type ExactPosition = (column: number, row: number) => readonly [x: number, y: number];

/** How positions of a grid map to positions of a source image at full resolution. */
export type PositionMap =
  | {
      /** Same CRS: `x = m[0] + column * m[1] + row * m[2]`, `y = m[3] + column * m[4] + row * m[5]`. */
      readonly kind: 'affine';
      readonly matrix: Geotransform;
      readonly exact: ExactPosition;
    }
  | { readonly kind: 'projected'; readonly exact: ExactPosition };

/** @throws SwathError Unsupported when the image has no georeference. */
export function positionMap(grid: Grid, name: string, info: RasterInfo): PositionMap {
  const { crs, geotransform } = info;
  if (geotransform === null && info.tags['geo'] === 'tiepoints') {
    throw new SwathError(
      'Unsupported',
      `${name} is placed by ground control points, which are not warped here.`,
      { fix: 'Warp it to a grid first, for instance with gdalwarp.' },
    );
  }
  if (geotransform === null) {
    throw new SwathError('Unsupported', `${name} has no geotransform, so it cannot be brought to a grid.`, {
      fix: 'Use an image with a CRS and a geotransform.',
    });
  }
  if (crs === null) {
    throw new SwathError('Unsupported', `${name} has no CRS, so it cannot be brought to a grid.`, {
      fix: 'Use an image with a CRS and a geotransform.',
    });
  }
  if (crs === grid.crs) {
    return affineMap(affineBetween(grid.geotransform, geotransform));
  }
  return { kind: 'projected', exact: projectedPosition(grid, crs, geotransform, info) };
}

export function affineMap(matrix: Geotransform): PositionMap {
  const [x0, xColumn, xRow, y0, yColumn, yRow] = matrix;
  const exact: ExactPosition = (column, row) => [
    x0 + column * xColumn + row * xRow,
    y0 + column * yColumn + row * yRow,
  ];
  return { kind: 'affine', matrix, exact };
}

/** Pixels of the grid to pixels of the source, through differences of origins so that large coordinates cancel first. */
function affineBetween(grid: Geotransform, source: Geotransform): Geotransform {
  if (source[2] === 0 && source[4] === 0) {
    return [
      (grid[0] - source[0]) / source[1],
      grid[1] / source[1],
      grid[2] / source[1],
      (grid[3] - source[3]) / source[5],
      grid[4] / source[5],
      grid[5] / source[5],
    ];
  }
  const inverse = invertGeotransform([0, source[1], source[2], 0, source[4], source[5]]);
  const toColumn = (x: number, y: number) => x * inverse[1] + y * inverse[2];
  const toRow = (x: number, y: number) => x * inverse[4] + y * inverse[5];
  const [dx, dy] = [grid[0] - source[0], grid[3] - source[3]];
  return [
    toColumn(dx, dy),
    toColumn(grid[1], grid[4]),
    toColumn(grid[2], grid[5]),
    toRow(dx, dy),
    toRow(grid[1], grid[4]),
    toRow(grid[2], grid[5]),
  ];
}

const FULL_TURN = 360;

function projectedPosition(
  grid: Grid,
  crs: CrsId,
  geotransform: Geotransform,
  { width, height }: RasterInfo,
): ExactPosition {
  const { forward } = crsTransformer(grid.crs, crs);
  const gt = grid.geotransform;
  const source = geotransform;
  const inverse = invertGeotransform([0, source[1], source[2], 0, source[4], source[5]]);
  const middleX = source[0] + (width * source[1] + height * source[2]) / 2;
  const turn = isGeographic(crs) ? FULL_TURN : 0;
  return (column, row) => {
    const [anyX, y] = forward(gt[0] + column * gt[1] + row * gt[2], gt[3] + column * gt[4] + row * gt[5]);
    // Images may run over 180 degrees: of all longitudes of a meridian, the one nearest to the image's middle.
    const x = turn === 0 ? anyX : anyX - turn * Math.round((anyX - middleX) / turn);
    const [dx, dy] = [x - source[0], y - source[3]];
    return [dx * inverse[1] + dy * inverse[2], dx * inverse[4] + dy * inverse[5]];
  };
}

/** The part of two windows that overlaps, or null. */
export function intersect(a: PixelWindow, b: PixelWindow): PixelWindow | null {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}
