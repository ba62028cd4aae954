import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SwathError } from '@swath/core';
import { afterAll, describe, expect, it } from 'vitest';
import { writeProduct } from '../cog/write.ts';
import type { Locate } from '../open-located.ts';
import { imageOpener } from '../opener.ts';
import { soundTiff, spec, sumOf } from './engine.fixture.ts';
import { workerExecutor } from './worker-executor.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-local-'));
const sources = [0, 1].map((seed) => {
  const path = join(folder, `${seed}.tif`);
  writeFileSync(path, soundTiff(seed));
  return path;
}) as [string, string];
const opener = imageOpener({ files: true });
afterAll(async () => {
  await opener.close();
  rmSync(folder, { recursive: true });
});

describe('a product of local files', () => {
  it('is made by threads that are told where the files are, and ask no owner who is at work', async () => {
    const asked: string[] = [];
    const locate: Locate = async (href, signal) => {
      asked.push(href);
      return await opener.locate(href, signal);
    };
    const executor = workerExecutor({ locate, lanes: 4 });
    try {
      await writeProduct(join(folder, 'a.tif'), spec, sumOf(...sources), executor);
      // Once for the threads, once for the lane of the owner; three threads for themselves would have asked six times.
      expect(asked.length).toBeLessThanOrEqual(2 * sources.length);
    } finally {
      await executor.close();
    }
  });

  it('fails with the words of the policy that refuses one, whoever opens it', async () => {
    const locate: Locate = async (href, signal) => {
      if (href === sources[1]) throw new SwathError('InvalidInput', 'Not this one.');
      return await opener.locate(href, signal);
    };
    const executor = workerExecutor({ locate, lanes: 3 });
    try {
      const made = writeProduct(join(folder, 'b.tif'), spec, sumOf(...sources), executor);
      await expect(made).rejects.toMatchObject({ code: 'InvalidInput', message: 'Not this one.' });
    } finally {
      await executor.close();
    }
  });
});
