import { SwathError } from '@swath/core';
import { applyGeotransform } from './affine.ts';
import { WGS84 } from './crs.ts';
import { crsTransformer } from './crs-transform.ts';
import { gridBounds } from './grid.ts';
import { FOOTPRINT_EDGE_POINTS } from './limits.ts';
import { edgePoints, poleInside, unwrapLongitudes } from './project-bounds.ts';
import type { Grid, LonLat, MultiPolygonGeometry, PolygonGeometry } from './types.ts';

export interface Footprint {
  /** Counter-clockwise; two parts where the grid crosses the antimeridian (RFC 7946, 3.1.9). */
  readonly geometry: PolygonGeometry | MultiPolygonGeometry;
  /** `bbox` of an Item: west > east where the grid crosses the antimeridian (RFC 7946, 5.2). */
  readonly bbox: readonly [west: number, south: number, east: number, north: number];
}

type Point = readonly [x: number, y: number];

/** Nine decimals: 0.1 mm, far below a pixel, and no floating dust in Items. */
const tidy = (value: number) => Math.round(value * 1e9) / 1e9 + 0;

function signedArea(ring: readonly Point[]): number {
  let sum = 0;
  for (let i = 0; i + 1 < ring.length; i++) {
    const [ax, ay] = ring[i]!;
    const [bx, by] = ring[i + 1]!;
    sum += ax * by - bx * ay;
  }
  return sum / 2;
}

/** Closed, counter-clockwise, tidied, without repeated positions. */
function finishRing(points: readonly Point[]): LonLat[] {
  const ring: LonLat[] = [];
  for (const [lon, lat] of points) {
    const at: LonLat = [tidy(lon), tidy(lat)];
    const last = ring.at(-1);
    if (last === undefined || last[0] !== at[0] || last[1] !== at[1]) ring.push(at);
  }
  const first = ring[0]!;
  const last = ring.at(-1)!;
  if (first[0] !== last[0] || first[1] !== last[1]) ring.push(first);
  return signedArea(ring) < 0 ? ring.reverse() : ring;
}

/** The part of a ring on one side of a meridian (Sutherland and Hodgman); right for grids, whose outline is convex enough. */
function cutAtMeridian(ring: readonly Point[], meridian: number, side: 'west' | 'east'): Point[] {
  const inside = ([lon]: Point) => (side === 'west' ? lon <= meridian : lon >= meridian);
  const out: Point[] = [];
  for (let i = 0; i + 1 < ring.length; i++) {
    const a = ring[i]!;
    const b = ring[i + 1]!;
    if (inside(a)) out.push(a);
    if (inside(a) !== inside(b)) {
      const t = (meridian - a[0]) / (b[0] - a[0]);
      out.push([meridian, a[1] + (b[1] - a[1]) * t]);
    }
  }
  return out;
}

function boxOf(ring: readonly Point[]): [number, number, number, number] {
  const lons = ring.map(([lon]) => lon);
  const lats = ring.map(([, lat]) => lat);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/** Outline of a grid around a pole: the ring cut open at the antimeridian and led along the pole. */
function polarFootprint(outline: readonly Point[], pole: 90 | -90): Footprint {
  const byLongitude = outline
    .slice(0, -1)
    .map(([lon, lat]): Point => [((((lon + 180) % 360) + 360) % 360) - 180, lat])
    .sort((a, b) => a[0] - b[0]);
  const seamLat = ((byLongitude[0]?.[1] ?? pole) + (byLongitude.at(-1)?.[1] ?? pole)) / 2;
  const ring = finishRing([
    [-180, seamLat],
    ...byLongitude.filter(([lon]) => lon > -180),
    [180, seamLat],
    [180, pole],
    [-180, pole],
  ]);
  const [, south, , north] = boxOf(ring);
  return { geometry: { type: 'Polygon', coordinates: [ring] }, bbox: [-180, south, 180, north] };
}

/**
 * Geometry and bbox of an Item over a grid, in degrees, with 21 points on every edge.
 * @throws SwathError InvalidInput when an edge of the grid lies outside the area of its CRS.
 */
export function gridFootprintWgs84(grid: Grid): Footprint {
  const { geotransform: gt, width, height, crs } = grid;
  const { forward } = crsTransformer(crs, WGS84);
  const corners: Point[] = [
    [0, 0],
    [0, height],
    [width, height],
    [width, 0],
    [0, 0],
  ];
  const outline: Point[] = [];
  for (let side = 0; side < 4; side++) {
    const pixels = edgePoints(corners[side]!, corners[side + 1]!, FOOTPRINT_EDGE_POINTS - 1);
    for (const [col, row] of side === 3 ? pixels : pixels.slice(0, -1)) {
      outline.push(forward(...applyGeotransform(gt, col, row)));
    }
  }
  if (outline.some(([lon, lat]) => Number.isNaN(lon) || Number.isNaN(lat))) {
    throw new SwathError('InvalidInput', `The grid reaches beyond the area of ${crs}.`, {
      pointer: '/grid',
      fix: 'Use smaller bounds, or a CRS made for this area.',
    });
  }
  const pole = poleInside(gridBounds(grid), crs);
  if (pole !== null) return polarFootprint(outline, pole);
  const unwrapped = unwrapLongitudes(outline);
  const [west, , east] = boxOf(unwrapped);
  // Bring the middle into [-180, 180): what is left over the edge lies across the antimeridian.
  const shift = -360 * Math.floor(((west + east) / 2 + 180) / 360);
  const ring = unwrapped.map(([lon, lat]): Point => [lon + shift, lat]);
  const seam = west + shift < -180 ? -180 : east + shift > 180 ? 180 : null;
  if (seam === null) {
    const whole = finishRing(ring);
    return { geometry: { type: 'Polygon', coordinates: [whole] }, bbox: boxOf(whole) };
  }
  const toEast = seam === -180 ? 360 : 0;
  const eastern = finishRing(
    cutAtMeridian(ring, seam, 'west').map(([lon, lat]): Point => [lon + toEast, lat]),
  );
  const western = finishRing(
    cutAtMeridian(ring, seam, 'east').map(([lon, lat]): Point => [lon + toEast - 360, lat]),
  );
  const a = boxOf(eastern);
  const b = boxOf(western);
  return {
    geometry: { type: 'MultiPolygon', coordinates: [[eastern], [western]] },
    bbox: [a[0], Math.min(a[1], b[1]), b[2], Math.max(a[3], b[3])],
  };
}
