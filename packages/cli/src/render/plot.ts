import type { SqlAnswer, SqlValue } from '@swath/analytics';
import { SwathError } from '@swath/core';
import { PLOT_COLUMNS, PLOT_ROWS, PLOT_SERIES } from '../limits.ts';
import { plain } from '../terminal.ts';

interface Point {
  /** Unix milliseconds. */
  readonly x: number;
  readonly y: number;
}

/**
 * The first number over the first instant of an answer, one chart per combination of its texts, drawn with braille
 * patterns: 2 x 4 dots a character. All charts share both axes, so that they can be compared; they are in the order of
 * their names, and points in that of time, whatever the order of the rows.
 *
 * @throws SwathError InvalidInput when the answer holds no instant, no number or no row to draw.
 */
export function plotText(answer: SqlAnswer, width = PLOT_COLUMNS): string {
  const { at, series } = seriesOf(answer);
  const points = [...series.values()].flat();
  if (points.length === 0) throw wrong('There is nothing to draw: no row has both an instant and a number.');
  const xs = rangeOf(points.map(({ x }) => x));
  const ys = rangeOf(points.map(({ y }) => y));
  const shown = [...series].slice(0, PLOT_SERIES);
  const charts = shown.map(([name, ofSeries]) => {
    const title = [answer.columns[at.y]?.name ?? '', name].filter((text) => text !== '').join('  ');
    return [plain(title), ...chart(ofSeries, xs, ys, Math.min(width, PLOT_COLUMNS))].join('\n');
  });
  const left = series.size - shown.length;
  return [...charts, ...(left > 0 ? [`${left} more series are not drawn.`] : [])].join('\n\n');
}

const wrong = (message: string) =>
  new SwathError('InvalidInput', message, {
    fix: 'Select an instant and a number: swath sql --plot "SELECT datetime, mean FROM ndvi_time_series".',
  });

function seriesOf({ columns, rows }: SqlAnswer) {
  const find = (test: (type: string, column: number) => boolean) =>
    columns.findIndex(({ type }, column) => test(type.toUpperCase(), column));
  const isDay = (column: number) =>
    rows.every((row) => row[column] === null || dayPattern.test(String(row[column])));
  const x = find(
    (type, column) =>
      /^(TIMESTAMP|DATE)/.test(type) || (type === 'VARCHAR' && rows.length > 0 && isDay(column)),
  );
  const y = find((type) => /INT|DOUBLE|FLOAT|DECIMAL|REAL/.test(type) && !type.includes('['));
  if (x === -1) throw wrong('The answer holds no instant.');
  if (y === -1) throw wrong('The answer holds no number.');
  const names = columns.flatMap(({ type }, column) =>
    type.toUpperCase() === 'VARCHAR' && column !== x ? [column] : [],
  );
  const series = new Map<string, Point[]>();
  for (const row of rows) {
    const point = { x: instantOf(row[x] ?? null), y: Number(row[y] ?? Number.NaN) };
    if (row[x] === null || row[y] === null || !Number.isFinite(point.x) || !Number.isFinite(point.y))
      continue;
    const name = names.map((column) => String(row[column] ?? '')).join(' ');
    series.set(name, [...(series.get(name) ?? []), point]);
  }
  const byName = [...series].toSorted(([a], [b]) => inReadingOrder.compare(a, b));
  for (const [, points] of byName) points.sort((a, b) => a.x - b.x || a.y - b.y);
  return { at: { x, y }, series: new Map(byName) };
}

/** `field 2` before `field 10`. */
const inReadingOrder = new Intl.Collator('en', { numeric: true });

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** `2026-01-31` or `2026-01-31 10:30:00.5`, UTC. */
function instantOf(value: SqlValue): number {
  const text = String(value);
  return Date.parse(dayPattern.test(text) ? text : `${text.replace(' ', 'T').replace(/\+00$/, '')}Z`);
}

type Range = readonly [low: number, high: number];

function rangeOf(values: readonly number[]): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  // One value has no range: it is drawn in the middle of one.
  return low === high ? [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2] : [low, high];
}

/** Dot numbers of a braille character by column and row: Unicode, block U+2800. */
const dots = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

function chart(points: readonly Point[], xs: Range, ys: Range, width: number): string[] {
  const labels = [ys[1], (ys[0] + ys[1]) / 2, ys[0]].map((value) => String(Number(value.toPrecision(3))));
  const margin = Math.max(...labels.map((label) => label.length)) + 2;
  const columns = Math.max(10, width - margin);
  const cells = new Uint8Array(columns * PLOT_ROWS);
  const dotX = (x: number) => Math.round(((x - xs[0]) / (xs[1] - xs[0])) * (columns * 2 - 1));
  const dotY = (y: number) => Math.round(((ys[1] - y) / (ys[1] - ys[0])) * (PLOT_ROWS * 4 - 1));
  const set = (x: number, y: number) => {
    const cell = (y >> 2) * columns + (x >> 1);
    cells[cell] = (cells[cell] ?? 0) | (dots[x & 1 ? 1 : 0][y & 3] ?? 0);
  };
  for (const [i, { x, y }] of points.entries()) {
    const [x0, y0] = [dotX(x), dotY(y)];
    set(x0, y0);
    const next = points[i + 1];
    if (next === undefined) continue;
    const [x1, y1] = [dotX(next.x), dotY(next.y)];
    const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0));
    for (let step = 1; step < steps; step++) {
      set(Math.round(x0 + ((x1 - x0) * step) / steps), Math.round(y0 + ((y1 - y0) * step) / steps));
    }
  }
  const lines = Array.from({ length: PLOT_ROWS }, (_, row) => {
    const label =
      row === 0 ? labels[0] : row === PLOT_ROWS - 1 ? labels[2] : row === PLOT_ROWS >> 1 ? labels[1] : '';
    const drawn = Array.from(cells.subarray(row * columns, (row + 1) * columns), (cell) =>
      String.fromCharCode(0x2800 + cell),
    ).join('');
    return `${(label ?? '').padStart(margin - 2)} ┤${drawn}`;
  });
  const [from, to] = [dayOf(xs[0]), dayOf(xs[1])];
  const gap = ' '.repeat(Math.max(1, columns - from.length - to.length));
  return [...lines, `${' '.repeat(margin)}${from}${gap}${to}`];
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
