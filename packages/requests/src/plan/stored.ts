import type { StoredType } from '@swath/raster';
import type { RequestSpec } from '../spec.ts';

/** Lowest and highest number a type can hold; float32 has no bounds that matter. */
export const typeRange: Readonly<Record<StoredType['dtype'], readonly [low: number, high: number]>> = {
  float32: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  uint8: [0, 255],
  uint16: [0, 65_535],
  int16: [-32_768, 32_767],
  int32: [-2_147_483_648, 2_147_483_647],
};

/**
 * How values are stored. Integers hold `round(value * scale)`: 10,000 by default for int16 and uint16 (four decimals of
 * an index or a reflectance), 1 for other types, and 1 for digital numbers that no index turns into ratios. Nodata is NaN
 * for float32, the lowest value of signed types, 0 of unsigned ones.
 */
export function storedType(spec: RequestSpec): StoredType {
  const { dtype } = spec.output;
  const digitalNumbers = spec.radiometry === 'raw' && !('index' in spec.pipeline);
  const usual = (dtype === 'int16' || dtype === 'uint16') && !digitalNumbers ? 10_000 : 1;
  const lowest = typeRange[dtype][0];
  return {
    dtype,
    scale: 1 / (spec.output.scale ?? usual),
    offset: 0,
    nodata: spec.output.nodata ?? (dtype === 'float32' ? 'nan' : lowest),
  };
}
