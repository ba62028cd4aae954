import { SwathError } from '@swath/core';
import type { Samples, SampleType } from '../image.ts';

/** A typed view of host-order bytes (their buffer must be their own). float16 is held as float32. */
export function samplesOf(dtype: SampleType, bytes: Uint8Array): Samples {
  const { buffer, byteOffset, byteLength } = bytes;
  switch (dtype) {
    case 'uint8':
      return bytes;
    case 'int8':
      return new Int8Array(buffer, byteOffset, byteLength);
    case 'uint16':
      return new Uint16Array(buffer, byteOffset, byteLength / 2);
    case 'int16':
      return new Int16Array(buffer, byteOffset, byteLength / 2);
    case 'uint32':
      return new Uint32Array(buffer, byteOffset, byteLength / 4);
    case 'int32':
      return new Int32Array(buffer, byteOffset, byteLength / 4);
    case 'uint64':
      return new BigUint64Array(buffer, byteOffset, byteLength / 8);
    case 'int64':
      return new BigInt64Array(buffer, byteOffset, byteLength / 8);
    case 'float16':
    case 'float32':
      return new Float32Array(buffer, byteOffset, byteLength / 4);
    case 'float64':
      return new Float64Array(buffer, byteOffset, byteLength / 8);
    default:
      throw new SwathError('Unsupported', `reading ${dtype} samples`);
  }
}

/** Fills with a value of the type: integers are truncated and wrapped only if they fit, else 0 stays. */
export function fillSamples(samples: Samples, value: number): void {
  if (samples instanceof BigUint64Array || samples instanceof BigInt64Array) {
    if (Number.isSafeInteger(value)) samples.fill(BigInt(value));
    return;
  }
  samples.fill(value);
  if (
    samples.length > 0 &&
    samples[0] !== value &&
    !(samples instanceof Float32Array) &&
    !Number.isNaN(value)
  ) {
    samples.fill(0);
  }
}

/** Rectangles of samples inside larger rows; all counts in samples. */
export interface CopyPlan {
  readonly rows: number;
  readonly columns: number;
  readonly fromStart: number;
  readonly fromRow: number;
  /** Distance between neighbouring pixels of the band in the source. */
  readonly fromStep: number;
  readonly toStart: number;
  readonly toRow: number;
}

type Lane = Uint8Array | Uint16Array | Uint32Array;

function copyLanes(from: Lane, to: Lane, plan: CopyPlan): void {
  const { rows, columns, fromStep } = plan;
  for (let row = 0; row < rows; row++) {
    let source = plan.fromStart + row * plan.fromRow;
    let target = plan.toStart + row * plan.toRow;
    if (fromStep === 1) {
      to.set(from.subarray(source, source + columns), target);
      continue;
    }
    for (const end = target + columns; target < end; target++, source += fromStep) {
      to[target] = from[source] as number;
    }
  }
}

/** Copies bits, whatever they mean, so that no NaN is altered: by 1, 2 or 4 bytes, 8 as a pair. */
export function copySamples(from: Uint8Array, to: Uint8Array, sampleBytes: number, plan: CopyPlan): void {
  if (sampleBytes === 1) {
    copyLanes(from, to, plan);
  } else if (sampleBytes === 2) {
    copyLanes(new Uint16Array(from.buffer), new Uint16Array(to.buffer), plan);
  } else {
    const source = new Uint32Array(from.buffer);
    const target = new Uint32Array(to.buffer);
    if (sampleBytes === 4) copyLanes(source, target, plan);
    else copyPairs(source, target, plan);
  }
}

function copyPairs(from: Uint32Array, to: Uint32Array, plan: CopyPlan): void {
  for (let row = 0; row < plan.rows; row++) {
    let source = 2 * (plan.fromStart + row * plan.fromRow);
    let target = 2 * (plan.toStart + row * plan.toRow);
    for (const end = target + 2 * plan.columns; target < end; target += 2, source += 2 * plan.fromStep) {
      to[target] = from[source] as number;
      to[target + 1] = from[source + 1] as number;
    }
  }
}
