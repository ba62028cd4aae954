import type { LonLat } from '../types.ts';
import { refuseAoi } from './document.ts';
import { orientation } from './orientation.ts';
import type { Part, Ring } from './positions.ts';

/** Twice the signed area in square degrees; positive counter-clockwise. */
function doubleArea(points: readonly LonLat[]): number {
  // Relative to the first vertex: small rings far from 0, 0 keep their digits.
  const [x0, y0] = points[0]!;
  let sum = 0;
  for (let i = 0; i + 1 < points.length; i++) {
    const [ax, ay] = points[i]!;
    const [bx, by] = points[i + 1]!;
    sum += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
  }
  return sum;
}

/** Closed, without repeated positions, with an area. */
function checkRing({ points, pointer }: Ring): void {
  const first = points[0]!;
  const last = points.at(-1)!;
  if (first[0] !== last[0] || first[1] !== last[1]) {
    throw refuseAoi(
      `The ring is open: it starts at [${first.join(', ')}] and ends at [${last.join(', ')}].`,
      `${pointer}/${points.length - 1}`,
      `Repeat the first position at the end: add [${first.join(', ')}].`,
    );
  }
  const seen = new Map<string, number>();
  for (let i = 0; i + 1 < points.length; i++) {
    const key = `${points[i]![0]} ${points[i]![1]}`;
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      throw refuseAoi(
        `Vertex ${i} repeats vertex ${earlier} ([${points[i]!.join(', ')}]).`,
        `${pointer}/${i}`,
        i === earlier + 1
          ? 'Remove the repeated position.'
          : 'A ring must not touch itself: make the loop a polygon or a hole of its own.',
      );
    }
    seen.set(key, i);
  }
  // A bow-tie may have no net area either: that is for the search of crossings.
  if (points.every((point) => orientation(points[0]!, points[1]!, point) === 0)) {
    throw refuseAoi(
      'The ring has no area.',
      pointer,
      'Give at least three corners that do not lie on one line.',
    );
  }
}

/** @throws SwathError InvalidInput naming the ring and vertex. */
export function checkRings(parts: readonly Part[]): void {
  for (const part of parts) for (const ring of part.rings) checkRing(ring);
}

/** Shells counter-clockwise, holes clockwise (RFC 7946, 3.1.6): the one repair that is made silently. */
export function wind(part: Part): LonLat[][] {
  return part.rings.map(({ points }, i) => {
    const counterClockwise = doubleArea(points) > 0;
    return counterClockwise === (i === 0) ? [...points] : points.toReversed();
  });
}
