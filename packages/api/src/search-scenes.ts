import { SwathError } from '@swath/core';
import { parseAoi, parseDatetime } from '@swath/geo';
import type { Provider, SearchAnswer } from '@swath/ports';
import type { Scene } from '@swath/stac';
import type { sceneCollection, sceneFeature, searchBody } from './schemas/catalogue.ts';
import type { Received, Sent } from './schemas/common.ts';

/** The only collection of the provider, when there is no choice. @throws SwathError InvalidInput naming the choices. */
async function onlyCollection(provider: Provider, signal: AbortSignal): Promise<readonly string[]> {
  const ids = (await provider.collections(signal)).map((c) => c.id);
  if (ids.length === 1) return ids;
  throw new SwathError('InvalidInput', `${provider.title} has ${ids.length} collections; none is named.`, {
    pointer: '/collections',
    fix: `Name one or more of: ${ids.join(', ')}.`,
  });
}

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
 * @throws SwathError InvalidInput (area, datetime, collections), and what the provider throws.
 */
export async function searchScenes(
  provider: Provider,
  search: Received<typeof searchBody>,
  signal: AbortSignal,
): Promise<Sent<typeof sceneCollection>> {
  const { aoi, datetime, maxCloudCoverPercent, limit } = search;
  const area = aoi === undefined ? undefined : parseAoi(aoi, '/aoi');
  const interval = datetime === undefined ? undefined : parseDatetime(datetime, '/datetime');
  const answer = await provider.search({
    collections: search.collections ?? (await onlyCollection(provider, signal)),
    ...(area === undefined ? {} : { aoi: area }),
    ...(interval === undefined ? {} : { datetime: interval }),
    ...(maxCloudCoverPercent === undefined ? {} : { maxCloudCoverPercent }),
    limit,
    signal,
  });
  return collectionOf(answer);
}
