import { isSwathError } from '@swath/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expression } from './ast.ts';
import { compileFilter } from './compile.ts';
import { parseJson } from './parse-json.ts';
import { parseText } from './parse-text.ts';
import { printText } from './print-text.ts';

/** Runs it; the only errors a filter may end with are those that tell its author what to change. */
function settles(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (isSwathError(error) && ['InvalidInput', 'Unsupported'].includes(error.code)) return true;
    throw error;
  }
}

const words = [
  ...'a_contains s_intersects t_during casei accenti like between in is not null and or true false div'.split(
    ' ',
  ),
  ..."( ) , = <> < > <= >= + - * / % ^ ' \" \\ . : 1 2.5 1e9 foo \"bar\" 'text' '%_'".split(' '),
  "DATE('2024-06-01')",
  "TIMESTAMP('2024-06-01T00:00:00Z')",
  "INTERVAL('..','2024-06-01')",
  'POINT(1 2)',
  'POLYGON((0 0,1 0,1 1,0 0))',
  'BBOX(170,-10,-170,10)',
];

describe('filters from strangers', () => {
  it('end with a filter or with an error for their author, whatever the text', () => {
    const noise = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 6 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(noise, (parts) =>
        settles(() => {
          const { expression, positions } = parseText(parts.join(' '));
          compileFilter(expression, positions)(() => null);
        }),
      ),
      { numRuns: 3000, seed: 20_261 },
    );
  });

  it('end with a filter or with an error for their author, whatever the JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(...words), (json, op) =>
        settles(() => compileFilter(parseJson({ op, args: Array.isArray(json) ? json : [json] }))(() => 1)),
      ),
      { numRuns: 3000, seed: 20_261 },
    );
  });

  it('are read again as they were printed', () => {
    const leaf: fc.Arbitrary<Expression> = fc.oneof(
      fc.boolean(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string().filter((text) => !/\\('|$)/.test(text)),
      fc.record({ property: fc.string({ minLength: 1 }) }),
      fc.constantFrom<Expression>(
        { date: '2024-06-01' },
        { timestamp: '2024-06-01T10:00:00.5Z' },
        { interval: ['..', { property: 'end' }] },
        { bbox: [-10, 0, 10.5, 20] },
        { type: 'Point', coordinates: [1, 2, 3] },
        { type: 'GeometryCollection', geometries: [{ type: 'MultiPoint', coordinates: [[1, 2]] }] },
      ),
    );
    const { tree } = fc.letrec<{ tree: Expression }>((tie) => {
      const of = (ops: readonly string[], least: number, most: number) =>
        fc
          .tuple(fc.constantFrom(...ops), fc.array(tie('tree'), { minLength: least, maxLength: most }))
          .map(([op, args]): Expression => ({ op, args }));
      return {
        tree: fc.oneof(
          { maxDepth: 5, withCrossShrink: true },
          leaf,
          of(['=', '<>', '<', '>=', '+', '-', '*', '/', '%', 'div', '^', 'like', 't_after'], 2, 2),
          of(['and', 'or'], 2, 3),
          of(['not', 'isNull', 'casei'], 1, 1),
          of(['between'], 3, 3),
          of(['Buffer'], 0, 3),
          fc
            .tuple(tie('tree'), fc.array(tie('tree'), { maxLength: 3 }))
            .map(([value, list]): Expression => ({ op: 'in', args: [value, list] })),
        ),
      };
    });
    fc.assert(
      fc.property(tree, (expression) => {
        expect(parseText(printText(expression)).expression).toEqual(expression);
      }),
      { numRuns: 1500, seed: 20_261 },
    );
  });

  it.each([
    ['x = ', 'character 5'],
    ['x == 1', 'character 4'],
    ["name LIKE 'a", 'character 11'],
    ['a AND (b OR', 'character 12'],
    ["t = DATE('2024-02-30')", 'character 10'],
    ['POLYGON((0 0, 1 0, 1 1, 0 2)) = 1', 'character 9'],
    ['x = 1 y', 'character 7'],
    ['$x = 1', 'character 1'],
    ['buffer(geometry, 1) = 1', 'character 1'],
  ])('say at which character %s goes wrong', (filter, where) => {
    const run = () => {
      const { expression, positions } = parseText(filter);
      compileFilter(expression, positions);
    };
    expect(run).toThrow(where);
  });

  it.each([
    [{ op: '=', args: [{ property: 'x' }] }, '/filter/args'],
    [{ op: 'and', args: [true, 'text'] }, '/filter/args/1'],
    [{ op: '=', args: [{ property: 7 }, 1] }, '/filter/args/0/property'],
    [{ op: '=', args: [{ property: 'x' }, null] }, '/filter/args/1'],
    [{ op: 'not', args: [{ op: 'buffer', args: [1] }] }, '/filter/args/0/op'],
    [
      { op: 's_touches', args: [{ property: 'geometry' }, { type: 'Polygon', coordinates: [[[0, 0]]] }] },
      '/filter/args/1/coordinates/0',
    ],
  ])('say where in %j they go wrong', (filter, pointer) => {
    expect(() => compileFilter(parseJson(filter))).toThrow(expect.objectContaining({ pointer }));
  });

  it('are refused when they are too long, too deep or too many, before that costs anything', () => {
    expect(() => parseText('('.repeat(100_000))).toThrow('more than 65536 characters');
    expect(() => parseText('('.repeat(1000))).toThrow('nested deeper than 64');
    expect(() => parseText(`x IN (${'1,'.repeat(9000)}1)`)).toThrow('more than 5000 parts');
    expect(() => parseText(`x = LINESTRING(${'1 1,'.repeat(10_001)}1 1)`)).toThrow('10000 vertices');
    let deep: unknown = true;
    for (let i = 0; i < 100; i++) deep = { op: 'not', args: [deep] };
    expect(() => parseJson(deep)).toThrow('nested deeper than 64');
  });

  it('with a pattern made to backtrack are quick', () => {
    const predicate = compileFilter(parseText(`x LIKE '${'%a'.repeat(500)}%b'`).expression);
    expect(predicate(() => 'a'.repeat(5000))).toBe(false);
  });
});
