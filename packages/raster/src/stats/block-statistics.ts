import { SwathError } from '@swath/core';
import { BYTES_PER_SAMPLE, nodataNumber, sampleCode } from '../cog/samples.ts';
import { FINE_PAGE_BINS, FINE_PAGES, MOMENTS } from '../kernels/kernels.ts';
import type { KernelSpace } from '../kernels/space.ts';
import type { StoredType } from '../process/work.ts';
import { createStatistics, type StatisticsAccumulator } from './accumulator.ts';

/** Stored samples of a block in kernel memory. */
export interface StoredBlock {
  readonly at: number;
  readonly rowBytes: number;
  readonly width: number;
  readonly height: number;
}

/** Collects one band's statistics from stored samples, block by block. */
export interface BlockStatistics {
  /** `index`: the block's place in the image; each may be added once. */
  add(index: number, block: StoredBlock): void;
  /** All that was added. */
  accumulator(): StatisticsAccumulator;
}

/** 32-bit counts are emptied into doubles before they can overflow: a block has at most 2^24 pixels. */
const BLOCKS_BEFORE_FLUSH = 128;

/**
 * Pages of the fine histogram held at once, of all bands together: an index between -1 and 1 has eight for every power of
 * two of its values, some 300 in all. When they run out, their counts move to where they are summed.
 */
const PAGES_HELD = 1024;
const PAGES_HELD_MIN = 32;

/** Takes its tables from the space, for as long as the space lives. `bands` share what there is for tables. */
export function blockStatistics(space: KernelSpace, stored: StoredType, bands: number): BlockStatistics {
  const into = createStatistics(stored);
  if (into.counts !== null) return countStatistics(space, into, into.counts);
  return momentStatistics(space, into, Math.max(PAGES_HELD_MIN, Math.floor(PAGES_HELD / bands)));
}

function countStatistics(
  space: KernelSpace,
  into: StatisticsAccumulator,
  totals: Float64Array,
): BlockStatistics {
  const { stored } = into;
  const table = space.take(4 * totals.length);
  space.words(table, totals.length).fill(0);
  let waiting = 0;
  const flush = () => {
    const counts = space.words(table, totals.length);
    for (let i = 0; i < totals.length; i++) totals[i] = totals[i]! + counts[i]!;
    counts.fill(0);
    waiting = 0;
  };
  return {
    add(_index, { at, rowBytes, width, height }) {
      const nodata = nodataNumber(stored);
      space.kernels.countNumbers(at, rowBytes, width, height, sampleCode(stored), nodata, table);
      if (++waiting >= BLOCKS_BEFORE_FLUSH) flush();
    },
    accumulator() {
      flush();
      return into;
    },
  };
}

function momentStatistics(
  space: KernelSpace,
  into: StatisticsAccumulator,
  pagesHeld: number,
): BlockStatistics {
  const { stored } = into;
  const type = sampleCode(stored);
  const nodata = nodataNumber(stored);
  const moments = space.take(5 * 8);
  const directory = space.take(4 * FINE_PAGES);
  const pages = space.take(4 * FINE_PAGE_BINS * pagesHeld);
  space.words(directory, FINE_PAGES).fill(0);
  const held: number[] = [];
  let waiting = 0;

  function flush(): void {
    for (const [slot, key] of held.entries()) {
      const counts = space.words(pages + 4 * FINE_PAGE_BINS * slot, FINE_PAGE_BINS);
      const known = into.fine.pages.get(key) ?? new Float64Array(FINE_PAGE_BINS);
      for (let bin = 0; bin < FINE_PAGE_BINS; bin++) known[bin] = known[bin]! + counts[bin]!;
      into.fine.pages.set(key, known);
    }
    space.words(directory, FINE_PAGES).fill(0);
    held.length = 0;
    waiting = 0;
  }

  function addPage(key: number): void {
    if (held.length >= pagesHeld) flush();
    const page = pages + 4 * FINE_PAGE_BINS * held.length;
    space.words(page, FINE_PAGE_BINS).fill(0);
    space.words(directory, FINE_PAGES)[key] = page;
    held.push(key);
  }

  return {
    add(index, { at, rowBytes, width, height }) {
      if (into.moments.has(index)) throw new SwathError('Bug', `statistics: block ${index} was added twice`);
      const { kernels } = space;
      kernels.moments(at, rowBytes, width, height, type, nodata, moments);
      const found = space.doubles(moments, 5);
      const count = found[MOMENTS.count]!;
      if (count === 0) return;
      into.moments.set(index, {
        count,
        min: found[MOMENTS.min]!,
        max: found[MOMENTS.max]!,
        mean: found[MOMENTS.mean]!,
        m2: found[MOMENTS.m2]!,
      });
      for (let start = 0; ; ) {
        start = kernels.fineHistogram(at, rowBytes, width, height, type, nodata, directory, start);
        if (start < 0) break;
        const column = start % width;
        const address = at + ((start - column) / width) * rowBytes + column * BYTES_PER_SAMPLE[stored.dtype];
        addPage(kernels.fineKey(address, type));
      }
      if (++waiting >= BLOCKS_BEFORE_FLUSH) flush();
    },
    accumulator() {
      flush();
      return into;
    },
  };
}
