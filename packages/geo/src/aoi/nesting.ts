import type { LonLat } from '../types.ts';
import { ringPair, type Touching } from './crossings.ts';
import { refuseAoi } from './document.ts';
import { placeInRing } from './orientation.ts';
import type { Part, Ring } from './positions.ts';

interface Boxed {
  readonly ring: Ring;
  /** Index among all rings, as in {@link Touching}. */
  readonly index: number;
  readonly box: readonly [number, number, number, number];
}

function boxed(ring: Ring, index: number): Boxed {
  const box: [number, number, number, number] = [
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  for (const [lon, lat] of ring.points) {
    box[0] = Math.min(box[0], lon);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lon);
    box[3] = Math.max(box[3], lat);
  }
  return { ring, index, box };
}

const boxesMeet = (a: Boxed, b: Boxed) =>
  a.box[0] <= b.box[2] && b.box[0] <= a.box[2] && a.box[1] <= b.box[3] && b.box[1] <= a.box[3];

/**
 * On which side of `outer` the ring `inner` lies; edges are known not to cross. One vertex decides, unless the rings
 * touch: then every vertex and the middle of every edge is asked until one is not on the boundary.
 * @returns 'both' when parts of it lie on both sides (possible through touching vertices only).
 */
function sideOf(inner: Boxed, outer: Boxed, touching: Touching): 'inside' | 'outside' | 'both' {
  const points = inner.ring.points;
  const touches = touching.has(ringPair(inner.index, outer.index));
  let found: 'inside' | 'outside' | undefined;
  const ask = (point: LonLat): boolean => {
    const place = placeInRing(point, outer.ring.points);
    if (place === 'boundary') return false;
    if (found !== undefined && found !== place) return true;
    found = place;
    return false;
  };
  for (let i = 0; i + 1 < points.length; i++) {
    const [ax, ay] = points[i]!;
    const [bx, by] = points[i + 1]!;
    if (ask([ax, ay])) return 'both';
    if (!touches && found !== undefined) return found;
    if (touches && ask([(ax + bx) / 2, (ay + by) / 2])) return 'both';
  }
  return found ?? 'inside';
}

const fixHoles =
  'The first ring is the shell, the others are holes inside it; use a MultiPolygon for separate areas.';
const fixParts = 'Join the overlapping parts into one polygon.';

function checkPart(shell: Boxed, holes: readonly Boxed[], touching: Touching): void {
  for (const [i, hole] of holes.entries()) {
    if (sideOf(hole, shell, touching) !== 'inside') {
      throw refuseAoi(`Ring ${i + 1} is a hole outside its shell.`, hole.ring.pointer, fixHoles);
    }
    for (const other of holes.slice(0, i)) {
      if (!boxesMeet(hole, other)) continue;
      if (sideOf(hole, other, touching) !== 'outside' || sideOf(other, hole, touching) !== 'outside') {
        throw refuseAoi(
          `The hole lies in another hole (${other.ring.pointer}).`,
          hole.ring.pointer,
          fixHoles,
        );
      }
    }
  }
}

/** True when the shell of one part lies in a hole of the other: an island in a lake. */
function inHole(shell: Boxed, holes: readonly Boxed[], touching: Touching): boolean {
  return holes.some((hole) => boxesMeet(shell, hole) && sideOf(shell, hole, touching) === 'inside');
}

/**
 * Holes lie inside their shell and beside each other; parts do not overlap. Edges are known not to cross.
 * @throws SwathError InvalidInput naming the ring.
 */
export function checkNesting(parts: readonly Part[], touching: Touching): void {
  let index = 0;
  const polygons = parts.map((part) => {
    const [shell, ...holes] = part.rings.map((ring) => boxed(ring, index++));
    return { shell: shell!, holes };
  });
  for (const { shell, holes } of polygons) checkPart(shell, holes, touching);
  for (const [i, a] of polygons.entries()) {
    for (const b of polygons.slice(0, i)) {
      if (!boxesMeet(a.shell, b.shell)) continue;
      const aInB = sideOf(a.shell, b.shell, touching);
      const bInA = sideOf(b.shell, a.shell, touching);
      if (aInB === 'outside' && bInA === 'outside') continue;
      if (aInB === 'inside' && inHole(a.shell, b.holes, touching)) continue;
      if (bInA === 'inside' && inHole(b.shell, a.holes, touching)) continue;
      throw refuseAoi(
        `The part overlaps another one (${b.shell.ring.pointer}).`,
        a.shell.ring.pointer,
        fixParts,
      );
    }
  }
}
