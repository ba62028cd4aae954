import { SwathError } from '@swath/core';
import { area } from '@turf/area';
import { checkBboxSeam, checkSeams } from './aoi/antimeridian.ts';
import { checkCrossings } from './aoi/crossings.ts';
import { readArea, refuseAoi } from './aoi/document.ts';
import { checkNesting } from './aoi/nesting.ts';
import { checkRanges, readParts } from './aoi/positions.ts';
import { checkRings, wind } from './aoi/rings.ts';
import { MAX_AOI_AREA_KM2, MIN_AOI_AREA_M2 } from './limits.ts';
import type { Aoi, BboxWgs84, LonLat, MultiPolygonGeometry, PolygonGeometry } from './types.ts';

function polygonsOf(geometry: PolygonGeometry | MultiPolygonGeometry) {
  return geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
}

/** On a sphere of 6,371,008.8 m; within 0.6 % of the ellipsoid, which is enough for limits and prices. */
function areaM2Of(geometry: PolygonGeometry | MultiPolygonGeometry): number {
  const coordinates = polygonsOf(geometry).map((rings) => rings.map((ring) => ring.map(([x, y]) => [x, y])));
  return area({ type: 'MultiPolygon', coordinates });
}

function checkArea(areaM2: number, pointer: string): void {
  if (!(areaM2 >= MIN_AOI_AREA_M2)) {
    throw refuseAoi(
      `The area has ${areaM2.toPrecision(3)} m2; the smallest is ${MIN_AOI_AREA_M2} m2.`,
      pointer,
      'Draw a larger area: a Sentinel-2 pixel has 100 m2.',
    );
  }
  if (areaM2 > MAX_AOI_AREA_KM2 * 1e6) {
    const km2 = Math.round(areaM2 / 1e6).toLocaleString('en');
    throw new SwathError(
      'LimitExceeded',
      `The area has ${km2} km2; the largest is ${MAX_AOI_AREA_KM2.toLocaleString('en')} km2.`,
      { pointer, fix: 'Split it into several requests.' },
    );
  }
}

function shellBox(shells: readonly (readonly LonLat[])[]): BboxWgs84 {
  const box: [number, number, number, number] = [180, 90, -180, -90];
  for (const shell of shells) {
    for (const [lon, lat] of shell) {
      box[0] = Math.min(box[0], lon);
      box[1] = Math.min(box[1], lat);
      box[2] = Math.max(box[2], lon);
      box[3] = Math.max(box[3], lat);
    }
  }
  return box;
}

/**
 * One box around all; two, the eastern hemisphere's first, where the area reaches the antimeridian from both sides or its
 * parts lie more than 180 degrees apart.
 */
function bboxesOf(geometry: PolygonGeometry | MultiPolygonGeometry): BboxWgs84[] {
  const shells = polygonsOf(geometry).map((rings) => rings[0] ?? []);
  const whole = shellBox(shells);
  if (whole[2] - whole[0] <= 180 || shells.length === 1) return [whole];
  const middle = (shell: readonly LonLat[]) => {
    const [west, , east] = shellBox([shell]);
    return (west + east) / 2;
  };
  const eastern = shells.filter((shell) => middle(shell) >= 0);
  const western = shells.filter((shell) => middle(shell) < 0);
  return eastern.length > 0 && western.length > 0 ? [shellBox(eastern), shellBox(western)] : [whole];
}

function parseBbox(input: readonly unknown[], pointer: string): Aoi {
  if (input.length === 6) {
    throw refuseAoi(
      'The bbox has 6 numbers; areas have no height.',
      pointer,
      `Leave the altitudes out: ${JSON.stringify([input[0], input[1], input[3], input[4]])}.`,
    );
  }
  if (input.length !== 4) {
    throw refuseAoi(
      `The bbox has ${input.length} entries.`,
      pointer,
      'A bbox is [west, south, east, north] in degrees.',
    );
  }
  const wrong = input.findIndex((value) => typeof value !== 'number' || !Number.isFinite(value));
  if (wrong >= 0) {
    throw refuseAoi(
      'The bbox has an entry that is not a finite number.',
      `${pointer}/${wrong}`,
      'A bbox is [west, south, east, north] in degrees.',
    );
  }
  const numbers = input
    .filter((value): value is number => typeof value === 'number')
    .map((value) => value + 0);
  const [west = 0, south = 0, east = 0, north = 0] = numbers;
  const corners: LonLat[] = [
    [west, south],
    [east, north],
  ];
  checkRanges(corners, (i) => `${pointer}/${2 * i + (Math.abs(corners[i]![1]) > 90 ? 1 : 0)}`);
  if (south > north) {
    throw refuseAoi(
      `The bbox has south ${south} above north ${north}.`,
      `${pointer}/1`,
      `Use [${west}, ${north}, ${east}, ${south}].`,
    );
  }
  checkBboxSeam(numbers, pointer);
  if (west === east || south === north) {
    throw refuseAoi(
      `The bbox has no ${west === east ? 'width' : 'height'}.`,
      pointer,
      'A bbox is [west, south, east, north] in degrees, west below east and south below north.',
    );
  }
  const ring: LonLat[] = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  const geometry: PolygonGeometry = { type: 'Polygon', coordinates: [ring] };
  const areaM2 = areaM2Of(geometry);
  checkArea(areaM2, pointer);
  return { geometry, bboxes: [[west, south, east, north]], areaKm2: areaM2 / 1e6, clip: false };
}

/**
 * An area of interest from a GeoJSON Polygon or MultiPolygon, a Feature or FeatureCollection of one, or a bbox of four
 * numbers. Cheap checks come first, so that hostile input never reaches the expensive ones; the only repair is winding.
 * An area over the antimeridian must come split as RFC 7946 asks; areas at a pole are refused.
 * @throws SwathError InvalidInput or LimitExceeded with a pointer to the part, ring and vertex, and the fix.
 */
export function parseAoi(input: unknown, pointer = '/aoi'): Aoi {
  if (Array.isArray(input)) return parseBbox(input, pointer);
  const raw = readArea(input, pointer);
  const parts = readParts(raw.polygons);
  for (const part of parts) {
    for (const ring of part.rings) checkRanges(ring.points, (i) => `${ring.pointer}/${i}`);
  }
  checkSeams(parts);
  checkRings(parts);
  const touching = checkCrossings(parts.flatMap((part) => part.rings));
  checkNesting(parts, touching);
  const polygons = parts.map(wind);
  const geometry: PolygonGeometry | MultiPolygonGeometry =
    raw.type === 'Polygon'
      ? { type: 'Polygon', coordinates: polygons[0] ?? [] }
      : { type: 'MultiPolygon', coordinates: polygons };
  const areaM2 = areaM2Of(geometry);
  checkArea(areaM2, raw.pointer);
  return { geometry, bboxes: bboxesOf(geometry), areaKm2: areaM2 / 1e6, clip: true };
}
