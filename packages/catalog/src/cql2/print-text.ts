import { SwathError } from '@swath/core';
import type { Coordinate, Expression, Geometry, IntervalEnd, Operation } from './ast.ts';
import {
  isBbox,
  isDate,
  isGeometry,
  isInterval,
  isList,
  isOperation,
  isProperty,
  isTimestamp,
} from './ast.ts';
import { comparisons, oneOf } from './operators.ts';
import { reservedWords } from './parse-text.ts';

const infix: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '%': 6,
  div: 6,
  '^': 7,
};
const NOT = 3;
const COMPARE = 4;
const ATOM = 9;

/** cql2-text of an expression; reading it again gives the same expression. */
export function printText(expression: Expression): string {
  return print(expression).text;
}

interface Printed {
  readonly text: string;
  /** How tightly the outermost operator binds. */
  readonly power: number;
}

const atom = (text: string): Printed => ({ text, power: ATOM });

function print(e: Expression): Printed {
  if (typeof e === 'boolean') return atom(String(e));
  if (typeof e === 'number') return atom(numberText(e));
  if (typeof e === 'string') return atom(quoted(e));
  if (isList(e)) return atom(list(e));
  if (isProperty(e)) return atom(name(e.property));
  if (isDate(e)) return atom(`DATE('${e.date}')`);
  if (isTimestamp(e)) return atom(`TIMESTAMP('${e.timestamp}')`);
  if (isInterval(e)) return atom(`INTERVAL(${e.interval.map(end).join(',')})`);
  if (isBbox(e)) return atom(`BBOX(${e.bbox.map(numberText).join(', ')})`);
  if (isGeometry(e)) return atom(geometryText(e));
  return isOperation(e) ? operation(e) : atom('');
}

const end = (e: IntervalEnd): string => (typeof e === 'string' ? quoted(e) : printText(e));
const list = (items: readonly Expression[]) => `(${items.map(printText).join(', ')})`;

/** @throws Unsupported for a backslash before a quote or the end: cql2-text has no way to write it. */
function quoted(text: string): string {
  if (/\\('|$)/.test(text)) {
    throw new SwathError(
      'Unsupported',
      'A text with a backslash before a quote or its end has no cql2-text form.',
      {
        fix: 'Use cql2-json.',
      },
    );
  }
  return `'${text.replaceAll("'", "''")}'`;
}

function name(property: string): string {
  const plain = /^[\p{L}_:][\p{L}\p{M}\p{N}_:.]*$/u.test(property);
  return plain && !reservedWords.has(property.toLowerCase())
    ? property
    : `"${property.replaceAll('"', '""')}"`;
}

function numberText(n: number): string {
  return Object.is(n, -0) ? '-0' : String(n);
}

function within(e: Expression, least: number): string {
  const { text, power } = print(e);
  return power < least ? `(${text})` : text;
}

function operation(e: Operation): Printed {
  const { op, args } = e;
  const [first, second, third] = args;
  if (first === undefined) return atom(`${functionName(op)}()`);
  if (op === 'not' && args.length === 1) return { text: `NOT ${within(first, NOT)}`, power: NOT };
  if (op === 'isNull' && args.length === 1) {
    return { text: `${within(first, COMPARE + 1)} IS NULL`, power: COMPARE };
  }
  if ((op === 'and' || op === 'or') && args.length > 1) {
    const power = infix[op] ?? 0;
    return { text: args.map((arg) => within(arg, power + 1)).join(` ${op.toUpperCase()} `), power };
  }
  if (args.length === 2 && second !== undefined) {
    const binary = binaryText(op, first, second);
    if (binary !== undefined) return binary;
  }
  if (op === 'between' && second !== undefined && third !== undefined && args.length === 3) {
    const [value, from, to] = [first, second, third].map((arg) => within(arg, COMPARE + 1));
    return { text: `${value} BETWEEN ${from} AND ${to}`, power: COMPARE };
  }
  return atom(`${functionName(op)}${list(args)}`);
}

function binaryText(op: string, left: Expression, right: Expression): Printed | undefined {
  if (oneOf(comparisons, op) !== undefined) {
    return { text: `${within(left, COMPARE + 1)} ${op} ${within(right, COMPARE + 1)}`, power: COMPARE };
  }
  if (op === 'like') {
    return { text: `${within(left, COMPARE + 1)} LIKE ${within(right, COMPARE + 1)}`, power: COMPARE };
  }
  if (op === 'in' && isList(right)) {
    return { text: `${within(left, COMPARE + 1)} IN ${list(right)}`, power: COMPARE };
  }
  const power = infix[op];
  if (power === undefined || op === 'and' || op === 'or') return undefined;
  // Powers group to the right, everything else to the left.
  const [least, most] = op === '^' ? [power + 1, power] : [power, power + 1];
  return { text: `${within(left, least)} ${op} ${within(right, most)}`, power };
}

/** Operators as functions (`and(a)`) are no text; what is left are names. */
function functionName(op: string): string {
  return op;
}

function geometryText(geometry: Geometry): string {
  const word = geometry.type.toUpperCase();
  if (geometry.type === 'GeometryCollection') {
    return `${word}(${geometry.geometries.map(geometryText).join(',')})`;
  }
  const z = (deepFirst(geometry.coordinates)?.length ?? 2) > 2 ? ' Z' : '';
  switch (geometry.type) {
    case 'Point':
      return `${word}${z}(${position(geometry.coordinates)})`;
    case 'MultiPoint':
    case 'LineString':
      return `${word}${z}${line(geometry.coordinates)}`;
    case 'MultiLineString':
    case 'Polygon':
      return `${word}${z}(${geometry.coordinates.map(line).join(',')})`;
    case 'MultiPolygon':
      return `${word}${z}(${geometry.coordinates.map((p) => `(${p.map(line).join(',')})`).join(',')})`;
  }
}

const position = (p: Coordinate) => p.map(numberText).join(' ');
const line = (positions: readonly Coordinate[]) => `(${positions.map(position).join(',')})`;

function deepFirst(value: unknown): readonly unknown[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return Array.isArray(value[0]) ? deepFirst(value[0]) : value;
}
