import { ROWS_PER_QUERY, WRITES_AT_ONCE } from '../limits.ts';
import type { Batch, ScanQuery, Source } from '../search/source.ts';
import { entryOf, getItem } from './items.ts';
import { timeKey, timePk } from './keys.ts';
import type { Entry, StoreDeps } from './types.ts';

/** After every id, of any plane. */
const LAST = '\u{10ffff}';

/**
 * The Items of one collection and kind, from the `project` index, which is late by up to seconds. Those of one instant
 * are read between the bounds of the search; those of an interval from the beginning up to its end, since their own end
 * is not in the key.
 */
export function indexSource(deps: StoreDeps, project: string, collection: string, kind: 'T' | 'S'): Source {
  return {
    async *scan(query) {
      const bounds = boundsOf(query, kind);
      if (bounds === undefined) return;
      let cursor: string | undefined;
      do {
        const page = await deps.table.query({
          index: 'project',
          partition: timePk(project, collection, kind),
          ...bounds,
          descending: query.direction === 'desc',
          limit: ROWS_PER_QUERY,
          ...(cursor === undefined ? {} : { cursor }),
        });
        const found = await Promise.all(page.rows.map((row) => entryOf(deps, row)));
        const last = page.rows.at(-1);
        cursor = page.cursor;
        const completeBeforeMs =
          cursor === undefined || last === undefined ? undefined : Number(last['startMs']);
        yield { entries: found.filter((entry): entry is Entry => entry !== undefined), completeBeforeMs };
        if (completeBeforeMs === undefined) return;
      } while (cursor !== undefined);
    },
  };
}

/** Bounds of the sort key; undefined when nothing can lie between them. */
function boundsOf(
  query: ScanQuery,
  kind: 'T' | 'S',
): { readonly from: string; readonly to: string } | undefined {
  const { start, end } = query.datetime;
  const least = kind === 'T' && start !== null ? Date.parse(start) : Number.NEGATIVE_INFINITY;
  const most = end === null ? Number.POSITIVE_INFINITY : Date.parse(end);
  const { fromMs } = query;
  const lower = query.direction === 'asc' ? Math.max(least, fromMs ?? least) : least;
  const upper = query.direction === 'desc' ? Math.min(most, fromMs ?? most) : most;
  if (lower > upper) return undefined;
  return {
    from: Number.isFinite(lower) ? timeKey(lower) : '0',
    to: Number.isFinite(upper) ? `${timeKey(upper)}#${LAST}` : LAST,
  };
}

/** The Items of known ids, by their keys. */
export function idsSource(
  deps: StoreDeps,
  project: string,
  collections: readonly string[],
  ids: readonly string[],
): Source {
  return {
    async *scan(query): AsyncGenerator<Batch> {
      const keys = collections.flatMap((collection) => ids.map((id) => ({ collection, id })));
      const entries: Entry[] = [];
      for (let at = 0; at < keys.length; at += WRITES_AT_ONCE) {
        const batch = keys.slice(at, at + WRITES_AT_ONCE);
        const found = await Promise.all(
          batch.map(({ collection, id }) => getItem(deps, project, collection, id)),
        );
        entries.push(...found.filter((entry): entry is Entry => entry !== undefined));
      }
      const sign = query.direction === 'asc' ? 1 : -1;
      entries.sort((a, b) => sign * (a.startMs - b.startMs));
      yield { entries, completeBeforeMs: undefined };
    },
  };
}
