import { leftOf, onSegment } from './locate.ts';
import type { XY } from './shape.ts';

/** x0, y0, x1, y1. */
export type Segment = readonly [number, number, number, number];

/** What two segments have in common, told along the first (t from 0 to 1). */
export interface Meeting {
  /** Points in common; at an end of either they are that end's very coordinates. */
  readonly points: readonly { readonly t: number; readonly at: XY }[];
  /** They cross at a point inside both. */
  readonly crossing?: number;
  /** They run along each other from t0 to t1, in the same direction or not. */
  readonly overlap?: { readonly from: number; readonly to: number; readonly same: boolean };
}

/** undefined when they have nothing in common. */
export function meet(p: Segment, q: Segment): Meeting | undefined {
  const [ax, ay, bx, by] = p;
  const [cx, cy, dx, dy] = q;
  if (Math.max(ax, bx) < Math.min(cx, dx) || Math.max(cx, dx) < Math.min(ax, bx)) return undefined;
  if (Math.max(ay, by) < Math.min(cy, dy) || Math.max(cy, dy) < Math.min(ay, by)) return undefined;
  const c = Math.sign(leftOf(ax, ay, bx, by, cx, cy));
  const d = Math.sign(leftOf(ax, ay, bx, by, dx, dy));
  if (c === d && c !== 0) return undefined;
  const a = leftOf(cx, cy, dx, dy, ax, ay);
  const b = leftOf(cx, cy, dx, dy, bx, by);
  if (Math.sign(a) === Math.sign(b) && a !== 0) return undefined;
  if (c !== 0 && d !== 0 && a !== 0 && b !== 0) return { points: [], crossing: a / (a - b) };
  const points = touches(p, q);
  if (points.length === 0) return undefined;
  return c === 0 && d === 0 ? { points, ...overlapOf(p, q, points) } : { points };
}

/** Ends of either that lie on the other, each once. */
function touches(p: Segment, q: Segment): { readonly t: number; readonly at: XY }[] {
  const [ax, ay, bx, by] = p;
  const [cx, cy, dx, dy] = q;
  const found: { t: number; at: XY }[] = [];
  const add = (x: number, y: number) => {
    if (!found.some(({ at }) => at[0] === x && at[1] === y)) found.push({ t: along(p, x, y), at: [x, y] });
  };
  if (onSegment(cx, cy, dx, dy, ax, ay)) add(ax, ay);
  if (onSegment(cx, cy, dx, dy, bx, by)) add(bx, by);
  if (onSegment(ax, ay, bx, by, cx, cy)) add(cx, cy);
  if (onSegment(ax, ay, bx, by, dx, dy)) add(dx, dy);
  return found;
}

/** Position of a point of the segment along it; exactly 0 and 1 at its ends. */
function along([ax, ay, bx, by]: Segment, x: number, y: number): number {
  if (x === ax && y === ay) return 0;
  if (x === bx && y === by) return 1;
  return Math.abs(bx - ax) >= Math.abs(by - ay) ? (x - ax) / (bx - ax) : (y - ay) / (by - ay);
}

function overlapOf(
  p: Segment,
  q: Segment,
  points: readonly { readonly t: number }[],
): Pick<Meeting, 'overlap'> {
  if (points.length < 2) return {};
  const ts = points.map(({ t }) => t);
  const same = (p[2] - p[0]) * (q[2] - q[0]) + (p[3] - p[1]) * (q[3] - q[1]) > 0;
  return { overlap: { from: Math.min(...ts), to: Math.max(...ts), same } };
}
