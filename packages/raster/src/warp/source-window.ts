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

/** Digital numbers of a window of a level in kernel memory, in a type that the kernels read. */
export interface SourceSamples {
  readonly window: PixelWindow;
  readonly type: WarpSampleCode;
  /** Address of the samples, row-major and dense. */
  readonly at: number;
  /** As samples of the type may hold it; NaN when there is none. */
  readonly nodata: number;
  /** Address of bytes, 0 where the image has no pixel; undefined when nothing but nodata decides. */
  readonly valid: number | undefined;
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

interface Native {
  readonly type: WarpSampleCode;
  readonly bytes: 1 | 2 | 4;
}

/** Types whose samples the kernels read as they are. */
const NATIVE: ReadonlyMap<SampleType, Native> = new Map([
  ['uint8', { type: SAMPLE_CODE.uint8, bytes: 1 }],
  ['uint16', { type: SAMPLE_CODE.uint16, bytes: 2 }],
  ['int16', { type: SAMPLE_CODE.int16, bytes: 2 }],
  ['float16', { type: SAMPLE_CODE.float32, bytes: 4 }],
  ['float32', { type: SAMPLE_CODE.float32, bytes: 4 }],
]);

/**
 * Reads one window into memory of the space, which is the caller's to release. Samples of types without a kernel are
 * compared with nodata, then rounded to singles, once.
 */
export async function readSource(
  source: SourceLevel,
  window: PixelWindow,
  space: KernelSpace,
): Promise<SourceSamples> {
  const { image, band, level, signal } = source;
  const request = { band, level, window, ...(signal === undefined ? {} : { signal }) };
  const nodata = source.nodata === null || source.nodata === 'nan' ? Number.NaN : source.nodata;
  const native = NATIVE.get(image.info.dtype);
  if (native !== undefined && image.readInto !== undefined) {
    const at = space.take(window.width * window.height * native.bytes);
    const { valid } = await image.readInto(request, { space, at });
    return { window, type: native.type, at, nodata, valid: placeValid(space, valid) };
  }
  const { data, valid } = await image.readWindow(request);
  const single = { type: SAMPLE_CODE.float32, nodata: Number.NaN };
  const placed =
    native === undefined
      ? { ...single, at: place(space, toSingles(data, nodata)) }
      : { type: native.type, nodata, at: place(space, data) };
  return { window, ...placed, valid: placeValid(space, valid) };
}

function toSingles(samples: Samples, nodata: number): Float32Array {
  const singles = new Float32Array(samples.length);
  for (let i = 0; i < singles.length; i++) {
    const number = Number(samples[i]);
    singles[i] = number === nodata ? Number.NaN : number;
  }
  return singles;
}

function place(space: KernelSpace, data: Samples): number {
  const at = space.take(data.byteLength);
  space.bytes(at, data.byteLength).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return at;
}

function placeValid(space: KernelSpace, valid: Uint8Array | undefined): number | undefined {
  return valid === undefined ? undefined : place(space, valid);
}

/** Samples as singles, NaN where invalid. Singles are changed where they are. @returns their address. */
export function singlesOf(space: KernelSpace, samples: SourceSamples): number {
  const { at, type, nodata, valid, window } = samples;
  const count = window.width * window.height;
  const to = type === SAMPLE_CODE.float32 ? at : space.take(count * 4);
  space.kernels.warpSingles(at, count, type, nodata, to);
  if (valid !== undefined) space.kernels.warpDrop(valid, count, to);
  return to;
}
