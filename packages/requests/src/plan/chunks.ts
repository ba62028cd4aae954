import type { Grid, PixelWindow } from '@swath/geo';
import { chunkSize } from './limits.ts';

/** Windows of at most `chunkSize` a side that tile a grid exactly once, row by row, aligned to its blocks. */
export function chunkWindows(
  grid: Pick<Grid, 'width' | 'height'>,
  size: number = chunkSize,
): readonly PixelWindow[] {
  const windows: PixelWindow[] = [];
  for (let y = 0; y < grid.height; y += size) {
    for (let x = 0; x < grid.width; x += size) {
      windows.push({ x, y, width: Math.min(size, grid.width - x), height: Math.min(size, grid.height - y) });
    }
  }
  return windows;
}

export function chunkCount(grid: Pick<Grid, 'width' | 'height'>, size: number = chunkSize): number {
  return Math.ceil(grid.width / size) * Math.ceil(grid.height / size);
}
