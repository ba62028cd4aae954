import type { Bounds } from '@swath/geo';
import { TILE_SIDE } from './limits.ts';

/** CRS of WebMercatorQuad (OGC 17-083r4, annex D.1). */
export const WEB_MERCATOR = 'EPSG:3857';

/** Half the side of the square world, metres: pi * 6378137. */
export const HALF_WORLD_M = Math.PI * 6_378_137;

/** Latitude at which the square ends. */
export const MERCATOR_LAT_MAX = (Math.atan(Math.sinh(Math.PI)) * 180) / Math.PI;

/** Pixels to a side of the world at a zoom. */
export const worldSide = (zoom: number): number => TILE_SIDE * 2 ** zoom;

/** Metres (of the CRS) a pixel at a zoom. */
export const pixelSizeM = (zoom: number): number => (2 * HALF_WORLD_M) / worldSide(zoom);

/** Column of the world at a zoom, with fraction; longitudes above 180 lie beyond the last. */
export const columnAt = (lon: number, zoom: number): number => ((lon + 180) / 360) * worldSide(zoom);

/** Row of the world at a zoom, with fraction, 0 in the north; latitudes beyond the square take its edge. */
export function rowAt(lat: number, zoom: number): number {
  const phi = (Math.min(MERCATOR_LAT_MAX, Math.max(-MERCATOR_LAT_MAX, lat)) * Math.PI) / 180;
  return (0.5 - Math.asinh(Math.tan(phi)) / (2 * Math.PI)) * worldSide(zoom);
}

/** Bounds of a tile in EPSG:3857, metres. */
export function tileBounds({
  z,
  x,
  y,
}: {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}): Bounds {
  const side = (2 * HALF_WORLD_M) / 2 ** z;
  const west = -HALF_WORLD_M + x * side;
  const north = HALF_WORLD_M - y * side;
  return [west, north - side, west + side, north];
}
