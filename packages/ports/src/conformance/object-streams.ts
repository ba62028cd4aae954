import { sha256Hex } from '@swath/core';
import { expect } from 'vitest';
import type { ObjectsFixture } from './objects.ts';
import { bytes, codeOf, type Suite, text, uniqueName } from './support.ts';

/** 20 MB: more than one part of any multipart upload. */
const bigBytes = 20_000_000;

export function registerObjectStreams({ test }: Suite<ObjectsFixture>): void {
  test('puts a stream, whatever its pieces', async ({ objects }) => {
    const key = uniqueName('stream');
    const info = await objects.put(key, pieces(['a', '', 'bc', 'def']), { sha256: sha256Hex('abcdef') });
    expect(info).toMatchObject({ sizeBytes: 6, sha256: sha256Hex('abcdef') });
    expect(text(await objects.get(key))).toBe('abcdef');
    expect((await objects.put(key, pieces([]))).sizeBytes).toBe(0);
  });

  for (const sha256 of ['known', 'unknown'] as const) {
    test(`puts a stream of 20 MB in parts, its checksum ${sha256}`, async ({ objects }) => {
      const key = uniqueName('big');
      const content = noise(bigBytes);
      const digest = sha256Hex(content);
      const info = await objects.put(key, inChunks(content, 1_234_567), {
        ifAbsent: true,
        ...(sha256 === 'known' ? { sha256: digest } : {}),
      });
      expect(info).toMatchObject({ sizeBytes: bigBytes, sha256: digest });
      expect(await objects.head(key)).toEqual(info);
      expect(sha256Hex(await objects.get(key))).toBe(digest);
      const middle = await objects.getRange(key, 8_388_600, 16);
      expect(Buffer.compare(middle, content.subarray(8_388_600, 8_388_616))).toBe(0);
      const again = objects.put(key, inChunks(content, 5_000_000), { ifAbsent: true, sha256: digest });
      expect(await codeOf(again)).toBe('Conflict');
    });
  }

  test('stores nothing of a long stream whose checksum is another', async ({ objects }) => {
    const key = uniqueName('big-wrong');
    const wrong = objects.put(key, inChunks(noise(bigBytes), 4_000_000), { sha256: sha256Hex('x') });
    expect(await codeOf(wrong)).toBe('Corrupt');
    expect(await objects.head(key)).toBeUndefined();
  });

  test('stores nothing of a stream that fails, and passes its error on', async ({ objects }) => {
    const key = uniqueName('broken');
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield noise(10_000_000);
      throw new RangeError('the source dried up');
    }
    await expect(objects.put(key, broken())).rejects.toThrow('the source dried up');
    expect(await objects.head(key)).toBeUndefined();
  });

  test('stores nothing of a stream that is cancelled on the way', async ({ objects }) => {
    const key = uniqueName('cancelled');
    const controller = new AbortController();
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (let i = 0; ; i++) {
        if (i === 3) controller.abort();
        yield noise(1_000_000);
      }
    }
    const put = objects.put(key, endless(), { signal: controller.signal });
    expect(await codeOf(put)).toBe('Cancelled');
    expect(await objects.head(key)).toBeUndefined();
  });
}

async function* pieces(parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield bytes(part);
}

/** One buffer for all chunks, as file readers have: an adapter that keeps references stores the last chunk n times. */
async function* inChunks(content: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(chunkBytes);
  for (let offset = 0; offset < content.length; offset += chunkBytes) {
    const chunk = content.subarray(offset, offset + chunkBytes);
    buffer.set(chunk);
    yield buffer.subarray(0, chunk.length);
  }
}

/** Bytes that repeat nowhere soon: a linear congruential sequence (Numerical Recipes), its upper byte. */
function noise(length: number): Uint8Array {
  const out = new Uint8Array(length);
  let state = 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    out[i] = state >>> 24;
  }
  return out;
}
