import { contentHash } from '@swath/core';
import type { RequestRecord } from '@swath/requests';
import { MAX_COLLECTION_CHARS } from '../../limits.ts';
import type { TableRow } from '../../parquet/schema.ts';

type Spec = RequestRecord['request']['spec'];

/** What the request asked for, as one text: part of its rows' folder, so it never changes. */
export function collectionOf({ collections }: Spec): string {
  if (collections === undefined) return 'items';
  const text = [...new Set(collections)].sort().join('+');
  return text.length <= MAX_COLLECTION_CHARS ? text : 'several';
}

/** Day of the request, UTC. */
export const dateOf = (record: RequestRecord): string => record.request.createdAt.slice(0, 10);

/** Columns every table begins and ends with. */
export function ownerCells({ request, version }: RequestRecord): TableRow {
  return {
    request_id: request.id,
    project: request.project,
    collection: collectionOf(request.spec),
    request_name: request.name,
    labels: JSON.stringify(request.labels),
    version,
    generation: 0,
  };
}

/**
 * A stored area, which requests hold as a Feature with its id and version, by those; any other by its geometry.
 * @param footprint stands in for the area where the request named none.
 */
export function aoiOf({ aoi }: Spec, footprint: unknown): string | null {
  if (typeof aoi === 'string') return aoi;
  if (aoi !== undefined && 'type' in aoi && aoi.type === 'Feature' && typeof aoi['id'] === 'string')
    return aoi['id'];
  const area = aoi ?? footprint;
  return area === null ? null : contentHash(area).slice(0, 12);
}

export function outputType({ pipeline }: Spec): string {
  if ('index' in pipeline) return pipeline.index.toUpperCase();
  return 'expression' in pipeline ? 'expression' : 'bands';
}

/** @returns null for null: undated imagery. */
export const instant = (iso: string | null): Date | null => (iso === null ? null : new Date(iso));
