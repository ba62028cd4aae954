import { SwathError } from '@swath/core';
import { defaultQueryRows, maxCursorChars, maxQueryRows } from './limits.ts';
import type { Query, Row } from './table.ts';
import { compareUtf8 } from './utf8.ts';

/** Names of the partition and sort attributes of the base table and of the two indexes. */
export const indexKeys = {
  base: { partition: 'pk', sort: 'sk' },
  due: { partition: 'duePk', sort: 'dueAt' },
  project: { partition: 'projectPk', sort: 'projectSk' },
} as const;

/** Where a row stands in an index; the key of the row breaks ties of the sort attribute. */
export interface Position {
  readonly sort: string;
  readonly pk: string;
  readonly sk: string;
}

/** A query with its defaults filled in and its cursor opened. */
export interface PlannedQuery {
  readonly index: keyof typeof indexKeys;
  readonly partition: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly prefix: string | undefined;
  readonly limit: number;
  readonly descending: boolean;
  readonly after: Position | undefined;
}

/** @throws SwathError InvalidInput: prefix with bounds, a limit that is not 1 to 10,000, a cursor of another query. */
export function planQuery(query: Query): PlannedQuery {
  const limit = query.limit ?? defaultQueryRows;
  if (!Number.isInteger(limit) || limit < 1 || limit > maxQueryRows) {
    throw new SwathError('InvalidInput', `limit is ${limit}; 1 to ${maxQueryRows} are allowed.`, {
      pointer: '/limit',
    });
  }
  if (query.partition === '') {
    throw new SwathError('InvalidInput', 'A query needs a partition.', { pointer: '/partition' });
  }
  if (query.prefix !== undefined && (query.from !== undefined || query.to !== undefined)) {
    throw new SwathError('InvalidInput', 'A query has a prefix or bounds, not both.', { pointer: '/prefix' });
  }
  const index = query.index ?? 'base';
  return {
    index,
    partition: query.partition,
    from: query.from === '' ? undefined : query.from,
    to: query.to,
    prefix: query.prefix === '' ? undefined : query.prefix,
    limit,
    descending: query.descending ?? false,
    after: query.cursor === undefined ? undefined : openCursor(query.cursor, index, query.partition),
  };
}

/** Position of the row in the index; undefined when it is not in it. */
export function positionOf(row: Row, index: PlannedQuery['index']): Position | undefined {
  const sort = row[indexKeys[index].sort];
  if (typeof row[indexKeys[index].partition] !== 'string' || typeof sort !== 'string') return undefined;
  return { sort, pk: row.pk, sk: row.sk };
}

export function comparePositions(a: Position, b: Position): number {
  return compareUtf8(a.sort, b.sort) || compareUtf8(a.pk, b.pk) || compareUtf8(a.sk, b.sk);
}

/** Opaque and safe to hand to users: it holds keys of the partition it was made for, and is refused for any other. */
export function cursorAt(row: Row, query: PlannedQuery): string {
  const position = positionOf(row, query.index);
  if (position === undefined) throw new SwathError('Bug', 'The row is not in the index it was read from.');
  const text = JSON.stringify([query.index, query.partition, position.sort, position.pk, position.sk]);
  return Buffer.from(text).toString('base64url');
}

function openCursor(cursor: string, index: string, partition: string): Position {
  const parts = cursor.length > maxCursorChars ? undefined : parseCursor(cursor);
  const [ofIndex, ofPartition, sort, pk, sk, ...rest] = parts ?? [];
  const fits =
    ofIndex === index && ofPartition === partition && rest.length === 0 && Boolean(sort && pk && sk);
  // A row of the base table stands where its own key says.
  const honest = index !== 'base' || (pk === partition && sk === sort);
  if (!fits || !honest || sort === undefined || pk === undefined || sk === undefined) {
    throw new SwathError('InvalidInput', 'The cursor does not belong to this query.', {
      pointer: '/cursor',
      fix: 'Begin again without a cursor.',
    });
  }
  return { sort, pk, sk };
}

function parseCursor(cursor: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) && value.every((part) => typeof part === 'string') ? value : undefined;
  } catch {
    // Not JSON: the caller refuses it like any other foreign cursor.
    return undefined;
  }
}
