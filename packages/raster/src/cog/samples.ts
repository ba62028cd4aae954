import { SAMPLE_CODE } from '../kernels/kernels.ts';
import type { StoredType } from '../process/work.ts';

/** Size of a stored sample. */
export const BYTES_PER_SAMPLE: Readonly<Record<StoredType['dtype'], 1 | 2 | 4>> = {
  uint8: 1,
  uint16: 2,
  int16: 2,
  int32: 4,
  float32: 4,
};

/** Nodata as a number. */
export function nodataNumber({ nodata }: StoredType): number {
  return nodata === 'nan' ? Number.NaN : nodata;
}

/** The type as kernels name it. */
export function sampleCode({ dtype }: StoredType) {
  return SAMPLE_CODE[dtype];
}
