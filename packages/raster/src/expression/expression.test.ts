import { isSwathError, type SwathError } from '@swath/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expressionTree } from '../../../../test/support/expression-tree.ts';
import type { Expression } from './ast.ts';
import { evaluate } from './evaluate.ts';
import { formatExpression } from './format.ts';
import { EXPRESSION_BLOCK } from './limits.ts';
import { bandsOf, parseExpression } from './parse.ts';

const bandNames = ['nir', 'red', 'B8A', 'blue'] as const;
const tree = expressionTree(
  bandNames,
  fc.double({ min: 0, max: 1e30, noNaN: true }).map((value) => value + 0),
);

/** One pixel, one recursion, one fround per operation: what the block interpreter must equal bit for bit. */
function scalar(e: Expression, at: (name: string) => number): number {
  const f = Math.fround;
  const bit = (test: boolean) => (test ? 1 : 0);
  switch (e.kind) {
    case 'number':
      return f(e.value);
    case 'band':
      return at(e.name);
    case 'unary': {
      const x = scalar(e.operand, at);
      return e.operator === '-' ? -x : bit(x === 0);
    }
    case 'choose':
      return scalar(e.test, at) !== 0 ? scalar(e.yes, at) : scalar(e.no, at);
    case 'binary': {
      const a = scalar(e.left, at);
      const b = scalar(e.right, at);
      const table: Record<typeof e.operator, () => number> = {
        '+': () => f(a + b),
        '-': () => f(a - b),
        '*': () => f(a * b),
        '/': () => f(a / b),
        '**': () => f(b === 2 ? a * a : a ** b),
        '<': () => bit(a < b),
        '<=': () => bit(a <= b),
        '>': () => bit(a > b),
        '>=': () => bit(a >= b),
        '==': () => bit(a === b),
        '!=': () => bit(a !== b),
        '&&': () => bit(a !== 0 && b !== 0),
        '||': () => bit(a !== 0 || b !== 0),
      };
      return table[e.operator]();
    }
    case 'call': {
      const args = e.args.map((each) => scalar(each, at));
      const [x = Number.NaN, low = 0, high = 0] = args;
      const evenRound = () => {
        const down = Math.floor(x);
        const rest = x - down;
        if (rest < 0.5) return down;
        if (rest > 0.5) return down + 1;
        return down % 2 === 0 ? down : down + 1;
      };
      const table: Record<typeof e.name, () => number> = {
        abs: () => Math.abs(x),
        sqrt: () => f(Math.sqrt(x)),
        exp: () => f(Math.exp(x)),
        log: () => f(Math.log(x)),
        log10: () => f(Math.log10(x)),
        min: () => Math.min(...args),
        max: () => Math.max(...args),
        floor: () => Math.floor(x),
        ceil: () => Math.ceil(x),
        // IEEE 754: what rounds to zero keeps its sign, and 1 / -0 is minus infinity.
        round: () => (Number.isFinite(x) ? Math.abs(evenRound()) * (x < 0 || Object.is(x, -0) ? -1 : 1) : x),
        clip: () => Math.min(Math.max(x, low), high),
      };
      return table[e.name]();
    }
  }
}

