import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SwathError } from '@swath/core';
import { memoryObjects } from '@swath/ports/memory/objects';
import { imageOpener, type OpenImage } from '@swath/raster';
import { requestSpec } from '@swath/requests';
import type { Scene } from '@swath/stac';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyGrid, writeTinyScene } from '../../../../test/support/tiny-scene.ts';
import { objectSource } from '../object-source.ts';
import { sourceOpener } from '../sources.ts';
import { type AcquireInput, acquireScenes } from './acquire-scenes.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-acquire-'));
const raw = memoryObjects();
const options = {
  files: true,
  sources: { object: (href: string) => objectSource(raw, href.slice('object://raw/'.length), href) },
} as const;
const open = imageOpener(options);
const sources = sourceOpener(options);
let a: Scene;
let b: Scene;
beforeAll(async () => {
  a = await writeTinyScene(folder, 'a', '2024-06-01');
  b = await writeTinyScene(folder, 'b', '2024-06-11');
});
afterAll(async () => {
  await open.close();
  await sources.close();
  rmSync(folder, { recursive: true, force: true });
});

const spec = requestSpec.parse({ items: ['x.json'], pipeline: { index: 'NDVI' } });
const acquire = (scenes: readonly Scene[], change: Partial<AcquireInput> = {}) =>
  acquireScenes({ scenes, spec, open, openSource: sources.open, mode: 'reference', raw, ...change });
const withAsset = (scene: Scene, key: string, change: object): Scene => ({
  ...scene,
  assets: scene.assets.map((asset) => (asset.key === key ? { ...asset, ...change } : asset)),
});

describe('acquiring scenes', () => {
  it('records what the files say, and looks at the pixels of bands but not of masks', async () => {
    const { assets, failed } = await acquire([a]);
    expect(failed).toEqual([]);
    expect(assets.map(({ key, minDn }) => [key, minDn])).toEqual([
      ['nir', expect.any(Number)],
      ['red', expect.any(Number)],
      ['scl', null],
    ]);
    const red = assets.find(({ key }) => key === 'red');
    expect(red).toMatchObject({
      grid: tinyGrid,
      dtype: 'uint16',
      nodata: 0,
      fileScale: 1,
      fileOffset: 0,
      warnings: [],
    });
    expect(red?.sizeBytes).toBeGreaterThan(1_000);
    expect(red?.minDn).toBeGreaterThanOrEqual(1_500);
  });

  it('looks at no pixels where the answer would not depend on them', async () => {
    const given = { ...spec, radiometry: { scale: 0.0001, offset: 0 } };
    const { assets } = await acquire([a], { spec: given });
    expect(assets.map(({ minDn }) => minDn)).toEqual([null, null, null]);
    const elsewhere = {
      ...a,
      platform: 'planetscope',
      constellation: 'planet',
      collection: 'planet',
      id: 'p1',
    };
    expect((await acquire([elsewhere])).assets.map(({ minDn }) => minDn)).toEqual([null, null, null]);
  });

  it('lists scenes that cannot be used, with their reason, and keeps the others whole', async () => {
    const notTiff = join(folder, 'page.tif');
    writeFileSync(notTiff, '<html>404</html>');
    const scenes = [
      withAsset(a, 'nir', { href: join(folder, 'gone.tif') }),
      b,
      withAsset(a, 'red', { href: notTiff }),
      { ...a, id: 'no-nir', assets: a.assets.filter(({ key }) => key !== 'nir') },
      withAsset(a, 'red', { bandIndex: 7 }),
    ];
    const { assets, failed } = await acquire(scenes);
    expect(failed.map(({ sceneIndex, reason }) => [sceneIndex, reason])).toEqual([
      [0, 'ASSET_MISSING'],
      [2, 'ASSET_CORRUPT'],
      [3, 'INVALID_INPUT'],
      [4, 'INVALID_INPUT'],
    ]);
    expect(failed[2]?.message).toContain('nir');
    expect(new Set(assets.map(({ sceneIndex }) => sceneIndex))).toEqual(new Set([1]));
    expect(assets).toHaveLength(3);
  });

  it.each(['Throttled', 'Unavailable', 'Cancelled', 'Bug'] as const)(
    'throws %s: that is no property of a scene',
    async (code) => {
      const failing: OpenImage = async () => {
        throw new SwathError(code, 'not now');
      };
      await expect(acquire([a, b], { open: failing })).rejects.toMatchObject({ code });
    },
  );

  it('in copy mode reads from the verified copy', async () => {
    const { assets } = await acquire([a], { mode: 'copy' });
    expect(assets.every(({ href }) => /^object:\/\/raw\/scenes\/tiny\/a\/\w+-[0-9a-f]{32}$/.test(href))).toBe(
      true,
    );
    expect(assets[0]?.warnings).toEqual([
      'the Item has no checksum we can compute; the origin is unverified.',
    ]);
    expect(raw.keys()).toHaveLength(3);
  });

  it('does not open a source that its checksum contradicts', async () => {
    const wrong = withAsset(b, 'red', { checksum: `1220${'0'.repeat(64)}` });
    const { failed } = await acquire([wrong], { mode: 'copy' });
    expect(failed).toMatchObject([{ sceneIndex: 0, reason: 'ASSET_CORRUPT' }]);
    expect(raw.keys().some((key) => key.startsWith('scenes/tiny/b/red'))).toBe(false);
  });
});
