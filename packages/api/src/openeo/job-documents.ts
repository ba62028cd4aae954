import { collectionHref, GEOJSON_TYPE, itemHref, JSON_TYPE, RESULTS } from '@swath/catalog';
import { isSwathError, SwathError } from '@swath/core';
import { reducerTitle } from '@swath/graph/plan/table';
import {
  type JobSummary,
  type JobView,
  type PlanView,
  type ProductResult,
  type RequestEventView,
  type RequestView,
  storedZones,
} from '@swath/requests';
import * as z from 'zod';
import type { ApiDeps } from '../deps.ts';
import { assetPath } from '../html/format.ts';
import { HEAD_CONCURRENCY, LINK_EXPIRES_S } from '../limits.ts';
import { GTIFF_TYPE } from './formats.ts';
import { TABLE_VALUE_BYTES } from './limits.ts';
import type { KeptTable } from './tables/job-table.ts';

type Json = Readonly<Record<string, unknown>>;

const jobHref = (baseUrl: string, id: string) => `${baseUrl}/jobs/${encodeURIComponent(id)}`;

/** Percent of chunks that are done; queued jobs are at 0, finished ones at 100. */
function progressOf(status: string, { progress }: RequestView): number {
  if (status === 'finished') return 100;
  const { chunksDone, chunksTotal } = progress;
  if (status === 'queued' || chunksTotal === null || chunksTotal === 0) return 0;
  return Math.min(99, Math.floor((100 * chunksDone) / chunksTotal));
}

/** A job as `GET /jobs` lists it; openEO leaves the process out there. */
export function jobSummary({ id, title, description, status, createdAt, updatedAt, request }: JobSummary) {
  return {
    id,
    ...(title === null ? {} : { title }),
    ...(description === null ? {} : { description }),
    status,
    ...(request === null ? {} : { progress: progressOf(status, request), 'swath:request': request.id }),
    created: seconds(createdAt),
    updated: seconds(updatedAt),
  };
}

/** openEO's instants have no fractions. */
const seconds = (iso: string) => iso.replace(/\.\d+Z$/, 'Z');

export function jobDocument(job: JobView, baseUrl: string) {
  const href = jobHref(baseUrl, job.id);
  return {
    ...jobSummary(job),
    process: job.process,
    links: [
      { rel: 'monitor', href: `${href}/logs`, type: JSON_TYPE },
      ...(job.status === 'finished' ? [{ rel: 'result', href: `${href}/results`, type: JSON_TYPE }] : []),
      ...(job.request === null
        ? []
        : [
            {
              rel: 'related',
              href: `${baseUrl}/requests/${encodeURIComponent(job.request.id)}`,
              type: JSON_TYPE,
            },
          ]),
    ],
  };
}

export interface LogEntry {
  readonly id: string;
  readonly level: 'error' | 'warning' | 'info' | 'debug';
  readonly message: string;
  readonly time: string;
}

const levels = ['error', 'warning', 'info', 'debug'] as const;

/**
 * Bytes of what a job gives, before it is run: its rasters, or the table of its geometries.
 * @param plan of the job's request.
 */
export function resultBytes({ spec, products, estimate }: PlanView['plan']): number {
  const zones = storedZones(spec);
  if (zones === undefined) return estimate.outputBytes;
  const values = products.reduce((sum, { work }) => sum + work.outputs.length, 0);
  return zones.features * values * TABLE_VALUE_BYTES;
}

/** What a job aggregates, in words. */
function tableEntry({ table }: JobView, request: RequestView): readonly LogEntry[] {
  const zones = storedZones(request.spec);
  if (table === null || zones === undefined) return [];
  return [
    {
      id: `${request.id}-table`,
      level: 'info',
      message: `Statistics of ${zones.features} geometries by ${reducerTitle(table.reducer)}, as ${table.format}.`,
      time: request.createdAt,
    },
  ];
}

