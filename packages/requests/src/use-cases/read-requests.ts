import { SwathError } from '@swath/core';
import type { Interval } from '@swath/geo';
import * as z from 'zod';
import type { RequestDeps } from '../deps.ts';
import { MAX_EVENTS, MAX_PAGE, MAX_ROWS_PER_LIST } from '../limits.ts';
import { accessKey, monthKey, monthOf, projectPk } from '../store/keys.ts';
import { readEvents, readHead } from '../store/read.ts';
import { type Head, parseHead } from '../store/rows.ts';
import { toView } from '../to-view.ts';
import type { RequestEventView, RequestState, RequestView } from '../view.ts';

type Deps = Pick<RequestDeps, 'table' | 'work'>;

/**
 * The head of a request of this project.
 * @throws NotFound, also for requests of other projects: their existence is not told.
 */
export async function ownHead(deps: Pick<RequestDeps, 'table'>, project: string, id: string): Promise<Head> {
  const head = id === '' || id.length > 64 ? undefined : await readHead(deps.table, id);
  if (head !== undefined && head.project === project) return head;
  throw new SwathError('NotFound', 'There is no such request.', { fix: 'Check the id of the request.' });
}

/** @throws NotFound. */
export async function getRequest(deps: Deps, project: string, id: string): Promise<RequestView> {
  return toView(deps, await ownHead(deps, project, id), 'live');
}

/** In order, from the first; at most `MAX_EVENTS`. @throws NotFound. */
export async function listEvents(
  deps: Deps,
  project: string,
  id: string,
): Promise<readonly RequestEventView[]> {
  const head = await ownHead(deps, project, id);
  const events = await readEvents(deps.table, head.id, MAX_EVENTS);
  return events.map(({ sequence, time, attempt, kind, from, to, message }) => ({
    sequence,
    time,
    attempt,
    kind,
    from,
    to,
    message,
  }));
}

/** May this project read what lies under `results/<resultKey>/`? Only if one of its requests ended with it. */
export async function mayReadResults(
  deps: Pick<RequestDeps, 'table'>,
  project: string,
  resultKey: string,
): Promise<boolean> {
  return (await deps.table.get(accessKey(project, resultKey))) !== undefined;
}

export interface ListQuery {
  readonly state?: RequestState;
  /** Part of the name, in any case. */
  readonly name?: string;
  /** Keys and values that all have to be there. */
  readonly labels?: readonly (readonly [key: string, value: string])[];
  /** When they were made. */
  readonly created?: Interval;
  /** 1 to `MAX_PAGE`. */
  readonly limit: number;
  readonly cursor?: string;
}

const position = z.strictObject({ month: z.string().regex(/^[0-9]{6}$/), within: z.string().optional() });
type Position = z.output<typeof position>;

/**
 * Requests of a project, newest first. A page may be shorter than `limit`, even empty, while `cursor` says that there
 * is more: a filter looks at no more than `MAX_ROWS_PER_LIST` rows per call.
 *
 * @throws InvalidInput on a cursor that is not one of ours.
 */
export async function listRequests(
  deps: Deps,
  project: string,
  query: ListQuery,
): Promise<{ readonly requests: readonly RequestView[]; readonly cursor?: string }> {
  const limit = Math.min(Math.max(query.limit, 1), MAX_PAGE);
  let at = query.cursor === undefined ? undefined : openCursor(query.cursor);
  const months = (await monthsOf(deps, project, at?.month)).filter((month) => overlaps(month, query.created));
  const found: Head[] = [];
  let rowsSeen = 0;
  for (const month of months) {
    let within = at?.month === month ? at.within : undefined;
    do {
      const page = await deps.table.query({
        index: 'project',
        partition: projectPk(project, month),
        descending: true,
        limit: limit - found.length,
        ...boundsOf(query.created),
        ...(within === undefined ? {} : { cursor: within }),
      });
      rowsSeen += page.rows.length;
      for (const row of page.rows) {
        const head = parseHead(row);
        if (fits(head, query)) found.push(head);
      }
      within = page.cursor;
      if (within !== undefined && (found.length >= limit || rowsSeen >= MAX_ROWS_PER_LIST)) {
        return { requests: await viewsOf(deps, found), cursor: closeCursor({ month, within }) };
      }
    } while (within !== undefined);
    at = undefined;
    const next = months[months.indexOf(month) + 1];
    if (next !== undefined && (found.length >= limit || rowsSeen >= MAX_ROWS_PER_LIST)) {
      return { requests: await viewsOf(deps, found), cursor: closeCursor({ month: next }) };
    }
  }
  return { requests: await viewsOf(deps, found) };
}

/** After every id. */
const LAST = '~';

/** Of the index, whose sort key is `<instant>#<id>`. */
function boundsOf(created: Interval | undefined): { readonly from?: string; readonly to?: string } {
  const { start = null, end = null } = created ?? {};
  return { ...(start === null ? {} : { from: start }), ...(end === null ? {} : { to: `${end}#${LAST}` }) };
}

function overlaps(month: string, created: Interval | undefined): boolean {
  const { start = null, end = null } = created ?? {};
  return (start === null || month >= monthOf(start)) && (end === null || month <= monthOf(end));
}

function fits(head: Head, { state, name, labels = [] }: ListQuery): boolean {
  if (state !== undefined && head.state !== state) return false;
  if (name !== undefined && head.name?.toLowerCase().includes(name.toLowerCase()) !== true) return false;
  return labels.every(([key, value]) => Object.hasOwn(head.labels, key) && head.labels[key] === value);
}

/** The index is late by up to seconds: each head is read again, so that states are those of now. */
async function viewsOf(deps: Deps, heads: readonly Head[]): Promise<RequestView[]> {
  return Promise.all(
    heads.map(async (head) => toView(deps, (await readHead(deps.table, head.id)) ?? head, 'listed')),
  );
}

/** Months with requests, newest first, from `from` on. One row a month: a century is 1,200. */
async function monthsOf(deps: Deps, project: string, from: string | undefined): Promise<string[]> {
  const { pk, sk } = monthKey(project, '');
  const { rows } = await deps.table.query({ partition: pk, prefix: sk, descending: true });
  return rows.map((row) => row.sk.slice(sk.length)).filter((month) => from === undefined || month <= from);
}

const closeCursor = (at: Position): string => Buffer.from(JSON.stringify(at)).toString('base64url');

function openCursor(cursor: string): Position {
  try {
    return position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new SwathError('InvalidInput', 'The cursor is not one of this listing.', {
      pointer: '/cursor',
      fix: 'Start again without a cursor.',
      cause,
    });
  }
}
