import { isSwathError, SwathError } from '@swath/core';
import type { Zone } from '@swath/geo';
import type { Objects } from '@swath/ports';
import type { Scene } from '@swath/stac';
import * as z from 'zod';
import type { AcquiredScenes, ChunkResult, ProductResult } from './product.ts';
import { type Failure, failureOfError, isReason } from './reasons.ts';

/** What the machine reads back from the work bucket. Jobs wrote it, so it is parsed like any other foreign data. */

const lonLat = z.tuple([z.number(), z.number()]);
const ring = z.array(lonLat);
const geometry = z.union([
  z.strictObject({ type: z.literal('Polygon'), coordinates: z.array(ring) }),
  z.strictObject({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(ring)) }),
]);
const box = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const geotransform = z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]);
const grid = z.strictObject({ crs: z.string(), geotransform, width: z.number(), height: z.number() });
const nodata = z.union([z.number(), z.literal('nan')]);
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const sceneAsset = z.looseObject({
  key: z.string(),
  href: z.string(),
  bandIndex: z.int().min(1),
  names: z.array(z.string()),
  roles: z.array(z.string()),
  nodata: nodata.exactOptional(),
  scale: z.number().exactOptional(),
  offset: z.number().exactOptional(),
  unit: z.string().exactOptional(),
  grid: grid.exactOptional(),
  gsdM: z.number().exactOptional(),
  checksum: z.string().exactOptional(),
  sizeBytes: z.number().exactOptional(),
});

/** Loose: fields added later pass through an older reader. */
const scene = z.looseObject({
  provider: z.string(),
  collection: z.string(),
  id: z.string(),
  itemHref: z.string().exactOptional(),
  datetime: z.string().nullable(),
  geometry: geometry.nullable(),
  bboxes: z.array(box),
  cloudCoverPercent: z.number().exactOptional(),
  platform: z.string().exactOptional(),
  constellation: z.string().exactOptional(),
  instruments: z.array(z.string()).exactOptional(),
  assets: z.array(sceneAsset),
  version: z.string(),
  radiometryHints: z.record(z.string(), scalar),
});

const acquiredAsset = z.looseObject({
  sceneIndex: z.int().min(0),
  key: z.string(),
  href: z.string(),
  bandIndex: z.int().min(1),
  grid,
  dtype: z.enum([
    'uint8',
    'int8',
    'uint16',
    'int16',
    'uint32',
    'int32',
    'uint64',
    'int64',
    'float16',
    'float32',
    'float64',
    'complex64',
    'complex128',
    'cint16',
    'cint32',
  ]),
  nodata: nodata.nullable(),
  fileScale: z.number(),
  fileOffset: z.number(),
  minDn: z.number().nullable(),
  sizeBytes: z.number(),
  warnings: z.array(z.string()),
});

const acquiredScenes = z.looseObject({
  scenes: z.array(scene),
  assets: z.array(acquiredAsset),
  failed: z.array(z.looseObject({ sceneIndex: z.int().min(0), reason: z.string(), message: z.string() })),
}) satisfies z.ZodType<AcquiredScenes>;

const counts = z.strictObject({
  total: z.number(),
  withData: z.number(),
  masked: z.number(),
  valid: z.number(),
});

const chunkResult = z.looseObject({
  chunk: z.int().min(0),
  counts,
  pixelsKey: z.string(),
  sha256: z.string(),
  seconds: z.number(),
}) satisfies z.ZodType<ChunkResult>;

