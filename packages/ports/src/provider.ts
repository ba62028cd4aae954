import type { Aoi } from '@swath/geo';
import type { Scene } from '@swath/stac';

export interface SceneQuery {
  readonly collections: readonly string[];
  readonly aoi?: Aoi;
  /** RFC 3339 UTC instants, both inclusive; null = open. */
  readonly datetime?: { readonly start: string | null; readonly end: string | null };
  readonly maxCloudCoverPercent?: number;
  /** Only Items of these ids. */
  readonly ids?: readonly string[];
  /** Stop after this many scenes. */
  readonly limit: number;
  readonly signal?: AbortSignal;
}

export interface SearchAnswer {
  /** Sorted by (datetime, collection, id), each once, all inside the query: what the server ignored was re-checked here. */
  readonly scenes: readonly Scene[];
  /** Items the server sent that could not be used, with the reason: counted, never hidden. */
  readonly skipped: readonly { readonly id: string; readonly reason: string }[];
  /** True when `limit` cut the answer. */
  readonly truncated: boolean;
}

export interface CollectionSummary {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Band names an expression may use (asset keys and common names); empty when the provider does not say. */
  readonly bands: readonly string[];
  /** [west, south, east, north] in degrees, where the provider says. */
  readonly bbox?: readonly number[];
  /** First and last instant, null is open; where the provider says. */
  readonly interval?: readonly [string | null, string | null];
  /** SPDX id, or `other`. */
  readonly license?: string;
}

/** A source of imagery. Errors: Unavailable, Throttled (with retryAfterMs), InvalidInput, Corrupt. */
export interface Provider {
  readonly id: string;
  readonly title: string;
  /** `reference`: read where it lies. `copy`: fetched into the raw bucket and verified before processing. */
  readonly acquire: 'reference' | 'copy';
  search(query: SceneQuery): Promise<SearchAnswer>;
  collections(signal?: AbortSignal): Promise<readonly CollectionSummary[]>;
}
