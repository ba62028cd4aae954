import { COALESCE_GAP_BYTES, COALESCE_MAX_BYTES } from '../limits.ts';

export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** One fetch and the wanted ranges inside it (indices into the planner's input). */
export interface Fetch extends ByteRange {
  readonly members: readonly number[];
}

/**
 * Which fetches bring all ranges: neighbours with a gap of at most 64 KiB become one fetch of at most 8 MiB.
 * Ranges may come in any order and overlap. A single range above the maximum stays one fetch.
 */
export function planFetches(ranges: readonly ByteRange[]): Fetch[] {
  const order = ranges
    .map((_, index) => index)
    .sort((a, b) => (ranges[a]?.offset ?? 0) - (ranges[b]?.offset ?? 0));
  const fetches: { offset: number; length: number; members: number[] }[] = [];
  for (const index of order) {
    const range = ranges[index];
    if (range === undefined) continue;
    const last = fetches.at(-1);
    if (last !== undefined) {
      const end = Math.max(last.offset + last.length, range.offset + range.length);
      const gap = range.offset - (last.offset + last.length);
      if (gap <= COALESCE_GAP_BYTES && end - last.offset <= COALESCE_MAX_BYTES) {
        last.length = end - last.offset;
        last.members.push(index);
        continue;
      }
    }
    fetches.push({ offset: range.offset, length: range.length, members: [index] });
  }
  return fetches;
}
