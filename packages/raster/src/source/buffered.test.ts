import { isSwathError } from '@swath/core';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../image.ts';
import { bufferedSource } from './buffered.ts';
import { lru } from './lru.ts';
import { memorySource } from './memory.ts';

const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => at % 251);

function counted(): { source: ByteSource; reads: string[] } {
  const inner = memorySource(bytes);
  const reads: string[] = [];
  return {
    reads,
    source: {
      ...inner,
      read(offset, length, signal) {
        reads.push(`${offset}+${length}`);
        return inner.read(offset, length, signal);
      },
    },
  };
}

describe('bufferedSource', () => {
  it('reads the first 32 KiB once for any number of header reads at the same time', async () => {
    const { source, reads } = counted();
    const buffered = bufferedSource(source);
    const parts = await Promise.all([
      buffered.read(0, 8),
      buffered.read(8, 1000),
      buffered.read(32_000, 768),
    ]);
    expect(parts.map((part) => part.length)).toEqual([8, 1000, 768]);
    expect(parts[1]?.[0]).toBe(8);
    expect(reads).toEqual(['0+32768']);
  });

  it('keeps pages of headers that lie elsewhere, and cuts at the end of the source', async () => {
    const { source, reads } = counted();
    const buffered = bufferedSource(source);
    expect(await buffered.read(299_990, 100)).toHaveLength(10);
    expect(await buffered.read(299_995, 3)).toEqual(bytes.subarray(299_995, 299_998));
    expect(reads).toEqual(['299990+32768']);
  });

  it('fetches near ranges together and returns them in the order asked', async () => {
    const { source, reads } = counted();
    const parts = await bufferedSource(source).readRanges([
      { offset: 200_000, length: 10 },
      { offset: 10, length: 5 },
      { offset: 60_000, length: 7 },
    ]);
    expect(parts.map((part) => [...part])).toEqual([
      [...bytes.subarray(200_000, 200_010)],
      [...bytes.subarray(10, 15)],
      [...bytes.subarray(60_000, 60_007)],
    ]);
    expect(reads).toEqual(['10+59997', '200000+10']);
  });

  it('says Corrupt, with both numbers, when a range passes the end', async () => {
    const error = await bufferedSource(memorySource(bytes))
      .readRanges([{ offset: 299_999, length: 2 }])
      .catch((caught: unknown) => caught);
    expect(isSwathError(error, 'Corrupt')).toBe(true);
    expect(String(error)).toMatch(/300001.*300000/);
  });

  it('hands out each range as soon as its fetch is there, whatever the others wait for', async () => {
    const late = Promise.withResolvers<Uint8Array>();
    const inner = memorySource(bytes);
    const buffered = bufferedSource({
      ...inner,
      read: (offset, length) => (offset === 0 ? late.promise : inner.read(offset, length)),
    });
    const [first, second] = buffered.streamRanges([
      { offset: 0, length: 10 },
      { offset: 200_000, length: 10 },
    ]);
    expect(await second).toEqual(bytes.subarray(200_000, 200_010));
    late.resolve(bytes.subarray(0, 10));
    expect(await first).toEqual(bytes.subarray(0, 10));
  });

  it('settles every range when one fetch fails', async () => {
    const inner = memorySource(bytes);
    let reads = 0;
    const buffered = bufferedSource({
      ...inner,
      read: async (offset, length) => {
        reads++;
        if (offset === 0) throw new Error('first');
        return await inner.read(offset, length);
      },
    });
    const ranges = [0, 1, 2].map((at) => ({ offset: at * 100_000, length: 10 }));
    const results = await Promise.allSettled(buffered.streamRanges(ranges));
    expect(results[0]?.status).toBe('rejected');
    expect(reads).toBe(3);
    await expect(buffered.readRanges(ranges)).rejects.toThrow('first');
  });

  it('tries the header again after a failure', async () => {
    let calls = 0;
    const source: ByteSource = {
      ...memorySource(bytes),
      async read() {
        calls++;
        if (calls === 1) throw new Error('first');
        return bytes.subarray(0, 32_768);
      },
    };
    const buffered = bufferedSource(source);
    await expect(buffered.read(0, 4)).rejects.toThrow('first');
    expect(await buffered.read(0, 4)).toHaveLength(4);
  });
});

describe('lru', () => {
  it('drops the least recently used when the weights pass the budget, and never keeps what is too heavy', () => {
    const dropped: string[] = [];
    const cache = lru<string>(10, (value) => dropped.push(value));
    cache.set('a', 'A', 4);
    cache.set('b', 'B', 4);
    cache.get('a');
    cache.set('c', 'C', 4);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['A', undefined, 'C']);
    cache.set('d', 'D', 11);
    expect(cache.get('d')).toBeUndefined();
    expect(dropped).toEqual(['B']);
  });
});
