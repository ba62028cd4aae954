import type { LonLat } from '../types.ts';
import { refuseAoi } from './document.ts';
import type { Part } from './positions.ts';

/** Largest outline whose split is written into the answer: more would not fit a sentence. */
const MAX_SHOWN_VERTICES = 20;

const tidy = (value: number) => Math.round(value * 1e6) / 1e6 + 0;

function rectangle(west: number, south: number, east: number, north: number): LonLat[] {
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
}

function multiPolygonText(rings: readonly (readonly LonLat[])[]): string {
  return JSON.stringify({ type: 'MultiPolygon', coordinates: rings.map((ring) => [ring]) });
}

/** Part of an unwrapped ring on one side of the meridian, closed. */
function side(points: readonly LonLat[], meridian: number, keep: (lon: number) => boolean): LonLat[] {
  const out: LonLat[] = [];
  const add = (lon: number, lat: number) => {
    const last = out.at(-1);
    if (last === undefined || last[0] !== lon || last[1] !== lat) out.push([lon, lat]);
  };
  for (let i = 0; i + 1 < points.length; i++) {
    const [aLon, aLat] = points[i]!;
    const [bLon, bLat] = points[i + 1]!;
    if (keep(aLon) || aLon === meridian) add(aLon, aLat);
    if ((aLon < meridian && bLon > meridian) || (aLon > meridian && bLon < meridian)) {
      add(meridian, tidy(aLat + ((bLat - aLat) * (meridian - aLon)) / (bLon - aLon)));
    }
  }
  const first = out[0];
  if (first !== undefined) add(first[0], first[1]);
  return out;
}

/** The split outline as text, for rings that the antimeridian cuts exactly in two. */
function splitText(points: readonly LonLat[]): string | undefined {
  if (points.length > MAX_SHOWN_VERTICES) return undefined;
  const meridian = points.some(([lon]) => lon > 180) ? 180 : -180;
  let crossings = 0;
  for (let i = 0; i + 1 < points.length; i++) {
    if (points[i]![0] < meridian !== points[i + 1]![0] < meridian) crossings++;
  }
  if (crossings !== 2) return undefined;
  const shift = (ring: readonly LonLat[], by: number) =>
    ring.map(([lon, lat]): LonLat => [tidy(lon + by), tidy(lat)]);
  const west = side(points, meridian, (lon) => lon < meridian);
  const east = side(points, meridian, (lon) => lon > meridian);
  return multiPolygonText(
    meridian === 180 ? [shift(west, 0), shift(east, -360)] : [shift(west, 360), shift(east, 0)],
  );
}

const general =
  'Split it there into a MultiPolygon with one part that ends at longitude 180 and one that starts at -180 (RFC 7946, 3.1.9).';

function unwrapRing(points: readonly LonLat[]): LonLat[] {
  let shift = 0;
  return points.map(([lon, lat], i): LonLat => {
    const before = points[i - 1];
    if (before !== undefined && lon - before[0] > 180) shift -= 360;
    if (before !== undefined && lon - before[0] < -180) shift += 360;
    return [lon + shift, lat];
  });
}

/**
 * Refuses rings around or at a pole, rings that jump over the antimeridian, and longitudes beyond it, with the split
 * written out where it is simple.
 */
export function checkSeams(parts: readonly Part[]): void {
  for (const part of parts) {
    for (const ring of part.rings) {
      const { points, pointer } = ring;
      const pole = points.findIndex(([, lat]) => Math.abs(lat) === 90);
      if (pole >= 0) refusePole(points[pole]![1] > 0 ? 'north' : 'south', `${pointer}/${pole}`);
      const unwrapped = unwrapRing(points);
      const turned = unwrapped.at(-1)![0] - unwrapped[0]![0] - (points.at(-1)![0] - points[0]![0]);
      if (Math.abs(turned) > 180) {
        const lats = points.map(([, lat]) => lat);
        refusePole(Math.max(...lats) + Math.min(...lats) > 0 ? 'north' : 'south', pointer);
      }
      const beyond = points.findIndex(([lon]) => Math.abs(lon) > 180);
      if (beyond >= 0) refuseBeyond(points, beyond, pointer, part.rings.length);
      const jump = points.findIndex(([lon], i) => i > 0 && Math.abs(lon - points[i - 1]![0]) > 180);
      if (jump >= 0) {
        const split = part.rings.length === 1 ? splitText(unwrapped) : undefined;
        throw refuseAoi(
          `The edge to vertex ${jump} spans more than 180 degrees of longitude: the area crosses the antimeridian.`,
          `${pointer}/${jump}`,
          split === undefined
            ? `${general} If it is really that wide, put vertices in between.`
            : `Split it: ${split}`,
        );
      }
    }
  }
}

export function refusePole(name: 'north' | 'south', pointer: string): never {
  throw refuseAoi(
    `The area contains or touches the ${name} pole, where longitudes meet.`,
    pointer,
    `End the area at latitude ${name === 'north' ? '89.9' : '-89.9'} or nearer to the equator; no imagery offered here reaches the pole.`,
  );
}

function refuseBeyond(points: readonly LonLat[], index: number, pointer: string, rings: number): never {
  const lon = points[index]![0];
  const turn = lon > 0 ? -360 : 360;
  const allBeyond = points.every(([each]) => (lon > 0 ? each >= 180 : each <= -180));
  const split = rings === 1 ? splitText(points) : undefined;
  throw refuseAoi(
    allBeyond
      ? `Longitude ${lon} lies beyond ${lon > 0 ? 180 : -180}.`
      : `Longitude ${lon} lies beyond ${lon > 0 ? 180 : -180}: the area crosses the antimeridian.`,
    `${pointer}/${index}`,
    allBeyond
      ? `${lon > 0 ? 'Subtract' : 'Add'} 360: longitude ${tidy(lon + turn)} is the same place.`
      : split === undefined
        ? general
        : `Split it: ${split}`,
  );
}

/** Refuses a bbox over the antimeridian (west > east, or longitudes beyond 180), with the split written out. */
export function checkBboxSeam([west, south, east, north]: readonly number[], pointer: string): void {
  if (west === undefined || south === undefined || east === undefined || north === undefined) return;
  if (south <= -90 || north >= 90)
    refusePole(north >= 90 ? 'north' : 'south', `${pointer}/${north >= 90 ? 3 : 1}`);
  const wrap = (lon: number) => tidy(lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon);
  const [from, to] = [wrap(west), wrap(east)];
  const beyond = [west, east].findIndex((lon) => Math.abs(lon) > 180);
  if (beyond < 0 && west <= east) return;
  const at = `${pointer}/${beyond < 0 ? 0 : beyond * 2}`;
  if (from < to) {
    throw refuseAoi(
      `Longitude ${beyond === 0 ? west : east} lies beyond 180.`,
      at,
      `Use the bbox [${from}, ${south}, ${to}, ${north}].`,
    );
  }
  throw refuseAoi(
    `The bbox crosses the antimeridian (west ${west}, east ${east}).`,
    at,
    `If that is meant, split it: ${multiPolygonText([rectangle(from, south, 180, north), rectangle(-180, south, to, north)])}. If not, west and east are swapped.`,
  );
}
