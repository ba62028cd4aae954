import type { Extent } from './level-grid.ts';
import { MERCATOR_LAT_MAX } from './mercator.ts';
import type { ZoomRange } from './zooms.ts';

/** TileJSON 3.0.0. */
export interface TileJson {
  readonly tilejson: '3.0.0';
  readonly name: string;
  readonly version: string;
  readonly attribution: string;
  readonly scheme: 'xyz';
  readonly tiles: readonly string[];
  readonly minzoom: number;
  readonly maxzoom: number;
  /** Degrees; all longitudes where the image crosses the antimeridian, which TileJSON cannot say. */
  readonly bounds: readonly [west: number, south: number, east: number, north: number];
  readonly center: readonly [lon: number, lat: number, zoom: number];
}

/** To 0.1 m. */
const tidy = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;

/** `[-180, 180]` in longitude, on the map in latitude, west below east. */
export function mapBounds({ west, south, east, north }: Extent): TileJson['bounds'] {
  const onMap = (lat: number) => tidy(Math.min(MERCATOR_LAT_MAX, Math.max(-MERCATOR_LAT_MAX, lat)));
  const crosses = east > 180 || west < -180;
  return [crosses ? -180 : tidy(west), onMap(south), crosses ? 180 : tidy(east), onMap(north)];
}

export function tileJson(
  extent: Extent,
  zooms: ZoomRange,
  about: { readonly name: string; readonly attribution: string; readonly tiles: readonly string[] },
): TileJson {
  const bounds = mapBounds(extent);
  const lon = (extent.west + extent.east) / 2;
  return {
    tilejson: '3.0.0',
    name: about.name,
    version: '1.0.0',
    attribution: about.attribution,
    scheme: 'xyz',
    tiles: about.tiles,
    ...zooms,
    bounds,
    center: [tidy(lon > 180 ? lon - 360 : lon), tidy((bounds[1] + bounds[3]) / 2), zooms.minzoom],
  };
}
