import { describe, expect, it } from 'vitest';
import { type BuilderTag, buildTiff, imageTags } from '../../../../test/fuzz/tiff-builder.ts';
import type { RasterImage } from '../image.ts';
import { MAX_JPEG_TABLES_BYTES } from '../limits.ts';
import { bufferedSource } from '../source/buffered.ts';
import { lru } from '../source/lru.ts';
import { memorySource } from '../source/memory.ts';
import { openTiff } from './open-tiff.ts';

const IMAGE_WIDTH = 256;
const JPEG_TABLES = 347;
const [LONG, UNDEFINED, NO_SUCH_TYPE] = [4, 7, 99];

/** A 4 x 2 image of bytes in one strip; tags in the order given, which is that of their numbers. */
const openWith = (tags: readonly BuilderTag[]): Promise<RasterImage> => {
  const bytes = buildTiff([{ tags, blocks: [Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)] }]);
  const source = bufferedSource(memorySource(bytes, 'odd.tif'));
  return openTiff({ source, cache: lru(1 << 20), cacheKey: 'odd' });
};

const window = { x: 0, y: 0, width: 4, height: 2 };

describe('tables that JPEG blocks share', () => {
  const withTables = (length: number) =>
    openWith(
      imageTags({ width: 4, height: 2, compression: 7 }, [
        { tag: JPEG_TABLES, type: UNDEFINED, values: new Uint8Array(length) },
      ]),
    );

  it('may be as long as the limit', async () => {
    const image = await withTables(MAX_JPEG_TABLES_BYTES);
    // The block is no JPEG: that is found once it is read.
    const reading = image.readWindow({ band: 1, level: 0, window });
    await expect(reading).rejects.toMatchObject({ code: 'Corrupt', message: expect.stringContaining('SOI') });
  });

  it('pass the limit by a byte', async () => {
    await expect(withTables(MAX_JPEG_TABLES_BYTES + 1)).rejects.toMatchObject({
      code: 'LimitExceeded',
      message: expect.stringContaining(`${MAX_JPEG_TABLES_BYTES}`),
    });
  });
});

describe('a tag that stands twice', () => {
  const [, ...others] = imageTags({ width: 4, height: 2 });
  const first = (type: number): BuilderTag => ({ tag: IMAGE_WIDTH, type, values: [4], count: 1 });
  const second: BuilderTag = { tag: IMAGE_WIDTH, type: LONG, values: [4] };

  it('counts once: the first is taken', async () => {
    const image = await openWith([first(LONG), { ...second, values: [4_000_000] }, ...others]);
    expect(image.info.width).toBe(4);
    expect([...(await image.readWindow({ band: 1, level: 0, window })).data]).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8,
    ]);
  });

  it('is Corrupt when the first is of no known field type, however sound the second', async () => {
    await expect(openWith([first(NO_SUCH_TYPE), second, ...others])).rejects.toMatchObject({
      code: 'Corrupt',
      message: expect.stringMatching(/ImageWidth.*field type 99/),
    });
  });
});
