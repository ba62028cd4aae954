import { SwathError, silentLogger } from '@swath/core';
import { fixedClock, memoryObjects, seededRandom } from '@swath/ports/memory/index';
import { describe, expect, it } from 'vitest';
import type { TableFiles } from '../files.ts';
import { folderKey, requestFile } from '../keys.ts';
import { SOURCES_STAY_MS } from '../limits.ts';
import { encodeRows } from '../parquet/encode.ts';
import { usageTable } from '../tables/index.ts';
import { compact } from './compact.ts';
import { newestByRequest } from './newest.ts';

const startMs = Date.UTC(2026, 0, 10, 12);
const folder = folderKey(usageTable, { date: '2026-01-09', collection: 'a b/c*' });
const requestId = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** A request at a version has as many rows, of that version's number. */
async function record(files: TableFiles, n: number, version: number): Promise<void> {
  const rows = Array.from({ length: (version % 3) + 1 }, (_, i) => ({
    request_id: requestId(n),
    project: 'p',
    collection: 'a b/c*',
    attempt: i + 1,
    compute_seconds: version,
    version,
    generation: 0,
  }));
  const key = `${folder}${requestFile(requestId(n), version)}`;
  await files
    .put(key, encodeRows(usageTable.columns, rows), { ifAbsent: true, contentType: '' })
    .catch((error: SwathError) => expect(error.code).toBe('Conflict'));
}

/** What the view shows: `request -> version`, checked to be whole and once. */
async function shown(files: TableFiles): Promise<Record<number, number>> {
  const newest = await newestByRequest(usageTable, files);
  return Object.fromEntries(
    [...newest].map(([id, rows]) => {
      const version = Number(rows[0]?.['version']);
      expect(rows.map((row) => row['attempt'])).toEqual(
        Array.from({ length: (version % 3) + 1 }, (_, i) => i + 1),
      );
      expect(rows.every((row) => row['compute_seconds'] === version)).toBe(true);
      return [Number(id.slice(-12)), version];
    }),
  );
}

const keysOf = async (files: TableFiles) =>
  (await files.list('')).objects.map(({ key }) => key.slice(folder.length));

describe('compaction', () => {
  it('makes one file of a day, and removes the others an hour later', async () => {
    const files = memoryObjects();
    const clock = fixedClock(startMs);
    for (let n = 0; n < 5; n++) await record(files, n, 3);
    const deps = { analytics: files, clock, log: silentLogger };
    expect(await compact(deps)).toMatchObject({ made: 1, merged: 5, removed: 0, failed: 0 });
    expect(await keysOf(files)).toHaveLength(6);
    clock.advance(SOURCES_STAY_MS - 1);
    expect(await compact(deps)).toMatchObject({ made: 0, removed: 0 });
    clock.advance(1);
    expect(await compact(deps)).toMatchObject({ made: 0, removed: 5 });
    expect(await keysOf(files)).toEqual(['day-00000001.parquet']);
    expect(await shown(files)).toEqual({ 0: 3, 1: 3, 2: 3, 3: 3, 4: 3 });
  });

  it('lets rows of a later attempt replace those that were merged', async () => {
    const files = memoryObjects();
    const clock = fixedClock(startMs);
    const deps = { analytics: files, clock, log: silentLogger };
    await record(files, 1, 5);
    await record(files, 2, 5);
    await compact(deps);
    await record(files, 1, 9);
    expect(await shown(files)).toEqual({ 1: 9, 2: 5 });
    await compact(deps);
    // An older record that comes late changes nothing.
    await record(files, 1, 4);
    await compact(deps);
    clock.advance(SOURCES_STAY_MS);
    await compact(deps);
    await compact(deps);
    expect(await shown(files)).toEqual({ 1: 9, 2: 5 });
    expect(await keysOf(files)).toHaveLength(1);
  });

  it('waits with a day that is not over, and leaves files of others alone', async () => {
    const files = memoryObjects();
    const deps = {
      analytics: files,
      clock: fixedClock(Date.UTC(2026, 0, 9, 12)),
      log: silentLogger,
    };
    await files.put(`${folder}mine.parquet`, new Uint8Array(3), {});
    for (let n = 0; n < 31; n++) await record(files, n, 1);
    expect(await compact(deps)).toMatchObject({ made: 0, failed: 0 });
    await record(files, 31, 1);
    expect(await compact(deps)).toMatchObject({ made: 1, merged: 32, failed: 0 });
    expect(await files.head(`${folder}mine.parquet`)).toBeDefined();
  });

  it('tells of a file it cannot read, and goes on with other folders', async () => {
    const files = memoryObjects();
    await record(files, 1, 1);
    await files.put(`${folder}${requestFile(requestId(2), 1)}`, new Uint8Array(50), {});
    const deps = { analytics: files, clock: fixedClock(startMs), log: silentLogger };
    expect(await compact(deps)).toMatchObject({ made: 0, failed: 1 });
    expect(await keysOf(files)).toHaveLength(2);
  });
});

/** Each call of a run waits until it is drawn, fails or never returns: as machines that stall and die do. */
function chaos(inner: TableFiles, seed: number) {
  const random = seededRandom(seed, fixedClock(0));
  const waiting: (() => void)[] = [];
  const point = async <T>(call: () => Promise<T>): Promise<T> => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    const drawn = random.fraction();
    if (drawn < 0.03) return new Promise<never>(() => {});
    if (drawn < 0.06) throw new SwathError('Unavailable', 'made to fail');
    return call();
  };
  const files: TableFiles = {
    get: (key) => point(() => inner.get(key)),
    put: (key, body, options) => point(() => inner.put(key, body, options)),
    list: (prefix, options) => point(() => inner.list(prefix, options)),
    delete: (key) => point(() => inner.delete(key)),
  };
  return {
    files,
    random,
    /** Lets one waiting call go on. */
    async step(): Promise<void> {
      waiting.splice(Math.floor(random.fraction() * waiting.length), 1)[0]?.();
      await new Promise<void>((resolve) => setImmediate(resolve));
    },
  };
}

describe('runs of compaction that overlap, stall, fail and die', () => {
  it.each(Array.from({ length: 8 }, (_, i) => i + 1))(
    'never hide a row nor show one twice, seed %i',
    async (seed) => {
      const truth = memoryObjects();
      const clock = fixedClock(startMs);
      const world = chaos(truth, seed);
      const expected: Record<number, number> = {};
      const runs: Promise<unknown>[] = [];
      for (let round = 0; round < 120; round++) {
        const drawn = world.random.fraction();
        const n = Math.floor(world.random.fraction() * 6);
        if (drawn < 0.12) {
          const version = Math.floor(world.random.fraction() * 12) + 1;
          await record(truth, n, version);
          expected[n] = Math.max(expected[n] ?? 0, version);
        } else if (drawn < 0.24) {
          runs.push(
            compact({ analytics: world.files, clock, log: silentLogger }).catch((error: SwathError) =>
              expect(error.code).toBe('Unavailable'),
            ),
          );
        } else if (drawn < 0.34) clock.advance(SOURCES_STAY_MS / 2);
        for (let i = 0; i < 4; i++) await world.step();
        expect(await shown(truth)).toEqual(expected);
      }
      expect(runs.length).toBeGreaterThan(0);
      const deps = { analytics: truth, clock, log: silentLogger };
      for (let i = 0; i < 3; i++) {
        await compact(deps);
        clock.advance(SOURCES_STAY_MS);
      }
      expect(await shown(truth)).toEqual(expected);
      expect((await keysOf(truth)).length).toBeLessThanOrEqual(1);
    },
  );
});
