import { MAX_FILTER_CHARS } from '../limits.ts';
import type { Expression, IntervalEnd, IntervalLiteral, Operation } from './ast.ts';
import { isOperation, isProperty } from './ast.ts';
import { type Cursor, cursorOver, expected } from './cursor.ts';
import { arrayPredicates, comparisons, isStandardName, oneOf, standardName } from './operators.ts';
import { type Positions, refuseText } from './refuse.ts';
import { isDateText, readTimestamp } from './temporal-text.ts';
import { atGeometry, readBbox, readGeometry } from './wkt.ts';

/** Binding powers: what binds tighter is higher. */
const power = { or: 1, and: 2, not: 3, compare: 4, add: 5, multiply: 6, raise: 7, negate: 8 } as const;

const infixPower: Readonly<Record<string, number>> = {
  '+': power.add,
  '-': power.add,
  '*': power.multiply,
  '/': power.multiply,
  '%': power.multiply,
  '^': power.raise,
};

/** Words that are no names unless quoted. */
export const reservedWords: ReadonlySet<string> = new Set(
  'and or not is null like between in div true false'.split(' '),
);

/** A parsed text, with the place of each operation for messages about it. */
export interface ParsedText {
  readonly expression: Expression;
  readonly positions: Positions;
}

/**
 * cql2-text (OGC 21-065r2, annex B) by operator precedence.
 * @throws InvalidInput with the character where it stops making sense.
 */
export function parseText(text: string): ParsedText {
  if (text.length > MAX_FILTER_CHARS) {
    throw refuseText(MAX_FILTER_CHARS, `The filter has more than ${MAX_FILTER_CHARS} characters.`);
  }
  const cursor = cursorOver(text);
  const positions: Positions = new WeakMap();
  const parser = { cursor, positions };
  const value = expression(parser, 0);
  if (cursor.peek().kind !== 'end') throw expected(cursor, 'An operator or the end');
  return { expression: value, positions };
}

interface Parser {
  readonly cursor: Cursor;
  readonly positions: Positions;
}

function operation(parser: Parser, offset: number, op: string, args: readonly Expression[]): Operation {
  parser.cursor.countNode();
  const made = { op, args };
  parser.positions.set(made, offset);
  return made;
}

function expression(parser: Parser, least: number): Expression {
  return parser.cursor.nested(() => {
    let left = prefix(parser);
    for (;;) {
      const next = infix(parser, left, least);
      if (next === undefined) return left;
      left = next;
    }
  });
}

/** The expression that begins here and takes no left operand. */
function prefix(parser: Parser): Expression {
  const { cursor } = parser;
  const { kind, text, offset } = cursor.peek();
  cursor.countNode();
  if (kind === 'number') return number(parser);
  if (kind === 'text') return cursor.take().text;
  if (kind === 'quoted') return { property: cursor.take().text };
  if (kind === 'symbol' && text === '(') return parenthesised(parser);
  if (kind === 'symbol' && (text === '-' || text === '+')) return negated(parser);
  if (kind !== 'name') throw expected(cursor, 'A value');
  if (cursor.isWord('not')) {
    cursor.take();
    return operation(parser, offset, 'not', [expression(parser, power.not)]);
  }
  return named(parser);
}

function number({ cursor }: Parser): number {
  const { text, offset } = cursor.take();
  const value = Number(text);
  if (!Number.isFinite(value)) throw refuseText(offset, `${text} is too large a number.`);
  return value;
}

/** `-foo` is `-1 * foo`; a sign before a number belongs to it. */
function negated(parser: Parser): Expression {
  const { cursor } = parser;
  const { text, offset } = cursor.take();
  if (cursor.peek().kind === 'number') return text === '-' ? -number(parser) : number(parser);
  const operand = expression(parser, power.negate);
  return text === '-' ? operation(parser, offset, '*', [-1, operand]) : operand;
}

/** One expression in parentheses is itself; several are a list. */
function parenthesised(parser: Parser): Expression {
  const { cursor } = parser;
  const items = arguments_(parser);
  const [only] = items;
  if (items.length === 1 && only !== undefined) return only;
  cursor.countNode();
  return items;
}

function arguments_(parser: Parser): Expression[] {
  const { cursor } = parser;
  cursor.expect('(');
  if (cursor.accept(')')) return [];
  const items = [expression(parser, 0)];
  while (cursor.accept(',')) items.push(expression(parser, 0));
  cursor.expect(')');
  return items;
}

/** A literal with a word, a function, a property. */
function named(parser: Parser): Expression {
  const { cursor } = parser;
  if (atGeometry(cursor)) return readGeometry(cursor);
  const { text, offset } = cursor.peek();
  const word = text.toLowerCase();
  const called = cursor.peek(1).kind === 'symbol' && cursor.peek(1).text === '(';
  if (!called && (word === 'true' || word === 'false')) {
    cursor.take();
    return word === 'true';
  }
  if (!called) {
    if (reservedWords.has(word)) throw expected(cursor, 'A value');
    return { property: cursor.take().text };
  }
  cursor.take();
  switch (word) {
    case 'date':
      return { date: dateText(cursor) };
    case 'timestamp':
      return { timestamp: timestampText(cursor) };
    case 'interval':
      return interval(parser);
    case 'bbox':
      return readBbox(cursor);
    default:
      return call(parser, text, offset);
  }
}

