import { SwathError } from '@swath/core';
import type { ByteSource } from '../image.ts';
import { HEADER_READ_BYTES, MAX_HEADER_PAGES, MAX_PARALLEL_FETCHES } from '../limits.ts';
import { type ByteRange, planFetches } from './ranges.ts';

/** A source that remembers its header and fetches neighbouring blocks together. */
export interface BufferedSource extends ByteSource {
  /**
   * Every range, in the order asked. Not remembered. At most 6 fetches in flight.
   * @throws SwathError Corrupt when a range reaches past the end of the source.
   */
  readRanges(ranges: readonly ByteRange[], signal?: AbortSignal): Promise<Uint8Array[]>;
  /**
   * The same, each range as soon as its fetch is there. All promises settle; when one fetch fails, every
   * range that is not there yet fails with it.
   */
  streamRanges(ranges: readonly ByteRange[], signal?: AbortSignal): Promise<Uint8Array>[];
}

/**
 * Wraps a source: the first 32 KiB are read once and shared by all callers; small reads elsewhere fetch and keep
 * 32 KiB pages. Shared reads do not carry a caller's AbortSignal, so that one caller leaving cannot fail another.
 */
export function bufferedSource(source: ByteSource): BufferedSource {
  const pages = new Map<number, Promise<Uint8Array>>();

  function page(offset: number): Promise<Uint8Array> {
    const kept = pages.get(offset);
    if (kept !== undefined) return kept;
    const reading = source.read(offset, HEADER_READ_BYTES);
    pages.set(offset, reading);
    reading.catch(() => pages.delete(offset));
    if (pages.size > MAX_HEADER_PAGES + 1) {
      for (const key of pages.keys()) {
        if (key !== 0 && key !== offset) {
          pages.delete(key);
          break;
        }
      }
    }
    return reading;
  }

  async function fromPages(offset: number, length: number): Promise<Uint8Array> {
    for (const [start, reading] of pages) {
      if (offset >= start && offset + length <= start + HEADER_READ_BYTES) {
        return (await reading).subarray(offset - start, offset - start + length);
      }
    }
    const start = offset + length <= HEADER_READ_BYTES ? 0 : offset;
    return (await page(start)).subarray(offset - start, offset - start + length);
  }

  async function exactly(range: ByteRange, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const bytes = await source.read(range.offset, range.length, signal);
    if (bytes.length === range.length) return bytes;
    throw new SwathError(
      'Corrupt',
      `${source.name}: bytes ${range.offset} to ${range.offset + range.length} reach past its end at ${range.offset + bytes.length}`,
    );
  }

  function streamRanges(ranges: readonly ByteRange[], signal?: AbortSignal): Promise<Uint8Array>[] {
    const slots = ranges.map(() => Promise.withResolvers<Uint8Array>());
    const fetches = planFetches(ranges);
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let fetch = fetches[next++]; fetch !== undefined; fetch = fetches[next++]) {
        const bytes = await exactly(fetch, signal);
        for (const index of fetch.members) {
          const range = ranges[index];
          if (range === undefined) continue;
          const at = range.offset - fetch.offset;
          slots[index]?.resolve(bytes.subarray(at, at + range.length));
        }
      }
    };
    for (let count = Math.min(MAX_PARALLEL_FETCHES, fetches.length); count > 0; count--) {
      worker().catch((error: unknown) => {
        next = fetches.length;
        // A slot that has its bytes keeps them; the others, also those on their way, have no one to wait for.
        for (const slot of slots) slot.reject(error);
      });
    }
    // A caller that stops at the first failure leaves the others unwatched: they are no surprise to anyone.
    for (const { promise } of slots) promise.catch(() => {});
    return slots.map(({ promise }) => promise);
  }

  return {
    name: source.name,
    ...(source.remote === undefined ? {} : { remote: source.remote }),
    async read(offset, length, signal) {
      if (signal?.aborted) throw new SwathError('Cancelled', `Reading ${source.name} was cancelled.`);
      return length <= HEADER_READ_BYTES
        ? await fromPages(offset, length)
        : await source.read(offset, length, signal);
    },
    async size() {
      await page(0);
      return await source.size();
    },
    close: () => source.close(),
    ...(source.recycle === undefined ? {} : { recycle: (bytes) => source.recycle?.(bytes) }),
    streamRanges,
    readRanges: (ranges, signal) => Promise.all(streamRanges(ranges, signal)),
  };
}
