import { contentHash, SwathError } from '@swath/core';
import { type Interval, parseDatetime } from '@swath/geo';
import type { Geometry } from '../cql2/ast.ts';
import { compileFilter, type Predicate } from '../cql2/compile.ts';
import { readBboxJson, readGeometryJson } from '../cql2/geometry-json.ts';
import { parseJson } from '../cql2/parse-json.ts';
import { parseText } from '../cql2/parse-text.ts';
import { bboxGeometry } from '../geometry/shape.ts';
import { MAX_COLLECTIONS, MAX_IDS, MAX_SORT_FIELDS, PAGE_DEFAULT, PAGE_LIMIT } from '../limits.ts';
import { newestFirst } from './order.ts';
import type { SearchQuery, SortField } from './query.ts';
import { filterOfQuery } from './query-extension.ts';
import { openToken } from './token.ts';

/** A search as it came, by GET or POST; texts and lists are those of HTTP, their content is checked here. */
export interface SearchInput {
  readonly collections?: readonly string[] | undefined;
  readonly ids?: readonly string[] | undefined;
  readonly bbox?: readonly number[] | undefined;
  readonly intersects?: unknown;
  readonly datetime?: string | undefined;
  /** Text or JSON. */
  readonly filter?: unknown;
  readonly filterLang?: string | undefined;
  readonly filterCrs?: string | undefined;
  /** Of the Query extension: `{"eo:cloud_cover": {"lt": 20}}`. */
  readonly query?: unknown;
  /** `-properties.datetime,+id`, or a list of objects. */
  readonly sortby?:
    | string
    | readonly { readonly field: string; readonly direction?: string | undefined }[]
    | undefined;
  readonly limit?: number | undefined;
  readonly token?: string | undefined;
}

/** @throws InvalidInput with a pointer to the field. */
export function parseSearch(input: SearchInput): SearchQuery {
  const { collections, ids, token } = input;
  atMost(collections, MAX_COLLECTIONS, 'collections');
  atMost(ids, MAX_IDS, 'ids');
  const area = areaOf(input);
  const datetime = input.datetime === undefined ? undefined : intervalOf(input.datetime);
  const filter = both(filterOf(input), queryOf(input));
  const sort = sortOf(input.sortby);
  const fingerprint = contentHash([
    {
      collections,
      ids,
      area,
      datetime,
      filter: input.filter ?? null,
      sort,
      ...(input.query === undefined ? {} : { query: input.query }),
    },
  ]);
  return {
    ...(collections === undefined ? {} : { collections: [...new Set(collections)] }),
    ...(ids === undefined ? {} : { ids: [...new Set(ids)] }),
    ...(area === undefined ? {} : { area }),
    ...(datetime === undefined ? {} : { datetime }),
    ...(filter === undefined ? {} : { filter }),
    sort,
    limit: Math.min(input.limit ?? PAGE_DEFAULT, PAGE_LIMIT),
    ...(token === undefined ? {} : { position: openToken(fingerprint, token) }),
    fingerprint,
  };
}

function queryOf({ query }: SearchInput): Predicate | undefined {
  const filter = query === undefined ? undefined : filterOfQuery(query);
  return filter === undefined ? undefined : compileFilter(parseJson(filter));
}

function both(first: Predicate | undefined, second: Predicate | undefined): Predicate | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return (resolve) => first(resolve) === true && second(resolve) === true;
}

/** As requests take it, but for what STAC forbids: days (RFC 3339 instants are meant) and an interval open on both sides. */
function intervalOf(text: string): Interval {
  const fix = 'Use an instant ("2024-05-01T00:00:00Z") or an interval ("2024-05-01T00:00:00Z/..").';
  const interval = parseDatetime(text);
  if (interval.start === null && interval.end === null) {
    throw refuse('/datetime', 'The interval is open on both sides.', fix);
  }
  if (text.split('/').some((part) => /^\s*\d{4}-\d{2}-\d{2}\s*$/.test(part))) {
    throw refuse('/datetime', `"${text}" names a day; STAC wants instants.`, fix);
  }
  return interval;
}

function refuse(pointer: string, message: string, fix: string): SwathError {
  return new SwathError('InvalidInput', message, { pointer, fix });
}

function atMost(list: readonly unknown[] | undefined, most: number, name: string): void {
  if (list === undefined || list.length <= most) return;
  throw refuse(
    `/${name}`,
    `"${name}" has ${list.length} entries; at most ${most}.`,
    'Ask in several searches.',
  );
}

