import { applyGeotransform, crsTransformer, type Grid } from '@swath/geo';
import { TILE_SIDE, ZOOM_MAX } from './limits.ts';
import { pixelSizeM, WEB_MERCATOR } from './mercator.ts';

/** Zooms between which a map of an image is worth showing. */
export interface ZoomRange {
  /** The longer side of the image fills about one tile. */
  readonly minzoom: number;
  /** A pixel of the map is no larger than one of the image: nothing more to be seen beyond. */
  readonly maxzoom: number;
}

/** A pixel larger than the map's by so little is the same size. */
const SAME_SIZE = 1.05;

/** Side of the image's middle pixel in EPSG:3857, metres; null where the middle is not on the map. */
function mercatorPixelM(grid: Grid): number | null {
  const { forward } = crsTransformer(grid.crs, WEB_MERCATOR);
  const column = Math.floor(grid.width / 2);
  const row = Math.floor(grid.height / 2);
  const at = (dx: number, dy: number) =>
    forward(...applyGeotransform(grid.geotransform, column + dx, row + dy));
  const [x, y] = at(0, 0);
  const [rightX, rightY] = at(1, 0);
  const [downX, downY] = at(0, 1);
  const side = Math.min(Math.hypot(rightX - x, rightY - y), Math.hypot(downX - x, downY - y));
  return Number.isFinite(side) && side > 0 ? side : null;
}

export function zoomRange(grid: Grid): ZoomRange {
  const pixel = mercatorPixelM(grid) ?? pixelSizeM(0);
  const clamp = (zoom: number) => Math.min(ZOOM_MAX, Math.max(0, zoom));
  const world = pixelSizeM(0);
  const maxzoom = clamp(Math.ceil(Math.log2(world / (pixel * SAME_SIZE))));
  const span = (Math.max(grid.width, grid.height) * pixel) / TILE_SIDE;
  return { minzoom: Math.min(maxzoom, clamp(Math.floor(Math.log2(world / span)))), maxzoom };
}
