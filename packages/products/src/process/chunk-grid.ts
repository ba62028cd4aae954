import { SwathError } from '@swath/core';
import type { Grid, PixelWindow } from '@swath/geo';
import type { ChunkPlan, ProductPlan, RequestPlan } from '@swath/requests';

/** The grid of a window alone: same CRS and pixels, origin at the window's first pixel. */
export function windowGrid(grid: Grid, window: PixelWindow): Grid {
  const [originX, pixelWidth, rowRotation, originY, colRotation, pixelHeight] = grid.geotransform;
  return {
    crs: grid.crs,
    geotransform: [
      originX + window.x * pixelWidth + window.y * rowRotation,
      pixelWidth,
      rowRotation,
      originY + window.x * colRotation + window.y * pixelHeight,
      colRotation,
      pixelHeight,
    ],
    width: window.width,
    height: window.height,
  };
}

/** @throws SwathError NotFound when the plan has no such chunk. */
export function chunkOf(
  plan: RequestPlan,
  chunk: number,
): { readonly plan: ChunkPlan; readonly product: ProductPlan } {
  const found = plan.chunks[chunk];
  const product = found === undefined ? undefined : plan.products[found.product];
  if (found === undefined || product === undefined) {
    throw new SwathError(
      'InvalidInput',
      `The plan has ${plan.chunks.length} chunks, there is no chunk ${chunk}.`,
    );
  }
  return { plan: found, product };
}
