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

/** Copies the part of row-major planes over `from` that `window` covers; pixels outside `from` stay as they are. */
export function copyWindow(
  source: { readonly plane: ArrayLike<number>; readonly window: PixelWindow },
  target: { readonly plane: Float32Array; readonly window: PixelWindow },
): void {
  const x0 = Math.max(source.window.x, target.window.x);
  const x1 = Math.min(source.window.x + source.window.width, target.window.x + target.window.width);
  const y0 = Math.max(source.window.y, target.window.y);
  const y1 = Math.min(source.window.y + source.window.height, target.window.y + target.window.height);
  for (let y = y0; y < y1; y++) {
    let from = (y - source.window.y) * source.window.width + x0 - source.window.x;
    let to = (y - target.window.y) * target.window.width + x0 - target.window.x;
    for (let x = x0; x < x1; x++) target.plane[to++] = source.plane[from++] ?? Number.NaN;
  }
}

export function intersects(a: PixelWindow, b: PixelWindow): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
