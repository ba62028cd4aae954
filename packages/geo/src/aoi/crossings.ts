import { SwathError } from '@swath/core';
import Flatbush from 'flatbush';
import { MAX_EDGE_PAIRS } from '../limits.ts';
import type { LonLat } from '../types.ts';
import { refuseAoi } from './document.ts';
import { orientation } from './orientation.ts';
import type { Ring } from './positions.ts';

type Relation = 'apart' | 'touch' | 'cross' | 'overlap';

/** How two edges meet. `touch`: in one point that is an end of at least one of them. `overlap`: along a stretch. */
export function edgeRelation(a: LonLat, b: LonLat, c: LonLat, d: LonLat): Relation {
  const abc = orientation(a, b, c);
  const abd = orientation(a, b, d);
  if (abc === abd && abc !== 0) return 'apart';
  const cda = orientation(c, d, a);
  const cdb = orientation(c, d, b);
  if (cda === cdb && cda !== 0) return 'apart';
  if (abc !== 0 || abd !== 0) return abc * abd < 0 && cda * cdb < 0 ? 'cross' : 'touch';
  // All four on one line: compare along the axis on which it runs.
  const axis = Math.abs(b[0] - a[0]) >= Math.abs(b[1] - a[1]) ? 0 : 1;
  const low = Math.max(Math.min(a[axis], b[axis]), Math.min(c[axis], d[axis]));
  const high = Math.min(Math.max(a[axis], b[axis]), Math.max(c[axis], d[axis]));
  return low > high ? 'apart' : low === high ? 'touch' : 'overlap';
}

/** Pairs of rings (indexes, lower first) that touch in single points: legal, but nesting must be looked at closer. */
export type Touching = ReadonlySet<string>;

export const ringPair = (a: number, b: number) => (a < b ? `${a}:${b}` : `${b}:${a}`);

function near(point: LonLat): string {
  return `[${point[0]}, ${point[1]}]`;
}

function refuseMeeting(rings: readonly Ring[], p: EdgeRef, q: EdgeRef, relation: Relation): never {
  const [first, second] = p.ring < q.ring || (p.ring === q.ring && p.vertex <= q.vertex) ? [p, q] : [q, p];
  const ring = rings[first.ring]!;
  const other = rings[second.ring]!;
  const pointer = `${ring.pointer}/${first.vertex}`;
  const at = near(ring.points[first.vertex]!);
  if (first.ring !== second.ring) {
    throw refuseAoi(
      `Two rings ${relation === 'overlap' ? 'share a stretch of outline' : 'cross'}: edge ${first.vertex} at ${at} and the edge at ${other.pointer}/${second.vertex}.`,
      pointer,
      'Holes must lie inside their shell, and parts must not overlap: join them into one ring.',
    );
  }
  const word =
    relation === 'cross'
      ? 'crosses itself'
      : relation === 'overlap'
        ? 'runs back along itself'
        : 'touches itself';
  throw refuseAoi(
    `The ring ${word}: the edge from vertex ${first.vertex} at ${at} meets the edge from vertex ${second.vertex} at ${near(ring.points[second.vertex]!)}.`,
    pointer,
    relation === 'cross'
      ? 'Order the vertices along the outline; a bow-tie becomes two polygons of a MultiPolygon.'
      : 'Remove the spike or the repeated stretch.',
  );
}

interface EdgeRef {
  readonly ring: number;
  readonly vertex: number;
}

/**
 * Looks at every pair of edges whose boxes meet, found by a packed R-tree: n log n for outlines of the world as it is.
 * @returns pairs of rings that touch in points.
 * @throws SwathError InvalidInput naming ring and vertex where edges cross, overlap, or a ring touches itself;
 *   LimitExceeded when an outline is so tangled that the pairs cannot be looked at in time.
 */
export function checkCrossings(rings: readonly Ring[]): Touching {
  const edges: { a: LonLat; b: LonLat; ring: number; vertex: number; last: number }[] = [];
  rings.forEach(({ points }, ring) => {
    for (let i = 0; i + 1 < points.length; i++) {
      edges.push({ a: points[i]!, b: points[i + 1]!, ring, vertex: i, last: points.length - 2 });
    }
  });
  const index = new Flatbush(edges.length);
  for (const { a, b } of edges) {
    index.add(Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1]));
  }
  index.finish();
  const touching = new Set<string>();
  let pairs = 0;
  for (let i = 0; i < edges.length; i++) {
    const edge = edges[i]!;
    const { a, b } = edge;
    const visit = (j: number): boolean => {
      if (j <= i) return false;
      const other = edges[j]!;
      if (++pairs > MAX_EDGE_PAIRS) {
        throw new SwathError('LimitExceeded', 'The outline is too tangled to be checked.', {
          pointer: rings[edge.ring]!.pointer,
          fix: 'Simplify the outline: it has thousands of long edges side by side.',
        });
      }
      const relation = edgeRelation(a, b, other.a, other.b);
      if (relation === 'apart') return false;
      if (relation === 'touch') {
        if (edge.ring !== other.ring) touching.add(ringPair(edge.ring, other.ring));
        const neighbours =
          edge.ring === other.ring &&
          (other.vertex === edge.vertex + 1 || (edge.vertex === 0 && other.vertex === edge.last));
        if (edge.ring !== other.ring || neighbours) return false;
      }
      return refuseMeeting(rings, edge, other, relation);
    };
    index.search(
      Math.min(a[0], b[0]),
      Math.min(a[1], b[1]),
      Math.max(a[0], b[0]),
      Math.max(a[1], b[1]),
      visit,
    );
  }
  return touching;
}
