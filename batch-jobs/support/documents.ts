import { ENGINE_VERSION, isSwathError, SwathError } from '@swath/core';
import type { Objects } from '@swath/ports';
import type { JobReport, RequestPlan } from '@swath/requests';
import { requestSpec } from '@swath/requests';
import type { Scene } from '@swath/stac';
import * as z from 'zod';
import { MAX_DOCUMENT_BYTES } from './limits.ts';

/**
 * Manifests and plans are written by Swath itself, into a bucket only Swath writes to, by the same version. What
 * decides where we write and what we do is parsed; the deep innards of scenes and plans are trusted.
 */
const attempt = {
  requestId: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/),
  attempt: z.int().min(1),
  staging: z.string().regex(/^staging\/[A-Za-z0-9_-]+\/[0-9]+\/$/, 'staging/<request>/<attempt>/'),
};
const scene = z.custom<Scene>(
  (value) =>
    z.looseObject({ id: z.string(), version: z.string(), assets: z.array(z.unknown()) }).safeParse(value)
      .success,
  'a scene has id, version and assets',
);
const key = z.string().min(1).max(1024);

export const acquireManifest = z.object({
  kind: z.literal('acquire'),
  ...attempt,
  spec: requestSpec,
  scenes: z.array(scene).min(1).max(10_000),
  mode: z.enum(['reference', 'copy']),
});

export const processManifest = z.object({
  kind: z.literal('process'),
  ...attempt,
  plan: key,
  chunks: z.array(z.int().min(0)).min(1).max(10_000),
  /** @default one chunk a child, in manifests that do not say */
  perChild: z.int().min(1).max(10_000).default(1),
});

export const publishManifest = z.object({
  kind: z.literal('publish'),
  ...attempt,
  plan: key,
  contentKey: z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 in lower-case hex'),
  zones: key.exactOptional(),
  chunkResults: z.record(z.string().regex(/^\d+$/), key),
});

const lonLat = z.tuple([z.number(), z.number()]);
const polygon = z.array(z.array(lonLat));
/** Zones of a request, in its order. Checked as areas are when they came in. */
export const zonesDocument = z.array(
  z.object({
    id: z.string(),
    geometry: z.union([
      z.object({ type: z.literal('Polygon'), coordinates: polygon }),
      z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(polygon) }),
    ]),
  }),
);

const planShape = z.looseObject({
  engineVersion: z.string(),
  spec: z.looseObject({}),
  scenes: z.array(z.unknown()),
  products: z.array(
    z.looseObject({
      label: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/),
      work: z.looseObject({}),
      stored: z.looseObject({}),
    }),
  ),
  chunks: z.array(z.looseObject({ product: z.int().min(0), window: z.looseObject({}) })),
});
const requestPlan = z.custom<RequestPlan>((value) => planShape.safeParse(value).success, 'not a plan');

const countsShape = z.object({ total: z.int(), withData: z.int(), masked: z.int(), valid: z.int() });
export const chunkReport = z.object({
  ok: z.literal(true),
  value: z.object({
    chunk: z.int().min(0),
    counts: countsShape,
    pixelsKey: key,
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    seconds: z.number(),
  }),
});

/** @throws SwathError InvalidInput when the object is no such document; a missing one is input too, not an asset. */
export async function readDocument<T>(
  work: Objects,
  documentKey: string,
  schema: z.ZodType<T>,
  signal?: AbortSignal,
): Promise<T> {
  const info = await work.head(documentKey);
  if (info === undefined) throw new SwathError('InvalidInput', `There is no document ${documentKey}.`);
  if (info.sizeBytes > MAX_DOCUMENT_BYTES) {
    throw new SwathError(
      'LimitExceeded',
      `${documentKey} has ${info.sizeBytes} bytes, at most ${MAX_DOCUMENT_BYTES}.`,
    );
  }
  const bytes = await work.get(documentKey, signal === undefined ? {} : { signal });
  const parsed = schema.safeParse(jsonOf(documentKey, bytes));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const pointer = `/${issue?.path.join('/') ?? ''}`;
  throw new SwathError('InvalidInput', `${documentKey} at ${pointer}: ${issue?.message}.`, { pointer });
}

/** A plan of this engine; pixels of two versions must not meet in one product. */
export async function readPlan(work: Objects, planKey: string, signal?: AbortSignal): Promise<RequestPlan> {
  const plan = await readDocument(work, planKey, requestPlan, signal);
  if (plan.engineVersion !== ENGINE_VERSION) {
    throw new SwathError(
      'InvalidInput',
      `The plan was made by engine ${plan.engineVersion}, this is engine ${ENGINE_VERSION}.`,
      { fix: 'Retry the request: it will be planned again.' },
    );
  }
  return plan;
}

/** Success overwrites; a failure never hides the success of an attempt that was thought lost. */
export async function writeReport(
  work: Objects,
  reportKey: string,
  report: JobReport<unknown>,
): Promise<void> {
  if (!report.ok && (await readReport(work, reportKey, z.looseObject({ ok: z.literal(true) }))) !== undefined)
    return;
  const body = new TextEncoder().encode(JSON.stringify(report));
  await work.put(reportKey, body, { contentType: 'application/json' });
}

/** The report, if one is there and is of the asked form. */
export async function readReport<T>(
  work: Objects,
  reportKey: string,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  if ((await work.head(reportKey)) === undefined) return undefined;
  try {
    return await readDocument(work, reportKey, schema);
  } catch (error) {
    if (isSwathError(error, 'InvalidInput')) return undefined;
    throw error;
  }
}

function jsonOf(documentKey: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new SwathError('InvalidInput', `${documentKey} is not JSON.`, { cause });
  }
}
