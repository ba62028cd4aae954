import type { Bounds } from './types.ts';

/** The largest value of the parabola through three equally spaced samples, where its top lies between the outer two. */
function parabolaTop(before: number, at: number, after: number): number {
  const curvature = before - 2 * at + after;
  if (!(curvature < 0)) return at;
  const shift = (before - after) / (2 * curvature);
  return Math.abs(shift) <= 1 ? at - ((before - after) * shift) / 4 : at;
}

function extreme(samples: readonly number[]): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < samples.length; i++) {
    const at = samples[i] ?? Number.NaN;
    const before = samples[i - 1] ?? Number.NaN;
    const after = samples[i + 1] ?? Number.NaN;
    const value = at >= before && at >= after ? parabolaTop(before, at, after) : at;
    if (value > top) top = value;
  }
  return top;
}

/**
 * Bounds of a smooth curve known at equally spaced points: the extremes between samples are those of parabolas, so the
 * error falls with the fourth power of the spacing. Points that are NaN do not count; null when none is left.
 */
export function curveBounds(points: readonly (readonly [x: number, y: number])[]): Bounds | null {
  const real = points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  if (real.length === 0) return null;
  const xs = real.map(([x]) => x);
  const ys = real.map(([, y]) => y);
  return [-extreme(xs.map((x) => -x)), -extreme(ys.map((y) => -y)), extreme(xs), extreme(ys)];
}

export function unionBounds(a: Bounds | null, b: Bounds | null): Bounds | null {
  if (a === null || b === null) return a ?? b;
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}
