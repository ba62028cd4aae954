import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { encodePng } from './png.ts';

const pictures = fc
  .record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 40 }) })
  .chain(({ width, height }) => {
    const length = width * height * 4;
    return fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      rgba: fc.uint8Array({ minLength: length, maxLength: length }),
    });
  });

describe('our own PNG', () => {
  it('is read by libvips as the pixels it was made of', async () => {
    await fc.assert(
      fc.asyncProperty(pictures, async (picture) => {
        const { data, info } = await sharp(await encodePng(picture.rgba, picture))
          .raw()
          .toBuffer({ resolveWithObject: true });
        expect([info.width, info.height, info.channels]).toEqual([picture.width, picture.height, 4]);
        expect(new Uint8Array(data)).toEqual(picture.rgba);
      }),
      { numRuns: 40 },
    );
  });

  it('refuses what is too large, and bytes that are not those of its size', async () => {
    await expect(encodePng(new Uint8Array(4), { width: 5000, height: 1 })).rejects.toMatchObject({
      code: 'LimitExceeded',
    });
    await expect(encodePng(new Uint8Array(5), { width: 1, height: 1 })).rejects.toMatchObject({
      code: 'Bug',
    });
  });
});
