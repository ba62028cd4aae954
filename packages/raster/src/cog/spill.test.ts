import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createSpill, removeSpill, type Spill } from './spill.ts';

const MIB = 2 ** 20;
const folder = mkdtempSync(join(tmpdir(), 'swath-spill-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Larger ones than a file among them. */
const tiles = [6, 1, 6, 6, 0.5, 17, 3, 20, 1].map((size, at) => new Uint8Array(size * MIB).fill(at + 1));
/** The odd ones are of the second overview. Later tiles come first in the file. */
const levelOf = (at: number): number => 1 + (at % 2);
const starts = [new Float64Array(5), new Float64Array(4)];
const end = tiles.reduceRight((place, bytes, at) => {
  starts[levelOf(at) - 1]![at >> 1] = place;
  return place + bytes.length;
}, 3);

function spilled(name: string): { readonly path: string; readonly spill: Spill; readonly output: string } {
  const path = join(folder, name);
  const spill = createSpill(path);
  for (const [at, bytes] of tiles.entries()) {
    expect(spill.append(levelOf(at), at >> 1, bytes)).toEqual({
      level: levelOf(at),
      tile: at >> 1,
      length: bytes.length,
    });
  }
  const output = join(folder, `${name}.out`);
  writeFileSync(output, 'head');
  return { path, spill, output };
}

describe('a spill', () => {
  it('moves every tile to its place, and lets its files go', async () => {
    const { path, spill, output } = spilled('tiles');
    expect(readdirSync(path).length).toBeGreaterThan(3);
    await spill.place(output, starts);
    expect(readdirSync(path)).toEqual([]);
    const placed = readFileSync(output);
    expect(placed.length).toBe(end);
    expect(placed.subarray(0, 3).toString()).toBe('hea');
    for (const [at, bytes] of tiles.entries()) {
      const start = starts[levelOf(at) - 1]![at >> 1]!;
      expect(Buffer.compare(placed.subarray(start, start + bytes.length), bytes)).toBe(0);
    }
  });

  it('stops when it is told to, and goes whatever is left of it', async () => {
    const { path, spill, output } = spilled('stopped');
    const stop = new AbortController();
    stop.abort();
    await expect(spill.place(output, starts, stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
    spill.close();
    expect(readdirSync(path).length).toBeGreaterThan(3);
    await removeSpill(path);
    expect(existsSync(path)).toBe(false);
    await removeSpill(path);
  });

  it('is never put where something is, and says when it is cut off', async () => {
    const { path, spill, output } = spilled('own');
    expect(() => createSpill(path)).toThrow('EEXIST');
    truncateSync(join(path, '1'), 5 * MIB);
    await expect(spill.place(output, starts)).rejects.toThrow(/spilled tiles: \d+ of \d+ bytes/);
    spill.close();
  });
});
