import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { georeferenced } from '../../../../test/support/georeferenced.ts';
import { sharedPath } from '../../../../test/support/shared.ts';
import { double, greyIfd, long, makeTiff, short } from '../../../../test/support/tiff-fixture.ts';
import { isRefusalReason, refusals } from '../reasons.ts';
import { goodTiff, place, type UploadWorld, uploadWorld } from '../world.fixture.ts';

let world: UploadWorld;
beforeEach(() => {
  world = uploadWorld();
});

/** Refused by name, and nothing of the file is anywhere. */
async function reasonOf(bytes: Uint8Array, spec: object = {}): Promise<string> {
  const { state, refusal } = await world.upload(bytes, spec);
  expect([state, world.deps.kept.keys(), world.deps.quarantine.keys()]).toEqual(['refused', [], []]);
  expect(refusal?.fix).toBe(refusals[refusal?.reason ?? 'CORRUPT']);
  return refusal?.reason ?? '';
}

const text = (words: string) => new TextEncoder().encode(words);

/** 1 x 1 tiles of a claimed size whose content inflates to `bytes`. */
function bomb(sideTag: number, bytes: number): Uint8Array {
  const block = new Uint8Array(deflateSync(new Uint8Array(bytes)));
  const tags = [
    long(256, sideTag),
    long(257, sideTag),
    short(258, 8),
    short(259, 8),
    short(262, 1),
    short(277, 1),
  ];
  const tiles = [long(322, sideTag), long(323, sideTag)];
  return makeTiff([{ tags: [...tags, ...tiles, ...place], blocks: [block], tiled: true }]);
}

describe('a file is refused', () => {
  it.each([
    ['HTML', 'NOT_A_TIFF', text('<!DOCTYPE html><html>503</html>')],
    [
      'a VRT',
      'NOT_A_TIFF',
      text('<VRTDataset rasterXSize="1"><SourceFilename>/etc/passwd</SourceFilename></VRTDataset>'),
    ],
    ['one byte', 'NOT_A_TIFF', text('I')],
    ['a JPEG 2000', 'NOT_A_TIFF', Uint8Array.of(0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20, 0x0d, 0x0a, 0x87, 0x0a)],
    ['a header alone', 'CORRUPT', Uint8Array.of(0x49, 0x49, 42, 0, 8, 0, 0, 0)],
    ['a TIFF cut short', 'CORRUPT', goodTiff().subarray(0, 60)],
    ['no place', 'NO_GEOREFERENCE', makeTiff([greyIfd(2, [[1, 2]])])],
    ['a place without a CRS', 'NO_GEOREFERENCE', makeTiff([greyIfd(2, [[1, 2]], place.slice(0, 2))])],
    [
      'a place beyond the earth',
      'BAD_GEOREFERENCE',
      makeTiff([
        greyIfd(
          2,
          [[1, 2]],
          [double(33_550, 10, 10, 0), double(33_922, 0, 0, 0, 1e12, 1e12, 0), ...place.slice(2)],
        ),
      ]),
    ],
    ['a bomb in a small tile', 'CORRUPT', bomb(64, 50_000_000)],
    ['a tile of 4 GB', 'TOO_LARGE', bomb(65_536, 1000)],
  ])('%s: %s', async (_what, reason, bytes) => {
    expect(await reasonOf(bytes)).toBe(reason);
  });

  it.each([
    ['CHECKSUM_MISMATCH', { sha256: '0'.repeat(64) }],
    ['BANDS_MISMATCH', { bands: [{ name: 'red' }, { name: 'nir' }] }],
    ['BAD_NODATA', { nodata: -9999 }],
    ['BAD_NODATA', { nodata: 'nan' }],
  ])('%s: a good one with %j', async (reason, spec) => {
    expect(await reasonOf(goodTiff(), spec)).toBe(reason);
  });

  it('NO_VALID_PIXELS: nothing but nodata', async () => {
    expect(await reasonOf(makeTiff([greyIfd(2, [[7, 7]], place)]), { nodata: 7 })).toBe('NO_VALID_PIXELS');
  });
});

const broken = sharedPath('data', '03-imagery', 'broken');
if (broken === undefined) console.warn('skipped: no shared data');

describe.skipIf(broken === undefined)('broken files', () => {
  const files = readdirSync(broken ?? '.', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

  it('are all refused by name, and nothing of them is published', async () => {
    expect(files.length).toBeGreaterThan(100);
    for (const file of files) {
      const reason = await reasonOf(new Uint8Array(readFileSync(file)));
      expect([file, isRefusalReason(reason)]).toEqual([file, true]);
    }
  }, 60_000);

  it('with a place on earth end by a name, too: those that can be read whole are taken, the others leave nothing', async () => {
    for (const file of files) {
      const bytes = georeferenced(readFileSync(file), { pixelM: 10, x: 500_000, y: 5_000_000 });
      const { state, refusal, id } = await world.upload(new Uint8Array(bytes));
      if (state === 'refused') expect(isRefusalReason(refusal?.reason ?? '')).toBe(true);
      else expect([file, state]).toEqual([file, 'registered']);
      const kept = world.deps.kept.keys().filter((key) => key.includes(id));
      expect(kept).toHaveLength(state === 'registered' ? 1 : 0);
      expect(world.deps.quarantine.keys()).toEqual([]);
    }
  }, 60_000);
});
