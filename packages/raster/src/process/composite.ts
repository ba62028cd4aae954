import { SwathError } from '@swath/core';
import type { KernelSpace } from '../kernels/space.ts';
import type { Composite } from './work.ts';

/** Reduces one output over time, pixel by pixel; NaN takes no part. Planes are addresses of `pixels` singles. */
export interface Reducer {
  /** Where the plane of the next date is to be computed: cleared to NaN. */
  next(): number;
  /** Takes the plane of {@link next} in. */
  add(): void;
  /** Writes the reduced plane; NaN where no date has a value. */
  result(to: number): void;
}

/** Composites that look at every date; `first` and `none` are mosaics over dates. */
export type ReducingComposite = Exclude<Composite, 'none' | 'first'>;

/**
 * - min, max
 * - mean: summed in float64 in the order of dates, then rounded to single
 * - median: the middle value; of an even number of dates the mean of the two middle ones, in float64, then rounded
 *
 * Memory is taken from the space now and is the caller's to release.
 */
export function createReducer(
  composite: ReducingComposite,
  space: KernelSpace,
  pixels: number,
  dates: number,
): Reducer {
  switch (composite) {
    case 'min':
    case 'max':
      return choosing(space, pixels, composite);
    case 'mean':
      return averaging(space, pixels);
    case 'median':
      return ranking(space, pixels, dates);
  }
}

function cleared(space: KernelSpace, plane: number, pixels: number): number {
  space.singles(plane, pixels).fill(Number.NaN);
  return plane;
}

function choosing(space: KernelSpace, pixels: number, composite: 'min' | 'max'): Reducer {
  const plane = space.take(4 * pixels);
  const best = cleared(space, space.take(4 * pixels), pixels);
  return {
    next: () => cleared(space, plane, pixels),
    add() {
      if (composite === 'min') space.kernels.keepSmaller(best, plane, pixels);
      else space.kernels.keepLarger(best, plane, pixels);
    },
    result(to) {
      space.bytes(to, 4 * pixels).set(space.bytes(best, 4 * pixels));
    },
  };
}

function averaging(space: KernelSpace, pixels: number): Reducer {
  const plane = space.take(4 * pixels);
  const sums = space.take(8 * pixels);
  const counts = space.take(4 * pixels);
  space.bytes(sums, 8 * pixels).fill(0);
  space.bytes(counts, 4 * pixels).fill(0);
  return {
    next: () => cleared(space, plane, pixels),
    add: () => space.kernels.addToSums(sums, counts, plane, pixels),
    result: (to) => space.kernels.meansOf(sums, counts, pixels, to),
  };
}

function ranking(space: KernelSpace, pixels: number, dates: number): Reducer {
  // Whole vectors of four pixels, so that no plane's last one reaches into the next.
  const planeBytes = 16 * Math.ceil(pixels / 4);
  const planes = space.take(planeBytes * dates);
  const scratch = space.take(16 * (dates + 1));
  let added = 0;
  return {
    next() {
      if (added >= dates) throw new SwathError('Bug', `a median of ${dates} dates got one more`);
      return cleared(space, planes + added * planeBytes, planeBytes / 4);
    },
    add() {
      added++;
    },
    result: (to) => space.kernels.mediansOf(planes, planeBytes, added, pixels, scratch, to),
  };
}
