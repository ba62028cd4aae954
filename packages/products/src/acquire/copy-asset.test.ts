import { createHash } from 'node:crypto';
import { memoryObjects } from '@swath/ports/memory/objects';
import { type ByteSource, memorySource } from '@swath/raster';
import type { Scene, SceneAsset } from '@swath/stac';
import { describe, expect, it } from 'vitest';
import { copyAsset, rawKey } from './copy-asset.ts';

const bytes = new Uint8Array(3_000).map((_, i) => i % 251);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const asset: SceneAsset = {
  key: 'red',
  href: 'https://example.com/a/red.tif?token=1',
  bandIndex: 1,
  names: ['red'],
  roles: [],
  sizeBytes: 3_000,
  checksum: `1220${sha256}`,
};
const scene: Scene = {
  provider: 'p',
  collection: '../c',
  id: 'scene/1',
  datetime: null,
  geometry: null,
  bboxes: [],
  assets: [asset],
  version: 'v1',
  radiometryHints: {},
};
const from =
  (...bodies: Uint8Array[]) =>
  async (): Promise<ByteSource> =>
    memorySource(bodies.length > 1 ? (bodies.shift() ?? bytes) : (bodies[0] ?? bytes));
const flipped = bytes.map((byte, i) => (i === 1_234 ? byte ^ 4 : byte));

describe('a copy', () => {
  it('is stored once under a key made of ids alone, whatever the signature of the address', async () => {
    const raw = memoryObjects();
    const first = await copyAsset(scene, asset, from(bytes), raw);
    expect(first.info).toMatchObject({ sizeBytes: 3_000, sha256 });
    expect(first.key).toMatch(/^scenes\/\.\._c\/scene_1\/red-[0-9a-f]{32}$/);
    const signedAnew = { ...asset, href: 'https://example.com/a/red.tif?token=2' };
    const again = await copyAsset(scene, signedAnew, () => Promise.reject(new Error('not fetched')), raw);
    expect(again.key).toBe(first.key);
    expect(rawKey({ ...scene, version: 'v2' }, asset)).not.toBe(first.key);
  });

  it('that arrives damaged is fetched once more', async () => {
    const raw = memoryObjects();
    const { info } = await copyAsset(scene, asset, from(flipped, bytes), raw);
    expect(info.sha256).toBe(sha256);
  });

  it('with one wrong bit, or cut short, is Corrupt and leaves nothing behind', async () => {
    for (const body of [flipped, bytes.slice(0, 2_999)]) {
      const raw = memoryObjects();
      await expect(copyAsset(scene, asset, from(body), raw)).rejects.toMatchObject({ code: 'Corrupt' });
      expect(raw.keys()).toEqual([]);
    }
  });

  it('whose source lies about its length is Corrupt', async () => {
    const raw = memoryObjects();
    const short = async (): Promise<ByteSource> => ({
      ...memorySource(bytes.slice(0, 100)),
      size: async () => 3_000,
    });
    await expect(copyAsset(scene, asset, short, raw)).rejects.toThrow('100 of 3000 bytes came at offset 0');
    expect(raw.keys()).toEqual([]);
  });

  it('without a checksum says that its origin is unverified', async () => {
    const { checksum: _, ...unsigned } = asset;
    const { warnings } = await copyAsset(scene, unsigned, from(bytes), memoryObjects());
    expect(warnings).toEqual(['the Item has no checksum we can compute; the origin is unverified.']);
  });

  it('that another request makes at the same moment is used', async () => {
    const raw = memoryObjects();
    const copies = await Promise.all([1, 2, 3].map(() => copyAsset(scene, asset, from(bytes), raw)));
    expect(new Set(copies.map(({ key }) => key)).size).toBe(1);
    expect(raw.keys()).toHaveLength(1);
  });
});
