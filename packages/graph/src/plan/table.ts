import type { ZoneReducer } from './zone-reducer.ts';

/** Formats of save_result for what aggregate_spatial gives. */
export const tableFormats = ['JSON', 'CSV', 'GeoJSON', 'Parquet'] as const;
export type TableFormat = (typeof tableFormats)[number];

/** What a graph asks for of the statistics by zone that its request makes. Plain JSON: a started job keeps it. */
export interface PlannedTable {
  readonly reducer: ZoneReducer;
  readonly format: TableFormat;
  /** False where time was reduced: there is one row for each geometry. */
  readonly hasDates: boolean;
  /** False where bands were reduced: there is one value, without a name. */
  readonly hasBands: boolean;
}

/** As people call it. */
export function reducerTitle(reducer: ZoneReducer): string {
  if (reducer.kind !== 'percentile') return reducer.kind;
  return reducer.percent === 50 ? 'median' : `quantile ${reducer.percent / 100}`;
}
