import { locate, type Place } from './locate.ts';
import { meet, type Segment } from './segments.ts';
import { boundsMeet, pointKey, type Shape, type XY } from './shape.ts';

/**
 * The intersection matrix of two shapes (DE-9IM): which of interior, boundary and exterior of the first have something
 * in common with which of the second (`IB`: interior of the first, boundary of the second). `lineII`: interiors of two
 * lines have more than points in common. EE is always true.
 */
export interface Relation {
  readonly II: boolean;
  readonly IB: boolean;
  readonly IE: boolean;
  readonly BI: boolean;
  readonly BB: boolean;
  readonly BE: boolean;
  readonly EI: boolean;
  readonly EB: boolean;
  readonly lineII: boolean;
}

type Writable = { -readonly [K in keyof Relation]: Relation[K] };

const none: Relation = {
  II: false,
  IB: false,
  IE: false,
  BI: false,
  BB: false,
  BE: false,
  EI: false,
  EB: false,
  lineII: false,
};

/**
 * Relates two shapes by cutting the paths of each where they meet the other and asking of every piece whether it lies
 * inside, outside or along the other. Orientation is exact, so touching is told from crossing; where paths cross is
 * rounded, but only the order of the cuts depends on it. Shapes must be valid: rings that cross themselves have no
 * inside.
 */
export function relate(a: Shape, b: Shape): Relation {
  if (a.dimension === 0) return relatePoints(a, b);
  if (b.dimension === 0) return transpose(relatePoints(b, a));
  const relation: Writable = { ...none };
  const [ofA, ofB] = [cut(a, b), cut(b, a)];
  for (const [mine, other] of ofA.contacts) relation[`${mine}${other}`] = true;
  if (a.dimension === 2 && b.dimension === 2) relateAreas(relation, ofA, ofB);
  else if (a.dimension === 1 && b.dimension === 1) relateLines(relation, ofA, ofB, a, b);
  else if (a.dimension === 1) relateLineToArea(relation, ofA, ofB, a, b);
  else {
    const turned: Writable = { ...none, ...transpose(relation) };
    relateLineToArea(turned, ofB, ofA, b, a);
    return transpose(turned);
  }
  return relation;
}

function transpose(r: Relation): Relation {
  return { ...r, IB: r.BI, BI: r.IB, IE: r.EI, EI: r.IE, BE: r.EB, EB: r.BE };
}

function relatePoints(a: Shape, b: Shape): Relation {
  const relation: Writable = { ...none };
  for (const [x, y] of a.points) {
    const place = locate(b, x, y);
    relation[`I${place}`] = true;
  }
  const isPoint = b.dimension === 0;
  relation.EI = isPoint ? b.points.some(([x, y]) => locate(a, x, y) === 'E') : true;
  // Points cover no ring; of a line's ends they may.
  const ends = [...b.ends].map((key) => key.split(' ').map(Number));
  relation.EB = b.dimension === 2 || ends.some(([x = 0, y = 0]) => locate(a, x, y) === 'E');
  return relation;
}

/** How the pieces of one shape's paths lie in the other. */
interface Pieces {
  readonly inside: boolean;
  readonly outside: boolean;
  /** Along the other's path, in its direction. */
  readonly along: boolean;
  /** Along it, against its direction. */
  readonly against: boolean;
  /** Places in the one and the other of points that both paths have. */
  readonly contacts: readonly (readonly ['I' | 'B', 'I' | 'B'])[];
}

/** Pieces of an area's boundary tell of the interior to their left and the exterior to their right. */
function relateAreas(relation: Writable, a: Pieces, b: Pieces): void {
  relation.II = a.inside || b.inside || a.along;
  relation.IE = a.outside || b.inside || a.against;
  relation.EI = b.outside || a.inside || a.against;
  relation.BI = a.inside;
  relation.BE = a.outside;
  relation.IB = b.inside;
  relation.EB = b.outside;
  relation.BB ||= a.along || a.against;
}

function relateLines(relation: Writable, a: Pieces, b: Pieces, lineA: Shape, lineB: Shape): void {
  relation.lineII = a.along || a.against;
  relation.II ||= relation.lineII;
  relation.IE = a.outside;
  relation.EI = b.outside;
  relation.BE = placesOfEnds(lineA, lineB).has('E');
  relation.EB = placesOfEnds(lineB, lineA).has('E');
}

function relateLineToArea(relation: Writable, line: Pieces, area: Pieces, shape: Shape, other: Shape): void {
  relation.II = line.inside;
  relation.IE = line.outside;
  relation.IB ||= line.along || line.against;
  const ends = placesOfEnds(shape, other);
  relation.BI = ends.has('I');
  relation.BB = ends.has('B');
  relation.BE = ends.has('E');
  relation.EI = true;
  relation.EB = area.outside;
}

