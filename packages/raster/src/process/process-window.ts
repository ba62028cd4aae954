import { SwathError } from '@swath/core';
import { clipMask, type PixelWindow } from '@swath/geo';
import { bandsOf } from '../expression/parse.ts';
import type { OpenImage } from '../image.ts';
import { createReducer, type ReducingComposite } from './composite.ts';
import { createImageSet, type ImageSet } from './image-set.ts';
import { MEDIAN_PART_ROWS, PART_BYTES } from './limits.ts';
import { addScene, type Part, SEEN } from './scene.ts';
import type { ChunkPixels, PixelCounts, ProductWork, SceneInput, TimeStep } from './work.ts';

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
  let counts: PixelCounts = { total: 0, withData: 0, masked: 0, valid: 0 };
  try {
    for (const rows of partsOf(work, window)) {
      const part = await processPart(work, rows, images, signal);
      const at = (rows.y - window.y) * window.width;
      part.planes.forEach((plane, index) => {
        planes[index]!.set(plane, at);
      });
      counts = addCounts(counts, part.counts);
    }
  } finally {
    await images.close();
  }
  return { planes, counts };
}

function checkWork(work: ProductWork, { x, y, width, height }: PixelWindow): void {
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

/** Whole rows of the window, as many at once as memory allows. */
export function partsOf(work: ProductWork, window: PixelWindow): PixelWindow[] {
  const outputs = work.outputs.length;
  const bands = new Set(work.outputs.flatMap(({ expression }) => bandsOf(expression))).size;
  const perOutput = work.composite === 'median' ? 12 + 4 * work.steps.length : 24;
  // Per band: positions and digital numbers in doubles, the value, the mask; per pixel the clip, mask and flags.
  const pixelBytes = outputs * perOutput + bands * 29 + 32;
  const fit = Math.floor(PART_BYTES / (pixelBytes * window.width));
  const most = work.composite === 'median' ? MEDIAN_PART_ROWS : window.height;
  const rows = Math.max(1, Math.min(fit, most));
  const parts: PixelWindow[] = [];
  for (let row = 0; row < window.height; row += rows) {
    parts.push({ ...window, y: window.y + row, height: Math.min(rows, window.height - row) });
  }
  return parts;
}

async function processPart(
  work: ProductWork,
  window: PixelWindow,
  images: ImageSet,
  signal: AbortSignal | undefined,
): Promise<ChunkPixels> {
  const pixels = window.width * window.height;
  const inside =
    work.clip === undefined ? new Uint8Array(pixels).fill(1) : clipMask(work.grid, window, work.clip);
  const part: Part = { ...work, window, inside, seen: new Uint8Array(pixels), images, signal };
  const { composite } = work;
  const planes =
    composite === 'none' || composite === 'first'
      ? await mosaic(
          part,
          work.steps.flatMap((step) => step.scenes),
        )
      : await reduceDates(part, work.steps, composite);
  return { planes, counts: countPixels(part, planes[0]) };
}

/** Per output and pixel, the first scene with a value. `first` over dates is the mosaic of all their scenes. */
async function mosaic(part: Part, scenes: readonly SceneInput[]): Promise<Float32Array[]> {
  const planes = part.outputs.map(() => new Float32Array(part.inside.length).fill(Number.NaN));
  for (const scene of scenes) await addScene(part, scene, planes);
  return planes;
}

async function reduceDates(
  part: Part,
  steps: readonly TimeStep[],
  composite: ReducingComposite,
): Promise<Float32Array[]> {
  const reducers = part.outputs.map(() => createReducer(composite, part.inside.length, steps.length));
  for (const step of steps) {
    const planes = await mosaic(part, step.scenes);
    for (const [index, plane] of planes.entries()) reducers[index]!.add(plane);
  }
  return reducers.map((reducer) => reducer.result());
}

function countPixels({ inside, seen }: Part, first: Float32Array | undefined): PixelCounts {
  let total = 0;
  let withData = 0;
  let masked = 0;
  let valid = 0;
  for (let i = 0; i < inside.length; i++) {
    if (inside[i] === 0) continue;
    total++;
    if ((seen[i]! & SEEN.data) !== 0) {
      withData++;
      if ((seen[i]! & SEEN.clear) === 0) masked++;
    }
    if (first !== undefined && !Number.isNaN(first[i]!)) valid++;
  }
  return { total, withData, masked, valid };
}

function addCounts(a: PixelCounts, b: PixelCounts): PixelCounts {
  return {
    total: a.total + b.total,
    withData: a.withData + b.withData,
    masked: a.masked + b.masked,
    valid: a.valid + b.valid,
  };
}
