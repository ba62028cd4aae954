import { type Cube, cellAt } from '@swath/graph';

/** RFC 4180: a field with a comma, a quote or a line break stands in quotes. Formulas of spreadsheets start with no label of ours. */
function field(value: boolean | number | string | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A cube as CSV (RFC 4180): a column for each dimension with its labels, then a column for each band, or `value` without
 * bands. No data is empty. Rows are in the order of the cells.
 */
export function tableOf({ dimensions, cells }: Cube): string {
  const bands = dimensions.findIndex(({ type }) => type === 'bands');
  const strides = new Array<number>(dimensions.length).fill(1);
  for (let i = dimensions.length - 2; i >= 0; i--)
    strides[i] = strides[i + 1]! * dimensions[i + 1]!.labels.length;
  const keys = dimensions.flatMap(({ name, labels }, i) =>
    i === bands ? [] : [{ name, labels, stride: strides[i]! }],
  );
  const columns = bands < 0 ? ['value'] : dimensions[bands]!.labels.map(String);
  const bandStride = strides[bands] ?? 0;
  const lines = [[...keys.map(({ name }) => name), ...columns].map(field).join(',')];
  const count = dimensions.length === 0 ? 0 : keys.reduce((rows, { labels }) => rows * labels.length, 1);
  for (let row = 0; row < count; row++) {
    let rest = row;
    let from = 0;
    const labels: string[] = [];
    for (const key of keys.toReversed()) {
      const position = rest % key.labels.length;
      rest = Math.floor(rest / key.labels.length);
      from += position * key.stride;
      labels.unshift(field(key.labels[position]!));
    }
    const values = columns.map((_, i) => field(cellAt(cells, from + i * bandStride)));
    lines.push([...labels, ...values].join(','));
  }
  return `${lines.join('\r\n')}\r\n`;
}
