import type { LonLat } from '../types.ts';

/** A double as an integer multiple of 2^-1074: exact. */
function exact(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = exponent === 0 ? fraction : (fraction | 0x10000000000000n) << BigInt(exponent - 1);
  return bits >> 63n === 1n ? -magnitude : magnitude;
}

/** (3 + 16 * 2^-53) * 2^-53: Shewchuk's bound on the rounding error of the plain determinant (1997, section 4.1). */
const ERROR_BOUND = (3 + 16 * 2 ** -53) * 2 ** -53;

/**
 * Sign of the area of the triangle a, b, c: 1 counter-clockwise, -1 clockwise, 0 exactly on one line. Plain arithmetic
 * where its rounding cannot change the sign, exact integers in the rare rest.
 */
export function orientation(a: LonLat, b: LonLat, c: LonLat): -1 | 0 | 1 {
  const left = (a[0] - c[0]) * (b[1] - c[1]);
  const right = (a[1] - c[1]) * (b[0] - c[0]);
  const determinant = left - right;
  if (Math.abs(determinant) > ERROR_BOUND * (Math.abs(left) + Math.abs(right)))
    return determinant > 0 ? 1 : -1;
  if (a[0] === c[0] && (b[0] === c[0] || a[1] === c[1])) return 0;
  if (b[1] === c[1] && (b[0] === c[0] || a[1] === c[1])) return 0;
  const [ax, ay, bx, by, cx, cy] = [a[0], a[1], b[0], b[1], c[0], c[1]].map(exact);
  const sure = (ax! - cx!) * (by! - cy!) - (ay! - cy!) * (bx! - cx!);
  return sure > 0n ? 1 : sure < 0n ? -1 : 0;
}

/** Where a point lies relative to a closed ring; exact. */
export function placeInRing(point: LonLat, ring: readonly LonLat[]): 'inside' | 'outside' | 'boundary' {
  const [x, y] = point;
  let inside = false;
  for (let i = 0; i + 1 < ring.length; i++) {
    const a = ring[i]!;
    const b = ring[i + 1]!;
    const spansRow = a[1] > y !== b[1] > y;
    const touchesBox =
      Math.min(a[1], b[1]) <= y &&
      Math.max(a[1], b[1]) >= y &&
      Math.min(a[0], b[0]) <= x &&
      Math.max(a[0], b[0]) >= x;
    if (!spansRow && !touchesBox) continue;
    if (spansRow && !touchesBox) {
      // The row is crossed left or right of the point, with no doubt when the whole edge is.
      if (Math.min(a[0], b[0]) > x) {
        inside = !inside;
        continue;
      }
      if (Math.max(a[0], b[0]) < x) continue;
    }
    const turn = orientation(a, b, point);
    if (turn === 0 && touchesBox) return 'boundary';
    if (spansRow && turn === (b[1] > a[1] ? 1 : -1)) inside = !inside;
  }
  return inside ? 'inside' : 'outside';
}
