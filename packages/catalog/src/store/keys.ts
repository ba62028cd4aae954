import type { RowKey } from '@swath/ports';

/**
 * Rows of the catalogue. Everything is below its project, so that a search cannot leave it; a collection's id has no `#`
 * (check-item.ts), so no two pairs of project and collection share a key.
 */
const itemPk = (project: string, collection: string): string => `ITEM#${project}#${collection}`;

export const itemKey = (project: string, collection: string, id: string): RowKey => ({
  pk: itemPk(project, collection),
  sk: id,
});

/**
 * Partition of the `project` index with the Items of a collection by time: those of one instant (`T`) apart from those
 * of an interval (`S`), whose end cannot be told from their place in it.
 */
export const timePk = (project: string, collection: string, kind: 'T' | 'S'): string =>
  `${itemPk(project, collection)}#${kind}`;

/** Sorts by start, then id. */
export const timeSk = (startMs: number, id: string): string => `${timeKey(startMs)}#${id}`;

/** 24 characters for every year from 0 to 9999, so that text order is time order. */
export const timeKey = (ms: number): string => new Date(ms).toISOString();

export const collectionPk = (project: string): string => `COL#${project}`;
export const collectionKey = (project: string, collection: string): RowKey => ({
  pk: collectionPk(project),
  sk: collection,
});

/** Where the JSON of a large Item lies; named by content, so that an old version never changes under its reader. */
export const itemObjectKey = (project: string, sha256: string): string =>
  `catalogue/${encodeURIComponent(project)}/${sha256}.json`;
