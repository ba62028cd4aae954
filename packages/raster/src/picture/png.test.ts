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

/** A square of so many colours, each met again and again in no order. */
function coloured(colours: number): { width: number; height: number; rgba: Uint8Array } {
  const side = 40;
  const rgba = new Uint8Array(side * side * 4);
  const view = new DataView(rgba.buffer);
  for (let i = 0; i < side * side; i++) {
    const index = i < colours ? i : (Math.imul(i, 0x9e3779b1) >>> 9) % colours;
    view.setUint32(4 * i, Math.imul(index, 0x85ebca6b) >>> 0);
  }
  return { width: side, height: side, rgba };
}

/** What libvips reads, and whether it read a palette. */
async function read(picture: { width: number; height: number; rgba: Uint8Array }) {
  const png = await encodePng(picture.rgba, picture);
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([picture.width, picture.height, 4]);
  return { rgba: new Uint8Array(data), colorType: png[25], sizeBytes: png.length };
}

describe('our own PNG', () => {
  it('is read by libvips as the pixels it was made of', async () => {
    await fc.assert(
      fc.asyncProperty(pictures, async (picture) => {
        expect((await read(picture)).rgba).toEqual(picture.rgba);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    [1, 3],
    [2, 3],
    [256, 3],
    [257, 6],
  ])('of %i colours has color type %i', async (colours, colorType) => {
    const picture = coloured(colours);
    const found = await read(picture);
    expect(found.rgba).toEqual(picture.rgba);
    expect(found.colorType).toBe(colorType);
  });

  it('of a ramp is smaller than what libvips writes', async () => {
    const picture = coloured(200);
    const raw = { width: picture.width, height: picture.height, channels: 4 } as const;
    const other = await sharp(picture.rgba, { raw }).png({ compressionLevel: 6 }).toBuffer();
    expect((await read(picture)).sizeBytes).toBeLessThan(other.length);
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
