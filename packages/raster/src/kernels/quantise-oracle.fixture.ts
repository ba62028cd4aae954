import { INTEGER_RANGE } from '../cog/spec.ts';
import type { StoredType } from '../process/work.ts';
import type { DnPlane } from '../stats/oracle.fixture.ts';

/**
 * Digital numbers of values, NaN = nodata:
 *
 * - integers: `DN = round((value - offset) * (1 / scale))` in doubles, halves away from zero as GDAL rounds, cut to the range of
 *   the type. A valid value that would land on nodata moves one number towards the middle of the range, so that
 *   a valid pixel stays valid (GDAL's warper does the same).
 * - float32: the value itself; a valid value equal to nodata moves to the next number towards zero, or, where
 *   nodata is 0, to the smallest positive one.
 *
 * Infinite values count as nodata. Doubles come out for int32, whose numbers singles cannot hold.
 */
export function quantise(values: DnPlane, stored: StoredType): DnPlane {
  if (stored.dtype === 'float32') return keepSingles(values, stored.nodata);
  const [min, max] = INTEGER_RANGE[stored.dtype];
  const { offset } = stored;
  const inverse = 1 / stored.scale;
  const nodata = stored.nodata === 'nan' ? Number.NaN : stored.nodata;
  const instead = nodata >= (min + max) / 2 ? nodata - 1 : nodata + 1;
  const out = stored.dtype === 'int32' ? new Float64Array(values.length) : new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const exact = (values[i]! - offset) * inverse;
    if (!Number.isFinite(exact)) {
      out[i] = Number.NaN;
      continue;
    }
    const rounded = exact < 0 ? -Math.floor(0.5 - exact) : Math.floor(exact + 0.5);
    const dn = rounded < min ? min : rounded > max ? max : rounded;
    out[i] = dn === nodata ? instead : dn;
  }
  return out;
}

/** Smallest positive single-precision number. */
const SMALLEST_SINGLE = 2 ** -149;

function nextSingleTowardsZero(value: number): number {
  if (value === 0) return SMALLEST_SINGLE;
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  view.setUint32(0, view.getUint32(0) - 1);
  return view.getFloat32(0);
}

function keepSingles(values: DnPlane, nodata: number | 'nan'): Float32Array {
  const forbidden = nodata === 'nan' ? Number.NaN : nodata;
  const instead = nodata === 'nan' ? Number.NaN : nextSingleTowardsZero(nodata);
  const out = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    out[i] = Number.isFinite(value) ? (value === forbidden ? instead : value) : Number.NaN;
  }
  return out;
}
