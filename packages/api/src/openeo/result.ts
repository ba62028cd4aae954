import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSwathError, SwathError } from '@swath/core';
import {
  type Cube,
  encodeValue,
  evaluateImagery,
  graphToSpec,
  imageryOf,
  isCube,
  type PlannedSpec,
  type ProcessDocument,
} from '@swath/graph';
import { encodeRgba, stretchRange, writeCog } from '@swath/raster';
import { paint, planDrawing } from '@swath/tiles';
import { cubePlanes, type Planes, planesOf, readCube } from './cube.ts';
import { type FormatName, formatNamed, formatNames, GTIFF_TYPE } from './formats.ts';
import { RESULT_CELLS_MAX, RESULT_STEPS_MAX } from './limits.ts';
import type { InlineCompute, OpeneoService } from './service.ts';

export interface ResultFile {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** The request that a graph is; undefined when only the evaluator can run it. */
function asRequest(document: ProcessDocument): PlannedSpec | undefined {
  try {
    return graphToSpec(document);
  } catch (error) {
    if (isSwathError(error, 'Unsupported')) return undefined;
    throw error;
  }
}

/**
 * Computes a checked graph where it is asked for. What is a request is computed as its job would be, pixel for pixel;
 * everything else is evaluated over the imagery it loads, read at the resolution it has.
 * @throws SwathError LimitExceeded (ProcessGraphComplexity) beyond what can be answered at once, and what the processes throw.
 */
export async function computeResult(
  project: string,
  document: ProcessDocument,
  openeo: Pick<OpeneoService, 'withProvider'>,
  compute: InlineCompute,
  signal: AbortSignal,
): Promise<ResultFile> {
  const planned = async (spec: PlannedSpec, maxPixels: number) =>
    compute.plan(project, await openeo.withProvider(project, spec), maxPixels, signal);
  const request = asRequest(document);
  if (request !== undefined) {
    const plan = await planned(request, RESULT_CELLS_MAX);
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
    return bounded(await geotiff(await planesOf(product, compute, signal), signal), compute);
  }
  const imagery = imageryOf(document);
  const format = chosenFormat(imagery.format, compute);
  const cubes = new Map<string, Cube>();
  let left = RESULT_CELLS_MAX;
  for (const [id, spec] of imagery.loads) {
    const plan = await planned(spec, left);
    left -= plan.estimate.pixels;
    cubes.set(id, await readCube(plan, compute, signal));
  }
  const value = evaluateImagery(imagery, cubes, RESULT_STEPS_MAX);
  const chosen = format ?? (isCube(value) && hasPixels(value) ? formatNames.gtiff : formatNames.json);
  if (chosen === formatNames.json) {
    const bytes = new TextEncoder().encode(JSON.stringify(encodeValue(value)));
    return bounded({ bytes, contentType: 'application/json' }, compute);
  }
  if (!isCube(value))
    throw new SwathError('InvalidInput', 'The result is no raster.', {
      reason: 'FormatUnsuitable',
      fix: 'Save it as JSON.',
    });
  const planes = cubePlanes(value);
  return bounded(
    chosen === formatNames.gtiff ? await geotiff(planes, signal) : await picture(planes),
    compute,
  );
}

const hasPixels = ({ dimensions }: Cube) => dimensions.filter(({ type }) => type === 'spatial').length >= 2;

function chosenFormat(name: string | undefined, compute: InlineCompute): FormatName | undefined {
  if (name === undefined) return undefined;
  const format = formatNamed(name, compute);
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

async function geotiff({ grid, names, planes }: Planes, signal: AbortSignal): Promise<ResultFile> {
  const folder = await mkdtemp(join(tmpdir(), 'swath-result-'));
  try {
    const path = join(folder, 'result.tif');
    const stored = { dtype: 'float32', scale: 1, offset: 0, nodata: 'nan' } as const;
    const spec = { grid, bands: names.map((name) => ({ name, stored })), overviews: true };
    await writeCog(
      path,
      spec,
      async ({ x, y, width, height }) =>
        planes.map((plane) => {
          const part = new Float32Array(width * height);
          for (let row = 0; row < height; row++) {
            const start = (y + row) * grid.width + x;
            part.set(plane.subarray(start, start + width), row * width);
          }
          return part;
        }),
      signal,
    );
    return { bytes: await readFile(path), contentType: GTIFF_TYPE };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One band in colours, three as red, green and blue; stretched between the 2nd and 98th percentile. */
async function picture({ grid, names, planes }: Planes): Promise<ResultFile> {
  const look = { ramp: 'viridis', range: null, bands: names.map((name) => ({ name })) } as const;
  const { colours, outputs } = planDrawing({}, look);
  const shown = planes.slice(0, outputs.length);
  const ranges = shown.map((plane) => stretchRange(plane) ?? { min: 0, max: 1 });
  const { width, height } = grid;
  const rgba = paint({ planes: shown, ranges, colours }, width * height);
  return { bytes: await encodeRgba(rgba, { width, height }, 'png'), contentType: 'image/png' };
}
