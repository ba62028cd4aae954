import { formatExpression } from '@swath/raster/expression/format';
import { stretchRange, type ValueRange } from '@swath/raster/picture/render';
import { limitDemand } from './demand.ts';
import type { DecidedDrawing } from './draw-tile.ts';
import type { Drawing } from './drawing.ts';
import { STRETCH_SIDE, STRETCHES_KEPT } from './limits.ts';
import { previewGrid } from './preview.ts';
import { type Picturable, readAll } from './read.ts';

/** Decides stretches that nobody named, and remembers them. */
export type DecideStretch = (
  image: Picturable,
  drawing: Drawing,
  signal?: AbortSignal,
) => Promise<DecidedDrawing>;

/** What an output's values depend on. */
function keyOf(image: Picturable, { outputs, nodata, unscale, resampling }: Drawing, index: number): string {
  const output = outputs[index];
  const formula = output === undefined ? '' : formatExpression(output.expression);
  return [image.href, formula, nodata ?? '', unscale, resampling].join('\n');
}

/**
 * The 2nd to the 98th percentile of the whole image seen at {@link STRETCH_SIDE} pixels: the same for all its tiles, and
 * a function of the image and the drawing alone. An image without a value has the range 0 to 1.
 */
export function stretchDecider(): DecideStretch {
  const known = new Map<string, ValueRange>();
  const remember = (key: string, range: ValueRange) => {
    known.set(key, range);
    if (known.size > STRETCHES_KEPT) known.delete(known.keys().next().value ?? '');
  };
  return async (image, drawing, signal) => {
    const missing = drawing.ranges.some(
      (range, i) => range === 'auto' && !known.has(keyOf(image, drawing, i)),
    );
    const found = new Map<string, ValueRange>();
    if (missing) {
      const grid = previewGrid(image.grid, { max_size: String(STRETCH_SIDE) });
      limitDemand(image, grid, grid.width * grid.height);
      const planes = await readAll(image, drawing, grid, signal);
      for (const [i, plane] of planes.entries()) {
        const range = stretchRange(plane) ?? { min: 0, max: 1 };
        found.set(keyOf(image, drawing, i), range);
        remember(keyOf(image, drawing, i), range);
      }
    }
    const decided = (i: number): ValueRange => {
      const key = keyOf(image, drawing, i);
      return found.get(key) ?? known.get(key) ?? { min: 0, max: 1 };
    };
    return { ...drawing, ranges: drawing.ranges.map((range, i) => (range === 'auto' ? decided(i) : range)) };
  };
}
