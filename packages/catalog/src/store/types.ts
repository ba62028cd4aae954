import type { Clock, Objects, Table } from '@swath/ports';

/** JSON as it came; only what is checked is read. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What the catalogue's own Items and Collections lie in. */
export interface StoreDeps {
  readonly table: Table;
  /** Holds the Items that are too large for a row. */
  readonly objects: Objects;
  readonly clock: Clock;
}

/** An Item as a search has it in hand. */
export interface Entry {
  readonly collection: string;
  readonly id: string;
  /** As it was registered: links are its own, asset hrefs may be relative to `base`. */
  readonly item: JsonObject;
  /** Object key that relative hrefs are resolved beside; absent when all are absolute. */
  readonly base?: string;
  /** First and last instant, Unix milliseconds; equal for one instant. */
  readonly startMs: number;
  readonly endMs: number;
}

/** What is known of a collection, for its document. */
export interface CollectionFacts {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly license: string;
  readonly keywords: readonly string[];
  /** Band names an expression may use; empty when unknown. */
  readonly bands: readonly string[];
  /** [west, south, east, north]; absent when nothing is known. */
  readonly bbox?: readonly number[];
  /** RFC 3339 instants; null is open or unknown. */
  readonly interval: readonly [string | null, string | null];
  /** The provider whose imagery it is; absent for the project's own. */
  readonly provider?: { readonly id: string; readonly title: string };
}