/** Events and warnings of a request as log entries; at least as grave as `level`, behind the entry `offset`. */
export function logEntries(
  job: JobView,
  request: RequestView,
  events: readonly RequestEventView[],
  query: { readonly level: LogEntry['level']; readonly offset?: string | undefined; readonly limit: number },
): readonly LogEntry[] {
  const ofEvents = events.map(({ sequence, time, kind, to, message }): LogEntry => {
    const failed = to === 'failed' || to === 'expired';
    return {
      id: `${request.id}-${sequence}`,
      level: failed ? 'error' : kind === 'stale' ? 'debug' : 'info',
      message: to === null ? message : `${to}: ${message}`,
      time,
    };
  });
  const ofWarnings = request.warnings.map(
    (message, i): LogEntry => ({
      id: `${request.id}-warning-${i}`,
      level: 'warning',
      message,
      time: request.updatedAt,
    }),
  );
  const { failure } = request;
  const ofFailure: readonly LogEntry[] =
    failure === null
      ? []
      : [
          {
            id: `${request.id}-failure-${request.attempt}`,
            level: 'error',
            message: `${failure.reason}: ${failure.message} ${failure.fix}`,
            time: request.updatedAt,
          },
        ];
  const all = [...tableEntry(job, request), ...ofEvents, ...ofWarnings, ...ofFailure].filter(
    ({ level }) => levels.indexOf(level) <= levels.indexOf(query.level),
  );
  const from = query.offset === undefined ? 0 : all.findIndex(({ id }) => id === query.offset) + 1;
  return all.slice(from, from + query.limit);
}

const item = z.looseObject({
  bbox: z.array(z.number()).nullish(),
  properties: z.looseObject({}),
  assets: z.record(z.string(), z.looseObject({})),
});

/** A table that a job asked for, with its address. */
export interface LinkedTable extends KeptTable {
  readonly href: string;
}

/** The only asset of a job that aggregates: what clients that want one file take. Rasters are found by the Items. */
function tableAsset({ name, info, href }: LinkedTable, request: RequestView): Readonly<Record<string, Json>> {
  const times = timesOf(request);
  return {
    [name]: {
      href,
      type: info.contentType,
      title: 'Statistics by geometry',
      roles: ['data'],
      'file:size': info.sizeBytes,
      ...(times.length === 0 ? {} : { start_datetime: times[0], end_datetime: times.at(-1) }),
    },
  };
}

/** Instants of all products, in order. */
function timesOf({ results }: RequestView): readonly string[] {
  const times = results.flatMap(({ start, end }) => [start, end]).filter((time) => time !== null);
  return times.sort((a, b) => Date.parse(a) - Date.parse(b));
}

