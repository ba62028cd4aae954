import type { AnalyticsTable } from './tables/types.ts';

/** Where rows lie: one folder per table, day and collection. */
export interface Folder {
  readonly table: string;
  /** `2026-01-31`. */
  readonly date: string;
  readonly collection: string;
}

export type FileName =
  /** Left by a request: its rows at one version. */
  | { readonly kind: 'request'; readonly requestId: string; readonly version: number }
  /** Made by compaction out of others of the folder. */
  | { readonly kind: 'day'; readonly generation: number };

const digits = (value: number): string => String(value).padStart(8, '0');

/** As Hive writes partition values; `*`, which no file system likes, besides what URLs escape. */
const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

export const folderKey = (table: AnalyticsTable, { date, collection }: Omit<Folder, 'table'>): string =>
  `${table.prefix}date=${date}/collection=${escaped(collection)}/`;

/** Equal rows, equal key: the version numbers the state of the request that the rows tell of. */
export const requestFile = (requestId: string, version: number): string =>
  `${requestId}-${digits(version)}.parquet`;

export const dayFile = (generation: number): string => `day-${digits(generation)}.parquet`;

const pattern =
  /^(?<folder>.+\/date=(?<date>\d{4}-\d{2}-\d{2})\/collection=[^/]+\/)(?:day-(?<generation>\d{8})|(?<requestId>[0-9a-f-]{36})-(?<version>\d{8}))\.parquet$/;

/** @returns undefined for what no part of Swath has written. */
export function parseKey(
  key: string,
): { readonly folder: string; readonly date: string; readonly name: FileName } | undefined {
  const groups = pattern.exec(key)?.groups;
  if (groups === undefined) return undefined;
  const { folder = '', date = '', generation, requestId = '', version } = groups;
  const name: FileName =
    generation === undefined
      ? { kind: 'request', requestId, version: Number(version) }
      : { kind: 'day', generation: Number(generation) };
  return { folder, date, name };
}
