import { parseAoi, parseDatetime } from '@swath/geo';
import type { Provider, SceneQuery, SearchAnswer } from '@swath/ports';
import type { Scene } from '@swath/stac';
import type { sceneCollection, sceneFeature, searchBody } from './schemas/catalogue.ts';
import type { Received, Sent } from './schemas/common.ts';

function featureOf(scene: Scene): Sent<typeof sceneFeature> {
  const bbox = scene.bboxes[0];
  const names = new Set(scene.assets.flatMap((asset) => [asset.key, ...asset.names]));
  return {
    type: 'Feature',
    id: scene.id,
    collection: scene.collection,
    geometry: scene.geometry,
    ...(bbox === undefined ? {} : { bbox: [...bbox] }),
    properties: {
      datetime: scene.datetime,
      'eo:cloud_cover': scene.cloudCoverPercent ?? null,
      platform: scene.platform ?? null,
      'swath:provider': scene.provider,
      'swath:bands': [...names],
    },
    links: scene.itemHref === undefined ? [] : [{ rel: 'canonical', href: scene.itemHref }],
  };
}

function collectionOf(answer: SearchAnswer): Sent<typeof sceneCollection> {
  return {
    type: 'FeatureCollection',
    features: answer.scenes.map(featureOf),
    numberReturned: answer.scenes.length,
    truncated: answer.truncated,
    skipped: answer.skipped,
  };
}

/**
 * Scenes of a provider, as GeoJSON.
 * @throws SwathError InvalidInput (area, datetime), and what the provider throws.
 */
export async function searchScenes(
  provider: Provider,
  search: Received<typeof searchBody>,
  signal: AbortSignal,
): Promise<Sent<typeof sceneCollection>> {
  return collectionOf(await provider.search(sceneQueryOf(search, signal)));
}

/** A search as providers take it. @throws SwathError InvalidInput (area, datetime). */
export function sceneQueryOf(search: Received<typeof searchBody>, signal: AbortSignal): SceneQuery {
  const { aoi, datetime, maxCloudCoverPercent, limit } = search;
  const area = aoi === undefined ? undefined : parseAoi(aoi, '/aoi');
  const interval = datetime === undefined ? undefined : parseDatetime(datetime, '/datetime');
  return {
    // None named means all of them, as in a request.
    collections: search.collections ?? [],
    ...(area === undefined ? {} : { aoi: area }),
    ...(interval === undefined ? {} : { datetime: interval }),
    ...(maxCloudCoverPercent === undefined ? {} : { maxCloudCoverPercent }),
    limit,
    signal,
  };
}
