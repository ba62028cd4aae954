import { SwathError } from '@swath/core';
import { localCatalogue } from '@swath/providers';
import type { RequestSpecInput } from '@swath/requests';
import { bandNamesOf, findBand, type Scene } from '@swath/stac';
import { sampleCollectionId } from '../sample/items.ts';

/** NDVI of the valley around the lake, every date, clouds masked: 9 km x 8 km of the sample. */
export function sampleRequest(): RequestSpecInput {
  return {
    name: 'NDVI of the sample valley',
    aoi: {
      type: 'Polygon',
      coordinates: [
        [
          [10.372, 48.778],
          [10.425, 48.766],
          [10.484, 48.779],
          [10.497, 48.812],
          [10.478, 48.846],
          [10.418, 48.852],
          [10.375, 48.836],
          [10.372, 48.778],
        ],
      ],
    },
    datetime: '2024-03-01/2024-11-30',
    provider: 'local',
    collections: [sampleCollectionId],
    pipeline: { index: 'NDVI' },
  };
}

/** Scenes looked at to find something to order in a folder of the user's own. */
const lookAt = 200;

/**
 * A first request for a folder of STAC Items: NDVI (or the first band there is) of the first scene's area, all its
 * collection's dates.
 * @throws SwathError NotFound when the folder holds no usable Item.
 */
export async function catalogueRequest(folder: string): Promise<RequestSpecInput> {
  const provider = localCatalogue({ id: 'local', folder });
  const collections = (await provider.collections()).map(({ id }) => id);
  const { scenes, skipped } = await provider.search({ collections, limit: lookAt });
  const first = scenes.find((scene) => scene.bboxes.length === 1 && scene.assets.length > 0);
  const box = first?.bboxes[0];
  if (first === undefined || box === undefined) {
    throw new SwathError('NotFound', `There is no usable STAC Item in ${folder}.`, {
      fix:
        skipped[0] === undefined
          ? 'Put Items with GeoTIFF assets there.'
          : `${skipped[0].id}: ${skipped[0].reason}`,
    });
  }
  return {
    name: `First look at ${first.collection}`,
    aoi: [box[0], box[1], box[2], box[3]],
    provider: 'local',
    collections: [first.collection],
    pipeline: pipelineFor(first),
  };
}

function pipelineFor(scene: Scene): RequestSpecInput['pipeline'] {
  if (findBand(scene, 'red') !== undefined && findBand(scene, 'nir') !== undefined) return { index: 'NDVI' };
  return { bands: [scene.assets[0]?.key ?? bandNamesOf(scene)[0] ?? 'data'] };
}
