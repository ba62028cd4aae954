import type { Grid } from '@swath/geo';
import type { GridPixels } from './kernels.ts';
import { ALIGNED_PX } from './limits.ts';
import { intersect, type PositionMap } from './positions.ts';
import type { GridRead } from './read-on-grid.ts';
import { readSource } from './source-window.ts';

/** Whole pixels from the source's first pixel to the grid's first. */
export interface WholeOffset {
  readonly x: number;
  readonly y: number;
}

/** The offset when pixels of grid and source coincide everywhere on the grid, else null. */
export function wholeOffset(map: PositionMap, grid: Grid): WholeOffset | null {
  if (map.kind !== 'affine') return null;
  const [x0, xColumn, xRow, y0, yColumn, yRow] = map.matrix;
  const x = Math.round(x0);
  const y = Math.round(y0);
  const apart = [
    Math.abs(x0 - x) + Math.abs(xColumn - 1) * grid.width + Math.abs(xRow) * grid.height,
    Math.abs(y0 - y) + Math.abs(yRow - 1) * grid.height + Math.abs(yColumn) * grid.width,
  ];
  return apart.every((pixels) => pixels <= ALIGNED_PX) ? { x, y } : null;
}

export async function copyAligned(read: GridRead, offset: WholeOffset, out: GridPixels): Promise<void> {
  const { image, window, band, nodata, signal } = read;
  const wanted = { ...window, x: window.x + offset.x, y: window.y + offset.y };
  const { width, height } = image.info;
  const part = intersect(wanted, { x: 0, y: 0, width, height });
  if (part === null) return;
  const source = await readSource(image, band, 0, part, nodata, signal);
  for (let row = 0; row < part.height; row++) {
    const from = row * part.width;
    const to = (part.y - wanted.y + row) * window.width + (part.x - wanted.x);
    out.values.set(source.data.subarray(from, from + part.width), to);
    out.valid.set(source.valid.subarray(from, from + part.width), to);
  }
}
