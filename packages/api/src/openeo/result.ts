import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSwathError, SwathError } from '@swath/core';
import { imageryOf, type PlannedGraph, type ProcessDocument, planGraph } from '@swath/graph';
import { planesOf, readCube } from './cube.ts';
import type { ResultFile } from './evaluator/messages.ts';
import { type SentCube, sentCube } from './evaluator/sent-cube.ts';
import { type FormatName, formatNamed } from './formats.ts';
import { RESULT_CELLS_MAX, RESULT_LOADS_MAX } from './limits.ts';
import { geotiff } from './result-file.ts';
import type { InlineCompute, OpeneoService } from './service.ts';
import { inlineTable } from './tables/inline-table.ts';

/** The request that a graph is; undefined when only the evaluator can run it. */
function asRequest(document: ProcessDocument): PlannedGraph | undefined {
  try {
    return planGraph(document);
  } catch (error) {
    if (isSwathError(error, 'Unsupported')) return undefined;
    throw error;
  }
}

/**
 * Computes a checked graph where it is asked for. What is a request is computed as its job would be, pixel for pixel;
 * everything else is evaluated over the imagery it loads, read at the resolution it has, in a worker thread.
 * @throws SwathError LimitExceeded (ProcessGraphComplexity) beyond what can be answered at once, and what the processes throw.
 */
export async function computeResult(
  project: string,
  document: ProcessDocument,
  openeo: Pick<OpeneoService, 'withProvider'>,
  compute: InlineCompute,
  signal: AbortSignal,
): Promise<ResultFile> {
  const folder = await mkdtemp(join(tmpdir(), 'swath-result-'));
  try {
    const request = asRequest(document);
    const file =
      request === undefined
        ? await evaluated(project, document, openeo, compute, folder, signal)
        : await requested(project, request, openeo, compute, folder, signal);
    return bounded(file, compute);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function requested(
  project: string,
  { spec, table }: PlannedGraph,
  openeo: Pick<OpeneoService, 'withProvider'>,
  compute: InlineCompute,
  folder: string,
  signal: AbortSignal,
): Promise<ResultFile> {
  const plan = await compute.plan(
    project,
    await openeo.withProvider(project, spec),
    RESULT_CELLS_MAX,
    signal,
  );
  if (table !== undefined)
    return await inlineTable(plan, spec.zones?.features ?? [], table, compute, folder, signal);
  const [product, second] = plan.products;
  if (product === undefined) throw new SwathError('Bug', 'a plan without a product');
  if (second !== undefined)
    throw new SwathError(
      'InvalidInput',
      `The result has ${plan.products.length} dates: one file holds one.`,
      {
        reason: 'FormatUnsuitable',
        fix: 'Reduce time, choose one date, save as JSON, or use a batch job.',
      },
    );
  return geotiff(await planesOf(product, compute, signal), folder, signal);
}

async function evaluated(
  project: string,
  graph: ProcessDocument,
  openeo: Pick<OpeneoService, 'withProvider'>,
  compute: InlineCompute,
  folder: string,
  signal: AbortSignal,
): Promise<ResultFile> {
  const { document, loads, order, format } = imageryOf(graph);
  const chosen = format === undefined ? undefined : chosenFormat(format);
  if (loads.size > RESULT_LOADS_MAX)
    throw new SwathError(
      'LimitExceeded',
      `The graph loads ${loads.size} collections; an answer at once has at most ${RESULT_LOADS_MAX}.`,
      { reason: 'ProcessGraphComplexity', fix: 'Load all bands of a collection in one node.' },
    );
  const cubes: SentCube[] = [];
  let left = RESULT_CELLS_MAX;
  for (const [id, spec] of loads) {
    const plan = await compute.plan(project, await openeo.withProvider(project, spec), left, signal);
    left -= plan.estimate.pixels;
    cubes.push(sentCube(id, await readCube(plan, compute, signal)));
  }
  return compute.evaluator.evaluate({ document, cubes, format: chosen, folder }, order, signal);
}

function chosenFormat(name: string): FormatName {
  const format = formatNamed(name);
  if (format !== undefined) return format;
  throw new SwathError('Unsupported', `The format "${name.slice(0, 64)}" is not written here.`, {
    reason: 'FileTypeInvalid',
    fix: 'GET /file_formats lists those that are.',
  });
}

function bounded(file: ResultFile, { answerBytesMax }: InlineCompute): ResultFile {
  if (answerBytesMax === undefined || file.bytes.byteLength <= answerBytesMax) return file;
  throw new SwathError(
    'LimitExceeded',
    `The result has ${file.bytes.byteLength} bytes; an answer at once has at most ${answerBytesMax}.`,
    { reason: 'ProcessGraphComplexity', fix: 'Use a batch job (POST /jobs).' },
  );
}