function areaOf({ bbox, intersects }: SearchInput): Geometry | undefined {
  if (bbox !== undefined && intersects !== undefined) {
    throw refuse('/intersects', 'A search has a bbox or intersects, not both.', 'Leave one of them out.');
  }
  if (bbox !== undefined) return boxOf(bbox);
  if (intersects === undefined) return undefined;
  if (typeof intersects !== 'object' || intersects === null) {
    throw refuse(
      '/intersects',
      '"intersects" must be a GeoJSON geometry.',
      'Send {"type": ..., "coordinates": ...}.',
    );
  }
  return readGeometryJson({ vertices: 0 }, intersects as Readonly<Record<string, unknown>>, '/intersects');
}

function boxOf(numbers: readonly number[]): Geometry {
  const { bbox } = readBboxJson(numbers, '/bbox');
  const [west = 0, south = 0, east = 0, north = 0] =
    bbox.length === 6 ? [bbox[0], bbox[1], bbox[3], bbox[4]] : bbox;
  if (south > north || Math.abs(south) > 90 || Math.abs(north) > 90) {
    throw refuse(
      '/bbox',
      `South ${south} and north ${north} are no latitudes in order.`,
      'A bbox is [west, south, east, north].',
    );
  }
  if (Math.abs(west) > 180 || Math.abs(east) > 180) {
    throw refuse(
      '/bbox',
      `West ${west} or east ${east} is beyond 180 degrees.`,
      'Over the antimeridian west is greater than east.',
    );
  }
  return bboxGeometry({ bbox: [west, south, east, north] });
}

const CRS84 = ['http://www.opengis.net/def/crs/OGC/1.3/CRS84', 'http://www.opengis.net/def/crs/OGC/0/CRS84h'];

function filterOf({ filter, filterLang, filterCrs }: SearchInput): Predicate | undefined {
  if (filterCrs !== undefined && !CRS84.includes(filterCrs)) {
    throw refuse(
      '/filter-crs',
      `Coordinates in "${filterCrs}" are not read.`,
      `Leave it out, or send "${CRS84[0]}".`,
    );
  }
  if (filter === undefined || filter === null) return undefined;
  const language = filterLang ?? (typeof filter === 'string' ? 'cql2-text' : 'cql2-json');
  if (language === 'cql2-text' && typeof filter === 'string') {
    const { expression, positions } = parseText(filter);
    return compileFilter(expression, positions);
  }
  if (language === 'cql2-json' || language === 'cql-json') {
    return compileFilter(parseJson(typeof filter === 'string' ? jsonOf(filter) : filter));
  }
  throw refuse(
    '/filter-lang',
    `A filter in "${language}" cannot be read here.`,
    'Use cql2-text with a text, or cql2-json with an object.',
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SwathError('InvalidInput', 'The filter is no JSON.', {
      pointer: '/filter',
      fix: 'Send cql2-json, or say filter-lang=cql2-text.',
      cause,
    });
  }
}

function sortOf(sortby: SearchInput['sortby']): readonly SortField[] {
  if (sortby === undefined || sortby.length === 0) return newestFirst;
  const fields = typeof sortby === 'string' ? sortby.split(',').map(signed) : sortby.map(directed);
  atMost(fields, MAX_SORT_FIELDS, 'sortby');
  return fields.map(({ field, direction }) => {
    const name = field.replace(/^properties\.(?=datetime$)/, '');
    if (/^[\p{L}\p{N}_:.-]{1,200}$/u.test(name)) return { field: name, direction };
    throw refuse(
      '/sortby',
      `"${field.slice(0, 40)}" is no field to sort by.`,
      'Name a property, such as "-datetime" or "eo:cloud_cover".',
    );
  });
}

/** A plus in a URL means a space to many a server: both are taken. */
function signed(text: string): SortField {
  const field = text.trim();
  if (field.startsWith('-')) return { field: field.slice(1), direction: 'desc' };
  return { field: field.startsWith('+') ? field.slice(1) : field, direction: 'asc' };
}

function directed({
  field,
  direction = 'asc',
}: {
  readonly field: string;
  readonly direction?: string | undefined;
}): SortField {
  const known = direction.toLowerCase();
  if (known === 'asc' || known === 'desc') return { field, direction: known };
  throw refuse('/sortby', `"${direction.slice(0, 40)}" is no direction.`, 'Use "asc" or "desc".');
}
