import { ENGINE_VERSION } from '@swath/core';
import { parseExpression, type SceneInput } from '@swath/raster';
import { type RequestPlan, requestSpec } from '@swath/requests';
import type { Scene } from '@swath/stac';
import { tinyGrid } from './tiny-scene.ts';

/** NDVI of tiny scenes, clouds masked, one product a scene, each in two chunks of 48 x 80 pixels. */
export function tinyPlan(scenes: readonly Scene[]): RequestPlan {
  const expression = parseExpression('(nir-red)/(nir+red)');
  const windows = [0, 48].map((x) => ({ x, y: 0, width: 48, height: 80 }));
  const radiometry = { scale: 0.0001, offset: 0, rule: 'metadata', because: 'The Item says so.' } as const;
  return {
    engineVersion: ENGINE_VERSION,
    spec: requestSpec.parse({ items: ['tiny.json'], pipeline: { index: 'NDVI' } }),
    aoi: null,
    scenes,
    products: scenes.map((scene, index) => ({
      label: scene.id,
      start: scene.datetime,
      end: scene.datetime,
      sceneIndexes: [index],
      work: {
        grid: tinyGrid,
        steps: [{ label: scene.id, scenes: [inputOf(scene)] }],
        outputs: [{ name: 'ndvi', expression }],
        composite: 'none',
        resampling: 'nearest',
      },
      stored: { dtype: 'float32', scale: 1, offset: 0, nodata: 'nan' },
      chunks: windows.map((_, chunk) => index * windows.length + chunk),
    })),
    chunks: scenes.flatMap((_, product) => windows.map((window) => ({ product, window }))),
    radiometry: scenes.map(() => ({ red: radiometry, nir: radiometry })),
    warnings: [],
    estimate: { inputBytes: 0, outputBytes: 0, pixels: 0 },
  };
}

function inputOf(scene: Scene): SceneInput {
  const href = (key: string) => scene.assets.find((asset) => asset.key === key)?.href ?? '';
  const band = (key: string) => ({ href: href(key), bandIndex: 1, scale: 0.0001, offset: 0 });
  return {
    id: scene.id,
    bands: { red: band('red'), nir: band('nir') },
    mask: { href: href('scl'), bandIndex: 1, rule: { classes: [9] } },
  };
}
