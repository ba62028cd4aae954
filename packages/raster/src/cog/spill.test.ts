import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createSpill, openSpill, removeSpill, type SpillKind } from './spill.ts';

const MIB = 2 ** 20;
const folder = mkdtempSync(join(tmpdir(), 'swath-spill-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Tile {
  readonly kind: SpillKind;
  readonly bytes: Uint8Array;
}

/** Larger ones than a file among them. */
const tiles: readonly Tile[] = [6, 1, 6, 6, 0.5, 17, 3, 20, 1].map((size, at) => ({
  kind: at % 3 === 1 ? 'overview' : 'full',
  bytes: new Uint8Array(size * MIB).fill(at + 1),
}));

function spilled(name: string): { readonly path: string; readonly offsets: readonly number[] } {
  const path = join(folder, name);
  const spill = createSpill(path);
  const offsets = tiles.map(({ bytes, kind }) => spill.append(bytes, kind));
  spill.close();
  return { path, offsets };
}

describe('a spill', () => {
  it('gives back every tile in any order, in parts, and lets files go with their last tile', async () => {
    const { path, offsets } = spilled('tiles');
    const files = readdirSync(path).length;
    expect(files).toBeGreaterThan(3);
    const reader = openSpill(path);
    for (const offset of offsets) reader.expect(offset);
    for (const at of [8, 1, 4, 7, 0, 2, 6, 3, 5]) {
      const { bytes } = tiles[at]!;
      const got = new Uint8Array(bytes.length);
      const half = Math.floor(bytes.length / 2);
      reader.read(got.subarray(half), offsets[at]!, half);
      reader.read(got.subarray(0, half), offsets[at]!, 0);
      expect(Buffer.compare(got, bytes)).toBe(0);
      reader.done(offsets[at]!);
    }
    await reader.close();
    expect(readdirSync(path)).toEqual([]);
  });

  it('keeps files of which some tile is still to be read', async () => {
    const { path, offsets } = spilled('kept');
    const before = readdirSync(path).length;
    const reader = openSpill(path);
    for (const offset of offsets) reader.expect(offset);
    reader.done(offsets[0]!);
    await reader.close();
    expect(readdirSync(path)).toHaveLength(before);
    await removeSpill(path);
    expect(existsSync(path)).toBe(false);
    await removeSpill(path);
  });

  it('is never put where something is, and says when it is cut off', async () => {
    const { path, offsets } = spilled('own');
    expect(() => createSpill(path)).toThrow('EEXIST');
    const reader = openSpill(path);
    expect(() => reader.read(new Uint8Array(20 * MIB), offsets[8]!, 0)).toThrow('spilled tiles');
    await reader.close();
  });
});
