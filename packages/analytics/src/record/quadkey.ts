import { QUADKEY_LEVELS } from '../limits.ts';

/** Web Mercator ends here: atan(sinh(pi)) in degrees. */
const MAX_LATITUDE = 85.0511287798066;

/**
 * Quadkey of a position: one digit per level, so that a prefix names the larger cell around it.
 * Source: Bing Maps Tile System.
 */
export function quadkey(lon: number, lat: number, levels = QUADKEY_LEVELS): string {
  const size = 2 ** levels;
  const radians = (Math.min(Math.max(lat, -MAX_LATITUDE), MAX_LATITUDE) * Math.PI) / 180;
  const inside = (value: number) => Math.min(size - 1, Math.max(0, Math.floor(value * size)));
  const x = inside((lon + 180) / 360);
  const y = inside(0.5 - Math.log(Math.tan(Math.PI / 4 + radians / 2)) / (2 * Math.PI));
  let key = '';
  for (let level = levels - 1; level >= 0; level--) key += ((x >> level) & 1) + 2 * ((y >> level) & 1);
  return key;
}
