import type { Grid } from '@swath/geo';
import type { Scene, SceneAsset } from '@swath/stac';
import type { AcquiredAsset, AcquiredScenes } from '../product.ts';
import type { RequestSpecInput } from '../spec.ts';

/** Made-up imagery for tests of whatever drives the request machine; nothing of it exists as files. */

/** 20 km x 20 km of 10 m pixels whose north-west corner is 3 E, 42 N (UTM 31N: 500000, 4649776.22 snapped). */
export const testGrid: Grid = {
  crs: 'EPSG:32631',
  geotransform: [500_000, 10, 0, 4_649_780, 0, -10],
  width: 2000,
  height: 2000,
};

/** Inside `testGrid`. */
export const testBbox = [3.02, 41.86, 3.2, 41.98] as const;

const bands = ['red', 'nir'] as const;

/** A scene with a red and a near-infrared band over `testGrid`. @param day `2024-06-01` */
export function testScene(day: string, overrides: Partial<Scene> = {}): Scene {
  const id = overrides.id ?? `S2_${day.replaceAll('-', '')}`;
  const assets = bands.map(
    (key): SceneAsset => ({
      key,
      href: `https://imagery.example/${id}/${key}.tif`,
      bandIndex: 1,
      names: [key],
      roles: ['data'],
      scale: 0.0001,
      offset: 0,
      nodata: 0,
      grid: testGrid,
      gsdM: 10,
    }),
  );
  return {
    provider: 'test',
    collection: 'test-l2a',
    id,
    datetime: `${day}T10:30:00Z`,
    geometry: null,
    bboxes: [[3, 41.8, 3.25, 42]],
    cloudCoverPercent: 10,
    assets,
    version: '1',
    radiometryHints: {},
    ...overrides,
  };
}

/** What the acquire job would report of these scenes. @param failed indexes of scenes whose files are gone */
export function testAcquired(scenes: readonly Scene[], failed: readonly number[] = []): AcquiredScenes {
  const usable = scenes.flatMap((scene, sceneIndex) =>
    failed.includes(sceneIndex) ? [] : [{ scene, sceneIndex }],
  );
  return {
    scenes,
    assets: usable.flatMap(({ scene, sceneIndex }) =>
      scene.assets.map(
        (asset): AcquiredAsset => ({
          sceneIndex,
          key: asset.key,
          href: asset.href,
          bandIndex: asset.bandIndex,
          grid: testGrid,
          dtype: 'uint16',
          nodata: 0,
          fileScale: 1,
          fileOffset: 0,
          minDn: 120,
          sizeBytes: 1_000_000,
          warnings: [],
        }),
      ),
    ),
    failed: failed.map((sceneIndex) => ({
      sceneIndex,
      reason: 'ASSET_MISSING',
      message: 'The file is not there (404).',
    })),
  };
}

/** NDVI of June 2024 over the test area, without a mask. */
export function testSpec(overrides: Partial<RequestSpecInput> = {}): RequestSpecInput {
  return {
    aoi: [...testBbox],
    datetime: '2024-06-01/2024-06-30',
    collections: ['test-l2a'],
    pipeline: { expression: '(nir-red)/(nir+red)' },
    mask: 'none',
    ...overrides,
  };
}
