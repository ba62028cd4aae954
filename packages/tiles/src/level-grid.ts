import { type Grid, gridBounds, gridFootprintWgs84, type PixelWindow, projectBbox, WGS84 } from '@swath/geo';
import { LEVEL_GRID_SIDE, TILE_SIDE } from './limits.ts';
import { columnAt, HALF_WORLD_M, pixelSizeM, rowAt, WEB_MERCATOR, worldSide } from './mercator.ts';
import type { TileAddress } from './tile-address.ts';

/** What an image covers, degrees; east is above 180 where it crosses the antimeridian. */
export interface Extent {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** The outline between its points bends by less than this share of the image's size. */
const OUTLINE_SLACK = 0.005;

/**
 * What a grid covers on the map.
 * @throws SwathError InvalidInput when the grid reaches beyond the area of its CRS.
 */
export function extentOf(grid: Grid): Extent {
  const { geometry, bbox } = gridFootprintWgs84(grid);
  if (geometry.type === 'Polygon') {
    const [west, south, east, north] = projectBbox(gridBounds(grid), grid.crs, WGS84);
    return { west, south, east, north };
  }
  const [west, south, east, north] = bbox;
  const slack = (east + 360 - west) * OUTLINE_SLACK;
  return {
    west: west - slack,
    south: south - slack,
    east: Math.min(east + 360 + slack, west + 360),
    north: north + slack,
  };
}

/**
 * The pixels of the world at one zoom that an image covers. All tiles of the zoom are windows of this one grid, so that
 * kernels and overviews are chosen once, and neighbouring tiles have no seam.
 */
export interface LevelGrid {
  /** In EPSG:3857. */
  readonly grid: Grid;
  /** Column and row of the world of its first pixel. */
  readonly column: number;
  readonly row: number;
}

interface Span {
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
}

/** The part of a span that lies in the block of {@link LEVEL_GRID_SIDE} around a pixel, when the span is longer. */
function shortened({ first, end }: Span, around: number): Span {
  if (end - first <= LEVEL_GRID_SIDE) return { first, end };
  const block = Math.floor(around / LEVEL_GRID_SIDE) * LEVEL_GRID_SIDE;
  return { first: Math.max(first, block), end: Math.min(end, block + LEVEL_GRID_SIDE) };
}

function levelGrid(columns: Span, rows: Span, zoom: number): LevelGrid {
  const size = pixelSizeM(zoom);
  return {
    column: columns.first,
    row: rows.first,
    grid: {
      crs: WEB_MERCATOR,
      geotransform: [
        -HALF_WORLD_M + columns.first * size,
        size,
        0,
        HALF_WORLD_M - rows.first * size,
        0,
        -size,
      ],
      width: columns.end - columns.first,
      height: rows.end - rows.first,
    },
  };
}

/** A part of a tile that lies on the image. */
export interface TilePart {
  readonly grid: Grid;
  /** Of the grid. */
  readonly window: PixelWindow;
  /** Where its first pixel lies in the tile. */
  readonly at: { readonly x: number; readonly y: number };
}

/** Pixels to a side of the tile's picture. */
export const sideOf = ({ scale }: Pick<TileAddress, 'scale'>): number => TILE_SIDE * scale;

/**
 * Which pixels of which grid a tile shows: none when it lies outside the image; two parts when the image crosses the
 * antimeridian and the tile is wide enough to see both of its ends.
 */
export function tileParts(extent: Extent, tile: TileAddress): readonly TilePart[] {
  // A picture of twice the pixels is one of the next zoom, of twice the tiles.
  const zoom = tile.z + tile.scale - 1;
  const side = sideOf(tile);
  const world = worldSide(zoom);
  const first = Math.floor(columnAt(extent.west, zoom)) - 1;
  const end = Math.min(Math.ceil(columnAt(extent.east, zoom)) + 1, first + world);
  const rows = {
    first: Math.max(0, Math.floor(rowAt(extent.north, zoom)) - 1),
    end: Math.min(world, Math.ceil(rowAt(extent.south, zoom)) + 1),
  };
  const top = tile.y * side;
  const parts: TilePart[] = [];
  for (const turn of [-world, 0, world]) {
    const left = tile.x * side + turn;
    const level = levelGrid(shortened({ first, end }, left), shortened(rows, top), zoom);
    const { width, height } = level.grid;
    const x = Math.max(left, level.column);
    const y = Math.max(top, level.row);
    const right = Math.min(left + side, level.column + width);
    const bottom = Math.min(top + side, level.row + height);
    if (right <= x || bottom <= y) continue;
    parts.push({
      grid: level.grid,
      window: { x: x - level.column, y: y - level.row, width: right - x, height: bottom - y },
      at: { x: x - left, y: y - top },
    });
  }
  return parts;
}
