import type { BboxLiteral, Coordinate, Geometry } from './ast.ts';
import { type Cursor, expected } from './cursor.ts';
import { refuseText } from './refuse.ts';

const names = {
  point: 'Point',
  linestring: 'LineString',
  polygon: 'Polygon',
  multipoint: 'MultiPoint',
  multilinestring: 'MultiLineString',
  multipolygon: 'MultiPolygon',
  geometrycollection: 'GeometryCollection',
} as const;

/** True where a geometry begins: its word and `(`, or `Z (`. */
export function atGeometry(cursor: Cursor): boolean {
  const word = cursor.peek().text.toLowerCase();
  if (cursor.peek().kind !== 'name' || !Object.hasOwn(names, word)) return false;
  return cursor.peek(cursor.isWord('z', 1) ? 2 : 1).text === '(';
}

/** Well-known text as cql2.bnf has it: degrees, x before y, `Z` optional. @throws InvalidInput with the character. */
export function readGeometry(cursor: Cursor): Geometry {
  const start = cursor.peek().offset;
  const word = cursor.take().text.toLowerCase();
  cursor.acceptWord('z');
  cursor.countNode();
  switch (word) {
    case 'point':
      return { type: 'Point', coordinates: inParentheses(cursor, () => coordinate(cursor)) };
    case 'linestring':
      return { type: 'LineString', coordinates: atLeast(line(cursor), 2, start) };
    case 'polygon':
      return { type: 'Polygon', coordinates: polygon(cursor) };
    case 'multipoint':
      return { type: 'MultiPoint', coordinates: list(cursor, () => pointOfMany(cursor)) };
    case 'multilinestring':
      return {
        type: 'MultiLineString',
        coordinates: list(cursor, () => atLeast(line(cursor), 2, start)),
      };
    case 'multipolygon':
      return { type: 'MultiPolygon', coordinates: list(cursor, () => polygon(cursor)) };
    default:
      return { type: 'GeometryCollection', geometries: list(cursor, () => member(cursor)) };
  }
}

/** After the word BBOX. */
export function readBbox(cursor: Cursor): BboxLiteral {
  const start = cursor.peek().offset;
  cursor.countNode();
  const bbox = list(cursor, () => signed(cursor));
  if (bbox.length === 4 || bbox.length === 6) return { bbox };
  throw refuseText(start, `A BBOX has 4 or 6 numbers, not ${bbox.length}.`);
}

function member(cursor: Cursor): Geometry {
  if (!atGeometry(cursor)) throw expected(cursor, 'A geometry');
  if (cursor.isWord('geometrycollection')) {
    throw refuseText(cursor.peek().offset, 'A geometry collection cannot hold another.');
  }
  return readGeometry(cursor);
}

const line = (cursor: Cursor) => list(cursor, () => coordinate(cursor));

function polygon(cursor: Cursor) {
  return list(cursor, () => {
    const start = cursor.peek().offset;
    const ring = atLeast(line(cursor), 4, start);
    const [first, last] = [ring[0], ring.at(-1)];
    if (first?.[0] !== last?.[0] || first?.[1] !== last?.[1]) {
      throw refuseText(start, 'The ring is not closed: its last position must be its first.');
    }
    return ring;
  });
}

/** `MULTIPOINT(1 2, 3 4)` and `MULTIPOINT((1 2), (3 4))` are both written. */
function pointOfMany(cursor: Cursor): Coordinate {
  return cursor.peek().text === '(' ? inParentheses(cursor, () => coordinate(cursor)) : coordinate(cursor);
}

function coordinate(cursor: Cursor): Coordinate {
  cursor.countVertex();
  const x = signed(cursor);
  const y = signed(cursor);
  return isNumberNext(cursor) ? [x, y, signed(cursor)] : [x, y];
}

function isNumberNext(cursor: Cursor): boolean {
  return cursor.peek().kind === 'number' || (cursor.peek().text === '-' && cursor.peek(1).kind === 'number');
}

/** A number with its sign. */
export function signed(cursor: Cursor): number {
  const negative = cursor.accept('-');
  if (!negative) cursor.accept('+');
  if (cursor.peek().kind !== 'number') throw expected(cursor, 'A number');
  const value = Number(cursor.take().text);
  if (!Number.isFinite(value)) throw refuseText(cursor.peek().offset, 'The number is too large.');
  return negative ? -value : value;
}

function inParentheses<T>(cursor: Cursor, read: () => T): T {
  cursor.expect('(');
  const value = read();
  cursor.expect(')');
  return value;
}

function list<T>(cursor: Cursor, read: () => T): T[] {
  return inParentheses(cursor, () => {
    const items = [read()];
    while (cursor.accept(',')) items.push(read());
    return items;
  });
}

function atLeast<T>(items: T[], count: number, offset: number): T[] {
  if (items.length >= count) return items;
  throw refuseText(offset, `At least ${count} positions are needed here, not ${items.length}.`);
}
