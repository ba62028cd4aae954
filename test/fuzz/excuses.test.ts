import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { gdalOrWarn } from '../support/gdal.ts';
import { excuseOf } from './excuses.ts';
import { expectation } from './expectation.ts';
import { compareWithGdal } from './gdal.ts';
import { readSome } from './read.ts';
import { buildTiff, imageTags } from './tiff-builder.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-excuses-'));
afterAll(() => rmSync(folder, { recursive: true }));

const WIDTH = 64;
const ROWS = 8;
const full = Buffer.alloc(WIDTH * ROWS, 7);

/** Ten rows in strips of eight: the last has two, and its stream as many as are given. */
const strips = (last: Uint8Array, compression = 8): Uint8Array =>
  buildTiff([
    {
      tags: imageTags({ width: WIDTH, height: ROWS + 2, rows: ROWS, compression }),
      blocks: [compression === 8 ? deflateSync(full) : zstdCompressSync(full), last],
    },
  ]);

describe('what excuses a difference from GDAL', () => {
  it('is a deflated last strip of more rows than are left, and no other strip', async () => {
    expect(await excuseOf(strips(deflateSync(full)))).toBe('overrun');
    expect(await excuseOf(strips(deflateSync(full.subarray(0, 2 * WIDTH))))).toBeUndefined();
    expect(await excuseOf(strips(new Uint8Array(20)))).toBeUndefined();
  });

  it('is zstd without a checksum', async () => {
    expect(await excuseOf(strips(zstdCompressSync(full), 50_000))).toBe('codec');
  });

  it.skipIf(!gdalOrWarn('that an overrun is excused'))('is counted where GDAL differs so', async () => {
    const bytes = strips(deflateSync(full));
    const outcome = await readSome(bytes);
    writeFileSync(join(folder, '1.tif'), bytes);
    writeFileSync(join(folder, '1.json'), JSON.stringify(expectation(outcome)));
    if (outcome.kind === 'refused') throw outcome.error;
    expect(outcome.reads[0]?.data?.every((sample) => sample === 7)).toBe(true);
    const { compared, differences, excused } = await compareWithGdal(folder, folder);
    expect({ compared, differences }).toEqual({ compared: 1, differences: [] });
    // A GDAL whose libtiff was built with zlib has no difference to be excused.
    expect([{}, { overrun: 1 }]).toContainEqual(excused);
  });
});
