import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSwathError, SwathError } from '@swath/core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_BLOCK_SIZE } from '../cog/spec.ts';
import { unitsOf } from '../cog/units.ts';
import { writeProduct } from '../cog/write.ts';
import type { ByteSource } from '../image.ts';
import { type ImageOpener, imageOpener } from '../opener.ts';
import { memorySource } from '../source/memory.ts';
import { soundTiff, spec, sumOf } from './engine.fixture.ts';
import type { Executor } from './executor.ts';
import { levelsOf } from './lane.ts';
import { workerExecutor } from './worker-executor.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-remote-'));
const [a, b] = ['object://bucket/a.tif', 'object://bucket/b.tif'] as const;

/** Ends what a test began. */
let endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.toReversed()) await end();
  endings = [];
});

/** An executor of two threads over sources that the function gives, read through the thread of this test. */
function remoteExecutor(sourceOf: (href: string) => Promise<ByteSource>): {
  readonly executor: Executor;
  readonly opener: ImageOpener;
} {
  const opener = imageOpener({ sources: { object: sourceOf } });
  const executor = workerExecutor({ locate: opener.locate, lanes: 2 });
  endings.push(
    () => opener.close(),
    () => executor.close(),
  );
  return { executor, opener };
}

const bytesOf = (href: string): Uint8Array => soundTiff(href === a ? 0 : 1);

async function product(executor: Executor, source = sumOf(a, b), signal?: AbortSignal): Promise<string> {
  const own = mkdtempSync(join(folder, 'product-'));
  const path = join(own, 'a.tif');
  try {
    const { sha256 } = await writeProduct(
      path,
      spec,
      source,
      executor,
      signal === undefined ? {} : { signal },
    );
    rmSync(path);
    return sha256;
  } finally {
    expect(readdirSync(own)).toEqual([]);
    rmSync(own, { recursive: true });
  }
}

/** What making one unit ends in, in the worker thread alone. */
async function workersFailure(executor: Executor): Promise<unknown> {
  const own = mkdtempSync(join(folder, 'lanes-'));
  const job = { spec, source: sumOf(a, b) };
  const lanes = await executor.open(job, { spillPath: join(own, 'spill'), units: 2 });
  try {
    const unit = { column: 0, row: 0, window: { x: 0, y: 0, width: 128, height: 128 } };
    return await lanes[1]!.make(unit).catch((error: unknown) => error);
  } finally {
    for (const lane of lanes) await lane.close();
    rmSync(own, { recursive: true });
  }
}

let expected = '';
beforeAll(async () => {
  const files = [a, b].map((href, at) => {
    const path = join(folder, `${at}.tif`);
    writeFileSync(path, bytesOf(href));
    return path;
  });
  const opener = imageOpener({ files: true });
  const executor = workerExecutor({ locate: opener.locate, lanes: 2 });
  expected = await product(executor, sumOf(files[0]!, files[1]!));
  await executor.close();
  await opener.close();
  return () => rmSync(folder, { recursive: true });
});