function refusal(text: string): SwathError {
  try {
    parseExpression(text);
  } catch (error) {
    if (isSwathError(error)) return error;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

const value = (text: string, bands: Record<string, number> = {}): number =>
  evaluate(
    parseExpression(text),
    Object.fromEntries(Object.entries(bands).map(([name, each]) => [name, Float32Array.of(each)])),
    1,
  )[0]!;

describe('parseExpression', () => {
  it('gives back the tree that was formatted', () => {
    fc.assert(
      fc.property(tree, (each) => {
        const text = formatExpression(each);
        fc.pre(text.length <= 2000);
        expect(parseExpression(text)).toEqual(each);
      }),
      { numRuns: 500 },
    );
  });

  it('binds as mathematics and Python do', () => {
    expect(value('2 + 3 * 4')).toBe(14);
    expect(value('2 ** 3 ** 2')).toBe(512);
    expect(value('-2 ** 2')).toBe(-4);
    expect(value('2 ** -1')).toBe(0.5);
    expect(value('8 / 4 / 2')).toBe(1);
    expect(value('1 - 2 - 3')).toBe(-4);
    expect(value('1 < 2 && 3 < 2 || 1')).toBe(1);
    expect(value('0 ? 1 : 0 ? 2 : 3')).toBe(3);
    expect(value('!0 + 1')).toBe(2);
    expect(value('(1 < 2) == (3 > 2)')).toBe(1);
    expect(value('+.5e1')).toBe(5);
  });

  it.each([
    ['constructor', 1, 'cannot be a band'],
    ['__proto__', 1, 'cannot be a band'],
    ['a.constructor', 2, '"." is not allowed'],
    ['process.exit()', 8, '"." is not allowed'],
    ['toString(1)', 1, 'cannot be a band'],
    ['eval(1)', 1, 'no function "eval"'],
    ['`a`', 1, 'is not allowed'],
    ['"a"', 1, 'is not allowed'],
    ['a // b', 3, '"//" is not allowed'],
    ['a /* b */', 3, '"/*" is not allowed'],
    ['\uff421 + 1', 1, 'U+FF42'],
    ['n\u0456r', 2, 'U+0456'],
    ['nir - \u2212red', 7, 'U+2212'],
    ['a[0]', 2, '"[" is not allowed'],
    ['a = 1', 3, '"=" is not allowed'],
    ['a ^ 2', 3, '"^" is not allowed'],
    ['a % 2', 3, '"%" is not allowed'],
    ['a; b', 2, '";" is not allowed'],
    ['1 +', 4, 'expected a number, a band or "(", found the end'],
    ['(1', 3, 'expected ")", found the end'],
    ['1)', 2, 'expected an operator or the end, found ")"'],
    ['a b', 3, 'expected an operator or the end, found "b"'],
    ['2nir', 2, 'expected an operator'],
    ['1.2.3', 4, 'expected an operator'],
    ['a < b < c', 7, 'cannot be chained'],
    ['abs', 4, 'expected "("'],
    ['abs()', 5, 'expected a number'],
    ['abs(1, 2)', 1, 'takes 1 argument, not 2'],
    ['clip(1, 2)', 1, 'takes 3 arguments, not 2'],
    ['a ? b', 6, 'expected ":"'],
    ['1e999', 1, 'too large'],
    ['', 1, 'empty'],
    ['  ', 1, 'empty'],
    ['a, b', 2, 'expected an operator'],
  ])('refuses %j at column %i', (text, column, message) => {
    const error = refusal(text);
    expect(error.code).toBe('InvalidInput');
    expect(error.pointer).toBe('/pipeline/expression');
    expect(error.message).toContain(`Column ${column}:`);
    expect(error.message).toContain(message);
    expect(error.fix).toBeTruthy();
  });

  it('says ** to those who write ^', () => {
    expect(refusal('a ^ 2').fix).toContain('**');
  });

  it('bounds length, nodes and depth', () => {
    expect(refusal('1'.repeat(2001)).code).toBe('LimitExceeded');
    expect(refusal(`${'a+'.repeat(999)}a`).code).toBe('LimitExceeded');
    expect(refusal(`${'('.repeat(65)}1${')'.repeat(65)}`).code).toBe('LimitExceeded');
    expect(refusal(`${'-'.repeat(65)}1`).code).toBe('LimitExceeded');
    expect(refusal(`${'2**'.repeat(65)}1`).code).toBe('LimitExceeded');
    expect(refusal(`${'('.repeat(1_000_000)}`).code).toBe('LimitExceeded');
    expect(parseExpression(`${'('.repeat(64)}1${')'.repeat(64)}`)).toEqual({ kind: 'number', value: 1 });
    expect(bandsOf(parseExpression(`${'a+'.repeat(400)}b`))).toEqual(['a', 'b']);
  });

  it('never fails with anything but a refusal', () => {
    const piece = fc.constantFrom(
      ...'+-*/<>=!&|?:(),. ^%"\'',
      '**',
      'nir',
      '1',
      '1e3',
      'abs',
      '\u00e9',
      '\ud800',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        try {
          parseExpression(pieces.join(''));
        } catch (error) {
          expect(isSwathError(error)).toBe(true);
          expect(isSwathError(error, 'Bug')).toBe(false);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('evaluate', () => {
  const pixel = fc.oneof(
    fc.float({ min: -2, max: 2, noNaN: true }),
    fc.constantFrom(0, -0, 1, 0.5, 1.5, 2.5, -0.5, Number.NaN, Infinity, -Infinity, Math.fround(1e38)),
  );

  it('equals a scalar evaluator that rounds every operation to single', () => {
    fc.assert(
      fc.property(tree, fc.array(pixel, { minLength: 4, maxLength: 24 }), (each, pixels) => {
        const values = Float32Array.from(pixels);
        const length = Math.floor(values.length / 4);
        const bands = Object.fromEntries(
          bandNames.map((name, i) => [name, values.subarray(i * length, (i + 1) * length)]),
        );
        const result = evaluate(each, bands, length);
        for (let i = 0; i < length; i++) {
          expect(result[i]! + 0).toBe(scalar(each, (name) => bands[name]![i]!) + 0);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the same over many blocks as pixel by pixel', () => {
    const expression = parseExpression(
      'clip((nir - red) / (nir + red), -0.5, 0.5) * max(nir, red, 0.25) + (nir > red)',
    );
    const length = 2 * EXPRESSION_BLOCK + 17;
    const nir = Float32Array.from({ length }, (_, i) => Math.sin(i));
    const red = Float32Array.from({ length }, (_, i) => Math.cos(3 * i));
    const result = evaluate(expression, { nir, red }, length);
    for (let i = 0; i < length; i++) {
      expect(result[i]).toBe(scalar(expression, (name) => (name === 'nir' ? nir : red)[i]!));
    }
    expect(nir[5]).toBe(Math.fround(Math.sin(5)));
  });

  it('follows IEEE 754 at the edges', () => {
    expect(value('1 / 0')).toBe(Infinity);
    expect(value('-1 / 0')).toBe(-Infinity);
    expect(value('0 / 0')).toBeNaN();
    expect(value('log(-1)')).toBeNaN();
    expect(value('sqrt(-1)')).toBeNaN();
    expect(value('9 ** 9 ** 9 ** 9')).toBe(Infinity);
    expect(value('1e38 * 10')).toBe(Infinity);
    expect(value('a < 1', { a: Number.NaN })).toBe(0);
    expect(value('a != a', { a: Number.NaN })).toBe(1);
    expect(value('a && 1', { a: Number.NaN })).toBe(1);
    expect(value('min(a, 1)', { a: Number.NaN })).toBeNaN();
    expect(value('a - b', { a: 1, b: 2 })).toBe(-1);
    expect([0.5, 1.5, 2.5, -0.5, -1.5].map((x) => value('round(x)', { x }))).toEqual([0, 2, 2, -0, -2]);
    expect(value('0.1 + 0.2')).toBe(Math.fround(Math.fround(0.1) + Math.fround(0.2)));
  });

  it('keeps constants 0 and -0 apart', () => {
    const zero = (value: number): Expression => ({ kind: 'number', value });
    const inverse = (value: number): Expression => ({
      kind: 'binary',
      operator: '/',
      left: zero(1),
      right: zero(value),
    });
    const sum: Expression = { kind: 'call', name: 'min', args: [inverse(0), inverse(-0)] };
    expect(evaluate(sum, {}, 1)[0]).toBe(-Infinity);
    expect(evaluate(inverse(-0), {}, 1)[0]).toBe(-Infinity);
  });

  it('does not find bands on the prototype, and says which band is missing', () => {
    expect(() => evaluate({ kind: 'band', name: 'constructor' }, {}, 1)).toThrow(
      'no pixels for band "constructor"',
    );
    expect(() => evaluate(parseExpression('nir'), { nir: new Float32Array(1) }, 2)).toThrow(
      'has 1 pixels, not 2',
    );
  });
});
