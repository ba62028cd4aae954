import type { SqlAnswer } from '@swath/analytics';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { csvText } from './csv.ts';
import { plotText } from './plot.ts';
import { answerTable, scanText } from './sql.ts';

const colors = pc.createColors(false);
const answer = (columns: SqlAnswer['columns'], rows: SqlAnswer['rows']): SqlAnswer => ({
  columns,
  rows,
  cut: false,
});
const series = [
  { name: 'aoi', type: 'VARCHAR' },
  { name: 'datetime', type: 'TIMESTAMP' },
  { name: 'mean', type: 'DOUBLE' },
] as const;

describe('an answer as a table', () => {
  it('aligns numbers to the right, cuts long texts and control characters, and counts rows', () => {
    const text = answerTable(
      answer(
        [
          { name: 'name', type: 'VARCHAR' },
          { name: 'month', type: 'TIMESTAMP' },
          { name: 'mean', type: 'DOUBLE' },
          { name: 'bands', type: 'VARCHAR[]' },
        ],
        [
          ['a\u001b[31m', '2026-01-01 00:00:00', 0.123456789, ['x', 'y']],
          ['b'.repeat(80), null, 12, []],
        ],
      ),
      colors,
    );
    expect(text).toContain('["x","y"]');
    expect(text).toMatch(/2026-01-01 +0\.123457/);
    expect(text).toMatch(/b{43}… +null +12 +\[\]/);
    expect(text).not.toContain('\u001b');
    expect(text.endsWith('\n2 rows')).toBe(true);
  });

  it('has a line per column where the terminal is narrower than the table, and there alone', () => {
    const some = answer(series, [
      ['field', '2026-01-01 00:00:00', 0.5],
      ['garden', null, 0.25],
    ]);
    const whole = answerTable(some, colors);
    const widest = Math.max(...whole.split('\n').map(({ length }) => length));
    expect(answerTable(some, colors, widest)).toBe(whole);
    expect(answerTable(some, pc.createColors(true), widest)).not.toContain('row 1');
    expect(answerTable(some, colors, widest - 1)).toBe(
      [
        ...['row 1', 'aoi       field', 'datetime  2026-01-01', 'mean      0.5', ''],
        ...['row 2', 'aoi       garden', 'datetime  null', 'mean      0.25', '2 rows'],
      ].join('\n'),
    );
    const none = answer(series, []);
    expect(answerTable(none, colors, 5)).toBe(answerTable(none, colors));
  });
});

describe('an answer as CSV', () => {
  it('quotes what needs it (RFC 4180), and leaves null empty', () => {
    expect(
      csvText({
        columns: [
          { name: 'a', type: 'VARCHAR' },
          { name: 'b "c"', type: 'DOUBLE' },
        ],
        rows: [
          ['x, "y"\nz', null],
          [['p', 'q'], 0.1],
        ],
      }),
    ).toBe('a,"b ""c"""\n"x, ""y""\nz",\n"[""p"",""q""]",0.1\n');
  });
});

describe('an answer as a chart', () => {
  it('draws a rising line from the lower left to the upper right corner', () => {
    const lines = plotText(
      answer(series, [
        ['field', '2024-01-01 00:00:00', 0],
        ['field', '2024-12-31 00:00:00', 1],
      ]),
      46,
    ).split('\n');
    expect(lines[0]).toBe('mean  field');
    expect(lines).toHaveLength(14);
    expect(lines[1]).toMatch(/^ +1 ┤\u2800+[^\u2800]+$/);
    expect(lines[12]).toMatch(/^ +0 ┤[^\u2800]+\u2800+$/);
    expect(lines[13]).toMatch(/^ +2024-01-01 +2024-12-31$/);
    // Each column of characters is crossed.
    for (let column = 7; column < 40; column++) {
      expect(
        lines.slice(1, 13).some((line) => (line[column] ?? '') > '\u2800'),
        `column ${column}`,
      ).toBe(true);
    }
  });

  it('draws one chart a series, on the same axes, and leaves out rows with a hole', () => {
    const text = plotText(
      answer(series, [
        ['a', '2024-01-01 00:00:00', 5],
        ['b', '2024-01-02 00:00:00', 5],
        ['b', null, 3],
        ['b', '2024-01-03 00:00:00', null],
      ]),
    );
    expect(text.match(/^mean {2}[ab]$/gm)).toEqual(['mean  a', 'mean  b']);
    expect(text.match(/7\.5 ┤/g)).toHaveLength(2);
  });

  it('is the same whatever the order of the rows: series by name, points by time', () => {
    const rows = ['field 10', 'field 2', 'a'].flatMap((name, i) =>
      [3, 1, 2].map((day) => [name, `2024-01-0${day} 00:00:00`, day * (i + 1)] as const),
    );
    const text = plotText(answer(series, rows));
    expect(text.match(/^mean {2}.*$/gm)).toEqual(['mean  a', 'mean  field 2', 'mean  field 10']);
    const shuffled = [4, 0, 8, 2, 6, 1, 7, 3, 5].map((at) => rows[at] ?? []);
    expect(plotText(answer(series, shuffled))).toBe(text);
    expect(plotText(answer(series, rows.toReversed()))).toBe(text);
  });

  it('takes days written as text for instants', () => {
    const days = answer(
      [
        { name: 'date', type: 'VARCHAR' },
        { name: 'units', type: 'BIGINT' },
      ],
      [
        ['2026-01-01', 1],
        ['2026-01-03', 4],
      ],
    );
    expect(plotText(days)).toContain('2026-01-03');
  });

  it('says what is missing', () => {
    expect(() => plotText(answer([{ name: 'a', type: 'VARCHAR' }], [['x']]))).toThrow(/no instant/);
    expect(() => plotText(answer(series.slice(0, 2), [['x', '2024-01-01']]))).toThrow(/no number/);
    expect(() => plotText(answer(series, []))).toThrow(/nothing to draw/);
  });
});

describe('the cost of a query', () => {
  it('is told in cents', () => {
    expect(scanText({ bytes: 3e9, usd: 0.015 })).toBe('Athena read 3000.0 MB: $0.01.');
    expect(scanText({ bytes: 0, usd: 0.00005 })).toBe('Athena read 0.0 MB: less than 1 cent.');
  });
});
