import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SwathError } from '@swath/core';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { writeProduct } from '../cog/write.ts';
import type { ByteSource } from '../image.ts';
import { type ImageOpener, imageOpener } from '../opener.ts';
import { processWindow } from '../process/process-window.ts';
import type { ProductWork } from '../process/work.ts';
import { memorySource } from '../source/memory.ts';
import { grid, soundTiff, spec, sumOf } from './engine.fixture.ts';
import { inlineExecutor } from './executor.ts';
import { type WindowWorker, windowWorker } from './window-worker.ts';
import { hire } from './worker-executor.ts';

const [a, b] = ['object://bucket/a.tif', 'object://bucket/b.tif'] as const;
const window = { x: 0, y: 0, width: grid.width, height: grid.height };

function workOf(): ProductWork {
  const source = sumOf(a, b);
  if (source.kind !== 'work') throw new SwathError('Bug', 'the sum of two bands is work');
  return source.work;
}

let open: { readonly opener: ImageOpener; readonly worker: WindowWorker }[] = [];
afterEach(async () => {
  for (const { opener, worker } of open) {
    await worker.close();
    await opener.close();
  }
  open = [];
});

function start(sourceOf: (href: string) => Promise<ByteSource>) {
  const opener = imageOpener({ sources: { object: sourceOf } });
  const started = { opener, worker: windowWorker(opener.locate) };
  open.push(started);
  return started;
}

const sound = async (href: string) => memorySource(soundTiff(href === a ? 0 : 1), href);

describe('a window computed in a worker thread', () => {
  it('has the pixels and counts that it has on this thread, each time it is asked for', async () => {
    const { opener, worker } = start(sound);
    const here = await processWindow(workOf(), window, opener);
    expect(here.counts.valid).toBeGreaterThan(0);
    for (let again = 0; again < 2; again++) {
      expect(await worker.process(workOf(), window, new AbortController().signal)).toEqual(here);
    }
  });

  it('fails with the error of what it reads, and computes the next', async () => {
    let isThere = false;
    const { worker } = start(async (href) => {
      if (isThere) return sound(href);
      throw new SwathError('NotFound', 'There is no such object.');
    });
    const { signal } = new AbortController();
    await expect(worker.process(workOf(), window, signal)).rejects.toMatchObject({ code: 'NotFound' });
    isThere = true;
    expect((await worker.process(workOf(), window, signal)).planes).toHaveLength(1);
  });

  it('is left at once by a caller who goes, and the next is not held up by it', async () => {
    let hangs = true;
    const { worker } = start(async (href) => {
      const source = await sound(href);
      return hangs ? { ...source, read: () => delay(60_000, new Uint8Array(), { ref: false }) } : source;
    });
    const caller = new AbortController();
    const left = worker.process(workOf(), window, caller.signal);
    await delay(50);
    caller.abort();
    await expect(left).rejects.toMatchObject({ code: 'Cancelled' });
    hangs = false;
    expect((await worker.process(workOf(), window, new AbortController().signal)).planes).toHaveLength(1);
  });

  it('is not begun for a caller who has gone', async () => {
    const { worker } = start(sound);
    await expect(worker.process(workOf(), window, AbortSignal.abort())).rejects.toMatchObject({
      code: 'Cancelled',
    });
  });
});

describe('a product made in that thread', () => {
  const folder = mkdtempSync(join(tmpdir(), 'swath-window-worker-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has the bytes that it has when made on this thread, beside windows that are asked for', async () => {
    const { opener, worker } = start(sound);
    const made = (executor: Parameters<typeof writeProduct>[3]) =>
      writeProduct(join(folder, 'a.tif'), spec, sumOf(a, b), executor);
    const { sha256 } = await made(inlineExecutor(opener));
    const [there] = await Promise.all([
      made(worker.executor),
      worker.process(workOf(), window, new AbortController().signal),
    ]);
    expect(there.sha256).toBe(sha256);
    expect((await made(worker.executor)).sha256).toBe(sha256);
    expect(readdirSync(folder)).toEqual(['a.tif']);
  });

  it('fails with the error of what it reads, and the thread goes on', async () => {
    let isThere = false;
    const { worker } = start(async (href) => {
      if (isThere) return sound(href);
      throw new SwathError('NotFound', 'There is no such object.');
    });
    const made = () => writeProduct(join(folder, 'b.tif'), spec, sumOf(a, b), worker.executor);
    await expect(made()).rejects.toMatchObject({ code: 'NotFound' });
    isThere = true;
    expect((await made()).statistics[0]?.count).toBeGreaterThan(0);
  });

  it('is not made in a thread that has died, once that has shown', async () => {
    const opener = imageOpener({ sources: { object: sound } });
    let hired = 0;
    const worker = windowWorker(opener.locate, (sources) => {
      const crew = hire(sources);
      if (hired++ === 0) void crew.end();
      return crew;
    });
    open.push({ opener, worker });
    const made = () => writeProduct(join(folder, 'c.tif'), spec, sumOf(a, b), worker.executor);
    await expect(made()).rejects.toMatchObject({ code: 'Bug' });
    expect((await made()).statistics[0]?.count).toBeGreaterThan(0);
    expect(hired).toBe(2);
  });
});
