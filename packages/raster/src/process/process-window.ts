import { SwathError } from '@swath/core';
import { clipMask, type PixelWindow } from '@swath/geo';
import { bandsOf } from '../expression/parse.ts';
import type { OpenImage } from '../image.ts';
import { createReducer, type ReducingComposite } from './composite.ts';
import { createImageSet, type ImageSet } from './image-set.ts';
import { PART_BYTES, PART_ROW_STEP, ROWS_PART_BYTES } from './limits.ts';
import { addScene, type Part } from './scene.ts';
import type { ChunkPixels, PixelCounts, ProductWork } from './work.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

/**
 * Pixels of one window of a product: per date the scenes are masked, brought to the grid, scaled, put through the
 * expressions and mosaicked (per output, the first scene with a value wins); then dates are reduced and the clip is cut.
 *
 * Every pixel depends on the work alone: any cutting into windows gives identical pixels and counts that add up.
 *
 * What is nodata: outside the clip; dropped by the mask, or where a scene's mask image has no value; where a band of the
 * expression is nodata, compared with the digital number before scaling; where the result is not finite (x / 0).
 *
 * Memory: {@link PART_BYTES} and the windows of the sources; a large window is computed in parts of whole rows.
 *
 * @throws SwathError InvalidInput (unknown band, window outside the grid), Unsupported, LimitExceeded, Corrupt,
 * Unavailable, Cancelled through the signal.
 */
export async function processWindow(
  work: ProductWork,
  window: PixelWindow,
  openImage: OpenImage,
  signal?: AbortSignal,
): Promise<ChunkPixels> {
  checkWork(work, window);
  const planes = work.outputs.map(() => new Float32Array(window.width * window.height));
  const images = createImageSet(openImage, signal);
  const workspace = createWorkspace();
  let counts = noPixels;
  try {
    for (const each of partsOf(work, window)) {
      const { window: rows } = each;
      const { space } = workspace;
      const mark = space.mark();
      const part = await computePart(work, each, images, workspace, signal);
      const pixels = rows.width * rows.height;
      const at = (rows.y - window.y) * window.width;
      part.planes.forEach((plane, index) => {
        planes[index]!.set(space.singles(plane, pixels), at);
      });
      counts = addCounts(counts, part.counts);
      space.release(mark);
    }
  } finally {
    await images.close();
  }
  return { planes, counts };
}

/** @throws SwathError InvalidInput, Bug. */
export function checkWork(work: ProductWork, { x, y, width, height }: PixelWindow): void {
  const { grid, composite, steps } = work;
  if (x < 0 || y < 0 || width < 1 || height < 1 || x + width > grid.width || y + height > grid.height) {
    throw new SwathError(
      'InvalidInput',
      `Window ${x},${y} ${width} x ${height} is not inside the grid of ${grid.width} x ${grid.height}.`,
    );
  }
  if (composite === 'none' && steps.length > 1) {
    throw new SwathError(
      'Bug',
      `a product without composite has ${steps.length} dates; each is a product of its own`,
    );
  }
}

/** Rows of a window that are computed together. */
export interface WindowPart {
  readonly window: PixelWindow;
  /** The next one reads the rows below. */
  readonly inRows: boolean;
}

/** Whole rows of the window, as many at once as memory allows, and as even as can be. */
export function partsOf(work: ProductWork, window: PixelWindow): WindowPart[] {
  const outputs = work.outputs.length;
  const bands = new Set(work.outputs.flatMap(({ expression }) => bandsOf(expression))).size;
  const isMedian = work.composite === 'median';
  const perOutput = isMedian ? 8 + 4 * work.steps.length : 24;
  // Per band: samples of at most 4 bytes, the rows they come from, and whether they are valid; per pixel clip and masks.
  const pixelBytes = outputs * perOutput + bands * 10 + 12;
  const inRows = isMedian && work.resampling === 'nearest';
  const most = Math.max(1, Math.floor((inRows ? ROWS_PART_BYTES : PART_BYTES) / (pixelBytes * window.width)));
  const even = Math.ceil(window.height / Math.ceil(window.height / most));
  const rows = Math.min(most, Math.ceil(even / PART_ROW_STEP) * PART_ROW_STEP);
  const parts: WindowPart[] = [];
  for (let row = 0; row < window.height; row += rows) {
    const height = Math.min(rows, window.height - row);
    parts.push({ window: { ...window, y: window.y + row, height }, inRows: inRows && rows < window.height });
  }
  return parts;
}

/** Pixels of one part in kernel memory: the address of a plane of singles per output, NaN where there is no value. */
export interface ComputedPart {
  readonly planes: readonly number[];
  readonly counts: PixelCounts;
}

/** Computes a part of {@link partsOf}. The planes are taken from the space and are the caller's to release. */
export async function computePart(
  work: ProductWork,
  { window, inRows }: WindowPart,
  images: ImageSet,
  { space, compile }: Workspace,
  signal: AbortSignal | undefined,
): Promise<ComputedPart> {
  const pixels = window.width * window.height;
  const planes = work.outputs.map(() => emptyPlane(space, pixels));
  const mark = space.mark();
  const inside = space.take(pixels);
  const seen = space.take(pixels);
  space.bytes(inside, pixels + CLEARED_BEHIND).fill(0);
  space.bytes(seen, pixels + CLEARED_BEHIND).fill(0);
  if (work.clip === undefined) space.bytes(inside, pixels).fill(1);
  else space.bytes(inside, pixels).set(clipMask(work.grid, window, work.clip));
  const part: Part = { ...work, window, inRows, space, compile, inside, seen, images, signal };
  const { composite } = work;
  if (composite === 'none' || composite === 'first') {
    for (const scene of work.steps.flatMap(({ scenes }) => scenes)) await addScene(part, scene, planes);
  } else await reduceDates(part, work, composite, planes);
  const counts = countPixels(part, pixels, planes[0]);
  space.release(mark);
  return { planes, counts };
}

/** Kernels read whole vectors of 16 pixels: those behind the last one are nobody's. */
const CLEARED_BEHIND = 16;

function emptyPlane(space: Workspace['space'], pixels: number): number {
  const plane = space.take(4 * pixels);
  space.singles(plane, pixels).fill(Number.NaN);
  return plane;
}

async function reduceDates(
  part: Part,
  { steps }: ProductWork,
  composite: ReducingComposite,
  planes: readonly number[],
): Promise<void> {
  const { space, window } = part;
  const reducers = planes.map(() =>
    createReducer(composite, space, window.width * window.height, steps.length),
  );
  for (const { scenes } of steps) {
    const date = reducers.map((reducer) => reducer.next());
    for (const scene of scenes) await addScene(part, scene, date);
    for (const reducer of reducers) reducer.add();
  }
  for (const [index, reducer] of reducers.entries()) reducer.result(planes[index]!);
}

function countPixels({ space, inside, seen }: Part, pixels: number, first: number | undefined): PixelCounts {
  const to = space.take(16);
  space.kernels.tally(inside, seen, first ?? seen, pixels, to);
  const [total = 0, withData = 0, masked = 0, valid = 0] = space.words(to, 4);
  return { total, withData, masked, valid: first === undefined ? 0 : valid };
}

export const noPixels: PixelCounts = { total: 0, withData: 0, masked: 0, valid: 0 };

export function addCounts(a: PixelCounts, b: PixelCounts): PixelCounts {
  return {
    total: a.total + b.total,
    withData: a.withData + b.withData,
    masked: a.masked + b.masked,
    valid: a.valid + b.valid,
  };
}
