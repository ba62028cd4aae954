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

describe('a JPEG picture', () => {
  const raw = { width: 32, height: 32, channels: 3 as const };
  const pixels = Uint8Array.from({ length: 32 * 32 * 3 }, (_, at) => (at * 13) & 255);
  const encoded = async () => new Uint8Array(await sharp(pixels, { raw }).jpeg().toBuffer());

  it.each([
    ['8 bytes too few before its end', (jpeg: Uint8Array) => [jpeg.subarray(0, -10), jpeg.subarray(-2)]],
    [
      'a restart marker that no interval explains',
      (jpeg: Uint8Array) => [jpeg.subarray(0, -30), Uint8Array.of(0xff, 0xd3), jpeg.subarray(-30)],
    ],
  ])('that decodes only with warnings is Corrupt: %s', async (_name, damage) => {
    const jpeg = await encoded();
    expect(await decodePicture('jpeg', jpeg, raw)).toHaveLength(pixels.length);
    const damaged = new Uint8Array(Buffer.concat(damage(jpeg)));
    // It does decode, to that many samples, for whoever takes errors alone.
    expect(await sharp(damaged, { failOn: 'error' }).raw().toBuffer()).toHaveLength(pixels.length);
    await expect(decodePicture('jpeg', damaged, raw)).rejects.toMatchObject({ code: 'Corrupt' });
  });
});
