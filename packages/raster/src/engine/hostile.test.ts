import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSwathError, type SwathError, toSwathError } from '@swath/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HostileFile, hostileFiles } from '../../../../test/fuzz/hostile-files.ts';
import { sharedPath } from '../../../../test/support/shared.ts';
import { writeProduct } from '../cog/write.ts';
import { imageOpener } from '../opener.ts';
import { placed, soundTiff, spec, sumOf } from './engine.fixture.ts';
import { type Executor, inlineExecutor } from './executor.ts';
import { workerExecutor } from './worker-executor.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-engine-'));
const products = join(folder, 'products');
mkdirSync(products);
const sound = [0, 1].map((seed) => {
  const path = join(folder, `sound-${seed}.tif`);
  writeFileSync(path, soundTiff(seed));
  return path;
}) as [string, string];

const opener = imageOpener({ files: true });
const executors: Readonly<Record<string, Executor>> = {
  'one lane on this thread': inlineExecutor(opener),
  'two lanes, one in a worker thread': workerExecutor({ locate: opener.locate, lanes: 2 }),
};
afterAll(async () => {
  for (const executor of Object.values(executors)) await executor.close();
  await opener.close();
  rmSync(folder, { recursive: true });
});

let made = 0;

/** Sha256 of the product of two sources, which is deleted; nothing else may be left. */
async function product(executor: Executor, a: string, b: string, signal?: AbortSignal): Promise<string> {
  const path = join(products, `${made++}.tif`);
  try {
    const options = signal === undefined ? {} : { signal };
    const { sha256 } = await writeProduct(path, spec, sumOf(a, b), executor, options);
    rmSync(path);
    return sha256;
  } finally {
    expect(readdirSync(products)).toEqual([]);
  }
}

async function failure(promise: Promise<unknown>): Promise<SwathError> {
  const error = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!isSwathError(error)) throw new Error(`no SwathError but ${String(error)}`);
  return error;
}

/** How the name of a generated file begins, and what the error says beside the name of the file. */
const chosen: readonly (readonly [name: string, message: RegExp])[] = [
  ['G17 LZW whose first code is in no table', /block 0/],
  ['G17 LZW with a code one beyond the next', /block 0/],
  ['G17 LZW of nothing but code 258', /block 0/],
  ['G17 LZW of 255', /block 0/],
  ['G06 a deflate bomb', /block 0.*more than 4096 bytes/],
  ['G06 a zstd bomb', /block 0.*more than 4096 bytes/],
  ['G06 a LERC with zstd bomb', /block 0/],
  ['G07 deflate of one row too few', /block 0.*4032.*4096/],
  ['G07 PackBits cut in half', /block 0/],
  ['G07 zstd cut to 1 byte', /block 0/],
  ['G17 deflate with a wrong checksum', /block 0/],
  ['G17 LERC of half its valid pixels', /block 0/],
  ['G25 PNG in a WebP tile', /block 0/],
  ['G01 two IFDs that link to each other', /IFD/],
  ['G02 a chain of 65,536 IFDs', /64/],
  ['G03 an entry count of 65,535 in a small file', /65535/],
];

const files = hostileFiles();
function fileOf(name: string): HostileFile {
  const [file, ...others] = files.filter((each) => each.name.startsWith(name));
  if (file === undefined || others.length > 0) throw new Error(`"${name}" means ${others.length + 1} files`);
  return file;
}

const stuck = sharedPath('data/03-imagery/broken/oor_panic/sample-get-lzw-stuck.tiff');
if (stuck === undefined) console.warn('skipped: no shared data');

describe.each(Object.entries(executors))('a product by %s', (_name, executor) => {
  let expected = '';
  beforeAll(async () => {
    expected = await product(executors['one lane on this thread']!, ...sound);
  });

  it.each(chosen)('of "%s" ends in its error, and the next one is right', async (name, message) => {
    const { bytes, ends } = fileOf(name);
    const path = join(folder, 'hostile.tif');
    writeFileSync(path, placed(bytes));
    const error = await failure(product(executor, sound[0], path));
    expect(error.code).toBe(ends);
    expect(error.message).toContain('hostile.tif');
    expect(error.message).toMatch(message);
    expect(await product(executor, ...sound)).toBe(expected);
  });

  it('stopped in the middle is Cancelled', async () => {
    const stop = new AbortController();
    const path = join(products, 'stopped.tif');
    const stopped = writeProduct(path, spec, sumOf(...sound), executor, {
      signal: stop.signal,
      onProgress: (done) => {
        if (done === 3) stop.abort();
      },
    });
    const error = await stopped.catch((caught: unknown) => caught);
    expect(toSwathError(error).code).toBe('Cancelled');
    expect(readdirSync(products)).toEqual([]);
    expect(await product(executor, ...sound)).toBe(expected);
  });

  it('stopped before it begins is Cancelled', async () => {
    const error = await product(executor, ...sound, AbortSignal.abort()).catch((caught: unknown) => caught);
    expect(toSwathError(error).code).toBe('Cancelled');
  });

  it('without one of its files is NotFound', async () => {
    const error = await failure(product(executor, sound[0], join(folder, 'no.tif')));
    expect(error.code).toBe('NotFound');
    expect(await product(executor, ...sound)).toBe(expected);
  });

  it.skipIf(stuck === undefined)('of an LZW file that other readers loop on is Corrupt', async () => {
    const path = join(folder, 'stuck.tif');
    writeFileSync(path, placed(readFileSync(stuck ?? '')));
    const error = await failure(product(executor, sound[0], path));
    expect(error.code).toBe('Corrupt');
    expect(error.message).toMatch(/stuck.tif: block \d+/);
    expect(await product(executor, ...sound)).toBe(expected);
  });
});
