import { SwathError } from '@swath/core';
import { isGeographic, WGS84 } from './crs.ts';
import { type CrsTransformer, crsTransformer } from './crs-transform.ts';
import { curveBounds, unionBounds } from './edge-extremes.ts';
import { BBOX_EDGE_POINTS } from './limits.ts';
import type { Bounds, CrsId, LonLat, MultiPolygonGeometry, PolygonGeometry } from './types.ts';

type Point = readonly [x: number, y: number];

const polygonsOf = (geometry: PolygonGeometry | MultiPolygonGeometry) =>
  geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;

/** `count` + 1 points from a to b, both included. */
export function edgePoints(a: Point, b: Point, count: number): Point[] {
  return Array.from({ length: count + 1 }, (_, i): Point => {
    if (i === count) return b;
    const t = i / count;
    return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
  });
}

function outside(what: string, to: CrsId): SwathError {
  return new SwathError('InvalidInput', `${what} does not lie in the area of ${to}.`, {
    pointer: '/grid/crs',
    fix: 'Choose a CRS made for this area, such as the UTM zone it lies in, or leave grid.crs out.',
  });
}

/** Images of points, without those that do not come back: some projections fold what lies outside their area onto it. */
function project(points: readonly Point[], transform: CrsTransformer, size: number, turn: number): Point[] {
  const near = (a: number, b: number) => Math.abs(a - b) <= size * 1e-3 + Math.abs(a) * 1e-9;
  return points.flatMap(([x, y]) => {
    const image = transform.forward(x, y);
    const [backX, backY] = transform.inverse(...image);
    // The two sides of the antimeridian are one place.
    const sameX = near(x, backX) || (turn > 0 && near(Math.abs(x - backX), turn));
    return sameX && near(y, backY) ? [image] : [];
  });
}

/** Longitudes so that each lies within 180 degrees of the one before: a path over the antimeridian stays in one piece. */
export function unwrapLongitudes(points: readonly Point[]): Point[] {
  let shift = 0;
  return points.map(([lon, lat], i): Point => {
    const before = points[i - 1];
    if (before !== undefined) {
      if (lon - before[0] > 180) shift -= 360;
      else if (lon - before[0] < -180) shift += 360;
    }
    return [lon + shift, lat];
  });
}

/** North or south pole inside the bounds of a projected CRS; null when neither is. */
export function poleInside(bounds: Bounds, from: CrsId): 90 | -90 | null {
  if (isGeographic(from)) return null;
  const toCrs = crsTransformer(WGS84, from);
  const fromCrs = crsTransformer(from, WGS84);
  for (const lat of [90, -90] as const) {
    const [x, y] = toCrs.forward(0, lat);
    const within = x > bounds[0] && x < bounds[2] && y > bounds[1] && y < bounds[3];
    if (!within) continue;
    // Only where all meridians meet: in a cylindrical projection the pole is a line, or nowhere.
    const [otherX, otherY] = toCrs.forward(120, lat);
    const meets = Math.hypot(otherX - x, otherY - y) < 1e-6 * Math.hypot(bounds[2] - bounds[0], 1);
    if (meets && Math.abs(fromCrs.forward(x, y)[1] - lat) < 1e-6) return lat;
  }
  return null;
}

const everywhere: Bounds = [
  Number.NEGATIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.POSITIVE_INFINITY,
  Number.POSITIVE_INFINITY,
];

/** Degrees beyond which the inside of a rectangle is looked at too: UTM is sound to about 40 from its meridian. */
const WIDE_DEGREES = 30;

/** Whether points inside a rectangle have images outside the bounds of its edges, or none: it holds a fold of the map. */
function holdsFold(bounds: Bounds, images: Bounds, transform: CrsTransformer): boolean {
  const [minX, minY, maxX, maxY] = bounds;
  if (maxX - minX <= WIDE_DEGREES && maxY - minY <= WIDE_DEGREES) return false;
  const slackX = (images[2] - images[0]) * 1e-3;
  const slackY = (images[3] - images[1]) * 1e-3;
  const steps = BBOX_EDGE_POINTS - 1;
  for (let i = 1; i < steps; i++) {
    for (const [x, y] of edgePoints(
      [minX + ((maxX - minX) * i) / steps, minY],
      [minX + ((maxX - minX) * i) / steps, maxY],
      steps,
    )) {
      const [imageX, imageY] = transform.forward(x, y);
      const inX = imageX >= images[0] - slackX && imageX <= images[2] + slackX;
      const inY = imageY >= images[1] - slackY && imageY <= images[3] + slackY;
      if (!inX || !inY) return true;
    }
  }
  return false;
}

