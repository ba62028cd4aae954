import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { swathRunner } from '../../../test/support/swath-runner.ts';
import { double, greyIfd, makeTiff, short } from '../../../test/support/tiff-fixture.ts';

const rows = [0, 40, 80, 120].map((first) => [first, first + 10, first + 20, first + 30]);
let folder: string;
let swath: ReturnType<typeof swathRunner>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swath-offline-'));
  swath = swathRunner({ cwd: folder, env: {} });
  await writeFile(join(folder, 'grey.tif'), makeTiff([greyIfd(4, rows)]));
  await writeFile(join(folder, 'not.tif'), 'hello');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('raster info', () => {
  it('tells one line a file, also for files that fail, and ends with the first failure', async () => {
    const ran = await swath(['raster', 'info', 'grey.tif', 'none.tif', 'not.tif', '--json', '--checksum']);
    const lines = ran.stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(lines).toMatchObject([
      {
        file: 'grey.tif',
        width: 4,
        height: 4,
        bands: 1,
        dtype: 'uint8',
        checksums: [
          {
            band: 1,
            sha256: createHash('sha256').update(Uint8Array.from(rows.flat())).digest('hex'),
            min: 0,
            max: 150,
            mean: 75,
          },
        ],
      },
      { file: 'none.tif', error: { code: 'NotFound' } },
      { file: 'not.tif', error: { code: 'Corrupt' } },
    ]);
    expect(ran.code).toBe(3);
  });

  it('is text for people', async () => {
    const ran = await swath(['raster', 'info', 'grey.tif']);
    expect(ran.stdout).toMatch(/^grey\.tif\n {2}width: 4\n/);
    expect(ran.code).toBe(0);
  });
});

describe('indices', () => {
  it('finds one by name and several by a word', async () => {
    const one = JSON.parse((await swath(['indices', 'ndvi', '--json'])).stdout) as { name: string }[];
    expect(one.map((i) => i.name)).toEqual(['NDVI']);
    expect((await swath(['indices', 'water'])).stdout).toContain('NDWI');
    expect((await swath(['indices', 'nothing like it'])).code).toBe(3);
  });
});

describe('search --stac', () => {
  it('is 5 when the API is away, 2 when the question is wrong', async () => {
    expect((await swath(['search', '--stac', 'http://127.0.0.1:9', '--datetime', '2024-02-30'])).code).toBe(
      2,
    );
    const wrong = await swath(['search', '--stac', 'ftp://x', '--json']);
    expect([wrong.code, JSON.parse(wrong.stdout)]).toMatchObject([2, { error: { code: 'InvalidInput' } }]);
  });
});

describe('run', () => {
  it('says what is wrong with a specification, and where', async () => {
    const ran = await swath(['run', '--index', 'NVDI', '--item', 'grey.tif', '--out', 'out', '--json']);
    expect(ran.code).toBe(2);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      error: { code: 'InvalidInput', pointer: '/pipeline/index', fix: expect.stringContaining('NDVI') },
    });
  });

  it('makes a result of bare files', async () => {
    const spec = {
      items: [{ href: 'geo.tif', band: 'grey', datetime: '2024-07-05T10:00:00Z' }],
      pipeline: { bands: ['grey'] },
      mask: 'none',
      radiometry: 'raw',
    };
    await writeFile(join(folder, 'geo.tif'), geoTiff());
    const ran = await swath(['run', '-', '--out', 'out', '--json'], { stdin: JSON.stringify(spec) });
    expect(ran.code, ran.stderr).toBe(0);
    const answer = JSON.parse(ran.stdout) as { results: { path: string; label: string }[] };
    expect(answer.results[0]).toMatchObject({
      label: '2024-07-05',
      statistics: { grey: { max: 150, mean: 75 } },
    });
    const made = await swath(['raster', 'info', answer.results[0]?.path ?? '', '--json']);
    expect(JSON.parse(made.stdout)).toMatchObject({
      width: 4,
      height: 4,
      dtype: 'float32',
      crs: 'EPSG:32631',
    });
  });
});

/** The same pixels at 10 m in UTM 31 north. */
function geoTiff(): Uint8Array {
  return makeTiff([
    greyIfd(4, rows, [
      double(33550, 10, 10, 0),
      double(33922, 0, 0, 0, 600_000, 5_700_000, 0),
      short(34735, 1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32631),
    ]),
  ]);
}
