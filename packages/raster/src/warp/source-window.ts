import { SwathError } from '@swath/core';
import type { PixelWindow } from '@swath/geo';
import type { RasterImage, Samples, SampleType } from '../image.ts';
import { SAMPLE_CODE } from '../kernels/kernels.ts';
import type { KernelSpace } from '../kernels/space.ts';
import type { WarpSampleCode } from '../kernels/warp-kernels.ts';

/** What of an image is read, and what of it counts as nothing. */
export interface SourceLevel {
  readonly image: RasterImage;
  /** 1-based. */
  readonly band: number;
  /** Index into the image's levels. */
  readonly level: number;
  /** Compared with digital numbers as the sample type holds them; null when every number is data. NaN never is. */
  readonly nodata: number | 'nan' | null;
  readonly signal: AbortSignal | undefined;
}

/** Digital numbers of a window of a level, in a type that the kernels read. */
export interface SourceSamples {
  readonly window: PixelWindow;
  readonly type: WarpSampleCode;
  readonly data: Uint8Array | Int16Array | Uint16Array | Float32Array;
  /** As the type of `data` may hold it; NaN when there is none. */
  readonly nodata: number;
  /** 1 = valid; absent when nothing but nodata decides. */
  readonly valid: Uint8Array | undefined;
}

const REAL_TYPES: ReadonlySet<SampleType> = new Set([
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'uint64',
  'int64',
  'float16',
  'float32',
  'float64',
]);

/** @throws SwathError Unsupported for complex samples. */
export function requireRealSamples(image: RasterImage): void {
  if (REAL_TYPES.has(image.info.dtype)) return;
  throw new SwathError('Unsupported', `${image.name} holds complex samples (${image.info.dtype}).`, {
    fix: 'Use an image of amplitudes.',
  });
}

/** Reads one window; samples of types without a kernel are compared with nodata, then rounded to singles, once. */
export async function readSource(source: SourceLevel, window: PixelWindow): Promise<SourceSamples> {
  const { image, band, level, signal } = source;
  const read = await image.readWindow({ band, level, window, ...(signal === undefined ? {} : { signal }) });
  const nodata = source.nodata === null || source.nodata === 'nan' ? Number.NaN : source.nodata;
  const { data, valid } = read;
  const rest = { window, nodata, valid };
  if (data instanceof Uint8Array) return { type: SAMPLE_CODE.uint8, data, ...rest };
  if (data instanceof Int16Array) return { type: SAMPLE_CODE.int16, data, ...rest };
  if (data instanceof Uint16Array) return { type: SAMPLE_CODE.uint16, data, ...rest };
  if (data instanceof Float32Array) return { type: SAMPLE_CODE.float32, data, ...rest };
  return { ...rest, type: SAMPLE_CODE.float32, data: toSingles(data, nodata), nodata: Number.NaN };
}

function toSingles(samples: Exclude<Samples, Float32Array>, nodata: number): Float32Array {
  const singles = new Float32Array(samples.length);
  for (let i = 0; i < singles.length; i++) {
    const number = Number(samples[i]);
    singles[i] = number === nodata ? Number.NaN : number;
  }
  return singles;
}

/** Copies samples into the space as they are. @returns their address. */
export function placeSamples(space: KernelSpace, { data }: SourceSamples): number {
  const at = space.take(data.byteLength);
  space.bytes(at, data.byteLength).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return at;
}

/** Copies samples into the space as singles, NaN where invalid. @returns their address. */
export function placeSingles(space: KernelSpace, samples: SourceSamples): number {
  const { data, type, nodata, valid } = samples;
  const from = placeSamples(space, samples);
  const to = type === SAMPLE_CODE.float32 ? from : space.take(data.length * 4);
  space.kernels.warpSingles(from, data.length, type, nodata, to);
  if (valid !== undefined) {
    const mark = space.mark();
    const mask = space.take(valid.length);
    space.bytes(mask, valid.length).set(valid);
    space.kernels.warpDrop(mask, valid.length, to);
    space.release(mark);
  }
  return to;
}
