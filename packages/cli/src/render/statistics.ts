import { statisticsRow } from '@swath/api/schemas/product';
import type { Statistics } from '../client.ts';
import { type Colors, plain } from '../terminal.ts';
import { csvText } from './csv.ts';
import { sparkline } from './sparkline.ts';
import { table } from './table.ts';
import { decimal, percent, plural } from './words.ts';

type Row = Statistics['rows'][number];

const columns = Object.keys(statisticsRow.shape) as (keyof Row)[];

/** Every row and digit. */
export function statisticsCsv(rows: readonly Row[]): string {
  return csvText({
    columns: columns.map((name) => ({ name, type: 'varchar' })),
    rows: rows.map((row) => columns.map((name) => row[name])),
  });
}

/** A line per zone and band: how its mean went over time. */
export function statisticsText(rows: readonly Row[], colors: Colors): string {
  if (rows.length === 0) return 'No statistics yet.';
  const series = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.zone, row.band]);
    series.set(key, [...(series.get(key) ?? []), row]);
  }
  const lines = [...series.values()].map((dates) => {
    const inTime = dates.toSorted((a, b) => Date.parse(a.start ?? '') - Date.parse(b.start ?? ''));
    const means = inTime.map(({ mean }) => mean);
    const known = means.filter((mean) => mean !== null);
    const valid = inTime.reduce((sum, row) => sum + row.validPercent, 0) / inTime.length;
    const [first] = inTime;
    return [
      plain(first?.zone ?? ''),
      plain(first?.band ?? ''),
      String(first?.pixels ?? 0),
      percent(valid),
      decimal(known.length === 0 ? null : Math.min(...known)),
      decimal(known.length === 0 ? null : Math.max(...known)),
      decimal(means.at(-1) ?? null),
      sparkline(means),
    ];
  });
  const head = table(
    [
      { head: 'zone' },
      { head: 'band' },
      { head: 'pixels', align: 'right' },
      { head: 'valid %', align: 'right' },
      { head: 'lowest mean', align: 'right' },
      { head: 'highest', align: 'right' },
      { head: 'last', align: 'right' },
      { head: 'over time' },
    ],
    lines,
    colors,
  );
  return `${head}\n${plural(lines.length, 'series', 'series')}, ${plural(rows.length, 'row')}`;
}
