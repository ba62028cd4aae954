import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { windowGrid } from '@swath/geo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unitBytes } from '../cog/units.ts';
import { writeCog, writeProduct } from '../cog/write.ts';
import type { OpenImage } from '../image.ts';
import { openerOver } from '../open-located.ts';
import { processWindow } from '../process/process-window.ts';
import { jobNames, jobOf, piecesOf, writeSources } from './determinism.fixture.ts';
import { type Executor, inlineExecutor } from './executor.ts';
import { workerExecutor } from './worker-executor.ts';

const locate = async (href: string) => ({ kind: 'file', path: href }) as const;
const open: OpenImage = openerOver(locate);
const inline = inlineExecutor(open);
const crews = [1, 2, 3].map((lanes) => ({ lanes, executor: workerExecutor({ locate, lanes }) }));
let folder = '';
let files = 0;
const fresh = () => join(folder, `out-${files++}.tif`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swath-determinism-'));
  await writeSources(folder);
});

afterAll(async () => {
  await Promise.all(crews.map(({ executor }) => executor.close()));
  await rm(folder, { recursive: true });
});

/** Every level of every band. */
async function pixelsOf(path: string): Promise<unknown> {
  const image = await open(path);
  try {
    const { bands, levels } = image.info;
    return await Promise.all(
      bands.flatMap((_, band) =>
        levels.map(({ width, height }, level) =>
          image.readWindow({ band: band + 1, level, window: { x: 0, y: 0, width, height } }),
        ),
      ),
    );
  } finally {
    await image.close();
  }
}

describe.each(jobNames)('a %s product has the same bytes', (name) => {
  const onePass = async (executor: Executor) => {
    const { spec, source } = jobOf(name, folder);
    return await writeProduct(fresh(), spec, source, executor);
  };

  it('on this thread and on one, two or three lanes', async () => {
    const expected = await onePass(inline);
    expect(expected.counts.valid).toBeGreaterThan(100_000);
    expect(expected.counts.masked).toBeGreaterThan(100);
    for (const { lanes, executor } of crews) {
      const { sha256, counts } = await onePass(executor);
      expect({ lanes, sha256, counts }).toEqual({
        lanes,
        sha256: expected.sha256,
        counts: expected.counts,
      });
    }
  });

  it('on any number of lanes when tiles are placed before all are made, with the pixels it has otherwise', async () => {
    const { spec, source } = jobOf(name, folder);
    const small = { waitingBytes: 3 * unitBytes(spec) };
    const early = async (executor: Executor) => {
      const path = fresh();
      const { sha256 } = await writeProduct(path, spec, source, executor, small);
      return { path, sha256 };
    };
    const expected = await early(inline);
    for (const { executor } of crews) expect((await early(executor)).sha256).toBe(expected.sha256);
    const path = fresh();
    const whole = await writeProduct(path, spec, source, inline);
    expect(expected.sha256).not.toBe(whole.sha256);
    expect(await pixelsOf(expected.path)).toEqual(await pixelsOf(path));
  });

  it('put together from chunks of any shape', async () => {
    const { spec, source } = jobOf(name, folder);
    const expected = await onePass(inline);
    const parts = [];
    for (const window of piecesOf(spec.grid)) {
      const path = fresh();
      const chunk = { ...spec, grid: windowGrid(spec.grid, window), overviews: false };
      await writeProduct(path, chunk, { ...source, origin: { x: window.x, y: window.y } }, inline);
      parts.push({ path, window });
    }
    const { sha256 } = await writeProduct(fresh(), spec, { kind: 'parts', parts }, inline);
    expect(sha256).toBe(expected.sha256);
  });

  it('written from values of windows', async () => {
    const { spec, source } = jobOf(name, folder);
    const expected = await onePass(inline);
    const { sha256 } = await writeCog(fresh(), spec, async (window) => {
      const { planes } = await processWindow(source.work, window, open);
      return planes;
    });
    expect(sha256).toBe(expected.sha256);
  });
});

it('products have the same bytes in Apia and in Turkish', async () => {
  const child = join(import.meta.dirname, 'determinism-child.fixture.ts');
  const env = { ...process.env, TZ: 'Pacific/Apia', LANG: 'tr_TR', LC_ALL: 'tr_TR' };
  const { stdout } = await promisify(execFile)(process.execPath, [child, folder], { env });
  const lines = [];
  for (const name of jobNames) {
    const { spec, source } = jobOf(name, folder);
    const { sha256 } = await writeProduct(fresh(), spec, source, inline);
    lines.push(`${name} ${sha256}\n`);
  }
  expect(stdout).toBe(lines.join(''));
});
