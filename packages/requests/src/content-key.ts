import { contentHash, ENGINE_VERSION } from '@swath/core';
import { formatExpression } from '@swath/raster/expression/format';
import type { Scene } from '@swath/stac';
import type { CheckedSpec } from './check/check-spec.ts';
import { assetList, neededAssets } from './plan/assets.ts';
import { plainOutputs } from './plan/plan-request.ts';
import { storedType } from './plan/stored.ts';

/**
 * Identity of a request's pixels: sha256 over everything that decides them and nothing else. Name, labels, retention and the
 * spelling of the request do not count: an expression with other names for the same bands, `epsg:32631` and `EPSG:32631`
 * give the same key.
 * @throws SwathError InvalidInput when a scene lacks a band.
 */
export function contentKey(checked: CheckedSpec, scenes: readonly Scene[]): string {
  const { spec, aoi, pipeline } = checked;
  return contentHash({
    engine: ENGINE_VERSION,
    area: aoi === null ? null : { geometry: aoi.geometry, clip: aoi.clip },
    scenes: scenes.map((scene) => ({
      provider: scene.provider,
      collection: scene.collection,
      id: scene.id,
      version: scene.version,
      assets: assetList(neededAssets(spec, pipeline, scene)).map((asset) => [
        asset.key,
        asset.bandIndex,
        asset.checksum ?? asset.href,
      ]),
    })),
    outputs: plainOutputs(pipeline).map(({ name, expression }) => [name, formatExpression(expression)]),
    mask: spec.mask,
    composite: spec.composite,
    radiometry: spec.radiometry,
    grid: spec.grid,
    stored: storedType(spec),
    dayOrder: spec.items === undefined ? 'clouds' : 'listed',
  });
}
