import { SwathError } from '@swath/core';
import { holds } from '../geometry/predicates.ts';
import { shapesOf } from '../geometry/shape.ts';
import { SCAN_PER_PAGE, SCAN_TO_COUNT, SORT_LIMIT } from '../limits.ts';
import type { Entry } from '../store/types.ts';
import { compareOrder, isAfter, sortValues, timeOf, totalOrder } from './order.ts';
import type { Page, Position, SearchQuery, SortValue } from './query.ts';
import { resolverOf, shapesOfItem } from './resolve.ts';
import { merged, type ScanQuery, type Source } from './source.ts';

/** An entry with what it is sorted by. */
interface Sorted {
  readonly entry: Entry;
  readonly values: readonly SortValue[];
}

/**
 * One page of what the sources hold. In the order of time Items are read until the page is full, or until
 * `SCAN_PER_PAGE` were looked at: then the page ends short, with the place where the next one goes on. In any other order
 * all that match are held at once.
 *
 * @throws LimitExceeded when more than `SORT_LIMIT` Items would have to be sorted, or begin at one instant.
 */
export async function pageOf(
  sources: readonly Source[],
  query: SearchQuery,
  signal?: AbortSignal,
): Promise<Page<Entry>> {
  const fields = totalOrder(query.sort);
  const direction = timeOf(fields);
  return direction === undefined
    ? await sortedPage(sources, query, signal)
    : await timedPage(sources, query, direction, signal);
}

async function timedPage(
  sources: readonly Source[],
  query: SearchQuery,
  direction: 'asc' | 'desc',
  signal: AbortSignal | undefined,
): Promise<Page<Entry>> {
  const fields = totalOrder(query.sort);
  const matches = matcher(query);
  const found: Sorted[] = [];
  const mayCount = query.position === undefined;
  let scanned = 0;
  let matched = 0;
  for await (const batch of merged(sources, scanOf(query, direction, signal))) {
    scanned += batch.entries.length;
    refuseTooMany(scanned, 'start at one instant');
    const ready = batch.entries
      .map((entry) => ({ entry, values: sortValues(entry, fields) }))
      .filter(({ values }) => query.position === undefined || isAfter(values, query.position, fields))
      .filter(({ entry }) => matches(entry))
      .sort((a, b) => compareOrder(a.values, b.values, fields));
    matched += ready.length;
    found.push(...ready.slice(0, Math.max(0, query.limit + 1 - found.length)));
    const frontier = batch.completeBeforeMs;
    if (frontier === undefined) break;
    const isFull = found.length > query.limit;
    if (isFull && !(mayCount && scanned < SCAN_TO_COUNT && !batch.isPaused)) return full(found, query.limit);
    // A page that goes no further than where it began would be the next page, too.
    const goesOn = Number.isFinite(frontier) && frontier !== startOf(query.position);
    if (!isFull && goesOn && (scanned >= SCAN_PER_PAGE || batch.isPaused)) {
      return { entries: found.map(({ entry }) => entry), next: { kind: 'time', beforeMs: frontier } };
    }
  }
  const page =
    found.length > query.limit ? full(found, query.limit) : { entries: found.map(({ entry }) => entry) };
  return mayCount ? { ...page, matched } : page;
}

async function sortedPage(
  sources: readonly Source[],
  query: SearchQuery,
  signal: AbortSignal | undefined,
): Promise<Page<Entry>> {
  const fields = totalOrder(query.sort);
  const matches = matcher(query);
  const found: Sorted[] = [];
  let scanned = 0;
  for await (const batch of merged(sources, scanOf(query, 'desc', signal))) {
    scanned += batch.entries.length;
    refuseTooMany(batch.isPaused ? Number.POSITIVE_INFINITY : scanned, 'would have to be sorted');
    for (const entry of batch.entries) {
      if (matches(entry)) found.push({ entry, values: sortValues(entry, fields) });
    }
  }
  found.sort((a, b) => compareOrder(a.values, b.values, fields));
  const { position } = query;
  const rest =
    position === undefined ? found : found.filter(({ values }) => isAfter(values, position, fields));
  const page =
    rest.length > query.limit
      ? full(rest.slice(0, query.limit + 1), query.limit)
      : { entries: rest.map(({ entry }) => entry) };
  return { ...page, matched: found.length };
}

function refuseTooMany(scanned: number, why: string): void {
  if (scanned <= SORT_LIMIT) return;
  throw new SwathError('LimitExceeded', `More than ${SORT_LIMIT} Items ${why}.`, {
    pointer: '/sortby',
    fix: 'Narrow the search by collections, datetime or area, or sort by datetime.',
  });
}

function full(found: readonly Sorted[], limit: number): Page<Entry> {
  const last = found[limit - 1];
  const next: Position | undefined = last && { kind: 'item', values: last.values };
  return {
    entries: found.slice(0, limit).map(({ entry }) => entry),
    ...(next === undefined ? {} : { next }),
  };
}

/** The instant a page begins at. */
function startOf(position: Position | undefined): number | undefined {
  const first = position?.kind === 'item' ? position.values[0] : position?.beforeMs;
  return typeof first === 'number' ? first : undefined;
}

function scanOf(query: SearchQuery, direction: 'asc' | 'desc', signal: AbortSignal | undefined): ScanQuery {
  const { position } = query;
  const isTimed = timeOf(query.sort) !== undefined;
  const first = startOf(position);
  return {
    direction,
    datetime: query.datetime ?? { start: null, end: null },
    ...(isTimed && first !== undefined ? { fromMs: first } : {}),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** Everything a search asks of an Item but its collection. */
function matcher(query: SearchQuery): (entry: Entry) => boolean {
  const { datetime, filter, ids } = query;
  const area = query.area === undefined ? undefined : shapesOf(query.area);
  const fromMs = datetime?.start == null ? Number.NEGATIVE_INFINITY : Date.parse(datetime.start);
  const toMs = datetime?.end == null ? Number.POSITIVE_INFINITY : Date.parse(datetime.end);
  const wanted = ids === undefined ? undefined : new Set(ids);
  return (entry) => {
    if (entry.endMs < fromMs || entry.startMs > toMs) return false;
    if (wanted !== undefined && !wanted.has(entry.id)) return false;
    if (area !== undefined) {
      const shapes = shapesOfItem(entry);
      if (shapes === undefined || holds('s_intersects', area, shapes) !== true) return false;
    }
    return filter === undefined || filter(resolverOf(entry)) === true;
  };
}
