import { join } from 'node:path';
import type { OpenImage, PixelCounts } from '@swath/raster';
import { processWindow, writeCog } from '@swath/raster';
import type { RequestPlan } from '@swath/requests';
import { chunkOf, copyWindow, windowGrid } from './chunk-grid.ts';

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
  readonly open: OpenImage;
  readonly scratchDir: string;
  readonly signal?: AbortSignal;
}): Promise<ProcessedChunk> {
  const { chunk, signal } = input;
  const { plan, product } = chunkOf(input.plan, chunk);
  const { work, stored } = product;
  const pixels = await processWindow(work, plan.window, input.open, signal);
  const path = join(input.scratchDir, `chunk-${chunk}.tif`);
  const whole = { x: 0, y: 0, width: plan.window.width, height: plan.window.height };
  const written = await writeCog(
    path,
    {
      grid: windowGrid(work.grid, plan.window),
      bands: work.outputs.map(({ name }) => ({ name, stored })),
      overviews: false,
    },
    async (window) =>
      pixels.planes.map((plane) => {
        const part = new Float32Array(window.width * window.height);
        copyWindow({ plane, window: whole }, { plane: part, window });
        return part;
      }),
    signal,
  );
  return { chunk, counts: pixels.counts, path, sha256: written.sha256, sizeBytes: written.sizeBytes };
}
