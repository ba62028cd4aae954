import type { Grid, PixelWindow } from '@swath/geo';
import { ALIGNED_PX } from './limits.ts';
import { intersect, type PositionMap } from './positions.ts';
import type { Target } from './resample.ts';
import { readSource, type SourceLevel, singlesOf } from './source-window.ts';

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

/** Copies the valid pixels of a window, which holds NaN beforehand. */
export async function copySamples(
  source: SourceLevel,
  window: PixelWindow,
  offset: WholeOffset,
  { space, to, columns }: Target,
): Promise<void> {
  const wanted = { ...window, x: window.x + offset.x, y: window.y + offset.y };
  const { width, height } = source.image.info;
  const part = intersect(wanted, { x: 0, y: 0, width, height });
  if (part === null) return;
  const mark = space.mark();
  try {
    const from = singlesOf(space, await readSource(source, part, space));
    const memory = space.singles(0, space.memory.buffer.byteLength / 4);
    const first = to / 4 + (part.y - wanted.y) * columns + (part.x - wanted.x);
    for (let row = 0; row < part.height; row++) {
      const at = from / 4 + row * part.width;
      memory.copyWithin(first + row * columns, at, at + part.width);
    }
  } finally {
    space.release(mark);
  }
}
