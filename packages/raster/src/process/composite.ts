import { SwathError } from '@swath/core';
import type { Composite } from './work.ts';

/** Reduces one output over time, pixel by pixel; NaN takes no part. */
export interface Reducer {
  /** Adds the plane of the next date. */
  add(plane: Float32Array): void;
  /** The reduced plane; NaN where no date has a value. */
  result(): Float32Array;
}

/** Composites that look at every date; `first` and `none` are mosaics over dates. */
export type ReducingComposite = Exclude<Composite, 'none' | 'first'>;

/**
 * - min, max
 * - mean: summed in float64 in the order of dates, then rounded to single
 * - median: the middle value; of an even number of dates the mean of the two middle ones, in float64, then rounded
 */
export function createReducer(composite: ReducingComposite, pixels: number, dates: number): Reducer {
  switch (composite) {
    case 'min':
      return choosing(pixels, (value, best) => value < best);
    case 'max':
      return choosing(pixels, (value, best) => value > best);
    case 'mean':
      return averaging(pixels);
    case 'median':
      return ranking(pixels, dates);
  }
}

function choosing(pixels: number, better: (value: number, best: number) => boolean): Reducer {
  const best = new Float32Array(pixels).fill(Number.NaN);
  return {
    add(plane) {
      for (let i = 0; i < pixels; i++) {
        const value = plane[i]!;
        if (Number.isNaN(value)) continue;
        const known = best[i]!;
        if (Number.isNaN(known) || better(value, known)) best[i] = value;
      }
    },
    result: () => best,
  };
}

function averaging(pixels: number): Reducer {
  const sums = new Float64Array(pixels);
  const counts = new Uint32Array(pixels);
  return {
    add(plane) {
      for (let i = 0; i < pixels; i++) {
        const value = plane[i]!;
        if (Number.isNaN(value)) continue;
        sums[i] = sums[i]! + value;
        counts[i] = counts[i]! + 1;
      }
    },
    // 0 / 0 is NaN: no date has a value.
    result: () => Float32Array.from(sums, (sum, i) => sum / counts[i]!),
  };
}

function ranking(pixels: number, dates: number): Reducer {
  const samples = new Float32Array(pixels * dates);
  const counts = new Uint32Array(pixels);
  let added = 0;
  return {
    add(plane) {
      if (++added > dates) throw new SwathError('Bug', `a median of ${dates} dates got one more`);
      for (let i = 0; i < pixels; i++) {
        const value = plane[i]!;
        if (Number.isNaN(value)) continue;
        samples[i * dates + counts[i]!] = value;
        counts[i] = counts[i]! + 1;
      }
    },
    result() {
      const medians = new Float32Array(pixels).fill(Number.NaN);
      for (let i = 0; i < pixels; i++) {
        const count = counts[i]!;
        if (count === 0) continue;
        // Typed arrays sort by number, in place.
        const sorted = samples.subarray(i * dates, i * dates + count).sort();
        const middle = count >> 1;
        medians[i] = count % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
      }
      return medians;
    },
  };
}
