import { resolvePipeline } from '@swath/graph/pipeline';
import { assetKey, assetList, neededAssets, type RequestSpec } from '@swath/requests';
import type { Scene, SceneAsset } from '@swath/stac';

/** An asset to open, and whether its pixels are measured or looked up in a list of classes. */
export interface NeededAsset {
  readonly asset: SceneAsset;
  readonly role: 'band' | 'mask';
}

/**
 * Everything a request reads of one scene, each asset once.
 * @throws SwathError InvalidInput when the scene lacks a band.
 */
export function neededOf(spec: RequestSpec, scene: Scene): readonly NeededAsset[] {
  const needed = neededAssets(spec, resolvePipeline(spec.pipeline), scene);
  const bands = new Set(Object.values(needed.bands).map(assetKey));
  return assetList(needed).map((asset) => ({
    asset,
    role: bands.has(assetKey(asset)) ? 'band' : 'mask',
  }));
}