/**
 * Smallest bounds in `to` that contain a rectangle of `from`; edges are followed at 33 points each and their extremes
 * refined. Into degrees, a rectangle around a pole or across the antimeridian gives all longitudes. A rectangle of degrees
 * that reaches beyond what `to` can show (the world in a UTM zone) is unbounded: all four sides are infinite.
 * @throws SwathError InvalidInput when no edge of it has an image.
 */
export function projectBbox(bounds: Bounds, from: CrsId, to: CrsId): Bounds {
  if (from === to) return bounds;
  const [minX, minY, maxX, maxY] = bounds;
  const corners: Point[] = [
    [minX, minY],
    [maxX, minY],
    [maxX, maxY],
    [minX, maxY],
    [minX, minY],
  ];
  const transform = crsTransformer(from, to);
  const degrees = isGeographic(to);
  const turn = isGeographic(from) ? 360 : 0;
  let union: Bounds | null = null;
  let seam = false;
  let lost = false;
  for (let side = 0; side < 4; side++) {
    const points = edgePoints(corners[side]!, corners[side + 1]!, BBOX_EDGE_POINTS - 1);
    const images = project(points, transform, Math.max(maxX - minX, maxY - minY), turn);
    lost ||= images.length < points.length;
    const joined = degrees ? unwrapLongitudes(images) : images;
    const edge = curveBounds(joined);
    seam ||= degrees && edge !== null && (edge[0] < -180 || edge[2] > 180);
    union = unionBounds(union, edge);
  }
  if (union === null) throw outside(`The area [${bounds.join(', ')}]`, to);
  if (!degrees) return turn > 0 && (lost || holdsFold(bounds, union, transform)) ? everywhere : union;
  const pole = poleInside(bounds, from);
  if (pole === 90) return [-180, union[1], 180, 90];
  if (pole === -90) return [-180, -90, 180, union[3]];
  const clamped: Bounds = [union[0], Math.max(union[1], -90), union[2], Math.min(union[3], 90)];
  return seam || union[2] - union[0] > 180 ? [-180, clamped[1], 180, clamped[3]] : clamped;
}

/** Pieces per edge: none below 200 m (the arc stands out under 1 mm there), then one per quarter of a degree. */
function piecesOf(a: LonLat, b: LonLat): number {
  const degrees = Math.max(Math.abs(b[0] - a[0]), Math.abs(b[1] - a[1]));
  return degrees < 0.002 ? 1 : Math.min(1024, 4 * Math.max(1, Math.ceil(degrees / 0.25)));
}

/**
 * Bounds in `to` of an area given in degrees, whose edges are straight in longitude and latitude.
 * @throws SwathError InvalidInput when a vertex has no image in that CRS.
 */
export function projectGeometryBounds(geometry: PolygonGeometry | MultiPolygonGeometry, to: CrsId): Bounds {
  const { forward } = crsTransformer(WGS84, to);
  let union: Bounds | null = null;
  for (const [shell] of polygonsOf(geometry)) {
    for (let i = 0; shell !== undefined && i + 1 < shell.length; i++) {
      const a = shell[i]!;
      const b = shell[i + 1]!;
      const images = edgePoints(a, b, piecesOf(a, b)).map(([lon, lat]) => forward(lon, lat));
      if (images.some(([x, y]) => Number.isNaN(x) || Number.isNaN(y))) {
        throw outside(`The area near [${a.join(', ')}]`, to);
      }
      union = unionBounds(union, curveBounds(images));
    }
  }
  if (union === null) throw outside('The area', to);
  return union;
}
