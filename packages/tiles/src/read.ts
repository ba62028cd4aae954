import type { Grid } from '@swath/geo';
import type { BandInput, OpenImage, ProductWork } from '@swath/raster';
import { bandsOf } from '@swath/raster/expression/parse';
import { bandIndex, type Drawing, type ImageLook } from './drawing.ts';
import { engine } from './engine.ts';

/** An image that pictures are made of. */
export interface Picturable {
  readonly href: string;
  readonly open: OpenImage;
  readonly grid: Grid;
  /** Of each band: `value = DN * scale + offset`. */
  readonly scales: readonly { readonly scale: number; readonly offset: number }[];
  /** Marks missing pixels in place of what the file says, before any scale. @default that of the file */
  readonly nodata?: number | 'nan';
  /** Sides of all levels, the largest first. */
  readonly levels: readonly { readonly width: number; readonly height: number }[];
  readonly look: ImageLook;
}

/** The pixels of a drawing on a grid, as work for the engine: one image is a product of one scene. */
export function readingOf(image: Picturable, drawing: Drawing, grid: Grid): ProductWork {
  const { href, scales, look } = image;
  const nodata = drawing.nodata ?? image.nodata;
  const bands: Record<string, BandInput> = Object.create(null);
  for (const name of drawing.outputs.flatMap(({ expression }) => bandsOf(expression))) {
    const index = bandIndex(look, name) ?? 0;
    const { scale, offset } = drawing.unscale ? scales[index]! : { scale: 1, offset: 0 };
    bands[name] = {
      href,
      bandIndex: index + 1,
      scale,
      offset,
      ...(nodata === undefined ? {} : { nodata }),
    };
  }
  return {
    grid,
    steps: [{ label: '', scenes: [{ id: look.bands[0]?.name ?? '', bands }] }],
    outputs: drawing.outputs,
    composite: 'none',
    resampling: drawing.resampling,
  };
}

/** All pixels of a grid: a plane per output, NaN = nodata. */
export async function readAll(
  image: Picturable,
  drawing: Drawing,
  grid: Grid,
  signal?: AbortSignal,
): Promise<readonly Float32Array[]> {
  const window = { x: 0, y: 0, width: grid.width, height: grid.height };
  const { processWindow } = await engine();
  return (await processWindow(readingOf(image, drawing, grid), window, image.open, signal)).planes;
}