function call(parser: Parser, name: string, offset: number): Operation {
  const args = arguments_(parser);
  const op = isStandardName(name) ? standardName(name) : name;
  // As a function, `in(x, 'a', 'b')` and `in(x, ('a', 'b'))` are both written.
  const [value, ...rest] = args;
  if (op === 'in' && value !== undefined && !(rest.length === 1 && Array.isArray(rest[0]))) {
    return operation(parser, offset, op, [value, rest]);
  }
  // A list of one looks like a value in parentheses.
  const listed = oneOf(arrayPredicates, op) === undefined ? args : args.map(asList);
  return operation(parser, offset, op, listed);
}

function asList(value: Expression): Expression {
  return typeof value === 'object' ? value : [value];
}

function quotedText(cursor: Cursor): { readonly text: string; readonly offset: number } {
  if (cursor.peek().kind !== 'text') throw expected(cursor, 'A text in single quotes');
  return cursor.take();
}

function dateText(cursor: Cursor): string {
  cursor.expect('(');
  const { text, offset } = quotedText(cursor);
  if (!isDateText(text)) throw refuseText(offset, `'${text}' is no date; write it as '2024-06-01'.`);
  cursor.expect(')');
  return text;
}

function timestampText(cursor: Cursor): string {
  cursor.expect('(');
  const { text, offset } = quotedText(cursor);
  const timestamp = readTimestamp(text);
  if (timestamp === undefined) {
    throw refuseText(offset, `'${text}' is no UTC instant; write it as '2024-06-01T10:30:00Z'.`);
  }
  cursor.expect(')');
  return timestamp;
}

function interval(parser: Parser): IntervalLiteral {
  const { cursor } = parser;
  cursor.expect('(');
  const start = intervalEnd(parser);
  cursor.expect(',');
  const end = intervalEnd(parser);
  cursor.expect(')');
  return { interval: [start, end] };
}

function intervalEnd(parser: Parser): IntervalEnd {
  const { cursor } = parser;
  const { offset } = cursor.peek();
  const value = expression(parser, 0);
  if (typeof value === 'string') {
    const text = value === '..' || isDateText(value) ? value : readTimestamp(value);
    if (text !== undefined) return text;
    throw refuseText(offset, `'${value}' is no date, no UTC instant and not '..'.`);
  }
  if (isProperty(value) || isOperation(value)) return value;
  throw refuseText(offset, 'An end of an interval is a text, a property or a function.');
}

/** The expression that continues `left`; undefined when nothing that binds tightly enough follows. */
function infix(parser: Parser, left: Expression, least: number): Expression | undefined {
  const { cursor } = parser;
  const { kind, text, offset } = cursor.peek();
  if (kind === 'symbol' && oneOf(comparisons, text) !== undefined) {
    if (power.compare <= least) return undefined;
    cursor.take();
    return operation(parser, offset, text, [left, expression(parser, power.compare)]);
  }
  const isDiv = cursor.isWord('div');
  const strength = kind === 'symbol' ? infixPower[text] : isDiv ? power.multiply : undefined;
  if (strength !== undefined) {
    if (strength <= least) return undefined;
    cursor.take();
    const right = expression(parser, text === '^' ? strength - 1 : strength);
    return operation(parser, offset, isDiv ? 'div' : text, [left, right]);
  }
  if (kind !== 'name') return undefined;
  for (const word of ['and', 'or'] as const) {
    if (cursor.isWord(word)) return power[word] <= least ? undefined : joined(parser, left, word);
  }
  return power.compare <= least ? undefined : predicate(parser, left);
}

/** `a AND b AND c` is one operation of three. */
function joined(parser: Parser, first: Expression, word: 'and' | 'or'): Operation {
  const { cursor } = parser;
  const { offset } = cursor.peek();
  const args = [first];
  while (cursor.acceptWord(word)) args.push(expression(parser, power[word]));
  return operation(parser, offset, word, args);
}

/** `IS [NOT] NULL`, `[NOT] LIKE`, `[NOT] BETWEEN`, `[NOT] IN`. */
function predicate(parser: Parser, left: Expression): Expression | undefined {
  const { cursor } = parser;
  const { offset } = cursor.peek();
  if (cursor.acceptWord('is')) {
    const not = cursor.acceptWord('not');
    if (!cursor.acceptWord('null')) throw expected(cursor, '"NULL"');
    return perhapsNot(parser, offset, not, operation(parser, offset, 'isNull', [left]));
  }
  const not = cursor.isWord('not');
  const ahead = not ? 1 : 0;
  const word = ['like', 'between', 'in'].find((name) => cursor.isWord(name, ahead));
  if (word === undefined) return undefined;
  if (not) cursor.take();
  cursor.take();
  return perhapsNot(parser, offset, not, operation(parser, offset, word, operands(parser, left, word)));
}

function operands(parser: Parser, left: Expression, word: string): Expression[] {
  const { cursor } = parser;
  if (word === 'like') return [left, expression(parser, power.compare)];
  if (word === 'in') {
    if (cursor.peek().text !== '(') throw expected(cursor, 'A list in parentheses');
    return [left, arguments_(parser)];
  }
  const from = expression(parser, power.compare);
  if (!cursor.acceptWord('and')) throw expected(cursor, '"AND"');
  return [left, from, expression(parser, power.compare)];
}

function perhapsNot(parser: Parser, offset: number, not: boolean, made: Operation): Operation {
  return not ? operation(parser, offset, 'not', [made]) : made;
}
