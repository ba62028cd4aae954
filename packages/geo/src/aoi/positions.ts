import type { LonLat } from '../types.ts';
import { type RawPolygon, refuseAoi } from './document.ts';

/** A ring of checked positions and its place in the request. */
export interface Ring {
  readonly pointer: string;
  readonly points: readonly LonLat[];
}

/** Shell and holes. */
export interface Part {
  readonly pointer: string;
  readonly rings: readonly Ring[];
}

export function readPosition(value: unknown, pointer: string): LonLat {
  if (!Array.isArray(value)) {
    throw refuseAoi('A position is not an array.', pointer, 'Write positions as [longitude, latitude].');
  }
  if (value.length > 2) {
    throw refuseAoi(
      `The position has ${value.length} numbers; areas are flat.`,
      pointer,
      'Leave the altitude out: [longitude, latitude].',
    );
  }
  const [lon, lat] = value as readonly unknown[];
  if (typeof lon !== 'number' || typeof lat !== 'number' || !Number.isFinite(lon) || !Number.isFinite(lat)) {
    throw refuseAoi(
      'The position is not two finite numbers.',
      pointer,
      'Write [longitude, latitude] in degrees.',
    );
  }
  // + 0 turns -0 into 0: they are one place and must be one text.
  return [lon + 0, lat + 0];
}

/** Positions of all rings as numbers; ranges are not looked at yet. */
export function readParts(polygons: readonly RawPolygon[]): Part[] {
  return polygons.map(({ pointer, rings }) => ({
    pointer,
    rings: rings.map((positions, ring) => ({
      pointer: `${pointer}/${ring}`,
      points: positions.map((value, vertex) => readPosition(value, `${pointer}/${ring}/${vertex}`)),
    })),
  }));
}

/** Positions out of all longitudes and latitudes, with what they look like. Longitudes of 180 to 360 are left to the antimeridian. */
export function checkRanges(all: readonly LonLat[], at: (index: number) => string): void {
  let swappable = true;
  let wrong = -1;
  for (let i = 0; i < all.length; i++) {
    const [lon, lat] = all[i]!;
    if (Math.abs(lon) > 90) swappable = false;
    if (wrong < 0 && (Math.abs(lat) > 90 || Math.abs(lon) > 360)) wrong = i;
  }
  if (wrong < 0) return;
  const [lon, lat] = all[wrong]!;
  if (Math.abs(lon) > 1000 || Math.abs(lat) > 1000) {
    throw refuseAoi(
      `[${lon}, ${lat}] is not longitude and latitude: it looks like metres of a projected CRS such as UTM.`,
      at(wrong),
      'Convert the area to degrees (EPSG:4326); use grid.bounds for a rectangle in another CRS.',
    );
  }
  if (swappable && Math.abs(lat) <= 180) {
    throw refuseAoi(
      `Latitude ${lat} is beyond 90: longitude and latitude look swapped.`,
      at(wrong),
      `Write [longitude, latitude], here [${lat}, ${lon}].`,
    );
  }
  throw refuseAoi(
    `[${lon}, ${lat}] lies outside longitude -180 to 180 and latitude -90 to 90.`,
    at(wrong),
    'Write [longitude, latitude] in degrees.',
  );
}