describe('bands that worker threads read through their owner', () => {
  it.each([
    ['arrays of their own', (bytes: Uint8Array) => bytes],
    ['Buffers', (bytes: Uint8Array) => Buffer.from(bytes)],
  ])('give the product that files give, as %s', async (_name, as) => {
    const { executor } = remoteExecutor(async (href) => memorySource(as(bytesOf(href)), href));
    expect(await product(executor)).toBe(expected);
    expect(await product(executor)).toBe(expected);
  });

  const failures = {
    Throttled: new SwathError('Throttled', 'Too many requests.', { retryAfterMs: 1234 }),
    InvalidInput: new SwathError('InvalidInput', 'No such scene.', { pointer: '/items/0', fix: 'Name one.' }),
    Unavailable: new SwathError('Unavailable', 'Nobody answers.', { retryAfterMs: 5 }),
    Bug: new TypeError('undefined is not a source'),
  };

  it.each(Object.entries(failures))(
    'end as %s with all it says, wherever it is thrown',
    async (code, error) => {
      const throwing = async (): Promise<never> => {
        throw error;
      };
      const sources: Record<string, (href: string) => Promise<ByteSource>> = {
        locating: throwing,
        'reading a header': async (href) => ({ ...memorySource(bytesOf(href), href), read: throwing }),
        'reading its size': async (href) => ({ ...memorySource(bytesOf(href), href), size: throwing }),
      };
      for (const [when, sourceOf] of Object.entries(sources)) {
        const caught = await workersFailure(remoteExecutor(sourceOf).executor);
        const { message, pointer, fix, retryAfterMs } = error as Partial<SwathError>;
        if (!isSwathError(caught)) throw new Error(`${when}: ${String(caught)}`);
        expect({ ...caught, message: caught.message }, when).toMatchObject({
          code,
          message,
          pointer,
          fix,
          retryAfterMs,
        });
      }
    },
  );

  it('are read again when they were Corrupt and then replaced', async () => {
    let broken = true;
    const { executor } = remoteExecutor(async (href) => {
      const bytes = bytesOf(href).slice();
      if (broken) bytes[2] = 99;
      return memorySource(bytes, href);
    });
    await expect(product(executor)).rejects.toMatchObject({ code: 'Corrupt' });
    broken = false;
    expect(await product(executor)).toBe(expected);
  });

  it('that cannot be sent fail rather than hang', async () => {
    const { executor } = remoteExecutor(async (href) => ({
      ...memorySource(bytesOf(href), href),
      // No bytes at all, as of a source that was written without types.
      read: async () => JSON.parse('{"slice": 1}'),
    }));
    expect(isSwathError(await workersFailure(executor), 'Bug')).toBe(true);
  });

  it('that never come are given up when the product is', async () => {
    const stop = new AbortController();
    const { executor } = remoteExecutor(async (href) => ({
      ...memorySource(bytesOf(href), href),
      read: (_offset, _length, signal) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new SwathError('Cancelled', 'stopped')));
          stop.abort();
        }),
    }));
    const error = await product(executor, undefined, stop.signal).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'Cancelled' });
  });

  it('of one product are not given up with another', async () => {
    const stop = new AbortController();
    const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    let waiting = 0;
    const { executor } = remoteExecutor(async (href) => {
      if (++waiting === 2) ask();
      await gate;
      return memorySource(bytesOf(href), href);
    });
    const given = product(executor, undefined, stop.signal).catch((caught: unknown) => caught);
    const kept = product(executor);
    await asked;
    stop.abort();
    letGo();
    expect(await given).toBeInstanceOf(Error);
    expect(await kept).toBe(expected);
  });

  it('are let go when a lane of this thread cannot be opened', async () => {
    const own = mkdtempSync(join(folder, 'taken-'));
    writeFileSync(join(own, 'spill.0'), 'taken');
    const { executor } = remoteExecutor(async (href) => memorySource(bytesOf(href), href));
    const opening = executor.open({ spec, source: sumOf(a, b) }, { spillPath: join(own, 'spill'), units: 4 });
    await expect(opening).rejects.toThrow('EEXIST');
    expect(readdirSync(own)).toEqual(['spill.0']);
  });

  it('tell with the first unit why a lane of a worker could not be opened, and close all the same', async () => {
    const own = mkdtempSync(join(folder, 'taken-'));
    writeFileSync(join(own, 'spill.1'), 'taken');
    const { executor } = remoteExecutor(async (href) => memorySource(bytesOf(href), href));
    const job = { spec, source: sumOf(a, b) };
    const lanes = await executor.open(job, { spillPath: join(own, 'spill'), units: 4 });
    const [unit] = unitsOf(levelsOf(spec)[0]!, DEFAULT_BLOCK_SIZE);
    await expect(lanes[1]!.make(unit!)).rejects.toThrow('EEXIST');
    await Promise.all(lanes.map((lane) => lane.close()));
  });
});
