import { SwathError } from '@swath/core';
import type { PixelWindow } from '@swath/geo';
import type { RasterImage, Samples, SampleType } from '../image.ts';

/** Digital numbers of a window of a source level, and which of them are valid. */
export interface SourcePixels {
  /** Columns of `data`. */
  readonly width: number;
  readonly height: number;
  /** Where `data` starts in the level, in its pixels. */
  readonly x: number;
  readonly y: number;
  /** Sides of the whole level. */
  readonly levelWidth: number;
  readonly levelHeight: number;
  readonly data: Float32Array | Float64Array;
  /** 1 = valid. */
  readonly valid: Uint8Array;
}

/** Types whose every number a single holds exactly. */
const SINGLE_ENOUGH: ReadonlySet<SampleType> = new Set([
  'uint8',
  'int8',
  'uint16',
  'int16',
  'float16',
  'float32',
]);

export function holdsSingles(dtype: SampleType): boolean {
  return SINGLE_ENOUGH.has(dtype);
}

function toNumbers(samples: Samples, dtype: SampleType): Float32Array | Float64Array {
  if (samples instanceof Float32Array || samples instanceof Float64Array) return samples;
  if (samples instanceof BigUint64Array || samples instanceof BigInt64Array) {
    const numbers = new Float64Array(samples.length);
    for (let i = 0; i < samples.length; i++) numbers[i] = Number(samples[i]);
    return numbers;
  }
  return holdsSingles(dtype) ? new Float32Array(samples) : new Float64Array(samples);
}

const REAL_TYPES: ReadonlySet<SampleType> = new Set([
  ...SINGLE_ENOUGH,
  'uint32',
  'int32',
  'uint64',
  'int64',
  'float64',
]);

/** @throws SwathError Unsupported for complex samples. */
export function requireRealSamples(image: RasterImage): void {
  if (REAL_TYPES.has(image.info.dtype)) return;
  throw new SwathError('Unsupported', `${image.name} holds complex samples (${image.info.dtype}).`, {
    fix: 'Use an image of amplitudes.',
  });
}

/**
 * Reads one window. Invalid are pixels the image's own mask drops, NaN, and those equal to nodata as the sample type
 * holds it: compared with the digital number, before any scaling.
 */
export async function readSource(
  image: RasterImage,
  band: number,
  level: number,
  window: PixelWindow,
  nodata: number | 'nan' | null,
  signal: AbortSignal | undefined,
): Promise<SourcePixels> {
  const { dtype, levels } = image.info;
  const read = await image.readWindow({ band, level, window, ...(signal === undefined ? {} : { signal }) });
  const data = toNumbers(read.data, dtype);
  const valid = read.valid === undefined ? new Uint8Array(data.length).fill(1) : Uint8Array.from(read.valid);
  // A Float32Array rounds nodata as the type does; -9999.9 would never be found otherwise.
  const missing =
    nodata === null || nodata === 'nan'
      ? Number.NaN
      : data instanceof Float32Array
        ? Math.fround(nodata)
        : nodata;
  for (let i = 0; i < data.length; i++) {
    const dn = data[i]!;
    if (dn === missing || Number.isNaN(dn)) valid[i] = 0;
  }
  const { width: levelWidth, height: levelHeight } = levels[level]!;
  return { ...window, levelWidth, levelHeight, data, valid };
}
