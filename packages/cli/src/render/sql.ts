import { stripVTControlCharacters } from 'node:util';
import type { SqlAnswer, SqlCatalogue, SqlValue } from '@swath/analytics';
import { SQL_CELL_CHARS } from '../limits.ts';
import { type Colors, plain } from '../terminal.ts';
import { table } from './table.ts';

const isNumeric = (type: string): boolean =>
  /int|double|float|decimal|real/i.test(type) && !type.includes('[');

/**
 * Rows as aligned columns, numbers to six digits, long texts cut; then how many there are. Where a line would be wider than
 * the terminal, a line per column instead, row after row.
 *
 * @param widthColumns of the terminal. @default none: lines are as long as they are
 */
export function answerTable({ columns, rows }: SqlAnswer, colors: Colors, widthColumns?: number): string {
  const heads = columns.map(({ name }) => plain(name));
  const cells = rows.map((row) => row.map((value, at) => cellText(value, columns[at]?.type ?? '', colors)));
  const drawn = table(
    columns.map(({ type }, at) => ({ head: heads[at] ?? '', align: isNumeric(type) ? 'right' : 'left' })),
    cells,
    colors,
  );
  const fits =
    widthColumns === undefined ||
    drawn.split('\n').every((line) => stripVTControlCharacters(line).length <= widthColumns);
  const count = rows.length === 1 ? '1 row' : `${rows.length} rows`;
  return `${fits || rows.length === 0 ? drawn : records(heads, cells, colors)}\n${colors.dim(count)}`;
}

function records(heads: readonly string[], rows: readonly (readonly string[])[], colors: Colors): string {
  const width = Math.max(...heads.map(({ length }) => length));
  return rows
    .map((row, at) => {
      const lines = row.map((cell, i) => `${colors.dim((heads[i] ?? '').padEnd(width))}  ${cell}`);
      return [colors.bold(`row ${at + 1}`), ...lines].join('\n');
    })
    .join('\n\n');
}

function cellText(value: SqlValue, type: string, colors: Colors): string {
  if (value === null) return colors.dim('null');
  if (typeof value === 'number') {
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  }
  const text = plain(typeof value === 'object' ? JSON.stringify(value) : String(value)).replaceAll('\n', ' ');
  // Midnight says no more than the day.
  const short = type.startsWith('TIMESTAMP') ? text.replace(/ 00:00:00$/, '') : text;
  return short.length <= SQL_CELL_CHARS ? short : `${short.slice(0, SQL_CELL_CHARS - 1)}…`;
}

/** Tables, views and queries as text. */
export function catalogueText(
  { tables = [], views = [], queries = [] }: Partial<SqlCatalogue>,
  colors: Colors,
): string {
  const relations = [...tables, ...views].map(({ name, description, columns }) => {
    const lines = table(
      [{ head: 'column' }, { head: 'type' }, { head: '' }],
      columns.map((one) => [`  ${one.name}`, one.type, one.description]),
      colors,
    );
    return `${colors.bold(name)}  ${description}\n${lines.slice(lines.indexOf('\n') + 1)}`;
  });
  const written = queries.map(
    ({ name, description, sql }) => `${colors.bold(name)}  ${description}\n${sql.replaceAll(/^/gm, '  ')}`,
  );
  return [...relations, ...written].join('\n\n');
}

/** What a query read, and what that costs. */
export function scanText({ bytes, usd }: { readonly bytes: number; readonly usd: number }): string {
  const cost = usd < 0.01 ? 'less than 1 cent' : `$${usd.toFixed(2)}`;
  return `Athena read ${(bytes / 1e6).toFixed(1)} MB: ${cost}.`;
}