const percentile = z.number();
const bandStatistics = z.looseObject({
  count: z.number(),
  validPercent: z.number(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  mean: z.number().nullable(),
  std: z.number().nullable(),
  percentiles: z
    .looseObject({
      p2: percentile,
      p5: percentile,
      p25: percentile,
      p50: percentile,
      p75: percentile,
      p95: percentile,
      p98: percentile,
    })
    .nullable(),
  histogram: z.array(z.number()).nullable(),
});

export const productResult = z.looseObject({
  label: z.string().min(1),
  itemId: z.string().min(1),
  start: z.string().nullable(),
  end: z.string().nullable(),
  counts,
  cloudPercent: z.number().nullable(),
  statistics: z.record(z.string(), bandStatistics),
  assets: z.looseObject({
    cog: z.string(),
    thumbnail: z.string(),
    item: z.string(),
    statistics: z.string(),
    zones: z.string().exactOptional(),
    zonesCsv: z.string().exactOptional(),
  }),
  sha256: z.string(),
  sizeBytes: z.number(),
  failedChunks: z.array(z.int()),
}) satisfies z.ZodType<ProductResult>;

/** The scenes a request was pinned to, and what the catalogue sent besides. */
export interface PinnedScenes {
  readonly scenes: readonly Scene[];
  readonly skipped: readonly { readonly id: string; readonly reason: string }[];
}

const pinnedScenes = z.looseObject({
  scenes: z.array(scene),
  skipped: z.array(z.looseObject({ id: z.string(), reason: z.string() })),
}) satisfies z.ZodType<PinnedScenes>;

/** What a job left: its value, or why it failed. */
export type Report<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

function report<T>(value: z.ZodType<T>) {
  return z.union([
    z
      .looseObject({ ok: z.literal(true), value })
      .transform((found): Report<T> => ({ ok: true, value: found.value })),
    z
      .looseObject({ ok: z.literal(false), reason: z.string().nullable(), message: z.string().nullable() })
      .transform(
        ({ reason, message }): Report<T> => ({ ok: false, failure: failureOfReport(reason, message) }),
      ),
  ]);
}

function failureOfReport(reason: string | null, message: string | null): Failure {
  return {
    reason: isReason(reason) ? reason : 'INTERNAL_ERROR',
    message: message ?? 'A job failed without saying why.',
  };
}

/** As much of a plan as the machine itself looks at again. */
const plan = z.looseObject({ estimate: z.looseObject({ inputBytes: z.number().min(0) }) });

const schemas = {
  scenes: pinnedScenes,
  plan,
  zones: z.array(z.looseObject({ id: z.string(), geometry })) satisfies z.ZodType<readonly Zone[]>,
  acquire: report<AcquiredScenes>(acquiredScenes),
  chunk: report<ChunkResult>(chunkResult),
  publish: report<readonly ProductResult[]>(z.array(productResult)),
} as const;

export interface Documents {
  readonly scenes: PinnedScenes;
  readonly plan: { readonly estimate: { readonly inputBytes: number } };
  readonly zones: readonly Zone[];
  readonly acquire: Report<AcquiredScenes>;
  readonly chunk: Report<ChunkResult>;
  readonly publish: Report<readonly ProductResult[]>;
}

/**
 * Reads and checks a document of the work bucket.
 * @returns undefined when there is none.
 * @throws SwathError Corrupt when it is not what it should be; Unavailable.
 */
export async function readDocument<K extends keyof Documents>(
  work: Objects,
  kind: K,
  key: string,
): Promise<Documents[K] | undefined> {
  const bytes = await work.get(key).catch((error: unknown) => {
    if (isSwathError(error, 'NotFound')) return undefined;
    throw error;
  });
  if (bytes === undefined) return undefined;
  const schema: z.ZodType<unknown> = schemas[kind];
  const parsed = schema.safeParse(parseJson(bytes));
  if (!parsed.success) {
    throw new SwathError('Corrupt', `A ${kind} document is not readable: ${z.prettifyError(parsed.error)}`);
  }
  return parsed.data as Documents[K];
}

/** A damaged report counts as a failed job: the attempt that follows writes a new one. */
export async function readReport<K extends 'acquire' | 'chunk' | 'publish'>(
  work: Objects,
  kind: K,
  key: string,
): Promise<Documents[K] | { readonly ok: false; readonly failure: Failure } | undefined> {
  try {
    return await readDocument(work, kind, key);
  } catch (error) {
    if (!isSwathError(error, 'Corrupt')) throw error;
    return { ok: false, failure: { ...failureOfError(error), reason: 'RESULT_MISSING' } };
  }
}

/** @returns undefined for what is no JSON. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

export async function writeDocument(work: Objects, key: string, value: unknown): Promise<void> {
  await work.put(key, new TextEncoder().encode(JSON.stringify(value)), { contentType: 'application/json' });
}

/** Writes unless another run of the same step was first. @returns true when this one was. */
export async function writeDocumentOnce(work: Objects, key: string, value: unknown): Promise<boolean> {
  try {
    await work.put(key, new TextEncoder().encode(JSON.stringify(value)), {
      contentType: 'application/json',
      ifAbsent: true,
    });
    return true;
  } catch (error) {
    if (isSwathError(error, 'Conflict')) return false;
    throw error;
  }
}
