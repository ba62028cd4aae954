import { orient2d } from 'robust-predicates';
import { pointKey, type Shape } from './shape.ts';

/** Where a point lies: in the interior, on the boundary, outside. */
export type Place = 'I' | 'B' | 'E';

/** Exact: orientation is computed without rounding errors. */
export function locate(shape: Shape, x: number, y: number): Place {
  const [minX, minY, maxX, maxY] = shape.bounds;
  if (x < minX || x > maxX || y < minY || y > maxY) return 'E';
  if (shape.dimension === 0) return shape.points.some((p) => p[0] === x && p[1] === y) ? 'I' : 'E';
  if (shape.dimension === 1) {
    if (!shape.paths.some((path) => onPath(path, x, y))) return 'E';
    return shape.ends.has(pointKey(x, y)) ? 'B' : 'I';
  }
  let inside = false;
  for (const path of shape.paths) {
    const crossings = crossingsRight(path, x, y);
    if (crossings === undefined) return 'B';
    if (crossings % 2 === 1) inside = !inside;
  }
  return inside ? 'I' : 'E';
}

/** Positive when c lies left of the line from a to b, 0 when on it; exact. (orient2d's y axis points down.) */
export function leftOf(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number {
  return -orient2d(ax, ay, bx, by, cx, cy);
}

/** Whether c lies on the segment a b. */
export function onSegment(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): boolean {
  return (
    cx >= Math.min(ax, bx) &&
    cx <= Math.max(ax, bx) &&
    cy >= Math.min(ay, by) &&
    cy <= Math.max(ay, by) &&
    leftOf(ax, ay, bx, by, cx, cy) === 0
  );
}

function onPath(path: Float64Array, x: number, y: number): boolean {
  for (let i = 0; i + 3 < path.length; i += 2) {
    if (onSegment(path[i] ?? 0, path[i + 1] ?? 0, path[i + 2] ?? 0, path[i + 3] ?? 0, x, y)) return true;
  }
  return false;
}

/** How often the ray from the point to the right crosses the path; undefined when the point lies on it. */
function crossingsRight(path: Float64Array, x: number, y: number): number | undefined {
  let count = 0;
  for (let i = 0; i + 3 < path.length; i += 2) {
    const ax = path[i] ?? 0;
    const ay = path[i + 1] ?? 0;
    const bx = path[i + 2] ?? 0;
    const by = path[i + 3] ?? 0;
    if (Math.max(ax, bx) < x) continue;
    if (onSegment(ax, ay, bx, by, x, y)) return undefined;
    if (ay > y === by > y) continue;
    const left = leftOf(ax, ay, bx, by, x, y);
    // An edge that goes up crosses to the right of the point when the point is on its left.
    if (ay > y ? left < 0 : left > 0) count += 1;
  }
  return count;
}
