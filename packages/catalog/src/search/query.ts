import type { Interval } from '@swath/geo';
import type { Geometry } from '../cql2/ast.ts';
import type { Predicate } from '../cql2/compile.ts';

/** A search as it was understood: everything in it is checked. */
export interface SearchQuery {
  /** None named means all of the project's own. */
  readonly collections?: readonly string[];
  readonly ids?: readonly string[];
  /** Of `bbox` or `intersects`: what Items must have a place in common with. */
  readonly area?: Geometry;
  readonly datetime?: Interval;
  readonly filter?: Predicate;
  /** @default newest first */
  readonly sort: readonly SortField[];
  readonly limit: number;
  /** Where the page begins. */
  readonly position?: Position;
  /** Of all that decides which Items match and in which order: a token of one search fits no other. */
  readonly fingerprint: string;
}

export interface SortField {
  /** `datetime`, `id`, `collection`, or a path below the Item's properties. */
  readonly field: string;
  readonly direction: 'asc' | 'desc';
}

export type SortValue = string | number | boolean | null;

/** After an Item (its sort values), or after everything up to a time. */
export type Position =
  | { readonly kind: 'item'; readonly values: readonly SortValue[] }
  | { readonly kind: 'time'; readonly beforeMs: number };

/** One page of a search. */
export interface Page<E> {
  readonly entries: readonly E[];
  /** How many match in all; absent when telling would cost looking at too many. */
  readonly matched?: number;
  /** Where the next page begins; absent on the last. */
  readonly next?: Position;
}
