import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PixelWindow } from '@swath/geo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reader, STORED, specOf } from './write.fixture.ts';
import { writeCog } from './write.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'swath-cog-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the writer', () => {
  it('leaves nothing behind when reading fails, and keeps the older file', async () => {
    const own = mkdtempSync(join(folder, 'fail-'));
    const file = join(own, 'a.tif');
    writeFileSync(file, 'older');
    const spec = specOf(3000, 3000, STORED.uint8, 1);
    const read = reader(spec);
    let calls = 0;
    const failing = async (window: PixelWindow) => {
      calls++;
      if (calls === 4) throw new Error('the disk is gone');
      return read(window);
    };
    await expect(writeCog(file, spec, failing)).rejects.toThrow('the disk is gone');
    expect(readdirSync(own)).toEqual(['a.tif']);
    expect(readFileSync(file, 'utf8')).toBe('older');
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const spec = specOf(3000, 3000, STORED.uint8, 1);
    const read = reader(spec);
    const file = join(folder, 'stopped.tif');
    const stopping = async (window: PixelWindow) => {
      stop.abort();
      return read(window);
    };
    await expect(writeCog(file, spec, stopping, stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(folder).filter((name) => name.startsWith('stopped'))).toEqual([]);
  });

  it('asks for every pixel once', async () => {
    const spec = specOf(2600, 1300, STORED.uint8, 1);
    const seen = new Uint8Array(2600 * 1300);
    const read = reader(spec);
    await writeCog(join(folder, 'once.tif'), spec, async (window) => {
      for (let y = window.y; y < window.y + window.height; y++) {
        for (let x = window.x; x < window.x + window.width; x++) seen[y * 2600 + x]! += 1;
      }
      return read(window);
    });
    expect(seen.every((times) => times === 1)).toBe(true);
  });

  it.each([
    [
      'two dtypes',
      {
        bands: [
          { name: 'a', stored: STORED.uint8 },
          { name: 'b', stored: STORED.int16 },
        ],
      },
    ],
    ['a nodata that does not fit', { bands: [{ name: 'a', stored: { ...STORED.uint8, nodata: -1 } }] }],
    ['a scale of 0', { bands: [{ name: 'a', stored: { ...STORED.uint8, scale: 0 } }] }],
    ['a block of 500', { blockSize: 500 }],
    ['no band', { bands: [] }],
  ])('refuses %s', async (_name, change) => {
    const spec = { ...specOf(20, 20, STORED.uint8, 1), ...change };
    await expect(writeCog(join(folder, 'no.tif'), spec, reader(spec))).rejects.toMatchObject({
      code: 'InvalidInput',
    });
  });

  it('refuses planes of the wrong size as a fault of the program', async () => {
    const spec = specOf(20, 20, STORED.uint8, 1);
    const short = async () => [new Float32Array(3)];
    await expect(writeCog(join(folder, 'no.tif'), spec, short)).rejects.toMatchObject({ code: 'Bug' });
  });
});

it('refuses at once what kernel memory cannot hold', async () => {
  const many = specOf(3000, 3000, STORED.float32, 64);
  await expect(writeCog(join(folder, 'no.tif'), many, reader(many))).rejects.toMatchObject({
    code: 'LimitExceeded',
  });
  const large = { ...specOf(9000, 9000, STORED.float32, 1), blockSize: 4096 };
  await expect(writeCog(join(folder, 'no.tif'), large, reader(large))).rejects.toMatchObject({
    code: 'LimitExceeded',
  });
});
