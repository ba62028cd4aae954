import { join } from 'node:path';
import type { Executor, PixelCounts } from '@swath/raster';
import { writeProduct } from '@swath/raster';
import type { RequestPlan } from '@swath/requests';
import { chunkOf, windowGrid } from './chunk-grid.ts';

export interface ProcessedChunk {
  readonly chunk: number;
  readonly counts: PixelCounts;
  /** The chunk's pixels: a tiled TIFF in the product's stored type, on the grid of its window. */
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Computes one chunk of a plan and writes its pixels to `<scratchDir>/chunk-<n>.tif`. */
export async function processChunk(input: {
  readonly plan: RequestPlan;
  readonly chunk: number;
  readonly executor: Executor;
  readonly scratchDir: string;
  readonly signal?: AbortSignal;
}): Promise<ProcessedChunk> {
  const { chunk, signal } = input;
  const { plan, product } = chunkOf(input.plan, chunk);
  const { work, stored } = product;
  const path = join(input.scratchDir, `chunk-${chunk}.tif`);
  const spec = {
    grid: windowGrid(work.grid, plan.window),
    bands: work.outputs.map(({ name }) => ({ name, stored })),
    overviews: false,
  };
  const source = { kind: 'work' as const, work, origin: { x: plan.window.x, y: plan.window.y } };
  const { counts, sha256, sizeBytes } = await writeProduct(path, spec, source, input.executor, {
    ...(signal === undefined ? {} : { signal }),
  });
  return { chunk, counts, path, sha256, sizeBytes };
}
