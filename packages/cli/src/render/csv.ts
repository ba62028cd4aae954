import type { SqlAnswer, SqlValue } from '@swath/analytics';

/** RFC 4180 with a header and line feeds; nothing for null, lists as JSON. */
export function csvText({ columns, rows }: Pick<SqlAnswer, 'columns' | 'rows'>): string {
  const lines = [columns.map(({ name }) => name), ...rows.map((row) => row.map(textOf))];
  return lines.map((cells) => `${cells.map(quoted).join(',')}\n`).join('');
}

function textOf(value: SqlValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
