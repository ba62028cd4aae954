import type { Grid } from '@swath/geo';
import type { Scene, SceneAsset } from '@swath/stac';
import { assetKey } from './plan/assets.ts';
import type { AcquiredAsset, AcquiredScenes } from './product.ts';

/** Fixtures for tests of whoever needs scenes: 100 x 80 km of UTM 32N at 10 m, with a 20 m classification. */
export function testGrid(resolutionM: number, width = 10_000, height = 8_000): Grid {
  return {
    crs: 'EPSG:32632',
    geotransform: [600_000, resolutionM, 0, 5_400_000, 0, -resolutionM],
    width: (width * 10) / resolutionM,
    height: (height * 10) / resolutionM,
  };
}

function asset(id: string, key: string, names: readonly string[], resolutionM: number): SceneAsset {
  const reflectance = key === 'scl' ? {} : { scale: 0.0001, offset: 0 };
  return {
    key,
    href: `/data/${id}/${key}.tif`,
    bandIndex: 1,
    names,
    roles: ['data'],
    gsdM: resolutionM,
    ...reflectance,
  };
}

export function testScene(id: string, datetime: string | null, changes: Partial<Scene> = {}): Scene {
  return {
    provider: 'test',
    collection: 'test-s2',
    id,
    itemHref: `/data/${id}/item.json`,
    datetime,
    geometry: null,
    bboxes: [[10.3, 48, 11.7, 48.8]],
    cloudCoverPercent: 10,
    platform: 'sentinel-2a',
    assets: [
      asset(id, 'red', ['red', 'b04'], 10),
      asset(id, 'nir', ['nir', 'b08'], 10),
      asset(id, 'swir16', ['swir16', 'b11'], 20),
      asset(id, 'scl', ['scl'], 20),
    ],
    version: '1',
    radiometryHints: {},
    ...changes,
  };
}

/** As if every asset had been opened and found as stated, each file of `sizeBytes`. */
export function testAcquired(scenes: readonly Scene[], sizeBytes = 1_000_000): AcquiredScenes {
  const assets = scenes.flatMap((scene, sceneIndex) =>
    scene.assets.map(
      (one): AcquiredAsset => ({
        sceneIndex,
        key: one.key,
        href: one.href,
        bandIndex: one.bandIndex,
        grid: testGrid(one.gsdM ?? 10),
        dtype: one.key === 'scl' ? 'uint8' : 'uint16',
        nodata: 0,
        fileScale: 1,
        fileOffset: 0,
        minDn: 120,
        sizeBytes,
        warnings: [],
      }),
    ),
  );
  const unique = assets.filter(
    (one, i) =>
      assets.findIndex(
        (other) => other.sceneIndex === one.sceneIndex && assetKey(other) === assetKey(one),
      ) === i,
  );
  return { scenes, assets: unique, failed: [] };
}
