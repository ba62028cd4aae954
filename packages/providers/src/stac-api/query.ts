import type { Aoi } from '@swath/geo';
import type { SceneQuery } from '@swath/ports';
import { maxSentVertices, pageSize } from '../limits.ts';
import type { Landing } from './landing.ts';

export type SearchBody = Readonly<Record<string, unknown>>;

/** Body of POST /search (STAC API 1.0 item-search). Everything in it is checked again on our side. */
export function searchBody(query: SceneQuery, cloudFilter: Landing['cloudFilter']): SearchBody {
  return {
    ...(query.collections.length === 0 ? {} : { collections: query.collections }),
    ...(query.ids === undefined ? {} : { ids: query.ids }),
    ...(query.aoi === undefined ? {} : place(query.aoi)),
    ...(query.datetime === undefined ? {} : { datetime: interval(query.datetime) }),
    ...cloud(query.maxCloudCoverPercent, cloudFilter),
    // One more than asked for: that is how a cut answer is told from a full one.
    limit: Math.min(pageSize, query.limit + 1),
  };
}

/** The same for GET /search: lists with commas, the place as a box. */
export function searchUrl(base: URL, query: SceneQuery): URL {
  const url = new URL(base);
  const body = searchBody(query, 'none');
  for (const [key, value] of Object.entries(body)) {
    if (key !== 'intersects')
      url.searchParams.set(key, Array.isArray(value) ? value.join(',') : String(value));
  }
  if (query.aoi !== undefined) url.searchParams.set('bbox', boxOf(query.aoi).join(','));
  return url;
}

function place(aoi: Aoi): SearchBody {
  const rings = aoi.geometry.type === 'Polygon' ? aoi.geometry.coordinates : aoi.geometry.coordinates.flat();
  const vertices = rings.reduce((sum, ring) => sum + ring.length, 0);
  const box = aoi.bboxes.length === 1 && (!aoi.clip || vertices > maxSentVertices);
  return box ? { bbox: boxOf(aoi) } : { intersects: aoi.geometry };
}

/** RFC 7946: west > east for an area on both sides of the antimeridian. */
function boxOf(aoi: Aoi): readonly number[] {
  const west = aoi.bboxes[0]?.[0] ?? -180;
  const east = aoi.bboxes.at(-1)?.[2] ?? 180;
  const south = Math.min(...aoi.bboxes.map((box) => box[1]));
  const north = Math.max(...aoi.bboxes.map((box) => box[3]));
  return [west, south, east, north];
}

function interval({ start, end }: NonNullable<SceneQuery['datetime']>): string {
  return start !== null && start === end ? start : `${start ?? '..'}/${end ?? '..'}`;
}

function cloud(maxPercent: number | undefined, filter: Landing['cloudFilter']): SearchBody {
  if (maxPercent === undefined || filter === 'none') return {};
  if (filter === 'query') return { query: { 'eo:cloud_cover': { lte: maxPercent } } };
  return {
    'filter-lang': 'cql2-json',
    filter: { op: '<=', args: [{ property: 'eo:cloud_cover' }, maxPercent] },
  };
}