function placesOfEnds(line: Shape, other: Shape): ReadonlySet<Place> {
  const places = new Set<Place>();
  for (const key of line.ends) {
    const [x = 0, y = 0] = key.split(' ').map(Number);
    places.add(locate(other, x, y));
  }
  return places;
}

function cut(shape: Shape, other: Shape): Pieces {
  const near = segmentsNear(other, shape);
  const pieces = { inside: false, outside: false, along: false, against: false };
  const contacts: (readonly ['I' | 'B', 'I' | 'B'])[] = [];
  for (const path of shape.paths) {
    // What holds of the piece before holds of the next one too, as long as nothing is met.
    let last: 'inside' | 'outside' | undefined;
    for (let i = 0; i + 3 < path.length; i += 2) {
      const segment: Segment = [path[i] ?? 0, path[i + 1] ?? 0, path[i + 2] ?? 0, path[i + 3] ?? 0];
      const met = cuts(segment, near, shape, other, contacts);
      for (const piece of met.pieces) {
        if (piece.run !== undefined) {
          pieces[piece.run] = true;
          last = undefined;
          continue;
        }
        if (piece.from > 0 || met.startsAtCut) last = undefined;
        last ??= sideOf(other, segment, (piece.from + piece.to) / 2);
        pieces[last] = true;
      }
      if (met.endsAtCut) last = undefined;
    }
  }
  return { ...pieces, contacts };
}

function sideOf(other: Shape, [ax, ay, bx, by]: Segment, t: number): 'inside' | 'outside' {
  if (other.dimension !== 2) return 'outside';
  return locate(other, ax + t * (bx - ax), ay + t * (by - ay)) === 'E' ? 'outside' : 'inside';
}

interface Cuts {
  readonly pieces: readonly {
    readonly from: number;
    readonly to: number;
    readonly run?: 'along' | 'against';
  }[];
  readonly startsAtCut: boolean;
  readonly endsAtCut: boolean;
}

const uncut: Cuts = { pieces: [{ from: 0, to: 1 }], startsAtCut: false, endsAtCut: false };

function cuts(
  segment: Segment,
  near: readonly Segment[],
  shape: Shape,
  other: Shape,
  contacts: (readonly ['I' | 'B', 'I' | 'B'])[],
): Cuts {
  const at = new Set<number>();
  const runs: { readonly from: number; readonly to: number; readonly run: 'along' | 'against' }[] = [];
  for (const candidate of near) {
    const meeting = meet(segment, candidate);
    if (meeting === undefined) continue;
    if (meeting.crossing !== undefined) {
      at.add(meeting.crossing);
      contacts.push([insideOf(shape), insideOf(other)]);
    }
    for (const point of meeting.points) {
      at.add(point.t);
      contacts.push([placeOn(shape, point.at), placeOn(other, point.at)]);
    }
    if (meeting.overlap !== undefined) {
      const { from, to, same } = meeting.overlap;
      runs.push({ from, to, run: same ? 'along' : 'against' });
    }
  }
  if (at.size === 0) return uncut;
  const ts = [...new Set([0, ...at, 1])].sort((a, b) => a - b);
  const pieces = ts.slice(1).map((to, index) => {
    const from = ts[index] ?? 0;
    const run = runs.find((r) => r.from <= from && r.to >= to)?.run;
    return { from, to, ...(run === undefined ? {} : { run }) };
  });
  return { pieces, startsAtCut: at.has(0), endsAtCut: at.has(1) };
}

/** Where the middle of a path's segment lies in its own shape. */
const insideOf = (shape: Shape): 'I' | 'B' => (shape.dimension === 2 ? 'B' : 'I');

function placeOn(shape: Shape, [x, y]: XY): 'I' | 'B' {
  if (shape.dimension === 2) return 'B';
  return shape.ends.has(pointKey(x, y)) ? 'B' : 'I';
}

/** Segments of one shape within the bounds of the other: the rest cannot meet it. */
function segmentsNear(shape: Shape, other: Shape): readonly Segment[] {
  const found: Segment[] = [];
  for (const path of shape.paths) {
    for (let i = 0; i + 3 < path.length; i += 2) {
      const segment: Segment = [path[i] ?? 0, path[i + 1] ?? 0, path[i + 2] ?? 0, path[i + 3] ?? 0];
      const [ax, ay, bx, by] = segment;
      const bounds = [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)] as const;
      if (boundsMeet(bounds, other.bounds)) found.push(segment);
    }
  }
  return found;
}
