import Table from 'cli-table3';
import type { Colors } from '../terminal.ts';

export interface Column {
  readonly head: string;
  readonly align?: 'left' | 'right';
}

const edges = [
  'top',
  'top-mid',
  'top-left',
  'top-right',
  'bottom',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
  'left',
  'left-mid',
  'mid',
  'mid-mid',
  'right',
  'right-mid',
  'middle',
] as const;

/** Aligned columns without lines; cells may hold colour codes. No newline at the end. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  colors: Colors,
): string {
  const drawing = new Table({
    head: columns.map((c) => colors.dim(c.head)),
    colAligns: columns.map((c) => c.align ?? 'left'),
    chars: Object.fromEntries(edges.map((edge) => [edge, ''])),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  });
  for (const row of rows) drawing.push([...row]);
  return drawing
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
