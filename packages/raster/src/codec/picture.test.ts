import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePicture } from './picture.ts';

describe('a lossless WebP picture', () => {
  it('has its alpha samples even when its header calls them unused, which the format says is a hint', async () => {
    const samples = Uint8Array.from({ length: 16 * 16 * 4 }, (_, at) =>
      at % 4 === 3 ? 1 + (at >> 5) : at & 255,
    );
    const raw = { width: 16, height: 16, channels: 4 as const };
    const webp = new Uint8Array(
      await sharp(samples, { raw }).webp({ lossless: true, exact: true }).toBuffer(),
    );
    expect(Buffer.from(webp.subarray(12, 16)).toString()).toBe('VP8L');
    // Byte 20 is VP8L's signature 0x2f; then 14 bits of width, 14 of height, alpha_is_used.
    webp[24] = (webp[24] ?? 0) & ~0x10;
    expect([...(await decodePicture('webp', webp, raw))]).toEqual([...samples]);
  });
});
