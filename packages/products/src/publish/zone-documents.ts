import { SwathError } from '@swath/core';
import type { Zone } from '@swath/geo';
import type { ZoneStatistics } from '@swath/raster';

/** Statistics by zone of one product. */
export interface ZoneFacts {
  readonly label: string;
  readonly start: string | null;
  readonly end: string | null;
  readonly failedChunks: readonly number[];
  /** Names of the bands. */
  readonly bands: readonly string[];
  readonly zones: readonly Zone[];
  /** Per band, per zone. */
  readonly statistics: readonly (readonly ZoneStatistics[])[];
}

/** A row of the documents: band by band, zones in the order of the request. */
function rowsOf({ bands, zones, statistics }: ZoneFacts) {
  return bands.flatMap((band, i) =>
    zones.map(({ id }, at) => {
      const found = statistics[i]?.[at];
      if (found === undefined) throw new SwathError('Bug', `zone ${at} of band ${band} has no statistics`);
      return { zone: id, band, ...found };
    }),
  );
}

/** `zones.json`: facts of the product, and one row per zone and band. */
export function zonesJson(facts: ZoneFacts): Uint8Array {
  const { label, start, end, failedChunks } = facts;
  const rows = rowsOf(facts).map((row) => `    ${JSON.stringify(row)}`);
  const head = JSON.stringify({ label, start, end, failedChunks }, null, 2).replace(/\n\}$/, '');
  return new TextEncoder().encode(`${head},\n  "rows": [\n${rows.join(',\n')}\n  ]\n}\n`);
}

const percentiles = ['p2', 'p5', 'p25', 'p50', 'p75', 'p95', 'p98'] as const;

/** `zones.csv` (RFC 4180): a header, then one row per zone and band; nothing stands for null. */
export function zonesCsv(facts: ZoneFacts): Uint8Array {
  const { label, start, end } = facts;
  const head = [
    ...['zone', 'band', 'product', 'start', 'end', 'pixels', 'count', 'valid_percent'],
    ...['sum', 'min', 'max', 'mean', 'std', ...percentiles, 'percentile_error'],
  ];
  const lines = rowsOf(facts).map((row) => [
    ...[row.zone, row.band, label, start, end, row.pixels, row.count, row.validPercent],
    ...[row.sum, row.min, row.max, row.mean, row.std],
    ...percentiles.map((name) => row.percentiles?.[name] ?? null),
    row.percentileError,
  ]);
  return new TextEncoder().encode(
    [head, ...lines].map((cells) => `${cells.map(quoted).join(',')}\n`).join(''),
  );
}

function quoted(cell: string | number | null): string {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