/** What the Item of a product says; undefined when retention took it. */
async function readItem(deps: ApiDeps, product: ProductResult): Promise<z.output<typeof item> | undefined> {
  try {
    return item.parse(JSON.parse(new TextDecoder().decode(await deps.results.get(product.assets.item))));
  } catch (error) {
    if (isSwathError(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** Links that need no header where storage can sign them: clients download without one (openEO's signed URLs). */
async function hrefOf({ delivery, results }: ApiDeps, baseUrl: string, key: string): Promise<string> {
  return delivery === 'redirect'
    ? await results.link(key, { expiresInS: LINK_EXPIRES_S })
    : `${baseUrl}${assetPath(key)}`;
}

const projection = ['proj:code', 'proj:epsg', 'proj:shape', 'proj:transform', 'proj:bbox'];

interface Made {
  readonly assets: Record<string, Json>;
  /** Not an asset: a job of one file has to have one asset, or `execute_batch("out.tif")` of the Python client refuses it. */
  readonly preview?: Json;
  readonly bbox: readonly number[] | undefined;
}

async function productAssets(deps: ApiDeps, baseUrl: string, product: ProductResult): Promise<Made> {
  const { label, start, end, sizeBytes } = product;
  const found = await readItem(deps, product);
  const proj = Object.entries(found?.properties ?? {}).filter(([name]) => projection.includes(name));
  const [data, thumbnail] = await Promise.all([
    hrefOf(deps, baseUrl, product.assets.cog),
    hrefOf(deps, baseUrl, product.assets.thumbnail),
  ]);
  const when = start === end ? { datetime: start } : { start_datetime: start, end_datetime: end };
  return {
    bbox: found?.bbox ?? undefined,
    assets: {
      [`${label}.tif`]: {
        ...Object.fromEntries(proj),
        ...found?.assets['data'],
        href: data,
        type: GTIFF_TYPE,
        title: label,
        roles: ['data'],
        'file:size': sizeBytes,
        ...when,
      },
    },
    preview: { rel: 'preview', href: thumbnail, type: 'image/png', title: `Picture of ${label}` },
  };
}

function union(boxes: readonly (readonly number[])[]): readonly number[] {
  if (boxes.length === 0) return [-180, -90, 180, 90];
  const side = (i: number, pick: (...values: number[]) => number) => pick(...boxes.map((box) => box[i] ?? 0));
  return [side(0, Math.min), side(1, Math.min), side(2, Math.max), side(3, Math.max)];
}

/** @throws SwathError with openEO's code while there is nothing to show. */
function checkFinished(job: JobView, isPartial: boolean): RequestView {
  const { request, status } = job;
  const refuse = (reason: string, message: string, fix: string) =>
    new SwathError('InvalidInput', message, { reason, fix });
  if (request === null)
    throw refuse('JobNotStarted', 'The job was not started.', 'Start it: POST /jobs/{id}/results.');
  if (status === 'finished' || isPartial) return request;
  const { failure } = request;
  if (status === 'error')
    throw refuse(
      'JobNotFinished',
      `The job failed: ${failure?.message ?? request.state}`,
      failure?.fix ?? '',
    );
  throw refuse('JobNotFinished', `The job is ${status}.`, 'Wait until it is finished.');
}

/**
 * Results of a job as a STAC Collection with its GeoTIFFs as assets, and links to pictures and to the Items in the catalogue.
 * @throws SwathError InvalidInput (JobNotStarted, JobNotFinished).
 */
export async function jobResults(
  job: JobView,
  deps: ApiDeps,
  baseUrl: string,
  {
    isPartial,
    linkTable,
  }: { readonly isPartial: boolean; readonly linkTable: () => Promise<LinkedTable | undefined> },
): Promise<Json> {
  const request = checkFinished(job, isPartial);
  // Without a result there is nothing to make a table of.
  const table = request.results.length === 0 ? undefined : await linkTable();
  const made: Made[] =
    table === undefined
      ? []
      : [{ assets: tableAsset(table, request), bbox: storedZones(request.spec)?.bbox }];
  const rasters = table === undefined ? request.results : [];
  for (let i = 0; i < rasters.length; i += HEAD_CONCURRENCY) {
    const batch = rasters.slice(i, i + HEAD_CONCURRENCY);
    made.push(...(await Promise.all(batch.map((product) => productAssets(deps, baseUrl, product)))));
  }
  const sorted = timesOf(request);
  const href = `${jobHref(baseUrl, job.id)}/results`;
  const expires = new Date(deps.clock.now() + LINK_EXPIRES_S * 1000).toISOString();
  return {
    type: 'Collection',
    stac_version: '1.0.0',
    stac_extensions: [
      'https://stac-extensions.github.io/projection/v1.1.0/schema.json',
      'https://stac-extensions.github.io/file/v2.1.0/schema.json',
    ],
    id: job.id,
    title: job.title ?? `Results of ${job.id}`,
    description: job.description ?? 'What a batch job made.',
    license: 'other',
    extent: {
      spatial: { bbox: [union(made.flatMap(({ bbox }) => (bbox === undefined ? [] : [bbox])))] },
      temporal: { interval: [[sorted[0] ?? null, sorted.at(-1) ?? null]] },
    },
    'openeo:status':
      request.state === 'partial' ? 'error' : job.status === 'finished' ? 'finished' : 'running',
    ...(deps.delivery === 'redirect' ? { expires: seconds(expires) } : {}),
    assets: Object.assign({}, ...made.map(({ assets }) => assets)) as Json,
    links: [
      { rel: 'self', href, type: JSON_TYPE },
      { rel: 'canonical', href, type: JSON_TYPE },
      { rel: 'collection', href: collectionHref(baseUrl, RESULTS), type: JSON_TYPE },
      ...request.results.map(({ itemId, label }) => ({
        rel: 'item',
        href: itemHref(baseUrl, RESULTS, itemId),
        type: GEOJSON_TYPE,
        title: label,
      })),
      ...made.flatMap(({ preview }) => preview ?? []),
    ],
  };
}
