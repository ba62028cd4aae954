import proj4 from 'proj4';
import { projection } from './crs.ts';
import type { CrsId } from './types.ts';

/** Both directions between two CRS. `[NaN, NaN]` where a point has no image; never throws for numbers. */
export interface CrsTransformer {
  readonly forward: (x: number, y: number) => [x: number, y: number];
  readonly inverse: (x: number, y: number) => [x: number, y: number];
}

const identity = (x: number, y: number): [number, number] => [x, y];

function guarded(convert: (point: [number, number]) => number[]): (x: number, y: number) => [number, number] {
  return (x, y) => {
    // proj4 throws for numbers that are not finite.
    if (!Number.isFinite(x) || !Number.isFinite(y)) return [Number.NaN, Number.NaN];
    const [outX = Number.NaN, outY = Number.NaN] = convert([x, y]);
    // EPSG:3857 answers NaN or huge numbers at the poles, UTM Infinity a quarter of the globe away.
    return Number.isFinite(outX) && Number.isFinite(outY) ? [outX, outY] : [Number.NaN, Number.NaN];
  };
}

/** About 0.5 microseconds a point for UTM. Equal ids give the identity, bit for bit. */
export function crsTransformer(from: CrsId, to: CrsId): CrsTransformer {
  if (from === to) return { forward: identity, inverse: identity };
  const converter = proj4(projection(from), projection(to));
  return {
    forward: guarded((point) => converter.forward(point)),
    inverse: guarded((point) => converter.inverse(point)),
  };
}
