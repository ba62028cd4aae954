import { describe, expect, it } from 'vitest';
import { lercBytes } from '../../../../test/fuzz/encoders.ts';
import { decodeLerc } from './lerc.ts';

describe('a LERC block', () => {
  it('of bytes that are stored raw has its samples, not its header', async () => {
    const samples = Uint8Array.from({ length: 64 * 64 }, (_, at) => (at * at) & 255);
    const shape = { width: 64, height: 64, depth: 1, sampleBytes: 1 };
    expect([...(await decodeLerc(lercBytes(64, 64, samples), 0, shape))]).toEqual([...samples]);
  });
});
