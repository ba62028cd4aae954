import type { BboxWgs84 } from '@swath/geo';
import type { SceneQuery } from '@swath/ports';
import { parseInstant, type Scene } from '@swath/stac';
import { asObject, asText } from '@swath/stac/item/json';

/** `match`; `other`: outside the query, nobody's fault; else the reason why it cannot be told. */
export type Verdict = 'match' | 'other' | { readonly unknown: string };

/**
 * Whether a scene is inside a query, whatever the provider made of the query. Boxes are compared, edges included;
 * Items of an interval match when it touches the asked one; unknown cloud cover is not low cloud cover.
 */
export function recheck(item: unknown, scene: Scene, query: SceneQuery): Verdict {
  if (query.collections.length > 0 && !query.collections.includes(scene.collection)) return 'other';
  if (query.ids !== undefined && !query.ids.includes(scene.id)) return 'other';
  if (query.datetime !== undefined) {
    const [start, end] = intervalOf(item, scene);
    if (start === null || end === null) return { unknown: 'it has no date' };
    // Both sides in milliseconds and UTC: text order is time order.
    const from = query.datetime.start === null ? undefined : parseInstant(query.datetime.start);
    const to = query.datetime.end === null ? undefined : parseInstant(query.datetime.end);
    if ((from !== undefined && end < from) || (to !== undefined && start > to)) return 'other';
  }
  if (query.aoi !== undefined) {
    if (scene.bboxes.length === 0) return { unknown: 'it has no footprint' };
    const { bboxes } = query.aoi;
    if (!scene.bboxes.some((box) => bboxes.some((other) => touches(box, other)))) return 'other';
  }
  if (query.maxCloudCoverPercent !== undefined) {
    if (scene.cloudCoverPercent === undefined) return { unknown: 'its cloud cover is unknown' };
    if (scene.cloudCoverPercent > query.maxCloudCoverPercent) return 'other';
  }
  return 'match';
}

function intervalOf(item: unknown, scene: Scene): readonly [start: string | null, end: string | null] {
  const properties = asObject(asObject(item)?.['properties']);
  const start = parseInstant(asText(properties?.['start_datetime']) ?? '');
  const end = parseInstant(asText(properties?.['end_datetime']) ?? '');
  return start === undefined || end === undefined ? [scene.datetime, scene.datetime] : [start, end];
}

function touches(a: BboxWgs84, b: BboxWgs84): boolean {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
}

/** Order of every answer: datetime (none first), collection, id, compared by code unit. */
export function compareScenes(a: Scene, b: Scene): number {
  return (
    compareText(a.datetime ?? '', b.datetime ?? '') ||
    compareText(a.collection, b.collection) ||
    compareText(a.id, b.id)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
